"""The key is seen by the endpoint alone, whatever goes wrong."""

import pytest

from tests.faults.conftest import Outcome
from tests.faults.fault import KEY, Fault
from tests.faults.table import FAULTS

each_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)


@each_fault
def test_the_key_is_nowhere_to_be_read(fault: Fault, outcome: Outcome) -> None:
    """Not in an error's text, variables or pickle, nor in a log, a file, a note or an output."""
    places = [place for place, text in outcome.said.items() if KEY in text]
    assert places == []
    assert outcome.said["log"]


@each_fault
def test_an_error_reporter_does_not_see_the_key(fault: Fault, outcome: Outcome) -> None:
    """The header stands in no variable of a frame that the error or its causes went through."""
    found = [line[:100] for line in outcome.variables.splitlines() if f"Bearer {KEY}" in line]
    assert found == []


@each_fault
def test_the_key_is_sent_to_the_endpoint_alone(fault: Fault, outcome: Outcome) -> None:
    """In the header made for it, and not in an address or a body; a redirect does not get it."""
    assert outcome.elsewhere == []
    for request in outcome.requests:
        assert request.header("authorization") == f"Bearer {KEY}"
        assert KEY not in request.path
        assert KEY.encode() not in request.body
