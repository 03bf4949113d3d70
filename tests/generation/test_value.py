"""A generation is a value that goes through fixed statuses."""

import pickle
from dataclasses import FrozenInstanceError

import pytest

from comet_magic.generation import Status
from comet_magic.generation.value import TRANSITIONS
from tests.families.chat.growing import growing as builder
from tests.generation.test_builder import finished
from tests.transcripts import ROWS


def test_what_may_follow_what() -> None:
    """Nothing follows an end, and nothing goes back."""
    for status in Status:
        assert status not in TRANSITIONS[status]
        assert status.is_final == (not TRANSITIONS[status])
    ended = builder()
    ended.fail("no", 1.0)
    with pytest.raises(RuntimeError, match="failed cannot become failed"):
        ended.finish(1.0)


def test_a_generation_is_a_value() -> None:
    """Frozen, comparable, picklable, with a short repr; its status is a text."""
    generation = finished(ROWS[0]["text"])
    assert generation == finished(ROWS[0]["text"])
    assert pickle.loads(pickle.dumps(generation)) == generation
    assert generation.status == "complete"
    assert len(repr(generation)) < 100
    with pytest.raises(FrozenInstanceError):
        generation.text = "x"  # type: ignore[misc]
