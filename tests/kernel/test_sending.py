"""Requests are admitted by the budget, sent, and entered in the ledger, however they end."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from comet_magic.errors import (
    APIConnectionError,
    BudgetError,
    CometError,
    GenerationError,
    RateLimitError,
    StreamError,
)
from comet_magic.families.chat.exchange import ChatExchange
from comet_magic.families.compose import compose
from comet_magic.generation import Generation, GenerationBuilder, Status
from comet_magic.kernel import session as sessions
from comet_magic.kernel.sending import admit, blank, create, create_all
from comet_magic.kernel.session import Session
from comet_magic.money.budget import Use
from comet_magic.money.prices import Price
from comet_magic.settings.settings import Settings
from tests.client.scripted import BASE_URL, DONE, Endpoint, Script, answer, delta, sse

pytestmark = pytest.mark.usefixtures("without_waits")

SETTINGS = Settings(base_url=BASE_URL, max_retries=0)
TIGHT = Settings(base_url=BASE_URL, max_retries=0, budget_requests=1)
ASK = compose("Hi", model="gpt-4o-mini")


def hello(text: str = "Hello") -> httpx.Response:
    """A whole answer."""
    return sse(delta(text, "stop"), DONE)


@pytest.fixture
def session() -> Iterator[Session]:
    """A session of its own."""
    made = Session()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """Where all requests end; a test gives it its answers."""
    made = Endpoint()
    client = httpx.AsyncClient(transport=httpx.MockTransport(made))
    monkeypatch.setattr(sessions, "new_http_client", lambda *_: client)
    return made


def test_what_has_not_been_sent_is_queued() -> None:
    """It has its prompt, its model and who will be asked, and nothing else."""
    generation = blank(ASK, SETTINGS)
    assert (generation.status, generation.prompt) == (Status.QUEUED, "Hi")
    assert (generation.requested_model, generation.endpoint) == ("gpt-4o-mini", "api.example")
    assert (generation.text, generation.elapsed, generation.exchange) == ("", 0.0, None)


def test_requests_are_admitted_together_or_not_at_all(session: Session) -> None:
    """A seat each; what is given up unused leaves room again."""

    async def run() -> None:
        with pytest.raises(BudgetError):
            await admit(session, [ASK, ASK], TIGHT)
        (seat,) = await admit(session, [ASK], TIGHT)
        with pytest.raises(BudgetError):
            await admit(session, [ASK], TIGHT)
        seat.leave()
        assert len(await admit(session, [ASK], TIGHT)) == 1

    asyncio.run(run())
    assert (len(session.ledger), session.ledger.used) == (0, Use())


@pytest.mark.parametrize(
    "limit", [{"budget_requests": 9}, {"budget_tokens": 9}, {"budget_cost": 9.0}], ids=str
)
def test_a_forked_child_cannot_keep_a_budget(
    session: Session, monkeypatch: pytest.MonkeyPatch, limit: dict[str, float]
) -> None:
    """It does not know what others use, and says so; without a limit it sends."""
    settings = Settings(base_url=BASE_URL, prices={"gpt-4o-mini": Price()}, **limit)  # type: ignore[arg-type]
    monkeypatch.setattr("os.getpid", lambda: -1)
    (name,) = limit
    with pytest.raises(BudgetError, match=f"^Not sent: {name} cannot be kept in a forked process"):
        asyncio.run(admit(session, [ASK], settings))
    assert len(asyncio.run(admit(session, [ASK], SETTINGS))) == 1
    replayed = Settings(base_url=BASE_URL, replayed="lesson.jsonl", **limit)  # type: ignore[arg-type]
    assert len(asyncio.run(admit(session, [ASK], replayed))) == 1


def test_a_replay_takes_nothing_of_the_budget(session: Session) -> None:
    """Nothing is sent, so there is nothing to pay."""
    replayed = Settings(base_url=BASE_URL, budget_requests=0, replayed="lesson.jsonl")
    assert len(asyncio.run(admit(session, [ASK] * 3, replayed))) == 3


@pytest.mark.parametrize(
    ("given", "error", "status", "requests"),
    [
        (hello, None, "complete", 1),
        (lambda: sse(delta("Hel")), StreamError, "interrupted", 1),
        (lambda: answer("", 400), CometError, "failed", 1),
        (lambda: httpx.ReadError("reset"), APIConnectionError, "failed", 1),
        (lambda: httpx.ConnectError("refused"), APIConnectionError, "not sent", 0),
    ],
    ids=["complete", "cut", "refused", "broken", "not sent"],
)
def test_every_end_is_entered(
    session: Session, endpoint: Endpoint, given: object, error: type[CometError] | None,
    status: str, requests: int,
) -> None:  # fmt: skip
    """Once, and it counts unless nothing was sent; its error has the generation."""
    assert callable(given)
    endpoint.answers.append(given())
    seen: list[Generation] = []

    async def run() -> Generation:
        return await create(session, ASK, SETTINGS, seen.append)

    if error is None:
        end = asyncio.run(run())
    else:
        with pytest.raises(error) as caught:
            asyncio.run(run())
        assert isinstance(caught.value, CometError)
        assert isinstance(caught.value.generation, Generation)
        end = caught.value.generation
    assert seen[-1] == end
    assert [entry.end for entry in session.ledger] == [status]
    assert session.ledger.used.requests == requests


def test_a_picture_that_is_missing_is_entered_as_failed(
    session: Session, endpoint: Endpoint
) -> None:
    """The answer is whole, and was paid for."""
    endpoint.answers.append(hello("I cannot."))
    ask = compose("A cat", model="gpt-4o-image")
    with pytest.raises(GenerationError, match="I cannot"):
        asyncio.run(create(session, ask, SETTINGS))
    assert (session.ledger[0].end, session.ledger.used.requests) == ("failed", 1)


def test_a_429_that_is_not_waited_for_is_no_end(session: Session, endpoint: Endpoint) -> None:
    """The batch that waits sends it again: it is not entered, and its seat is free."""
    endpoint.answers += [answer("", 429), hello()]

    async def run() -> None:
        seen: list[Generation] = []
        with pytest.raises(RateLimitError):
            await create(session, ASK, TIGHT, seen.append, wait_if_limited=False)
        assert not any(generation.status.is_final for generation in seen)
        assert len(session.ledger) == 0
        await create(session, ASK, TIGHT, wait_if_limited=False)

    asyncio.run(run())
    assert [entry.end for entry in session.ledger] == ["complete"]


def test_a_stop_is_entered_and_gives_up_the_seat(session: Session, endpoint: Endpoint) -> None:
    """What was stopped may be charged, so it counts."""

    class Open(Script):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            yield delta("Hel")
            come.set()
            await asyncio.sleep(60)

    come = asyncio.Event()
    endpoint.answers.append(httpx.Response(200, stream=Open(())))

    async def run() -> None:
        task = asyncio.ensure_future(create(session, ASK, TIGHT))
        await come.wait()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        with pytest.raises(BudgetError):
            await create(session, ASK, TIGHT)

    asyncio.run(run())
    assert [entry.end for entry in session.ledger] == ["interrupted"]


def test_one_that_fails_does_not_end_the_others(session: Session, endpoint: Endpoint) -> None:
    """Each has its place, in the states that are watched and in what is returned."""
    endpoint.answers += [hello("a"), answer("", 400), hello("c")]
    asks = [compose(prompt, model="gpt-4o-mini") for prompt in "abc"]
    seen: list[tuple[Generation, ...]] = []

    async def run() -> list[Generation | CometError]:
        seats = await admit(session, asks, SETTINGS)
        return await create_all(session, asks, SETTINGS, seen.append, seats)

    ends = asyncio.run(run())
    assert [isinstance(end, CometError) for end in ends].count(True) == 1
    assert [generation.prompt for generation in seen[-1]] == ["a", "b", "c"]
    assert all(generation.status.is_final for generation in seen[-1])
    for place, end in enumerate(ends):
        generation = end.generation if isinstance(end, CometError) else end
        assert generation == seen[-1][place]
    assert len(session.ledger) == 3


def test_a_mistake_of_ours_is_no_answer(session: Session, endpoint: Endpoint) -> None:
    """What is no `CometError` is raised, when all have ended; a request that was sent counts."""
    endpoint.answers += [hello(), ZeroDivisionError("a bug")]
    asks = [ASK, ASK]

    async def run() -> None:
        seats = await admit(session, asks, SETTINGS)
        await create_all(session, asks, SETTINGS, lambda _: None, seats)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(run())
    assert sorted(entry.end for entry in session.ledger) == ["complete", "failed"]


STEPS = {
    "hear": (ChatExchange, "hear", 2),
    "look": (ChatExchange, "look", 2),
    "close": (ChatExchange, "close", 1),
    "media": (GenerationBuilder, "media", 1),
    "finish": (GenerationBuilder, "finish", 1),
}


@pytest.mark.parametrize(("place", "step", "call"), STEPS.values(), ids=[*STEPS])
def test_whatever_fails_behind_a_sent_request_it_counts(
    place: type,
    step: str,
    call: int,
    session: Session,
    endpoint: Endpoint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the ledger and in the budget; and what came is in the error."""
    endpoint.answers = [sse(delta("Hel"), delta("lo", "stop"), DONE)]
    calls, work = 0, getattr(place, step)

    def failing(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            raise MemoryError
        return work(*arguments, **named)

    monkeypatch.setattr(place, step, failing)
    with pytest.raises(StreamError, match="not enough memory") as caught:
        asyncio.run(create(session, ASK, TIGHT))
    generation = caught.value.generation
    assert generation is not None
    assert generation.text.startswith("Hel")
    assert (generation.status, generation.error_type) == (Status.INTERRUPTED, "StreamError")
    assert isinstance(caught.value.__cause__, MemoryError)
    (entry,) = session.ledger
    assert (entry.end, session.ledger.used.requests) == ("interrupted", 1)
    with pytest.raises(BudgetError):
        asyncio.run(create(session, ASK, TIGHT))


def test_what_fails_while_a_request_is_sent_counts(session: Session, endpoint: Endpoint) -> None:
    """It may have arrived; the error is raised as it is."""
    endpoint.answers = [ZeroDivisionError("a bug")]
    with pytest.raises(ZeroDivisionError):
        asyncio.run(create(session, ASK, TIGHT))
    (entry,) = session.ledger
    assert (entry.end, session.ledger.used.requests) == ("failed", 1)


def test_what_fails_before_a_request_is_sent_counts_for_nothing(
    session: Session, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an error of its own kind."""

    def failing(_: Any) -> None:
        raise RuntimeError("no call")

    monkeypatch.setattr(ChatExchange, "next", failing)
    with pytest.raises(RuntimeError, match="no call"):
        asyncio.run(create(session, ASK, TIGHT))
    assert (len(session.ledger), session.ledger.used, endpoint.requests) == (0, Use(), [])
    assert len(asyncio.run(admit(session, [ASK], TIGHT))) == 1


@pytest.mark.parametrize("step", ["look", "close"])
def test_a_stopped_answer_counts_though_it_cannot_be_read(
    step: str, session: Session, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cancellation passes through as ever."""
    came = asyncio.Event()

    class Waiting(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield delta("Hel")
            came.set()
            await asyncio.Event().wait()

    headers = {"Content-Type": "text/event-stream"}
    endpoint.answers = [httpx.Response(200, headers=headers, stream=Waiting())]

    def failing(*_: Any, **__: Any) -> None:
        raise MemoryError

    async def run() -> None:
        task = asyncio.create_task(create(session, ASK, TIGHT))
        await came.wait()
        monkeypatch.setattr(ChatExchange, step, failing)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())
    (entry,) = session.ledger
    assert (entry.end, session.ledger.used.requests) == ("interrupted", 1)
