"""The endpoint's public price list: asked for without the key, and not needed."""

import asyncio
import gzip
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from comet_magic.client.catalogue import Catalogue
from comet_magic.errors import BudgetError
from comet_magic.families.chat.chunks import ChatCompletionRequest
from comet_magic.kernel import session as sessions
from comet_magic.kernel.session import Session
from comet_magic.money.prices import Price
from comet_magic.settings.key import ApiKey
from comet_magic.settings.settings import Settings
from tests.client import skipping
from tests.client.scripted import BASE_URL, DONE, KEY, Endpoint, answer, delta, sse

LIST = {"data": [{"id": "gpt-4o-mini", "pricing": {"per_request": 0.02}}]}
PRICES = {"gpt-4o-mini": Price(per_request=0.02)}
SETTINGS = Settings(base_url=BASE_URL, api_key=ApiKey(KEY, "the test"))


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


class Api:
    """An endpoint whose price list comes when the test lets it."""

    def __init__(self, *, has_list: bool = True) -> None:
        self.asked: list[str] = []
        self.keys: list[str | None] = []
        self.let = asyncio.Event()
        self._has_list = has_list

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        self.keys.append(request.headers.get("authorization"))
        if request.url.path == "/api/models":
            await self.let.wait()
            return answer(json.dumps(LIST)) if self._has_list else answer("", 404)
        if request.url.path == "/v1/models":
            return answer('{"data": [{"id": "gpt-4o-mini"}]}')
        return sse(delta("Hi", "stop"), DONE)


REQUEST = ChatCompletionRequest.from_prompt("Hi", model="gpt-4o-mini")


def session_with(api: Api, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session whose requests end at `api`."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(api))
    monkeypatch.setattr(sessions, "new_http_client", lambda: client)
    return Session()


def test_an_end_does_not_wait_for_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first generation has none; when the list is there, the next one has its cost."""

    async def run() -> None:
        api = Api()
        session = session_with(api, monkeypatch)
        first = await session.create(REQUEST, SETTINGS)
        assert (first.cost, first.cost_source) == (None, "")
        while "/api/models" not in api.asked:
            await asyncio.sleep(0)
        api.let.set()
        assert await session.prices(SETTINGS)
        seen: list[float | None] = []
        second = await session.create(REQUEST, SETTINGS, lambda state: seen.append(state.cost))
        assert (second.cost, second.cost_source) == (0.02, "the price list")
        assert seen[-1] == 0.02
        assert [entry.cost for entry in session.ledger] == [None, 0.02]
        own = Settings(base_url=BASE_URL, prices={"gpt-4o-mini": Price(per_request=3)})
        assert (await session.create(REQUEST, own)).cost_source == "your prices"
        assert api.asked.count("/api/models") == 1
        assert api.keys[api.asked.index("/api/models")] is None

    asyncio.run(run())


def test_a_budget_of_dollars_waits_for_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model of the list is asked also by the first request; one that is not in it is not."""

    async def run() -> None:
        api = Api()
        session = session_with(api, monkeypatch)
        settings = replace(SETTINGS, budget_cost=0.03)
        first = asyncio.create_task(session.create(REQUEST, settings))
        while "/api/models" not in api.asked and not first.done():
            await asyncio.sleep(0)
        assert "/v1/chat/completions" not in api.asked
        api.let.set()
        assert (await first).cost == 0.02
        with pytest.raises(BudgetError, match="no price is known for another"):
            await session.create(replace(REQUEST, model="another"), settings)
        with pytest.raises(BudgetError, match=r"has \$0.01 left, and this may take \$0.02"):
            await session.create(REQUEST, settings)

    asyncio.run(run())


def test_without_a_key_no_list_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of one's own has none, unless its models are listed with their prices."""

    async def run() -> None:
        api = Api()
        api.let.set()
        session, settings = session_with(api, monkeypatch), Settings(base_url=BASE_URL)
        await session.create(REQUEST, settings)
        await session.models(settings)
        assert "/api/models" not in api.asked
        assert await session.prices(settings) == PRICES
        own = Settings(base_url=BASE_URL, prices={"gpt-4o-mini": Price(input=1)})
        assert await session.prices(own) == {"gpt-4o-mini": Price(input=1)}
        assert api.asked.count("/api/models") == 1

    asyncio.run(run())


def test_the_demo_has_no_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not even asked."""

    async def run() -> None:
        api = Api()
        assert await session_with(api, monkeypatch).prices(Settings()) == {}
        assert api.asked == []

    asyncio.run(run())


def test_a_list_that_was_not_there_is_asked_for_again() -> None:
    """By `%comet models`; not by each generation, and once for all addresses of a host."""

    async def run() -> None:
        api = Api(has_list=False)
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
