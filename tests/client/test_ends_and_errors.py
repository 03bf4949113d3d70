"""Ends and errors as endpoints were seen to send them: their exact bytes, and what is expected."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from comet_magic.client.models import list_models
from comet_magic.errors import CometError
from tests.client.scripted import Endpoint, Script, create

DATA = Path(__file__).parent.parent / "data" / "ends_and_errors.jsonl"
ROWS = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
# Cuts that are tried of a long body.
MOST_CUTS = 40


def feedings(body: bytes) -> Iterator[list[bytes]]:
    """The body whole, byte by byte, and in two parts at some places."""
    yield [body]
    yield [body[at : at + 1] for at in range(len(body))]
    for at in range(0, len(body), max(1, len(body) // MOST_CUTS)):
        yield [body[:at], body[at:]]


def response(row: dict[str, Any], parts: list[bytes]) -> Endpoint:
    """An endpoint that answers with the row's body in these parts."""
    kind = {"Content-Type": row["content_type"]}
    return Endpoint(httpx.Response(row["status"], headers=kind, stream=Script(parts)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_what_was_seen_is_read(row: dict[str, Any]) -> None:
    """However the bytes are cut: the list of models, or the error with its words."""
    expect = row["expect"]
    for parts in feedings(row["body"].encode()):
        endpoint = response(row, parts)
        if "models" in expect:
            assert asyncio.run(list_models(endpoint.asked())) == expect["models"]
            continue
        with pytest.raises(CometError) as caught:
            asyncio.run(create(endpoint, model=row["request_model"], max_retries=0))
        error, said = caught.value, str(caught.value)
        assert all(words in said for words in expect.get("error_has", []))
        assert not any(words in said for words in expect.get("error_not", []))
        assert type(error).__name__ == expect.get("error_type", type(error).__name__)
        assert error.generation is not None
        assert error.generation.status == expect.get("status", "failed")
