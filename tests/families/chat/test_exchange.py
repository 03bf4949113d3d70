"""The chat exchange, fed with the bytes of a stream: how they are cut changes no fact."""

import json
from itertools import pairwise
from typing import Any

import pytest

from comet_magic.families.chat.chunks import ChatCompletionChunk, ChunkChoice
from comet_magic.families.chat.transcript import Transcript
from comet_magic.families.facts import (
    Done,
    Fact,
    Failed,
    Finished,
    Grown,
    Made,
    Origin,
    Percent,
    SentError,
    Text,
    Used,
)
from comet_magic.media.medium import Medium
from comet_magic.wire.body import Body
from comet_magic.wire.failure import Failure
from comet_magic.wire.usage import Usage
from tests.client.scripted import DONE, data, delta
from tests.families.chat.hearing import (
    IMAGE_MODEL,
    USAGE,
    chunked,
    exchange,
    facts_of,
    text_of,
    texts_of,
)
from tests.transcripts import IDS, ROWS
from tests.wire.feeding import feedings

PICTURE = "https://a.example/p.png"


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_real_transcripts_say_the_same_however_their_bytes_are_cut(row: dict[str, Any]) -> None:
    """And they say what is expected of them."""
    stream = chunked(row["text"])
    expected = facts_of([stream], is_whole=True)
    for parts in feedings(stream, most_cuts=60):
        assert facts_of(parts, is_whole=True) == expected
    media = [fact.url for fact in expected if isinstance(fact, Made)]
    assert media == [*row["expect"]["images"], *row["expect"].get("videos", [])]
    percents = [fact.value for fact in expected if isinstance(fact, Percent)]
    assert percents == row["expect"]["progress"]
    assert Used(Usage(1, 2, 3)) in expected
    assert (text_of(expected), any(isinstance(fact, Done) for fact in expected)) == (
        row["text"],
        True,
    )


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_the_size_of_the_chunks_does_not_count(row: dict[str, Any]) -> None:
    """One character or all of the text in a chunk; the pieces join to the text."""
    all_facts = [facts_of([chunked(row["text"], size)], is_whole=True) for size in (1, 7, 10_000)]
    for facts in all_facts:
        grown = [fact.text for fact in facts if isinstance(fact, Grown)]
        assert "".join(grown) == row["text"]
    kept = [[fact for fact in facts if not isinstance(fact, Grown)] for facts in all_facts]
    assert all(before == after for before, after in pairwise(kept))


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_body_says_what_a_stream_says(row: dict[str, Any]) -> None:
    """The same choice as a message, with its usage in one piece."""
    asked = exchange()
    choice = {"index": 0, "message": {"content": row["text"]}, "finish_reason": "stop"}
    whole = {"id": "c1", "model": "m", "choices": [choice], "usage": USAGE}
    heard = list(asked.hear(Body(json.dumps(whole).encode(), "application/json")))
    facts = [*heard, *asked.close(is_whole=True)]
    streamed = facts_of([chunked(row["text"], 10_000)], is_whole=True)
    # A stream ends with a mark.
    assert sorted(map(repr, facts)) == sorted(repr(fact) for fact in streamed if fact != Done())


def drawn(**more: Any) -> bytes:
    """A chunk with a picture outside the text."""
    choice = {"index": 0, "delta": {"images": [PICTURE]}, "finish_reason": None}
    return data({"choices": [choice], **more})


