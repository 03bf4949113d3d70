"""`comet.grid` and `comet.records`."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import comet_magic as comet
from comet_magic.families.compose import compose
from comet_magic.generation import Generation, GenerationBuilder, Status
from comet_magic.generation.gallery import MOST_SHOWN, PIXELS
from comet_magic.media.images import GeneratedImage
from comet_magic.wire.usage import Usage

from ..pictures import encoded

HOSTILE = "<script>alert(1)</script> \x1b[31m\u202e"


def generation(prompt: str = "A boat", **more: Any) -> Generation:
    """A complete one without pictures."""
    request = compose(prompt, model="m")
    builder = GenerationBuilder(request, datetime(2026, 1, 2, tzinfo=UTC), "api.example")
    return replace(builder.finish(1.5), **{"status": Status.COMPLETE, "error": None, **more})


def picture(size: tuple[int, int] = (800, 400), alt: str = "a boat") -> GeneratedImage:
    """One in memory."""
    return GeneratedImage("https://a.example/p.png", alt=alt).with_data(encoded(size=size))


def html(generations: list[Generation], columns: int | None = None) -> str:
    """The gallery as HTML."""
    bundle = comet.grid(generations, columns)._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    return bundle["text/html"]


def test_pictures_stand_side_by_side_with_their_prompts() -> None:
    """Each small, with its words; as many columns as fit."""
    shown = html([generation("A boat", images=(picture(),)), generation("A cat", answer="Meow")])
    assert shown.count("<figure") == 2
    assert shown.count("data:image/jpeg;base64,") == 1
    assert 'alt="a boat"' in shown
    assert "A boat" in shown
    assert "Meow" in shown
    assert "flex-wrap:wrap" in shown
    assert "max-width:46%" in html([generation()])  # two where there is room for one
    assert "repeat(3," in html([generation()], columns=3)


def test_each_picture_of_an_answer_has_a_place() -> None:
    """Under the number of its generation."""
    gallery = comet.grid([generation(images=(picture(), picture())), generation()])
    assert [cell.number for cell in gallery.cells] == [1, 1, 2]
    assert gallery.total == 3


def test_thumbnails_are_made_from_files_too() -> None:
    """What a batch left on disk is read for it; what is gone is its words."""
    path = Path("p.png")
    path.write_bytes(encoded(size=(800, 400)))
    kept = replace(picture(), path=path).on_disk()
    (cell,) = comet.grid([generation(images=(kept,))]).cells
    assert cell.thumbnail is not None
    assert (cell.thumbnail.width, cell.thumbnail.height) == (PIXELS, PIXELS // 2)
    path.unlink()
    assert "p.png" in html([generation(images=(kept,))])


def test_failures_say_why() -> None:
    """In words, in their place, and counted at the end."""
    failed = generation("A cat", status=Status.FAILED, error="400: no price is set")
    bundle = comet.grid([generation(), failed])._repr_mimebundle_()
    for text in bundle.values():
        assert "400: no price is set" in text
        assert "failed" in text
        assert "2 results, 1 of these not complete." in text


def test_hostile_text_is_shown_as_text() -> None:
    """Prompts, answers, errors, models and captions."""
    hostile = [
        generation(HOSTILE, answer=HOSTILE, model=HOSTILE),
        generation(HOSTILE, status=Status.FAILED, error=HOSTILE),
        generation(HOSTILE, images=(picture(alt=HOSTILE),)),
        generation("x" * 5000),
    ]
    bundle = comet.grid(hostile)._repr_mimebundle_()
    assert "<script" not in bundle["text/html"]
    assert "&lt;script&gt;" in bundle["text/html"]
    for text in bundle.values():
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "x" * 600 not in text


def test_the_first_hundred_are_shown() -> None:
    """It says so, and reads the rest only to count it."""

    def many() -> Iterator[Generation]:
        for number in range(1, 1_001):
            yield generation(f"number {number}")

    gallery = comet.grid(many())
    assert len(gallery.cells) == MOST_SHOWN
    bundle = gallery._repr_mimebundle_()
    assert "The first 100 of 1,000 are shown" in bundle["text/plain"]
    assert bundle["text/html"].count("<figure") == MOST_SHOWN


def test_nothing_is_shown_as_that() -> None:
    """An empty list is no error."""
    assert comet.grid([])._repr_mimebundle_()["text/plain"] == "There is nothing to show."


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((["a"],), TypeError, "not str"),
        (([], 0), ValueError, "columns"),
        (([], 13), ValueError, "columns"),
        (([], "3"), TypeError, "columns"),
    ],
)
def test_wrong_arguments_are_refused(arguments: Any, error: type, says: str) -> None:
    """With what would be right."""
    with pytest.raises(error, match=says):
        comet.grid(*arguments)


def test_records_are_plain_values() -> None:
    """All keys for each, JSON as it is, without inline data."""
    inline = replace(picture(), url="data:image/png;base64," + "A" * 9_000, path=Path("p.png"))
    complete = generation(images=(inline,), usage=Usage(1, 2, 3), request_id="r-1")
    failed = generation(
        status=Status.FAILED, error="no", error_type="RateLimitError", status_code=429
    )
    first, second = json.loads(json.dumps(comet.records([complete, failed])))
    assert first.keys() == second.keys()
    assert len(json.dumps(first)) < 2_000
    assert (first["paths"], first["total_tokens"]) == (["p.png"], 3)
    assert (first["prompt"], first["request_id"], first["elapsed"]) == ("A boat", "r-1", 1.5)
    assert (second["status"], second["error"], second["status_code"]) == ("failed", "no", 429)
    assert second["total_tokens"] is None
    assert second["error_type"] == "RateLimitError"


def test_a_record_has_each_value_under_its_name() -> None:
    """Every column of the table, with what was received for it."""
    made = generation(
        id="chatcmpl-1", answer="Here.", revised_prompt="A red boat", images=(),
        usage=Usage(1, 2, 3), request_id="r-1", endpoint="api.example", attempts=2,
        time_to_first_token=0.25, finish_reason="stop",
    )  # fmt: skip
    (record,) = comet.records([made])
    assert record == {
        "prompt": "A boat", "model": "m", "status": "complete", "answer": "Here.",
        "revised_prompt": "A red boat", "paths": [], "urls": [], "error": None,
        "error_type": None, "status_code": None, "prompt_tokens": 1, "completion_tokens": 2,
        "total_tokens": 3, "started": made.started.isoformat(), "elapsed": 1.5,
        "time_to_first_token": 0.25, "attempts": 2, "finish_reason": "stop",
        "request_id": "r-1", "id": "chatcmpl-1", "endpoint": "api.example",
    }  # fmt: skip


def test_a_sheet_in_words() -> None:
    """Number, prompt and facts; models only where there are several, a long prompt as a hint."""
    long = "word " * 30
    cells = [
        generation("A boat", images=(picture(), picture((90, 60)))),
        generation(long, model="other", answer="Meow", endpoint="demo"),
        generation("A cat", status=Status.FAILED, error=None),
        generation("A dog", answer=""),
    ]
    page = html(cells)
    captions = re.findall("<figcaption[^>]*>(.*?)</figcaption>", page)
    assert [re.sub("<[^>]*>", "|", each).replace("||", "|") for each in captions] == [
        "|A boat|1 · m · 800 × 400|", "|A boat|1 · m · 90 × 60|",
        f"|{('word ' * 18).rstrip()[:89]}…|2 · other · demo|", "|A cat|3 · m · ✗ failed|",
        "|A dog|4 · m|",
    ]  # fmt: skip
    assert [title for title in re.findall('title="([^"]*)"', page) if "word" in title] == [
        long.strip()
    ]
    for said in (">Meow<", ">failed<", ">The answer is empty.<", "5 results, 1 of these not"):
        assert said in page
    assert "· m" not in html([cells[0]])
    text = comet.grid(cells)._repr_mimebundle_()["text/plain"].splitlines()
    assert text[:2] == ["1. A boat", "   800 × 400"]
    assert text[5] == "   Meow"
    assert text[6:8] == ["3. A cat", "   failed: "]
    assert text[-1] == "5 results, 1 of these not complete."
    assert comet.grid([cells[0]])._repr_mimebundle_()["text/plain"].endswith("\n2 results.")
