"""The endpoint's public price list: asked for without the key, and not needed."""

import asyncio
import gzip
import json
from typing import Any

import httpx
import pytest

from comet_magic.client.catalogue import Catalogue
from tests.client import skipping
from tests.client.priced import LIST, PRICES, PricedApi
from tests.client.scripted import BASE_URL, KEY, Endpoint, answer


def fetched(*answers: httpx.Response | Exception) -> tuple[Any, Endpoint]:
    """What one fetch finds, and what was asked."""
    endpoint = Endpoint(*answers)

    async def run() -> Any:
        async with httpx.AsyncClient(transport=httpx.MockTransport(endpoint)) as http:
            return await Catalogue().fetch(http, BASE_URL)

    return asyncio.run(run()), endpoint


def test_the_list_is_asked_for_without_the_key() -> None:
    """At the root of the host."""
    found, endpoint = fetched(answer(json.dumps(LIST)))
    assert found == PRICES
    (request,) = endpoint.requests
    assert str(request.url) == "https://api.example/api/models"
    assert KEY not in str(request.headers)
    assert "authorization" not in request.headers


@pytest.mark.parametrize(
    "given",
    [
        answer(json.dumps(LIST), 404), answer("<html>"), answer("[" * 100_000), answer(b"\xff"),
        answer(""), answer("", 301, location="https://elsewhere.example/"),
        answer(json.dumps(LIST) + " " * 5_000_000),
        answer(gzip.compress(json.dumps(LIST).encode()), **{"content-encoding": "gzip"}),
        httpx.ConnectError("no"), httpx.ReadTimeout("slow"), RuntimeError("closed"),
    ],
    ids=["404", "page", "deep", "bytes", "empty", "redirect", "large", "packed", "no-connection",
         "slow", "closed"],
)  # fmt: skip
def test_what_cannot_be_had_is_no_list(given: httpx.Response | Exception) -> None:
    """No error, and nothing else is asked."""
    found, endpoint = fetched(given)
    assert found == {}
    assert len(endpoint.requests) == 1


def test_a_list_that_does_not_come_is_given_up() -> None:
    """After five seconds."""

    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async def run() -> Any:
        async with httpx.AsyncClient(transport=httpx.MockTransport(never)) as http:
            return await Catalogue().fetch(http, BASE_URL)

    found, seconds = skipping.run(run())
    assert found == {}
    assert 4 < seconds < 6


def test_a_list_that_was_not_there_is_asked_for_again() -> None:
    """By `%comet models`; not by each generation, and once for all addresses of a host."""

    async def run() -> None:
        api = PricedApi(has_list=False)
        api.let.set()
        lists = Catalogue()
        async with httpx.AsyncClient(transport=httpx.MockTransport(api)) as http:
            assert await lists.fetch(http, BASE_URL) == {}
            for url in (BASE_URL, "https://api.example/other/v1"):
                lists.begin(http, url)
            await asyncio.sleep(0)
            assert len(api.asked) == 1
            await lists.fetch(http, BASE_URL)
            assert len(api.asked) == 2

    asyncio.run(run())