# Each half is sent as its escape, in a chunk of its own.
HALVES = delta("HIGH").replace(b"HIGH", rb"\ud83d") + delta("LOW", "stop").replace(
    b"LOW", rb"\ude00"
)
FROM, USED, ENDED = Origin("c1", "m"), Used(Usage(1, 2, 3)), Finished("stop")
# The stream, the model, what is heard but for Grown, and facts that close must add.
ODD: dict[str, tuple[bytes, str, list[Fact], list[Fact]]] = {
    "usage last": (
        delta("Hé", "stop") + data({"choices": [], "usage": USAGE}),
        "gpt-4o-mini", [ENDED, FROM, USED], [Text("Hé", "Hé")],
    ),
    "usage in every chunk": (
        delta("H", usage={"total_tokens": 1}) + delta("é", "stop", usage=USAGE) + DONE,
        "gpt-4o-mini", [FROM, Used(Usage(total_tokens=1)), ENDED, USED, Done()], [Text("Hé", "Hé")],
    ),
    "a finish reason in every chunk": (
        delta("H", "stop") + delta("é", "stop") + DONE,
        "gpt-4o-mini", [ENDED, FROM, ENDED, Done()], [Text("Hé", "Hé")],
    ),
    "a picture outside the text": (
        delta("Here:") + drawn() + delta("", "stop") + DONE,
        IMAGE_MODEL, [FROM, ENDED, Done()], [Made(Medium.IMAGE, PICTURE), Text("Here:", "Here:")],
    ),
    "a picture beside all choices": (
        data({"data": [{"url": PICTURE, "revised_prompt": "A tabby"}]}),
        IMAGE_MODEL, [Finished(None)], [Made(Medium.IMAGE, PICTURE)],
    ),
    "no picture": (
        delta("I cannot.", "stop") + DONE,
        IMAGE_MODEL, [ENDED, FROM, Done()], [Failed("I cannot.")],
    ),
    "an error in the stream": (
        delta("Hé") + b'event: error\ndata: {"message": "overloaded"}\n\n',
        "gpt-4o-mini", [FROM, SentError(Failure("overloaded"))], [Text("Hé", "Hé")],
    ),
    "an error in a comment's place": (
        b": PING\n\n" + b'{"error": {"message": "overloaded"}}',
        "gpt-4o-mini", [SentError(Failure("overloaded"))], [Text("", "")],
    ),
    "another index": (
        delta("H", index=1) + delta("é", "stop", index=1),
        "gpt-4o-mini", [FROM, ENDED], [Text("Hé", "Hé")],
    ),
    "an index that grows": (
        delta("H") + delta("é", index=1) + delta("", "stop", index=2) + DONE,
        "gpt-4o-mini", [FROM, ENDED, Done()], [Text("Hé", "Hé")],
    ),
    "no [DONE]": (
        delta("Hé", "stop"),
        "gpt-4o-mini", [ENDED, FROM], [Text("Hé", "Hé")],
    ),
    "no blank line at the end": (
        (delta("Hé", "stop") + DONE).rstrip(b"\n"),
        "gpt-4o-mini", [ENDED, FROM, Done()], [Text("Hé", "Hé")],
    ),
    "broken off in an event": (
        delta("Hé") + delta("more")[:-20],
        "gpt-4o-mini", [FROM], [Text("Hé", "Hé")],
    ),
    "half a character in each of two chunks": (
        HALVES,
        "gpt-4o-mini", [FROM, ENDED], [Text("😀", "😀")],
    ),
    "another origin": (
        delta("H") + delta("", id="", model="n") + delta("é", "stop", id="c2", model="")
        + data({"choices": [], "usage": USAGE}) + DONE,
        "gpt-4o-mini", [FROM, Origin("c1", "n"), ENDED, Origin("c2", "n"), USED, Done()],
        [Text("Hé", "Hé")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("stream", "model", "heard", "added"), ODD.values(), ids=ODD)
def test_odd_streams_say_the_same_at_every_cut(
    stream: bytes, model: str, heard: list[Fact], added: list[Fact]
) -> None:
    """Whole, byte by byte, and in two parts."""
    for parts in feedings(stream):
        facts = facts_of(parts, model, is_whole=True)
        close = next(at for at, fact in enumerate(facts) if isinstance(fact, Text))
        assert [f for f in facts[:close] if not isinstance(f, Grown)] == heard
        assert all(fact in facts[close:] for fact in added)
        assert not any(isinstance(fact, SentError | Done) for fact in facts[close:])


def test_two_choices_that_were_asked_for_grow_apart() -> None:
    """In turns, in any order, each with an end of its own."""
    stream = delta("a", index=1) + delta("H") + delta("b", "length", index=1) + delta("é", "stop")
    for parts in feedings(stream + DONE):
        facts = facts_of(parts, "gpt-4o-mini", n=2, is_whole=True)
        assert texts_of(facts) == {0: "Hé", 1: "ab"}
        ends = [fact for fact in facts if isinstance(fact, Finished)]
        assert ends == [Finished("length", 1), Finished("stop", 0)]
        assert facts.count(Done()) == 1


def test_only_a_whole_answer_has_a_whole_last_line() -> None:
    """A percentage at the very end of a cut text may lack a digit, so it does not count."""
    stream = delta("> Generating..\n\n> Progress 14...3")
    cut, whole = (facts_of([stream], is_whole=is_whole) for is_whole in (False, True))
    assert [fact.value for fact in cut if isinstance(fact, Percent)] == [14]
    assert [fact.value for fact in whole if isinstance(fact, Percent)] == [14, 3]


def test_there_is_nothing_to_cancel() -> None:
    """Closing the connection stops a chat completion."""
    assert exchange().cancel() is None


@pytest.mark.parametrize("piece", ["![", "14...", "![a](https://a.example/x.png)"])
def test_an_inspection_reads_a_line_only_while_it_is_short(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that goes on for 100 kB is read again for each event of its beginning alone."""
    reads = 0
    read = Transcript.read

    def counting(transcript: Transcript, *, is_whole: bool) -> Any:
        nonlocal reads
        reads += 1
        return read(transcript, is_whole=is_whole)

    monkeypatch.setattr(Transcript, "read", counting)
    asked = exchange()
    for _ in range(100_000 // len(piece)):
        asked.take(ChatCompletionChunk(choices=(ChunkChoice(0, piece),)))
        list(asked.mentions())
    # Twice: for what is mentioned, and for the stage.
    assert reads <= 2 * (2_000 // len(piece) + 2)


def test_whole_answers_with_the_same_number_are_several() -> None:
    """Two were asked for, and both came; glued together neither could be read."""
    said = [{"index": 0, "message": {"content": text}} for text in ("one", "two")]
    body = Body(json.dumps({"choices": said}).encode())
    asked = exchange("gpt-4o", n=2)
    asked.hear(body)
    assert texts_of(asked.close(is_whole=True)) == {0: "one", 1: "two"}
    one = exchange("gpt-4o")
    one.hear(body)
    assert texts_of(one.close(is_whole=True)) == {0: "onetwo"}
