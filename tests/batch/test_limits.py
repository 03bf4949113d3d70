"""A rate limit holds the whole batch."""

import asyncio
import time
from itertools import pairwise
from typing import Any

import httpx
import pytest

import comet_magic as comet
from comet_magic.batch import gate as gates
from comet_magic.batch.gate import Gate
from comet_magic.kernel.session import Session

from .conftest import Endpoint, echo, options, status


class Time:
    """A clock that moves on when somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("comet_magic.batch.gate.time.monotonic", lambda: self.now)
        monkeypatch.setattr("comet_magic.batch.gate.asyncio.sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        """No time passes but here."""
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The gate's."""
    return Time(monkeypatch)


def turns(gate: Gate, count: int) -> list[float]:
    """When that many requests have their turn, in seconds after the first could."""

    async def run() -> list[float]:
        return [await gate.turn() - 100.0 for _ in range(count)]

    return asyncio.run(run())


def test_an_open_gate_does_not_wait(clock: Time) -> None:
    """Before a refusal there is no limit."""
    assert turns(Gate(), 3) == [0, 0, 0]


def test_a_refusal_holds_all_as_long_as_it_asks(clock: Time) -> None:
    """Then they go with a gap between them."""
    gate = Gate()
    gate.refuse(100.0, 7.0)
    assert gate.seconds_left == 7.0
    assert turns(gate, 3) == pytest.approx([7.0, 7.1, 7.2])


def test_each_refusal_widens_the_gap_and_each_success_narrows_it(clock: Time) -> None:
    """Requests that were refused together count as one refusal."""
    gate = Gate()
    gate.refuse(100.0, 0)
    clock.now += 1
    gate.refuse(99.0, 0)
    assert gate.refusals == 1
    gate.refuse(101.0, 0)
    assert gate.refusals == 2
    assert turns(gate, 2) == pytest.approx([1.0, 1.2])
    gate.passed()
    assert gate.refusals == 0
    assert turns(gate, 2) == pytest.approx([1.4, 1.56])
    for _ in range(20):
        gate.passed()
    gate.passed()
    assert len(set(turns(gate, 4)[1:])) == 1


def test_the_gap_has_a_limit(clock: Time) -> None:
    """After a minute of refusals a request is still sent every ten seconds."""
    gate = Gate()
    for _ in range(12):
        clock.now += 5
        gate.refuse(clock.now, 0)
    first, second, third = turns(gate, 3)
    assert second - first == third - second == pytest.approx(10)


def test_without_a_wish_the_wait_doubles(clock: Time) -> None:
    """And never is longer than two minutes, whatever was asked."""
    gate = Gate()
    waits = []
    for _ in range(3):
        gate.refuse(clock.now, None)
        waits.append(gate.seconds_left)
        clock.now += 100
    assert 0.7 < waits[0] < 1.3 < waits[1] < 2.6 < waits[2] < 5.1
    gate.refuse(clock.now, 86_400)
    assert gate.seconds_left == 120


def test_one_retry_after_is_obeyed_by_all(
    endpoint: Endpoint, fresh_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it lasts, no row of the batch sends anything; the refused one is sent again."""
    monkeypatch.setattr("random.uniform", lambda *_: 0.0)  # no wait but the one asked for
    moments: list[float] = []
    refused: list[str] = []

    async def limited(prompt: str) -> httpx.Response:
        moments.append(time.monotonic())
        if len(moments) > 4 and not refused:
            refused.append(prompt)
            return await status(429, **{"Retry-After": "1"})(prompt)
        await asyncio.sleep(0.02)
        return await echo(prompt)

    prompts = [f"number {number}" for number in range(20)]
    endpoint.answers |= dict.fromkeys(prompts, limited)
    results = list(comet.map(prompts, **options(concurrency=4)))
    assert [result.prompt for result in results] == prompts
    assert all(result.status is comet.Status.COMPLETE for result in results)
    assert sorted(result.attempts for result in results) == [1] * 19 + [2]
    gaps = [after - before for before, after in pairwise(moments)]
    assert len(endpoint.prompts) == 21
    assert len([gap for gap in gaps if gap > 0.9]) == 1
    # Those that were on their way already, at most.
    assert sum(moment < moments[4] + 0.9 for moment in moments) <= 4 + 4
    # A refusal used nothing, and is no generation.
    assert len(fresh_session.ledger) == 20


def test_rows_are_not_lost_to_a_limit_that_others_pass(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An endpoint that takes two at once refuses the others as often as it likes."""
    monkeypatch.setattr(gates, "_GAP", 0.001)
    running = 0

    async def two(prompt: str) -> httpx.Response:
        nonlocal running
        if running == 2:
            return await status(429, **{"Retry-After": "0"})(prompt)
        running += 1
        await asyncio.sleep(0.1)  # others are refused often enough to give up meanwhile
        running -= 1
        return await echo(prompt)

    prompts = [f"number {number}" for number in range(12)]
    endpoint.answers |= dict.fromkeys(prompts, two)
    results = list(comet.map(prompts, **options(concurrency=8)))
    assert all(result.status is comet.Status.COMPLETE for result in results)
    assert len(endpoint.prompts) > 12


def test_a_limit_that_nothing_passes_ends_the_batch(endpoint: Endpoint) -> None:
    """After as many refusals in a row as a request has tries."""
    prompts = [f"number {number}" for number in range(50)]
    endpoint.answers |= dict.fromkeys(prompts, status(429, **{"Retry-After": "0"}))
    with pytest.raises(comet.RateLimitError, match="The batch was stopped"):
        list(comet.map(prompts, **options(concurrency=3)))
    assert len(endpoint.prompts) < 15


def test_without_retries_a_refused_row_has_failed(endpoint: Endpoint) -> None:
    """`max_retries=0` sends nothing twice."""
    endpoint.answers["b"] = status(429, **{"Retry-After": "0"})
    results = list(comet.map(["a", "b", "c"], **options(max_retries=0)))
    assert [result.status_code for result in results] == [None, 429, None]
    assert sorted(endpoint.prompts) == ["a", "b", "c"]


def test_a_row_that_alone_is_refused_is_given_up(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others get through between its refusals: it is tried ten times as often, and then failed."""
    monkeypatch.setattr(gates, "_GAP", 0.0)
    others = [f"number {number}" for number in range(1, 21)]
    answered = 0

    async def refuse(_: str) -> Any:
        while answered < min(endpoint.prompts.count("bad") - 1, len(others)):
            await asyncio.sleep(0)
        return await status(429, **{"Retry-After": "0"})("bad")

    async def get_through(prompt: str) -> Any:
        nonlocal answered
        while endpoint.prompts.count("bad") < others.index(prompt) + 1:
            await asyncio.sleep(0)
        answered += 1
        return await echo(prompt)

    endpoint.answers = {"bad": refuse, **dict.fromkeys(others, get_through)}
    more = options(concurrency=2, max_retries=1, ordered=False)
    results = {result.prompt: result for result in comet.map(["bad", *others], **more)}
    assert results.pop("bad").error_type == "RateLimitError"
    assert endpoint.prompts.count("bad") == 20
    assert {result.status for result in results.values()} == {comet.Status.COMPLETE}
