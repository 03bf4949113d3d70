"""One choice of a chat completion reads long lines once, and keeps no copies of pictures."""

import tracemalloc
from typing import Any

import pytest

from comet_magic.families.chat.chunks import Attachment, ChatCompletionChunk, ChunkChoice
from comet_magic.families.facts import Stage, Staged
from comet_magic.generation import Status
from tests.families.chat.growing import chunk
from tests.families.chat.growing import growing as builder
from tests.generation.test_builder import finished
from tests.transcripts import IDS, ROWS


def test_a_long_line_is_read_once_at_its_end() -> None:
    """An inline picture in thousands of pieces is looked at on the way without being read again."""
    growing = builder()
    growing.add(chunk("![x](data:image/png;base64,"), 0.0)
    for number in range(2_000):
        growing.add(chunk("A" * 1_000), number)
        if number % 10 == 0:
            assert not growing.snapshot().status.is_final
    assert growing.snapshot().status is Status.GENERATING
    growing.add(chunk(")", "stop"), 0.0)
    growing.close(is_whole=True)
    assert len(growing.finish(1.0).images[0].url) == 2_000_022


def test_an_inline_picture_that_was_broken_off_is_kept_as_text() -> None:
    """What came of a long line is all there when it is stopped, though no frame showed it."""
    growing = builder("gpt-4o-mini")
    parts = ["![a](data:image/png;base64,", *["A" * 40_000] * 4]
    for part in parts:
        growing.add(chunk(part), 1.0)
        growing.snapshot()
    assert growing.interrupt("stopped", 2.0).text == "".join(parts)


def test_a_picture_in_one_piece_is_read_at_its_end() -> None:
    """On the way it is work that has begun; stopped there, all of it is kept."""
    piece = "![x](data:image/png;base64," + "A" * 60_000
    growing = builder()
    growing.add(chunk(piece), 1.0)
    assert (growing.snapshot().status, growing.snapshot().text) == (Status.GENERATING, "")
    assert growing.interrupt("stopped", 2.0).text == piece


def test_a_message_that_is_repeated_as_a_whole_is_read_once() -> None:
    """Some gateways do so in their last chunk, also before anybody looked at the first ones."""
    text = "Here it is:\n\n![cat](https://files.example/cat.png)\n"
    growing = builder()
    for piece in (text[:20], text[20:]):
        growing.add(chunk(piece), 1.0)
    growing.add(ChatCompletionChunk(choices=(ChunkChoice(0, text, "stop", whole=True),)), 2.0)
    growing.close(is_whole=True)
    generation = growing.finish(3.0)
    assert generation.text == text
    assert [image.url for image in generation.images] == ["https://files.example/cat.png"]
    assert generation.status is Status.COMPLETE


@pytest.mark.parametrize("looked_at", [1, 3, 1_000])
@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_long_lines_in_many_pieces_say_the_same(
    row: dict[str, Any], looked_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a line counts as long, and whatever is joined early."""
    monkeypatch.setattr("comet_magic.families.chat.growing_text._LONGEST_LIVE_LINE", 40)
    monkeypatch.setattr("comet_magic.families.chat.pieces._BLOCK", 25)
    growing = builder()
    for number, begin in enumerate(range(0, len(row["text"]), 7)):
        growing.add(chunk(row["text"][begin : begin + 7]), 1.0)
        if number % looked_at == 0:
            growing.snapshot(1.0)
    growing.add(chunk("", "stop"), 1.0)
    growing.close(is_whole=True)
    assert growing.finish(2.0) == finished(row["text"])


@pytest.mark.parametrize("pieces", [1, 500])
def test_a_picture_in_the_text_is_held_twice_at_most(pieces: int) -> None:
    """Once in the text, and once as a link."""
    text = f"![cat](data:image/png;base64,{'A' * 4_000_000})"
    step = -(-len(text) // pieces)
    growing = builder()
    tracemalloc.start()
    try:
        for begin in range(0, len(text), step):
            growing.add(chunk(text[begin : begin + step]), 1.0)
            growing.snapshot(1.0)
        growing.close(is_whole=True)
        generation = growing.finish(2.0)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert generation.images[0].url == text[7:-1]
    assert peak < 2.3 * len(text)


def test_a_long_line_that_has_ended_is_read_at_once() -> None:
    """The picture in it is shown before the answer ends, also if the end comes in a piece alone."""
    growing = builder()
    growing.add(chunk("![x](data:image/png;base64," + "A" * 60_000 + ")"), 1.0)
    assert growing.snapshot().images == ()
    for piece in ("\n", "Nice"):
        growing.add(chunk(piece), 1.0)
    assert len(growing.snapshot().images) == 1


def test_the_last_stage_does_not_depend_on_the_looks() -> None:
    """The label of a link that was half written looked like words of an answer."""
    growing = builder()
    for letter in "[Data preview](https://a.example/web/77)":
        growing.add(chunk(letter), 1.0)
        growing.snapshot()
    growing.add(chunk("", "stop"), 2.0)
    assert not growing.snapshot().status.is_final
    exchange = growing._chat
    last = [fact.stage for fact in exchange.close(is_whole=True) if isinstance(fact, Staged)]
    assert last == [Stage.QUEUED]


def test_a_long_refusal_is_an_error_of_bounded_length() -> None:
    """The answer has all of its words."""
    growing = builder()
    growing.add(chunk("I cannot draw it. " * 2_000, "stop"), 1.0)
    growing.close(is_whole=True)
    generation = growing.finish(2.0)
    assert len(str(generation.error)) < 2_100
    assert str(generation.error).startswith("I cannot draw it. I cannot")
    assert len(generation.answer) > 30_000


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-4o-image"])
def test_a_picture_in_the_text_and_beside_it_is_one(model: str) -> None:
    """By its address; another address is another picture."""
    urls = [f"https://a.example/{name}.png" for name in "ab"]
    growing = builder(model)
    growing.add(chunk(f"![x]({urls[0]})"), 1.0)
    beside = tuple(map(Attachment, [*urls, *urls] if model == "gpt-4o-image" else urls[:1]))
    growing.add(ChatCompletionChunk(choices=(ChunkChoice(0, "", "stop", beside),)), 2.0)
    growing.close(is_whole=True)
    expected = urls if model == "gpt-4o-image" else urls[:1]
    assert [image.url for image in growing.finish(3.0).images] == expected
