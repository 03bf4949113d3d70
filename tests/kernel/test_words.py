"""What the kernel's state says of itself, and of what cannot be done, whole."""

import asyncio
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import comet_magic as comet
from comet_magic.errors import BudgetError, RecordingError
from comet_magic.generation import Status
from comet_magic.kernel import nested_job
from comet_magic.kernel.conversation import CellRun, Conversation, messages_of, model_of
from comet_magic.kernel.ledger import LedgerEntry
from comet_magic.kernel.nested_job import NestedJob
from comet_magic.kernel.sending import admit
from comet_magic.kernel.session import Session
from comet_magic.kernel.taping import (
    start_recording,
    start_replay,
    stop_recording,
    stop_replay,
)
from comet_magic.media.images import GeneratedImage
from comet_magic.money.budget import Use
from comet_magic.settings.settings import Settings
from tests.generation.test_gallery import generation
from tests.kernel.test_sending import ASK

SPEEDS = "speed must be a number above 0 (1 is the recorded pace), or 'max'"
HISTORY = "history must be a Generation, or a list of Generations or messages"


@pytest.mark.parametrize(
    ("history", "error", "text"),
    [
        ("Hello", TypeError, f"{HISTORY}, not str"),
        (b"Hello", TypeError, f"{HISTORY}, not bytes"),
        ({"role": "user"}, TypeError, f"{HISTORY}, not dict"),
        (7, TypeError, f"{HISTORY}, not int"),
        ([generation(answer="a", text="a"), {"role": "user", "content": "x"}], TypeError,
         "history must hold Generations or messages, not both"),
        (generation(text="x", status=Status.FAILED), ValueError,
         "a generation that is failed cannot be continued"),
        (generation(text=""), ValueError, "a generation without an answer cannot be continued"),
    ],
    ids=["text", "bytes", "dict", "number", "mixed", "failed", "empty"],
)  # fmt: skip
def test_what_nothing_can_follow(history: Any, error: type, text: str) -> None:
    """With what would be right."""
    with pytest.raises(error) as caught:
        messages_of(history)
    assert str(caught.value) == text


def test_the_model_of_a_history_is_that_of_its_last_answer() -> None:
    """Messages name none."""
    one, two = generation(requested_model="a"), generation(requested_model="b")
    assert [model_of(each) for each in (one, [one, two], [], None)] == ["a", "b", None, None]
    assert model_of([{"role": "user", "content": "x"}]) is None


@pytest.mark.parametrize(
    ("url", "text", "outside"),
    [
        ("https://a.example/x.png", "![](https://a.example/x.png)", False),
        ("https://a.example/x.png", "![](/x.png)", False),
        ("https://a.example/x.png", "Here.", True),
        ("https://a.example/", "/ or a.example", True),
        ("data:image/png;base64,AAAA", "![](data:image/png;base64,AAAA)", False),
        ("data:image/png;base64,AAAA", "AAAA", False),
        ("data:image/png;base64,AAAA", "BBBB", True),
    ],
)
def test_a_picture_goes_along_if_the_text_does_not_hold_it(
    url: str, text: str, outside: bool
) -> None:
    """As a part behind the text."""
    made = generation(text=text, images=(GeneratedImage(url),))
    content = messages_of(made)[-1]["content"]
    picture = {"type": "image_url", "image_url": {"url": url}}
    assert content == ([{"type": "text", "text": text}, picture] if outside else text)


def test_what_has_no_turn_before_it() -> None:
    """Where nothing was asked, and where the cell itself began."""
    conversation = Conversation()
    first = CellRun("c", "1")
    with pytest.raises(ValueError, match=r".") as caught:
        conversation.place(first, goes_on=True)
    assert str(caught.value) == (
        "-c has nothing to continue: no %%comet cell was completed in this kernel. "
        "Run one without -c first."
    )
    conversation.enter(conversation.place(first, goes_on=False), generation(text="Hello"))
    with pytest.raises(ValueError, match=r".") as caught:
        conversation.place(CellRun("c", "2"), goes_on=True)
    assert str(caught.value) == (
        "-c has nothing to continue: this cell began the conversation, and running it again "
        "starts over. Write -c in a cell below it."
    )
    # The same execution, in a loop, and a cell that nothing identifies, come after it.
    assert conversation.place(first, goes_on=True).model == "m"
    assert len(conversation.place(CellRun(None, "3"), goes_on=True).before) == 1


