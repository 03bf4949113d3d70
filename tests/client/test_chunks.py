"""Framing, chunks and fields of pictures as endpoints were seen to send them, as exact bytes."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from comet_magic.errors import CometError
from comet_magic.generation import Generation
from tests.client.scripted import Endpoint, Script, create

DATA = Path(__file__).parent.parent / "data" / "chunks.jsonl"
ROWS = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
BASE = "https://a.example"
# Cuts that are tried of a long body.
MOST_CUTS = 40


def feedings(body: bytes) -> Iterator[list[bytes]]:
    """The body whole, byte by byte, and in two parts at some places."""
    yield [body]
    yield [body[at : at + 1] for at in range(len(body))]
    for at in range(0, len(body), max(1, len(body) // MOST_CUTS)):
        yield [body[:at], body[at:]]


def answered(row: dict[str, Any], parts: list[bytes]) -> Generation:
    """What is made of the row's body, also if it is an error."""
    headers = {"Content-Type": row["content_type"]}
    endpoint = Endpoint(httpx.Response(row["status"], headers=headers, stream=Script(parts)))
    try:
        return asyncio.run(create(endpoint, model=row["request_model"], max_retries=0))
    except CometError as error:
        generation = error.generation
    assert generation is not None
    return generation


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_what_was_seen_is_read(row: dict[str, Any]) -> None:
    """However the bytes are cut: the text, the pictures, the status."""
    expect = row["expect"]
    body = row["body"].replace("{BASE}", BASE).encode()
    for parts in feedings(body):
        generation = answered(row, parts)
        assert generation.status == expect["status"]
        assert generation.text == expect.get("text", generation.text)
        urls = [image.url.replace(BASE, "{BASE}") for image in generation.images]
        assert urls == expect.get("images", urls)
        assert len(urls) == expect.get("n_images", len(urls))


def test_the_inspection_reads_the_same() -> None:
    """It lists the text, the end and no error, though the events are glued on one line."""
    row = next(row for row in ROWS if row["id"] == "two_objects_one_line")
    body = row["body"].encode()
    for parts in feedings(body):
        kinds = [fact.kind for fact in answered(row, parts).inspect().facts]
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
