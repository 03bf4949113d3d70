"""The rows of a batch at work: so many at once, held together by rate limits, kept, handed over."""

import asyncio
import concurrent.futures
import queue
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from ..generation import Generation, Status
from .gate import Gate
from .journal import Journal
from .rows import Row
from .stopping import Patience, stopping_error
from .stored import to_json
from .work import Outcome, ended, failed

# A row that is refused more often, times the tries it has, is given up also if others get through.
_MOST_REFUSALS = 10

Done = tuple[Row, str, Outcome]
Perform = Callable[[Mapping[str, Any]], Awaitable[Outcome]]


class Engine:
    """Works on rows that are put in from another thread, and puts their results out.

    Args:
        perform: Sends a row's arguments.
        concurrency: Rows at once.
        tries: Of a request, in all.
        journal: Where results are kept; None if they are not.

    Attributes:
        gate: What a 429 closes.
        results: A row's number and its generation, as they come; None is the last.
        stopped: Why no further row is begun; None while they are.
    """

    def __init__(
        self, perform: Perform, concurrency: int, tries: int, journal: Journal | None
    ) -> None:
        self.gate = Gate()
        # A simple queue cannot be left locked by an interrupt.
        self.results: queue.SimpleQueue[tuple[int, Generation] | None] = queue.SimpleQueue()
        self.stopped: Exception | None = None
        self._perform = perform
        self._tries = tries
        self._journal = journal
        self._patience = Patience()
        self._sent = 0
        self._free = asyncio.Semaphore(concurrency)
        self._rows: asyncio.Queue[tuple[Row, str] | None] = asyncio.Queue()
        self._done: asyncio.Queue[Done | None] = asyncio.Queue()

    def put(self, row: Row | None, name: str = "") -> None:
        """Adds a row, under its name in the journal; None says that no other follows."""
        self._rows.put_nowait((row, name) if row else None)

    async def run(self) -> None:
        """Works until the rows are done or it is stopped. What is done is kept in any case."""
        keeper = asyncio.ensure_future(self._keep_all())
        try:
            async with asyncio.TaskGroup() as tasks:
                while (entry := await self._rows.get()) and not self.stopped:
                    await self._free.acquire()
                    tasks.create_task(self._work(*entry))
        finally:
            self._done.put_nowait(None)
            await keeper
            self.results.put(None)

    async def _work(self, row: Row, name: str) -> None:
        outcome = None
        try:
            if outcome := await self._outcome(row):
                self._done.put_nowait((row, name, outcome))
        finally:
            if not outcome:
                self._free.release()

    async def _outcome(self, row: Row) -> Outcome | None:
        """What came of the row; None if it was not begun."""
        if row.problem:
            return ended(failed(row.arguments, row.problem))
        refusals = 0
        while True:
            turn = await self.gate.turn()
            if self.stopped:
                return None
            outcome = await self._one(row)
            generation = outcome.generation
            if generation.error_type != "RateLimitError":
                if generation.status is Status.COMPLETE or generation.status_code:
                    self.gate.passed()
                if self._patience.is_over(generation):
                    self._stop(stopping_error(generation))
                return replace(
                    outcome,
                    generation=replace(generation, attempts=generation.attempts + refusals),
                )
            refusals += 1
            self.gate.refuse(turn, outcome.retry_after)
            if self._tries == 1 or refusals >= _MOST_REFUSALS * self._tries:
                return outcome
            # Others that run may be what the limit counts: then it is worth waiting for them.
            if self._sent == 0 and self.gate.refusals >= self._tries:
                self._stop(stopping_error(generation))
                return outcome

    async def _one(self, row: Row) -> Outcome:
        self._sent += 1
        try:
            return await self._perform(row.arguments)
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task and task.cancelling():
                raise
            return _broken(row, error)  # the executor took it back
        # An executor raises whatever kept it from running or pickling the work; also an interrupt,
        # which all processes of a terminal or a kernel get: in here it would end the loop.
        except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001
            if isinstance(error, concurrent.futures.BrokenExecutor):
                self._stop(error)
            return _broken(row, error)
        finally:
            self._sent -= 1

    def _stop(self, error: Exception) -> None:
        self.stopped = self.stopped or error
        self._rows.put_nowait(None)

    async def _keep_all(self) -> None:
        """Writes what is done, all that has come together at one go, and then hands it over."""
        more = True
        while more:
            taken = [await self._done.get()]
            while not self._done.empty():
                taken.append(self._done.get_nowait())
            kept = [done for done in taken if done]
            more = len(kept) == len(taken)
            if self._journal:
                await asyncio.to_thread(self._keep, kept)
            else:
                self._keep(kept)
            # Not sooner: a kill loses no more answers than rows are at work at once.
            for _ in kept:
                self._free.release()
            if self.stopped:
                self._rows.put_nowait(None)

    def _keep(self, batch: list[Done]) -> None:
        if self._journal and batch:
            try:
                self._journal.append(
                    (name, outcome.kept or to_json(outcome.generation))
                    for _, name, outcome in batch
                )
            # What was paid for is handed over all the same, and then this is raised.
            except OSError as error:
                self.stopped = self.stopped or OSError(
                    error.errno,
                    f"{self._journal.path} cannot be written: {error.strerror or error}. "
                    "The last results are not in it",
                )
            except Exception as error:  # noqa: BLE001
                self.stopped = self.stopped or error
        for row, _, outcome in batch:
            self.results.put((row.number, outcome.generation))


def _broken(row: Row, error: BaseException) -> Outcome:
    generation = failed(row.arguments, error)
    said = f"The executor did not do it: {type(error).__name__}: {error}".rstrip(": ")
    return ended(replace(generation, error=said))
