"""Models and prices are asked for once in a session, and nobody waits for prices."""

import asyncio
import threading
from dataclasses import replace
from functools import partial

import httpx
import pytest

import comet_magic as comet
from comet_magic.demo import DemoServer
from comet_magic.errors import APIStatusError, BudgetError
from comet_magic.families.compose import compose
from comet_magic.kernel import session as sessions
from comet_magic.kernel.sending import create
from comet_magic.kernel.session import Session
from comet_magic.money.prices import Price
from comet_magic.settings import configuration
from comet_magic.settings.key import ApiKey
from comet_magic.settings.settings import Settings
from tests.client.priced import PRICES, PricedApi
from tests.client.scripted import BASE_URL, KEY, Endpoint, answer

SETTINGS = Settings(base_url=BASE_URL, api_key=ApiKey(KEY, "the test"), max_retries=0)
REQUEST = compose("Hi", model="gpt-4o-mini")


def session_with(api: PricedApi | Endpoint, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session whose requests end at `api`."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(api))
    monkeypatch.setattr(sessions, "new_http_client", lambda: client)
    return Session()


def test_models_are_asked_for_once(
    demo: DemoServer, fresh_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is kept for the session."""
    monkeypatch.setenv("COMETAPI_BASE_URL", demo.base_url)
    found = comet.models()
    assert "gpt-4o-image" in found
    assert comet.models() is found
    settings = configuration.current().settings()
    assert fresh_session.lists.known_models(settings, 1.0) is found


def test_each_key_has_its_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """And each base URL: two of one host can be two services."""
    lists = [answer(f'{{"data": [{{"id": "m-{number}"}}]}}') for number in range(3)]
    endpoint = Endpoint(*lists)
    session = session_with(endpoint, monkeypatch)
    first = replace(SETTINGS, base_url="http://127.0.0.1:9/a/v1", api_key=None)
    keyed = replace(first, api_key=ApiKey(KEY, "the test"))
    again = replace(first, api_key=ApiKey(f" {KEY}", "elsewhere"))
    other = replace(first, base_url="http://127.0.0.1:9/b/v1")
    monkeypatch.setattr(session.lists, "begin_prices", lambda *_: None)
    try:
        for settings, model in ((first, "m-0"), (keyed, "m-1"), (again, "m-1"), (other, "m-2")):
            assert session.lists.known_models(settings, 10) == [model]
            asked = partial(session.lists.models, settings)
            assert session.loop.run(asked) == [model]
        assert len(endpoint.requests) == 3
    finally:
        session.close()


def test_models_that_are_slow_to_come_are_there_the_next_time(
    demo: DemoServer, fresh_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who presses Tab does not wait, and does not ask twice."""
    monkeypatch.setenv("COMETAPI_BASE_URL", demo.base_url)
    asked = []
    may_come = threading.Event()

    async def models(client: object) -> list[str]:
        asked.append(client)
        await asyncio.to_thread(may_come.wait, 10)
        return ["slow-1"]

    monkeypatch.setattr("comet_magic.kernel.lists.list_models", models)
    settings = configuration.current().settings()
    assert fresh_session.lists.known_models(settings, 0.01) == []
    assert fresh_session.lists.known_models(settings, 0.01) == []
    may_come.set()
    assert fresh_session.lists.known_models(settings, 10) == ["slow-1"]
    assert fresh_session.lists.known_models(settings, 10) == ["slow-1"]
    assert len(asked) == 1


def test_a_failed_list_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tab gets nothing and no error; `models` raises; the next that asks has it."""
    busy = [answer("", 503) for _ in range(2)]
    endpoint = Endpoint(*busy, answer('{"data": [{"id": "m-1"}]}'))
    session = session_with(endpoint, monkeypatch)
    own = replace(SETTINGS, api_key=None)  # without a key no prices are asked for
    try:
        assert session.lists.known_models(own, 10) == []
        with pytest.raises(APIStatusError):
            session.loop.run(lambda: session.lists.models(own))
        assert session.lists.known_models(own, 10) == ["m-1"]
        assert len(endpoint.requests) == 3
    finally:
        session.close()


def test_forgotten_lists_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a recording begins: it must hold them."""
    endpoint = Endpoint(*[answer('{"data": [{"id": "m-1"}]}') for _ in range(2)])
    session = session_with(endpoint, monkeypatch)
    own = replace(SETTINGS, api_key=None)

    async def run() -> None:
        await session.lists.models(own)
        await session.lists.models(own)
        assert len(endpoint.requests) == 1
        session.forget_lists()
        await session.lists.models(own)
        assert len(endpoint.requests) == 2

    asyncio.run(run())


def test_an_end_does_not_wait_for_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first generation has none; when the list is there, the next one has its cost."""

    async def run() -> None:
        api = PricedApi()
        session = session_with(api, monkeypatch)
        first = await create(session, REQUEST, SETTINGS)
        assert (first.cost, first.cost_source) == (None, "")
        api.let.set()
        while not session.lists.known_prices(SETTINGS):
            await asyncio.sleep(0)
        seen: list[float | None] = []
        second = await create(session, REQUEST, SETTINGS, lambda state: seen.append(state.cost))
        assert (second.cost, second.cost_source) == (0.02, "the price list")
        assert seen[-1] == 0.02
        assert [entry.cost for entry in session.ledger] == [None, 0.02]
        own = Settings(base_url=BASE_URL, prices={"gpt-4o-mini": Price(per_request=3)})
        assert (await create(session, REQUEST, own)).cost_source == "your prices"
        assert api.asked.count("/api/models") == 1
        assert api.keys[api.asked.index("/api/models")] is None

    asyncio.run(run())


def test_a_budget_of_dollars_waits_for_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model of the list is asked also by the first request; one that is not in it is not."""

    async def run() -> None:
        api = PricedApi()
        session = session_with(api, monkeypatch)
        settings = replace(SETTINGS, budget_cost=0.03)
        first = asyncio.create_task(create(session, REQUEST, settings))
        while "/api/models" not in api.asked and not first.done():
            await asyncio.sleep(0)
        assert "/v1/chat/completions" not in api.asked
        api.let.set()
        assert (await first).cost == 0.02
        with pytest.raises(BudgetError, match="no price is known for another"):
            await create(session, replace(REQUEST, model="another"), settings)
        with pytest.raises(BudgetError, match=r"has \$0.01 left, and this may take \$0.02"):
            await create(session, REQUEST, settings)

    asyncio.run(run())


def test_without_a_key_no_list_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of one's own has none, unless its models are listed with their prices."""

    async def run() -> None:
        api = PricedApi()
        api.let.set()
        session, settings = session_with(api, monkeypatch), Settings(base_url=BASE_URL)
        await create(session, REQUEST, settings)
        await session.lists.models(settings)
        assert "/api/models" not in api.asked
        assert await session.lists.prices(settings) == PRICES
        own = Settings(base_url=BASE_URL, prices={"gpt-4o-mini": Price(input=1)})
        assert await session.lists.prices(own) == {"gpt-4o-mini": Price(input=1)}
        assert api.asked.count("/api/models") == 1

    asyncio.run(run())


def test_the_demo_has_no_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not even asked."""

    async def run() -> None:
        api = PricedApi()
        assert await session_with(api, monkeypatch).lists.prices(Settings()) == {}
        assert api.asked == []

    asyncio.run(run())
