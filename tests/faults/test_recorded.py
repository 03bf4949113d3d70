"""Every fault is recorded, and comes again when it is replayed."""

from typing import Any

import pytest

import comet_magic as comet
from comet_magic.kernel.session import Session
from comet_magic.settings import configuration
from tests.faults.fault import ELSEWHERE, KEY, Fault
from tests.faults.server import FaultServer
from tests.faults.table import FAULTS


def outcome(fault: Fault) -> Any:
    """What comes of a call: its answer or its error, without the times."""
    limits: dict[str, Any] = {"max_retries": fault.retries, "timeout": 1, "first_byte_timeout": 1}
    try:
        generation = comet.generate("Hi", model="m", **limits)
    except comet.CometError as error:
        kept = error.generation
        assert kept
        return type(error), str(error), kept.text, kept.status, kept.attempts, kept.request_id
    return generation.text, generation.status, generation.attempts, generation.usage


def posts(server: FaultServer) -> int:
    """Requests for answers; a price list may come late."""
    return sum(request.method == "POST" for request in server.requests)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_a_fault_is_replayed_as_it_was(
    fault: Fault,
    server: FaultServer,
    elsewhere: FaultServer,
    own_session: Session,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
) -> None:
    """The same error in the same words, with the same text kept; the endpoint is not asked."""
    path = f"recorded-{fault.id}"
    elsewhere_url = elsewhere.url.encode()
    answers = [
        [
            step.replace(ELSEWHERE.encode(), elsewhere_url) if isinstance(step, bytes) else step
            for step in answer
        ]
        for answer in fault.answers
    ]
    server.script(f"/{path}/v1/chat/completions", *answers)
    monkeypatch.setenv("COMETAPI_BASE_URL", f"{server.url}/{path}/v1")
    with comet.record("tape"):
        recorded = outcome(fault)
    assert recorded[0] == (fault.error or fault.text)
    assert KEY not in (tmp_path / "tape.jsonl").read_text(encoding="utf-8")
    asked = posts(server)
    with comet.replay("tape", "max"):
        assert configuration.current().settings().api_key is None
        replayed = outcome(fault)
    if fault.id == "sse-error-with-the-key-as-id":
        # In the file the id is `[key]`, which does not read as an id: it stays in the words.
        assert replayed[0] is recorded[0]
    else:
        assert replayed == recorded
    assert posts(server) == asked
    if fault.spoils_next:
        monkeypatch.setenv("COMETAPI_BASE_URL", f"{server.url}/good/v1")
        outcome(fault)