@pytest.mark.parametrize(
    ("is_sent", "end"), [(True, "complete"), (False, "not sent")], ids=["sent", "not sent"]
)
def test_the_record_of_an_entry(is_sent: bool, end: str) -> None:
    """Plain values by the names of the columns; seconds and moments to the millisecond."""
    moment = datetime(2026, 1, 2, 3, 4, 5, 678_900, tzinfo=UTC)
    used = Use(1, 30, 0.5, 7)
    entry = LedgerEntry(
        moment, "m", "a.example", Status.COMPLETE, 2, 23, 1.23456, 0.25, is_sent, used
    )
    assert entry.record() == {
        "started": "2026-01-02T03:04:05.678+00:00", "model": "m", "endpoint": "a.example",
        "status": end, "pictures": 2, "total_tokens": 23, "elapsed": 1.235, "cost": 0.25,
        "counted_tokens": 30, "counted_cost": 0.5, "is_estimate": True,
    }  # fmt: skip
    bare = LedgerEntry(moment, "m", "a.example", Status.FAILED, 0, None, 1.0)
    assert (bare.end, bare.cost, bare.used) == ("failed", None, Use())


def test_what_a_forked_child_may_not_send(monkeypatch: pytest.MonkeyPatch) -> None:
    """All limits are named."""
    settings = Settings(budget_requests=1, budget_cost=2.0)
    session = Session()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with pytest.raises(BudgetError) as caught:
        asyncio.run(admit(session, [ASK], settings))
    assert str(caught.value) == (
        "Not sent: budget_requests, budget_cost cannot be kept in a forked process, "
        "which does not know what its parent and the other children use.\n"
        "Send from the parent process: comet.map sends many at once. Or remove the limit."
    )


@pytest.mark.parametrize("speed", ["fast", None, 0, -1, True, float("nan"), "0"])
def test_what_is_no_speed(fresh_session: Session, speed: Any) -> None:
    """What is one is said."""
    with pytest.raises(ValueError, match="speed") as caught:
        start_replay("a", speed)
    assert str(caught.value) == f"{SPEEDS}, not {speed!r}"


def test_files_of_recordings(fresh_session: Session) -> None:
    """A suffix is added to a name without one; no name is no file."""
    for start in (start_recording, start_replay):
        with pytest.raises(ValueError, match=r"^name the file of the recording$"):
            start(" ")
        with pytest.raises(ValueError, match=r"^~nobody-here/a names a home folder that does not"):
            start("~nobody-here/a")
    assert start_recording("a").path == Path("a.jsonl")
    stop_recording()
    assert start_recording("a.tape").path == Path("a.tape")
    stop_recording()


def test_a_recording_and_a_replay_exclude_each_other(fresh_session: Session) -> None:
    """What is on, and how it ends, is said; nothing is changed."""
    with comet.record("a"):
        pass
    start_recording("b")
    for start, why in (
        (start_recording, "is being recorded already"),
        (start_replay, "is being recorded, and a replay is not recorded"),
    ):
        with pytest.raises(RecordingError) as caught:
            start("a")
        assert str(caught.value) == f"b.jsonl {why}.\nEnd it first: %comet record stop."
    stop_recording()
    assert fresh_session.tape is None
    start_replay("a")
    with pytest.raises(RecordingError) as caught:
        start_recording("c")
    assert str(caught.value) == (
        "a.jsonl is being replayed, and a replay is not recorded.\n"
        "End it first: %comet replay stop."
    )
    assert stop_replay() is not None
    assert stop_replay() is None
    assert stop_recording() is None
    assert not Path("c.jsonl").exists()


def test_a_replay_that_has_ended_is_named(fresh_session: Session) -> None:
    """Nothing is sent in its place."""
    settings = Settings(replayed="a.jsonl, recorded 2026-01-02")
    with pytest.raises(RecordingError) as caught:
        asyncio.run(fresh_session.endpoint(settings))
    assert str(caught.value) == (
        "a.jsonl, recorded 2026-01-02, is not being replayed here, so nothing was sent."
    )


def test_what_is_not_recorded_is_noted(fresh_session: Session) -> None:
    """Requests to another endpoint; those of its own, and those that are replayed, are not."""
    other = Settings(base_url="https://b.example/v1")
    assert fresh_session.not_recorded(other) == []
    start_recording("a")
    assert fresh_session.not_recorded(Settings()) == []
    assert fresh_session.not_recorded(replace(other, replayed="x")) == []
    assert fresh_session.not_recorded(other) == ["This is not recorded: a.jsonl is for demo."]
    stop_recording()


def test_where_streams_cannot_be_nested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a kernel, and where queued cells would be lost."""
    with pytest.raises(ValueError, match=r".") as caught:
        NestedJob(lambda _: asyncio.sleep(0))
    assert str(caught.value) == (
        'event_loop = "kernel" needs a Jupyter kernel; here only "thread" works'
    )
    monkeypatch.setattr(nested_job, "find_spec", lambda _: None)
    for version, lost in (("7.1.0", True), ("7.0.9", False), ("8.0", True), ("7.x", False)):
        monkeypatch.setattr(nested_job, "version", lambda _, found=version: found)
        if not lost:
            assert nested_job._version("ipykernel") < (7, 1)
            continue
        with pytest.raises(ValueError, match=r".") as caught:
            nested_job._nesting()
        assert str(caught.value) == (
            'event_loop = "kernel" would lose queued cells on this kernel; '
            'install nest_asyncio2, or use event_loop = "thread"'
        )
