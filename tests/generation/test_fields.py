"""Each field of a generation has what was received for it, and says so if that is nothing."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from comet_magic.families.compose import compose
from comet_magic.families.facts import Fact, Finished, Grown, Made, Origin, Percent, Text, Used
from comet_magic.generation import Generation, GenerationBuilder, Status
from comet_magic.generation.choice import Choice
from comet_magic.generation.value import TRANSITIONS
from comet_magic.media.audios import GeneratedAudio
from comet_magic.media.images import GeneratedImage
from comet_magic.media.medium import Medium
from comet_magic.media.videos import GeneratedVideo
from comet_magic.wire.log_writer import LogWriter
from comet_magic.wire.usage import Usage
from tests.families.chat.growing import Growing, chunk, growing

STARTED = datetime(2026, 1, 2, tzinfo=UTC)
LINK = "https://a.example/x.png"


def builder(model: str = "gpt-4o-mini", **words: Any) -> GenerationBuilder:
    """A builder without an exchange."""
    return GenerationBuilder(compose("Hi", model=model, **words), STARTED, "api.example")


def test_an_answer_of_which_nothing_is_known() -> None:
    """Every field that nothing was received for is empty or None."""
    ended = builder().fail("no", 1.5)
    assert asdict(ended) == {
        "id": "", "model": "gpt-4o-mini", "prompt": "Hi", "text": "", "answer": "",
        "revised_prompt": None, "ratio": None, "parameters": {}, "task_id": None, "gen_ids": (),
        "status": "failed", "percent": None, "progress": (), "images": (), "videos": (),
        "usage": None, "finish_reason": None, "request_id": None, "started": STARTED,
        "elapsed": 1.5, "time_to_first_token": None, "error": "no", "attempts": 1,
        "endpoint": "api.example", "notes": (), "choices": (),
        "messages": ({"role": "user", "content": "Hi"},), "requested_model": "gpt-4o-mini",
        "error_type": None, "status_code": None, "cost": None, "cost_source": "", "exchange": None,
        "replayed": "", "medium": "text", "audios": (),
    }  # fmt: skip


def test_fields_that_are_not_given() -> None:
    """A generation can be made of what is always known, as old files hold it."""
    names = ("error", "attempts", "endpoint", "notes", "choices", "messages", "requested_model",
             "error_type", "status_code", "cost", "cost_source", "exchange", "replayed", "medium",
             "audios")  # fmt: skip
    given = {name: value for name, value in vars_of(builder().finish(1.0)) if name not in names}
    made = Generation(**given)
    assert [getattr(made, name) for name in names] == [
        None, 1, "", (), (), (), "", None, None, None, "", None, "", Medium.TEXT, (),
    ]  # fmt: skip


def vars_of(generation: Generation) -> list[tuple[str, Any]]:
    """Its fields by name."""
    return [(name, getattr(generation, name)) for name in Generation.__dataclass_fields__]


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (Grown("x"), 1.0),
        (Grown(), 1.0),
        (Text("x", "x"), 1.0),
        (Made(Medium.IMAGE, LINK), 1.0),
        (Origin("i", "m"), None),
        (Used(Usage(1)), None),
        (Percent(3), None),
        (Finished("stop"), None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_when_the_answer_began(fact: Fact, expected: float | None) -> None:
    """With its first text or picture; the time does not move afterwards."""
    one = builder()
    one.take([fact], 1.0)
    assert one.is_empty is (expected is None)
    one.take([Grown("y")] if expected else [], 2.0)
    assert one.finish(3.0).time_to_first_token == expected


def test_the_time_of_a_snapshot() -> None:
    """It is the last that is known, until the end."""
    one = builder()
    assert one.snapshot().elapsed == 0
    one.take([Grown("x")], 1.0)
    assert (one.snapshot().elapsed, one.snapshot(2.0).elapsed, one.snapshot().elapsed) == (1, 2, 2)
    assert one.finish(3.0).elapsed == one.snapshot(4.0).elapsed == 3


def test_the_first_id_and_the_last_model_count() -> None:
    """What is empty changes nothing."""
    one = builder()
    for origin in (Origin("", "a"), Origin("one", ""), Origin("two", "b"), Origin("", "")):
        one.take([origin], 1.0)
    ended = one.finish(1.0)
    assert (ended.id, ended.model, ended.requested_model) == ("one", "b", "gpt-4o-mini")


@pytest.mark.parametrize(("wanted", "places"), [(2, 2), (30, 30), (31, 30)])
def test_places_for_answers_that_have_not_begun(wanted: int, places: int) -> None:
    """As many as were asked for, at most thirty."""
    assert len(builder(n=wanted).snapshot().choices) == places


def test_one_answer_has_no_choices() -> None:
    """They would repeat it."""
    assert builder(n=1).snapshot().choices == ()


def test_an_answer_has_ended_when_all_its_choices_have() -> None:
    """As many as were asked for; a reason in every chunk leaves a choice open."""
    one = Growing(compose("Hi", model="gpt-4o-mini", n=2))
    assert (one.has_ended, one.has_all, one.is_open, one.is_empty) == (False, False, False, True)
    one.add(chunk("a"), 1.0)
    one.add(chunk("", "stop"), 1.0)
    assert (one.has_ended, one.has_all, one.is_open, one.is_empty) == (True, False, False, False)
    one.add(chunk("b", index=1), 1.0)
    assert (one.has_ended, one.has_all, one.is_open) == (False, False, True)
    one.add(chunk("", "stop", index=1), 1.0)
    assert (one.has_ended, one.has_all, one.is_open) == (True, True, False)


@pytest.mark.parametrize(
    ("chunks", "is_open"),
    [
        ([("a", None), ("", "stop")], False),
        ([("a", None), ("b", "stop")], False),
        ([("", None), ("", "stop")], False),
        ([("", "stop")], True),
        ([("a", "stop")], True),
        ([("", None), ("a", "stop")], True),
        ([("a", "stop"), ("b", "stop")], True),
        ([("a", None), ("", "stop"), ("b", None), ("", "stop")], True),
        ([("a", None), ("", "stop"), ("", "stop")], False),
        ([("a", "stop"), ("", "stop")], True),
    ],
    ids=str,
)
def test_when_more_may_follow_a_finish_reason(
    chunks: list[tuple[str, str | None]], is_open: bool
) -> None:
    """Of an endpoint that sends one with every chunk, or text behind one."""
    one = growing("gpt-4o-mini")
    for text, reason in chunks:
        one.add(chunk(text, reason), 1.0)
    assert one.has_ended
    assert one.is_open is is_open


def test_a_finish_reason_is_the_last_word_unless_said_otherwise() -> None:
    """As families do whose answers end but once."""
    one = builder()
    one.take([Finished("stop")], 1.0)
    assert not one.is_open
    one.take([Finished("stop", is_last=False)], 1.0)
    assert one.is_open


@pytest.mark.parametrize("order", [*permutations("abc")], ids="".join)
def test_choices_stand_in_their_order(order: tuple[str, ...]) -> None:
    """Whichever begins first."""
    one = Growing(compose("Hi", model="gpt-4o-mini", n=3))
    for text in order:
        one.add(chunk(text, "stop", index="abc".index(text)), 1.0)
    one.close(is_whole=True)
    assert [choice.text for choice in one.finish(1.0).choices] == ["a", "b", "c"]


WORSE = [Status.COMPLETE, Status.FAILED, Status.INTERRUPTED]


@pytest.mark.parametrize("first", WORSE)
@pytest.mark.parametrize("second", WORSE)
def test_the_worst_choice_counts(first: Status, second: Status) -> None:
    """Its status and its error are those of the whole; of two that are as bad the first."""
    one = builder(n=2)
    one.take([Grown("a", 0), Grown("b", 1)], 1.0)
    for index, status in enumerate((first, second)):
        error = None if status is Status.COMPLETE else f"error {index}"
        one._choice(index).end(status, error)
    worst = max((first, second), key=WORSE.index)
    whole = one.snapshot()
    assert whole.status is worst
    place = (first, second).index(worst)
    assert whole.error == (None if worst is Status.COMPLETE else f"error {place}")


@pytest.mark.parametrize("status", [Status.QUEUED, Status.GENERATING])
def test_a_choice_that_is_under_way_counts_more_than_one_that_is_complete(status: Status) -> None:
    """And one that is generating more than one that is queued."""
    one = builder(n=3)
    one.take([Grown("a", 0), Grown("b", 1)], 1.0)
    one._choice(0).end(Status.COMPLETE, None)
    if status is Status.GENERATING:
        one._choice(1).status = status
    assert one.snapshot().status is status


@pytest.mark.parametrize("status", Status)
def test_what_may_follow_a_status(status: Status) -> None:
    """An end follows what has not ended; nothing begins again."""
    final = {Status.COMPLETE, Status.FAILED, Status.INTERRUPTED}
    expected = {
        Status.QUEUED: {Status.GENERATING, *final}, Status.GENERATING: final,
    }.get(status, set())  # fmt: skip
    assert TRANSITIONS[status] == expected
    assert status.is_final is (status in final)
    choice = Choice()
    choice.status = status
    if expected:
        choice.end(Status.COMPLETE, None)
        assert choice.status is Status.COMPLETE
    else:
        with pytest.raises(RuntimeError, match=f"that is {status} cannot become complete"):
            choice.end(Status.COMPLETE, None)


@pytest.mark.parametrize(
    ("made", "text", "expected"),
    [
        ({}, "", "<Generation m, complete, 1.2 s>"),
        ({}, "x", "<Generation m, complete, 1 characters, 1.2 s>"),
        ({}, "x" * 1234, "<Generation m, complete, 1,234 characters, 1.2 s>"),
        ({"images": 1}, "", "<Generation m, complete, 1 image, 1.2 s>"),
        ({"images": 2, "videos": 1}, "", "<Generation m, complete, 2 images, 1 video, 1.2 s>"),
        ({"audios": 1}, "", "<Generation m, complete, 1 sound, 1.2 s>"),
        ({"videos": 3, "audios": 2}, "", "<Generation m, complete, 3 videos, 2 sounds, 1.2 s>"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_generation_in_a_line(made: dict[str, int], text: str, expected: str) -> None:
    """Its model, its status, what it made and how long that took."""
    kinds: dict[str, Any] = {
        "images": GeneratedImage(LINK), "videos": GeneratedVideo(LINK),
        "audios": GeneratedAudio(LINK),
    }  # fmt: skip
    results: dict[str, Any] = {name: (kinds[name],) * count for name, count in made.items()}
    ended = replace(builder("m").finish(1.24), text=text, **results)
    assert repr(ended) == expected
    assert len(ended.media) == sum(made.values())


def test_results_stand_in_the_order_of_their_kinds() -> None:
    """Pictures, then videos, then sounds."""
    image, video, sound = GeneratedImage(LINK), GeneratedVideo(LINK), GeneratedAudio(LINK)
    ended = replace(builder().finish(1.0), audios=(sound,), videos=(video,), images=(image,))
    assert ended.media == (image, video, sound)


def test_what_is_kept_of_the_wire_makes_no_other_generation() -> None:
    """Two are equal if all else is."""
    ended = builder().finish(1.0)
    kept = replace(ended, exchange=LogWriter(lambda: 0.0).exchange)
    assert kept.exchange != ended.exchange
    assert kept == ended
    assert "exchange" not in repr(kept)


@pytest.mark.parametrize("end", ["interrupt", "fail"])
def test_an_answer_that_is_not_closed_is_read_at_its_end(end: str) -> None:
    """All that came is in it."""
    one = growing("gpt-4o-mini")
    one.add(chunk("Hi"), 1.0)
    ended = getattr(one, end)("no", 2.0)
    assert (ended.text, ended.error, ended.elapsed) == ("Hi", "no", 2.0)
