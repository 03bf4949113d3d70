"""Answers in the forms that endpoints were seen to send, and what is read in them."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from comet_magic.client.models import list_models
from comet_magic.errors import CometError
from comet_magic.generation import Generation
from tests.client.scripted import Endpoint, Script, create
from tests.wire.feeding import feedings

DATA = Path(__file__).parent.parent / "data" / "answers.jsonl"
ROWS = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
BASE = "https://a.example"
# A body of 1,000 bytes has 1,000 cuts; these are enough to meet each of its fields.
MOST_CUTS = 40


def endpoint(row: dict[str, Any], parts: list[bytes]) -> Endpoint:
    """An endpoint that answers with the row's body in these parts."""
    headers = {"Content-Type": row["content_type"]}
    return Endpoint(httpx.Response(row["status"], headers=headers, stream=Script(parts)))


def outcome(row: dict[str, Any], parts: list[bytes]) -> tuple[Generation, CometError | None]:
    """What is made of the row's body, and the error that it ends with."""
    asked = create(endpoint(row, parts), model=row["request_model"], max_retries=0)
    try:
        return asyncio.run(asked), None
    except CometError as caught:
        error = caught
    assert error.generation is not None
    return error.generation, error


def facts(generation: Generation) -> dict[str, Any]:
    """What a row can expect of a generation, by the row's names."""
    usage = generation.usage
    images = [image.url.replace(BASE, "{BASE}") for image in generation.images]
    videos = [video.url.replace(BASE, "{BASE}") for video in generation.videos]
    return {
        "status": generation.status,
        "text": generation.text.replace(BASE, "{BASE}"),
        "answer": generation.answer.replace(BASE, "{BASE}"),
        "images": images,
        "n_images": len(images),
        "videos": videos,
        "n_videos": len(videos),
        "progress": list(generation.progress),
        "usage": usage and [usage.prompt_tokens, usage.completion_tokens, usage.total_tokens],
    }


def check(row: dict[str, Any], parts: list[bytes]) -> None:
    """Compares what is read in these parts with what the row expects."""
    if "models" in row["expect"]:
        assert asyncio.run(list_models(endpoint(row, parts).asked())) == row["expect"]["models"]
        return
    generation, error = outcome(row, parts)
    words = {"error": str(error or ""), "answer": generation.answer.replace(BASE, "{BASE}")}
    found = {**facts(generation), "error_type": type(error).__name__}
    for name, value in row["expect"].items():
        where, _, kind = name.rpartition("_")
        if kind == "has":
            assert all(word in words[where] for word in value), (name, value)
        elif kind == "not":
            assert not any(word in words[where] for word in value), (name, value)
        else:
            assert found[name] == value, name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_what_was_seen_is_read(row: dict[str, Any]) -> None:
    """However its bytes are cut."""
    for parts in feedings(row["body"].replace("{BASE}", BASE).encode(), MOST_CUTS):
        check(row, parts)


def test_the_inspection_reads_the_same() -> None:
    """It lists the text, the end and no error, though the events are glued on one line."""
    row = next(row for row in ROWS if row["id"] == "two_objects_one_line")
    body = row["body"].encode()
    for parts in feedings(body, MOST_CUTS):
        kinds = [fact.kind for fact in outcome(row, parts)[0].inspect().facts]
        assert kinds == ["sent", "answered", "first text", "finish", "usage", "done"]


def test_the_inspection_knows_how_many_choices_were_asked_for() -> None:
    """Only then the indexes count."""
    chunks = [
        {"choices": [{"index": index, "delta": {"content": "x"}, "finish_reason": "stop"}]}
        for index in (0, 1)
    ]
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks).encode()
    for count, choices in ((1, [0, 0]), (2, [0, 1])):
        endpoint = Endpoint(httpx.Response(200, stream=Script([body])))
        generation = asyncio.run(create(endpoint, parameters={"n": count}))
        facts = generation.inspect().facts
        assert [fact.choice for fact in facts if fact.kind == "finish"] == choices
