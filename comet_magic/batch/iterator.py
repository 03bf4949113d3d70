"""What `comet.map` returns: an iterator of results, while the next rows are being sent."""

import asyncio
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from ..errors import CometError, short_interrupt
from ..generation import Generation
from ..kernel.interrupts import HeldInterrupt
from ..kernel.loop import Job, Loop, is_running_here
from .bar import Bar
from .engine import Engine
from .identity import Identities
from .journal import Journal
from .rows import Row

# Rows read ahead of the results taken, for each row at once: enough that a slow row does not hold
# up the others, and few enough that little waits behind it.
_AHEAD = 4
_TICK = 0.2


class Batch(Iterator[Generation]):
    """The results of `comet.map`, in order or as they come; also a context manager.

    Taking results reads a few rows ahead. Leaving a `for` loop early cancels the rows under way,
    and so does `close`. Any thread may use it.

    Args:
        rows: Read in the thread that takes results.
        engine: Sends the rows.
        loop: The loop that the engine runs on.
        concurrency: How many rows are sent at once.
        ordered: Whether results come in the order of the rows.
        journal: Saves the results; None saves nothing.
        bar: Counts the results.
    """

    def __init__(
        self,
        rows: Iterator[Row],
        engine: Engine,
        loop: Loop,
        *,
        concurrency: int,
        ordered: bool,
        journal: Journal | None,
        bar: Bar,
    ) -> None:
        self._rows = rows
        self._engine = engine
        self._loop = loop.loop
        self._window = _AHEAD * concurrency
        self._ordered = ordered
        self._journal = journal
        self._bar = bar
        self._identities = Identities()
        self._ready: dict[int, Generation | str] = {}
        self._next_number = 0
        self._pending = 0
        self._yielded = 0
        self._all_read = False
        self._error: BaseException | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._job: Job[None, None] = Job(self._loop, lambda _: engine.run())
        self._job.__enter__()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Generation:
        """The next result.

        Raises:
            StopIteration: There is none.
            CometError: The other rows would fail like the last ones.
            OSError: The resume file cannot be written.
            KeyboardInterrupt: The rows under way are cancelled; the resume file has the others.
        """
        with self._lock:
            try:
                return self._advance()
            except KeyboardInterrupt as stop:
                with HeldInterrupt():
                    self.close()
                    raise short_interrupt(self._stopped_after()) from stop
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Cancels the rows under way and waits briefly until their connections are closed."""
        if self._closed:
            return
        self._closed = True
        self._job.cancel()
        # The garbage collector may call this on the loop, which cannot wait for itself.
        if not is_running_here(self._loop):
            self._job.close()
        if self._journal:
            self._journal.close()
        self._bar.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_job"):
            self.close()

    def __repr__(self) -> str:
        state = "closed" if self._closed else f"{self._pending} at work or waiting"
        return f"<Batch {self._yielded} results, {state}>"

    def _advance(self) -> Generation:
        while not self._closed:
            self._collect()
            self._read_ahead()
            result = self._take()
            if result is not None:
                self._yielded += 1
                return result
            if self._is_over:
                self._put(None)
                raise self._error or self._engine.stopped or StopIteration
            self._wait()
        raise StopIteration

    def _read_ahead(self) -> None:
        """Reads rows until enough are under way, or a result is ready: rows may come slowly."""
        while not self._all_read and self._pending + len(self._ready) < self._window:
            try:
                row = next(self._rows)
            except StopIteration:
                self._all_read = True
            except Exception as error:  # noqa: BLE001
                # The user's iterable failed: finish the rows under way, then raise this.
                self._all_read, self._error = True, error
            else:
                self._begin(row)
            self._collect()
            if self._can_take:
                return

    def _begin(self, row: Row) -> None:
        name = ""
        if self._journal:
            try:
                name = self._identities.of(row.arguments)
            except (TypeError, ValueError, OSError) as error:
                row = Row(row.number, row.arguments, row.problem or error)
                name = f"unknown-{row.number}"
            if name in self._journal:
                self._ready[row.number] = name
                return
        self._pending += 1
        self._put(row, name)

    def _put(self, row: Row | None, name: str = "") -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._engine.put, row, name)

    def _take(self) -> Generation | None:
        """The next result to yield; None if it is not ready."""
        if not self._can_take:
            return None
        number = min(self._ready) if self._ordered else next(iter(self._ready))
        self._next_number = number + 1
        found = self._ready.pop(number)
        if isinstance(found, Generation):
            return found
        assert self._journal
        saved = self._journal.get(found)
        self._bar.add(saved, is_new=False)
        return saved

    @property
    def _can_take(self) -> bool:
        return bool(self._ready) and (
            not self._ordered or self._next_number in self._ready or self._is_over
        )

    @property
    def _is_over(self) -> bool:
        """Whether all results are there: then those behind a missing one are next."""
        return self._all_read and not self._pending

    def _wait(self) -> None:
        try:
            self._receive(self._engine.results.get(timeout=_TICK))
        except queue.Empty:
            if self._job.wait(0) and self._engine.results.empty():
                self._receive(None)
        self._bar.tick(self._engine.gate.seconds_left)

    def _collect(self) -> None:
        while not self._engine.results.empty():
            self._receive(self._engine.results.get())

    def _receive(self, result: tuple[int, Generation] | None) -> None:
        if result is not None:
            number, generation = result
            self._pending -= 1
            self._ready[number] = generation
            self._bar.add(generation)
            return
        # The engine ended with rows left: the batch was stopped, or the session was closed.
        if self._pending or not self._all_read:
            self._error = self._engine.stopped or self._error or self._why_it_ended()
        self._all_read, self._pending = True, 0

    def _why_it_ended(self) -> BaseException:
        try:
            self._job.result()
        except asyncio.CancelledError:
            pass
        except Exception as error:  # noqa: BLE001
            return error
        return CometError("The batch was stopped: its session was closed.")

    def _stopped_after(self) -> str:
        results = f"the batch was stopped after {self._yielded:,} results"
        return results + (f"; what is done is in {self._journal.path}" if self._journal else "")


def resume_file(path: object) -> Path:
    """The path of a resume file.

    Raises:
        TypeError: `path` is not a path.
        ValueError: It is empty or a folder.
    """
    if not isinstance(path, str | Path):
        raise TypeError(f"resume must be the path of a file, not {type(path).__name__}")
    found = Path(path).expanduser()
    if not str(path).strip() or found.is_dir():
        raise ValueError(f"resume must be the path of a file; {str(path)!r} is none")
    return found
