"""Budgets, on every way that a request can leave this process."""

import asyncio
import concurrent.futures
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import comet_magic as comet
from comet_magic.kernel import session
from comet_magic.settings import configuration

from ..client.scripted import DONE, data, delta, sse
from .conftest import Answer, Endpoint, after, options, status, taken
from .counting import counting_server

TEXT: dict[str, Any] = {"model": "gpt-4o-mini", "download": False}


def budget(**limits: object) -> None:
    """Sets `budget_requests=…` and so on, or `prices`, as `%config` does."""
    configuration.current().values |= limits


def generate(prompt: str) -> None:
    """As a script does."""
    comet.generate(prompt, **TEXT)


def agenerate(prompt: str) -> None:
    """As asyncio does."""
    asyncio.run(comet.agenerate(prompt, **TEXT))


def stream(prompt: str) -> None:
    """Watched."""

    async def watch() -> None:
        async for _ in comet.stream(prompt, **TEXT):
            pass

    asyncio.run(watch())


def batch(prompt: str) -> None:
    """As a batch of one."""
    list(comet.map([prompt], **options()))


def abatch(prompt: str) -> None:
    """The same for asyncio."""

    async def go() -> None:
        async for _ in comet.amap([prompt], **options()):
            pass

    asyncio.run(go())


@pytest.mark.parametrize("send", [generate, agenerate, stream, batch, abatch])
def test_every_way_out_has_the_same_budget(endpoint: Endpoint, send: Callable[[str], None]) -> None:
    """The third of two is refused before it is sent, and one more when the budget is raised."""
    budget(budget_requests=2)
    comet.generate("one", **TEXT)
    send("two")
    with pytest.raises(comet.BudgetError, match="budget of 2 requests is used up"):
        send("three")
    assert endpoint.prompts == ["one", "two"]
    assert [entry["status"] for entry in comet.usage()] == ["complete"] * 2
    budget(budget_requests=3)
    send("three")
    assert endpoint.prompts == ["one", "two", "three"]


