"""Sends the rows of a batch: several at once, behind one gate, saved before they are yielded."""

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

# Ten times its tries, even while other rows succeed: then a row that is always refused has failed.
_MOST_REFUSALS = 10

Finished = tuple[Row, str, Outcome]
Send = Callable[[Mapping[str, Any]], Awaitable[Outcome]]


class Engine:
    """Takes rows from another thread, sends them, and queues their results.

    Args:
        send: Sends the arguments of a row.
        concurrency: How many rows are sent at once.
        tries: How often a request is sent at most.
        journal: Saves the results; None saves nothing.
        has_executor: Whether `send` gives the rows to an executor.

    Attributes:
        gate: Closed by a 429.
        results: A row's number and its generation, in the order of their ends; then None.
        stopped: Why the batch begins no more rows; None while it does.
    """

    def __init__(
        self,
        send: Send,
        concurrency: int,
        tries: int,
        journal: Journal | None,
        *,
        has_executor: bool,
    ) -> None:
        self.gate = Gate()
        # An interrupt cannot leave a SimpleQueue locked.
        self.results: queue.SimpleQueue[tuple[int, Generation] | None] = queue.SimpleQueue()
        self.stopped: Exception | None = None
        self._send_arguments = send
        self._tries = tries
        self._journal = journal
        self._has_executor = has_executor
        self._patience = Patience()
        self._under_way = 0
        self._free = asyncio.Semaphore(concurrency)
        self._rows: asyncio.Queue[tuple[Row, str] | None] = asyncio.Queue()
        self._finished: asyncio.Queue[Finished | None] = asyncio.Queue()

    def put(self, row: Row | None, name: str = "") -> None:
        """Adds a row and its name in the journal; None means that no more follow."""
        self._rows.put_nowait((row, name) if row else None)

    async def run(self) -> None:
        """Sends rows until none is left or the batch is stopped. Saves what is finished anyway."""
        saving = asyncio.ensure_future(self._save_all())
        try:
            async with asyncio.TaskGroup() as tasks:
                while (entry := await self._rows.get()) and not self.stopped:
                    await self._free.acquire()
                    tasks.create_task(self._work(*entry))
        finally:
            self._finished.put_nowait(None)
            await saving
            self.results.put(None)

    async def _work(self, row: Row, name: str) -> None:
        outcome = None
        try:
            if outcome := await self._outcome(row):
                self._finished.put_nowait((row, name, outcome))
        finally:
            if not outcome:
                self._free.release()

    async def _outcome(self, row: Row) -> Outcome | None:
        """The outcome of the row; None if the batch was stopped before it was sent."""
        if row.problem:
            return ended(failed(row.arguments, row.problem))
        refusals = 0
        while True:
            turn = await self.gate.turn()
            if self.stopped:
                return None
            outcome = await self._send(row)
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
            # Rows under way may be what uses up the limit: while there are any, wait for them.
            if self._under_way == 0 and self.gate.refusals >= self._tries:
                self._stop(stopping_error(generation))
                return outcome

    async def _send(self, row: Row) -> Outcome:
        self._under_way += 1
        try:
            return await self._send_arguments(row.arguments)
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task and task.cancelling():
                raise
            return self._failed(row, error)  # the executor cancelled it, not we
        # An executor raises whatever kept it from pickling or running the work. That may be a
        # KeyboardInterrupt of a worker process, which must not end the loop here.
        except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001
            if isinstance(error, concurrent.futures.BrokenExecutor):
                self._stop(error)
            return self._failed(row, error)
        finally:
            self._under_way -= 1

    def _failed(self, row: Row, error: BaseException) -> Outcome:
        generation = failed(row.arguments, error)
        if self._has_executor:
            message = f"The executor failed: {type(error).__name__}: {error}".rstrip(": ")
            generation = replace(generation, error=message)
        return ended(generation)

    def _stop(self, error: Exception) -> None:
        self.stopped = self.stopped or error
        self._rows.put_nowait(None)

    async def _save_all(self) -> None:
        """Saves outcomes, all that are waiting in one write, and then hands them over."""
        more = True
        while more:
            waiting = [await self._finished.get()]
            while not self._finished.empty():
                waiting.append(self._finished.get_nowait())
            finished = [entry for entry in waiting if entry]
            more = len(finished) == len(waiting)
            if self._journal:
                await asyncio.to_thread(self._save, finished)
            else:
                self._save(finished)
            # Only now may other rows begin: a kill then loses at most `concurrency` answers.
            for _ in finished:
                self._free.release()
            if self.stopped:
                self._rows.put_nowait(None)

    def _save(self, finished: list[Finished]) -> None:
        if self._journal and finished:
            try:
                self._journal.append(
                    (name, outcome.json or to_json(outcome.generation))
                    for _, name, outcome in finished
                )
            # The results are paid for, so they are handed over before this error is raised.
            except OSError as error:
                self.stopped = self.stopped or OSError(
                    error.errno,
                    f"{self._journal.path} cannot be written: {error.strerror or error}. "
                    "The last results are not in it",
                )
            except Exception as error:  # noqa: BLE001
                self.stopped = self.stopped or error
        for row, _, outcome in finished:
            self.results.put((row.number, outcome.generation))
