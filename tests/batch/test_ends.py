"""How a batch ends before its rows do: given up, left, interrupted, closed."""

import asyncio
import gc
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import comet_magic as comet
from comet_magic.kernel.session import Session

from .conftest import Endpoint, after, once, options, status, taken

PATIENCE = 20.0


def holds(true: Any) -> bool:
    """Whether something comes true soon."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.01)
    return False


def test_a_refused_key_ends_the_batch(endpoint: Endpoint) -> None:
    """The first 401 stops it: what was under way comes, then the error, and no other is sent."""
    prompts = [f"number {number}" for number in range(100)]
    endpoint.answers |= dict.fromkeys(prompts, status(401, **{"x-request-id": "r-17"}))
    batch = comet.map(prompts, **options(concurrency=2))
    with pytest.raises(comet.AuthenticationError, match="The batch was stopped") as caught:
        list(batch)
    assert (caught.value.status_code, caught.value.request_id) == (401, "r-17")
    assert caught.value.generation is not None
    assert caught.value.generation.request_id == "r-17"
    assert len(endpoint.prompts) <= 4
    assert list(batch) == []


def test_an_unforeseen_error_is_that_of_its_row(endpoint: Endpoint) -> None:
    """It is told as it is: no executor is blamed where there is none. The other rows go on."""

    async def broken(_: str) -> httpx.Response:
        raise RuntimeError("no more threads")

    endpoint.answers["first"] = broken
    first, second = comet.map(["first", "second"], **options())
    assert (first.error_type, first.error) == ("RuntimeError", "no more threads")
    assert second.text == "You said: second"


@pytest.mark.parametrize(
    ("answer", "error", "more"),
    [
        (status(403), comet.PermissionDeniedError, {}),
        (status(404), comet.NotFoundError, {}),
        (status(502), comet.InternalServerError, {"max_retries": 0}),
        (status(523), comet.InternalServerError, {"max_retries": 0}),
    ],
    ids=["403", "404", "502", "523"],
)
def test_ten_hopeless_rows_in_a_row_end_the_batch(
    endpoint: Endpoint, answer: Any, error: type, more: dict[str, Any]
) -> None:
    """They are results; then the error says that the rest would fail alike."""
    prompts = [f"number {number}" for number in range(100)]
    endpoint.answers |= dict.fromkeys(prompts, answer)
    results: list[comet.Generation] = []
    with pytest.raises(error, match="The batch was stopped"):
        taken(comet.map(prompts, **options(concurrency=1, **more)), results)
    assert len(results) == len(endpoint.prompts) == 10


def test_an_answer_among_hopeless_rows_counts_anew(endpoint: Endpoint) -> None:
    """Nine that fail, one that does not, and nine more are no ten in a row."""
    prompts = [f"number {number}" for number in range(19)]
    endpoint.answers |= dict.fromkeys(prompts[:9] + prompts[10:], status(404))
    results = list(comet.map(prompts, **options(concurrency=1)))
    assert [result.status_code for result in results] == [404] * 9 + [None] + [404] * 9


def test_a_dead_host_ends_the_batch(endpoint: Endpoint) -> None:
    """Nothing listens: ten rows say so, and the rest are not tried."""

    async def dead(_: str) -> httpx.Response:
        raise httpx.ConnectError("refused")

    prompts = [f"number {number}" for number in range(100)]
    endpoint.answers |= dict.fromkeys(prompts, dead)
    with pytest.raises(comet.APIConnectionError, match="The batch was stopped"):
        list(comet.map(prompts, **options(max_retries=0)))
    assert len(endpoint.prompts) < 30


def test_rows_that_fail_for_their_own_sake_do_not_end_it(endpoint: Endpoint) -> None:
    """A hundred refused prompts are a hundred failed results."""
    prompts = [f"number {number}" for number in range(100)]
    endpoint.answers |= dict.fromkeys(prompts, status(400))
    results = list(comet.map(prompts, **options()))
    assert [result.status_code for result in results] == [400] * 100


def test_an_error_of_the_iterable_comes_after_the_results(endpoint: Endpoint) -> None:
    """What was read before is finished first."""

    def prompts() -> Iterator[str]:
        yield "a"
        yield "b"
        raise LookupError("no more")

    batch = comet.map(prompts(), **options())
    assert [next(batch).prompt, next(batch).prompt] == ["a", "b"]
    with pytest.raises(LookupError, match="no more"):
        next(batch)


def test_an_iterable_that_failed_is_not_read_again(endpoint: Endpoint) -> None:
    """One that could go on would give rows behind the error."""

    class Rows:
        """Fails at its second row, and has more."""

        read = 0

        def __iter__(self) -> "Rows":
            return self

        def __next__(self) -> str:
            self.read += 1
            if self.read == 2:
                raise LookupError("no more")
            return f"number {self.read}"

    rows, results = Rows(), list[comet.Generation]()
    with pytest.raises(LookupError, match="no more"):
        taken(comet.map(rows, **options()), results)
    assert [result.prompt for result in results] == endpoint.prompts == ["number 1"]
    assert rows.read == 2


def test_a_stopped_batch_says_why_even_if_the_iterable_failed(endpoint: Endpoint) -> None:
    """Rows that were read are not sent any more; that is what the user has to know first."""
    read: list[str] = []

    def prompts() -> Iterator[str]:
        for prompt in ("a", "b"):
            read.append(prompt)
            yield prompt
        read.append("all")
        raise LookupError("no more")

    async def refuse(prompt: str) -> httpx.Response:
        while "all" not in read:
            await asyncio.sleep(0.01)
        return await status(401)(prompt)

    endpoint.answers["a"] = refuse
    results: list[comet.Generation] = []
    with pytest.raises(comet.AuthenticationError, match="The batch was stopped"):
        taken(comet.map(prompts(), **options(concurrency=1)), results)
    assert endpoint.prompts == [result.prompt for result in results] == ["a"]


def test_leaving_the_loop_cancels_what_runs(endpoint: Endpoint) -> None:
    """After a `break` no request goes on."""
    prompts = [f"number {number}" for number in range(20)]
    endpoint.answers |= dict.fromkeys(prompts[1:], after(60))
    read: list[str] = []

    def rows() -> Iterator[str]:
        for prompt in prompts:
            read.append(prompt)
            yield prompt

    # No more rows are read once there is a result to take.
    endpoint.answers["number 0"] = once(lambda: len(read) > 5)
    for result in comet.map(rows(), **options(concurrency=4)):
        assert result.prompt == "number 0"
        assert holds(lambda: endpoint.at_once == 4)
        break
    gc.collect()
    assert holds(lambda: endpoint.at_once == 0)
    assert endpoint.cancelled == 4
    assert len(endpoint.prompts) == 5


def test_an_error_in_the_loop_cancels_what_runs(endpoint: Endpoint) -> None:
    """The user's own code may fail between two results."""
    prompts = [f"number {number}" for number in range(20)]
    endpoint.answers |= dict.fromkeys(prompts[1:], after(60))

    def use() -> None:
        for _ in comet.map(prompts, **options(concurrency=4)):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        use()
    gc.collect()
    assert holds(lambda: endpoint.at_once == 0)


def test_cancelling_amap_cancels_what_runs(endpoint: Endpoint) -> None:
    """A task that is cancelled leaves nothing behind."""
    endpoint.answers["slow"] = after(60)

    async def run() -> None:
        async for _ in comet.amap(["slow"], **options()):
            pass

    async def main() -> None:
        task = asyncio.ensure_future(run())
        while not endpoint.at_once:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert holds(lambda: endpoint.at_once == 0)


def test_closing_the_session_ends_a_batch_with_an_error(
    endpoint: Endpoint, fresh_session: Session
) -> None:
    """Nobody waits for results that cannot come."""
    endpoint.answers["slow"] = after(60)
    batch = comet.map(["slow"], **options())
    timer = threading.Timer(0.2, fresh_session.close)
    timer.start()
    with pytest.raises(comet.CometError, match="session was closed"):
        next(batch)
    timer.join()


def test_a_row_that_cannot_be_sent_has_its_own_model(endpoint: Endpoint) -> None:
    """Or that of the call, or the one in force."""
    rows = [{"prompt": "", "model": "own"}, ""]
    assert [each.model for each in comet.map(rows, **options())] == ["own", "gpt-4o-mini"]