def test_fifty_at_once_do_not_slip_through(
    tmp_path: Path, fresh_session: session.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of fifty simultaneous requests exactly ten reach a real server, as it counts them."""

    async def all_of_them() -> list[Any]:
        calls = [comet.agenerate(f"number {number}", **TEXT) for number in range(50)]
        return await asyncio.gather(*calls, return_exceptions=True)

    log = tmp_path / "server.log"
    with counting_server(log, delay=0.2) as url:
        monkeypatch.setenv("COMETAPI_BASE_URL", url)
        monkeypatch.setenv("COMET_BUDGET_REQUESTS", "10")
        ends = asyncio.run(all_of_them())
        asked = [line for line in log.read_text().splitlines() if line.startswith("asked")]
    assert len(asked) == 10
    assert sum(isinstance(end, comet.Generation) for end in ends) == 10
    refused = [end for end in ends if isinstance(end, comet.BudgetError)]
    assert len(refused) == 40
    assert all("under way" in str(error) for error in refused)
    assert fresh_session.ledger.used.requests == 10


def test_a_batch_ends_where_its_budget_does(endpoint: Endpoint) -> None:
    """What was paid for is yielded; with a resume file a rerun asks for the rest."""
    budget(budget_requests=10)
    prompts = [f"number {number}" for number in range(30)]
    results: list[comet.Generation] = []
    with pytest.raises(comet.BudgetError, match="The batch was stopped") as raised:
        taken(comet.map(prompts, **options(resume="run.jsonl")), results)
    assert "COMET_BUDGET_REQUESTS" in str(raised.value)
    assert len(endpoint.prompts) == 10
    assert sum(result.status is comet.Status.COMPLETE for result in results) == 10
    assert {result.error_type for result in results[10:]} == {"BudgetError"}
    budget(budget_requests=30)
    rest = list(comet.map(prompts, **options(resume="run.jsonl")))
    assert all(result.status is comet.Status.COMPLETE for result in rest)
    assert sorted(endpoint.prompts) == sorted(prompts)


def test_what_is_sent_again_counts_once(endpoint: Endpoint) -> None:
    """A 429 that is waited for, by a request and by a batch."""
    refusals = {"alone": 2, "in a batch": 2}

    async def limited(prompt: str) -> httpx.Response:
        if refusals[prompt]:
            refusals[prompt] -= 1
            return await status(429, **{"Retry-After": "0"})(prompt)
        return await after(0)(prompt)

    endpoint.answers |= dict.fromkeys(refusals, limited)
    budget(budget_requests=2)
    assert comet.generate("alone", **TEXT).attempts == 3
    (result,) = comet.map(["in a batch"], **options())
    assert (result.status, result.attempts) == ("complete", 3)
    assert len(endpoint.prompts) == 6
    assert session.current().ledger.used.requests == 2


def test_without_a_connection_nothing_counts(endpoint: Endpoint) -> None:
    """Neither from the budget nor in the totals; the entry says that it was not sent."""

    async def nobody(prompt: str) -> httpx.Response:
        raise httpx.ConnectError("nobody is there")

    endpoint.answers["lost"] = nobody
    budget(budget_requests=1)
    with pytest.raises(comet.APIConnectionError):
        comet.generate("lost", max_retries=0, **TEXT)
    assert [entry["status"] for entry in comet.usage()] == ["not sent"]
    comet.generate("there", **TEXT)
    assert endpoint.prompts == ["lost", "there"]


def test_a_connection_that_breaks_counts(endpoint: Endpoint) -> None:
    """The request was on its way, and may have been charged."""

    async def broken(prompt: str) -> httpx.Response:
        raise httpx.ReadError("gone")

    endpoint.answers["cut"] = broken
    budget(budget_requests=1)
    with pytest.raises(comet.APIConnectionError):
        comet.generate("cut", **TEXT)
    with pytest.raises(comet.BudgetError):
        comet.generate("there", **TEXT)


def test_what_was_interrupted_counts_with_its_price(endpoint: Endpoint) -> None:
    """As a request, and with what had been set aside for it."""
    endpoint.answers["slow"] = after(30)
    budget(budget_requests=2, budget_cost=0.03, prices={"gpt-4o-mini": {"per_request": 0.02}})

    async def left() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(comet.agenerate("slow", **TEXT), 0.2)
        while not comet.usage():
            await asyncio.sleep(0.01)

    asyncio.run(left())
    used = session.current().ledger.used
    assert (used.requests, used.cost) == (1, 0.02)
    with pytest.raises(comet.BudgetError, match=r"\$0.03 has \$0.01 left"):
        comet.generate("next", **TEXT)
    assert comet.usage()[0]["cost"] is None


def test_tokens_are_counted_as_received(endpoint: Endpoint) -> None:
    """Three an answer here; what an answer may use at most is set aside before."""
    budget(budget_tokens=6)
    comet.generate("one", **TEXT)
    with pytest.raises(comet.BudgetError, match="has 3 left, and this may take 4"):
        comet.generate("two", max_tokens=2, n=2, **TEXT)
    comet.generate("two", max_tokens=3, **TEXT)
    with pytest.raises(comet.BudgetError, match="budget of 6 tokens is used up"):
        comet.generate("three", **TEXT)
    assert endpoint.prompts == ["one", "two"]


def test_dollars_are_set_aside_too(endpoint: Endpoint) -> None:
    """Of twenty pictures at once only those are sent that the budget pays for."""
    budget(budget_cost=0.1, prices={"gpt-4o-mini": {"per_request": 0.02}})

    async def all_of_them() -> list[Any]:
        calls = [comet.agenerate(f"number {number}", **TEXT) for number in range(20)]
        return await asyncio.gather(*calls, return_exceptions=True)

    ends = asyncio.run(all_of_them())
    assert len(endpoint.prompts) == 5
    assert sum(isinstance(end, comet.BudgetError) for end in ends) == 15
    assert session.current().ledger.used.cost == pytest.approx(0.1)


def test_without_a_price_no_dollars_are_spent(endpoint: Endpoint) -> None:
    """The endpoint's list is asked for once more; a model that is not in it is not asked."""
    budget(budget_cost=1.0)
    with pytest.raises(comet.BudgetError, match="no price is known for gpt-4o-mini") as raised:
        comet.generate("one", **TEXT)
    assert "CometMagics.prices" in str(raised.value)
    assert endpoint.prompts == []
    budget(prices={"gpt-4o-mini": {"input": 0.15, "output": 0.6}})
    comet.generate("one", **TEXT)


# 10 tokens read, and 40 written: $0.001 by these prices.
PROMPTS = [f"number {number}".ljust(40) for number in range(30)]
PRICES = {"gpt-4o-mini": {"input": 20, "output": 20}}
WORDS = "word " * 32


def using(usage: Any) -> Answer:
    """An answer with this usage; without any if it is `...`."""

    async def said(_: str) -> httpx.Response:
        last = [] if usage is ... else [data({"id": "c1", "choices": [], "usage": usage})]
        return sse(delta(WORDS, "stop"), *last, DONE)

    return said


async def cut(_: str) -> httpx.Response:
    """An answer that ends early."""
    return sse(delta(WORDS))


async def failed(_: str) -> httpx.Response:
    """An answer with an error behind its text."""
    return sse(delta(WORDS), data({"error": {"message": "overloaded"}}))


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        pytest.param(using({"prompt_tokens": 10, "completion_tokens": 40, "total_tokens": 50}), 10,
                     id="received"),
        pytest.param(using({"prompt_tokens": "10", "completion_tokens": "40"}), 10, id="as-text"),
        pytest.param(using({"prompt_tokens": 10, "completion_tokens": 40}), 10, id="no-total"),
        pytest.param(using({"completion_tokens": 40}), 10, id="half"),
        pytest.param(using({"total_tokens": 100}), 5, id="total-alone"),
        pytest.param(using({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}), 10,
                     id="zeros"),
        pytest.param(using(dict.fromkeys(["prompt_tokens", "completion_tokens"], -1)), 10,
                     id="unknown"),
        pytest.param(using({"total_tokens": -1_000_000}), 10, id="credit"),
        pytest.param(using({"total_tokens": 1e308}), 10, id="endless"),
        pytest.param(using({"total_tokens": float("nan")}), 10, id="nan"),
        pytest.param(using(None), 10, id="null"),
        pytest.param(using({}), 10, id="empty"),
        pytest.param(using(...), 10, id="none"),
        pytest.param(cut, 10, id="cut"),
        pytest.param(failed, 10, id="failed"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("limit", [{"budget_cost": 0.01}, {"budget_tokens": 500}], ids=str)
def test_a_budget_is_kept_whatever_the_endpoint_says_of_usage(
    endpoint: Endpoint, said: Answer, sent: int, limit: dict[str, float]
) -> None:
    """Thirty are asked for; what was not received is estimated, and said to be that."""
    endpoint.answers |= dict.fromkeys(PROMPTS, said)
    budget(**limit, prices=PRICES)
    refusal = ""
    for prompt in PROMPTS:
        try:
            comet.generate(prompt, **TEXT)
        except comet.StreamError:
            pass
        except comet.BudgetError as error:
            refusal = str(error)
            break
    assert len(endpoint.prompts) == sent
    used = session.current().ledger.used
    assert (used.tokens, round(used.cost, 9)) == (500, 0.01)
    assert ("estimated" in refusal) is used.is_estimate
    assert all(entry["is_estimate"] is used.is_estimate for entry in comet.usage())


@pytest.mark.parametrize("limit", [{"budget_cost": 0.01}, {"budget_tokens": 500}], ids=str)
def test_a_batch_without_usage_ends_where_its_budget_does(
    endpoint: Endpoint, limit: dict[str, float]
) -> None:
    """With what came by then, and the reason."""
    endpoint.answers |= dict.fromkeys(PROMPTS, using(...))
    budget(**limit, prices=PRICES)
    results: list[comet.Generation] = []
    with pytest.raises(comet.BudgetError, match=r"stopped.*\n.*estimated"):
        taken(comet.map(PROMPTS, **options(concurrency=2)), results)
    complete = [result for result in results if result.status is comet.Status.COMPLETE]
    assert len(complete) == len(endpoint.prompts)
    assert 10 <= len(complete) <= 11
    assert all(result.usage is None and result.cost is None for result in complete)


def test_a_price_for_each_request_needs_no_usage(endpoint: Endpoint) -> None:
    """The cost is exact; the tokens beside it are estimated."""
    endpoint.answers |= dict.fromkeys(PROMPTS, using(...))
    budget(budget_cost=0.1, prices={"gpt-4o-mini": {"per_request": 0.02}})
    for prompt in PROMPTS[:5]:
        comet.generate(prompt, **TEXT)
    with pytest.raises(comet.BudgetError, match=r"about \$0\.10\)\."):
        comet.generate(PROMPTS[5], **TEXT)


def test_what_is_free_is_no_part_of_a_cost(endpoint: Endpoint) -> None:
    """A price of 0 is a price: nothing is used up."""
    endpoint.answers |= dict.fromkeys(PROMPTS, using(...))
    budget(budget_cost=0.01, prices={"gpt-4o-mini": {"input": 0}})
    for prompt in PROMPTS:
        comet.generate(prompt, **TEXT)
    assert session.current().ledger.used.cost == 0


def test_a_call_cannot_lift_the_budget(endpoint: Endpoint) -> None:
    """It is the kernel's: there is no argument for it."""
    budget(budget_requests=0)
    with pytest.raises(TypeError, match="budget_requests"):
        comet.generate("one", **{**TEXT, "budget_requests": 5})
    assert endpoint.prompts == []


def test_workers_cannot_keep_a_budget(endpoint: Endpoint) -> None:
    """They do not know of each other: nothing is sent, and it is said at once."""
    budget(budget_requests=5)
    refused = pytest.raises(ValueError, match="budget_requests cannot be enforced by an executor")
    with concurrent.futures.ThreadPoolExecutor() as executor, refused:
        comet.map(["one"], executor=executor, **options())
    assert endpoint.prompts == []


def test_a_wrong_variable_sends_nothing(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit that cannot be read is no licence."""
    monkeypatch.setitem(os.environ, "COMET_BUDGET_REQUESTS", "ten")
    with pytest.raises(ValueError, match="COMET_BUDGET_REQUESTS must be a whole number"):
        comet.generate("one", **TEXT)
    assert endpoint.prompts == []
