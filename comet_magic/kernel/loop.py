"""Runs the streams on one event loop, in a background thread.

A cell runs in the kernel's main thread and blocks the kernel's own loop. Nesting into that loop
loses queued cells on current kernels, so streams run on this one and hand back values.

anyio's blocking portal would do the same, but an interrupt while it starts makes its `join` wait
for ever (50 of 60 tries), and its tasks cannot be cancelled before it has returned their future.
A `Job` exists before it starts, so after any interrupt the caller can still cancel it.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Generic, TypeVar

from .interrupts import HeldInterrupt
from .workers import Workers

S = TypeVar("S")
T = TypeVar("T")
Make = Callable[[Callable[[S], None]], Coroutine[Any, Any, T]]

# A task can swallow a cancellation, so it is cancelled again after so many seconds. Not sooner:
# that would break off the closing of its connection, which takes a while on a slow network.
CANCEL_AGAIN = 1.0
# Seconds to wait for a cancelled task to close its connection.
_CLOSING = 2.0


class Loop:
    """The background event loop of a process; starts when it is first needed.

    Attributes:
        is_ending: Whether the interpreter is shutting down. Errors then end their thread silently.
    """

    def __init__(self) -> None:
        self.is_ending = False
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The running loop, started if necessary."""
        with self._lock:
            has_died = self._thread and self._thread.ident and not self._thread.is_alive()
            if self._loop is None or self._thread is None or has_died:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_serve, args=(self._loop,), name="comet_magic", daemon=True
                )
            # An interrupt may have come between creating the thread and starting it.
            if self._thread.ident is None:
                # `start` must not be interrupted: it could leave a lock that the thread waits for.
                with HeldInterrupt():
                    self._thread.start()
            return self._loop

    def run(
        self, coroutine: Callable[[], Coroutine[Any, Any, T]], timeout: float | None = None
    ) -> T:
        """Runs a coroutine on the loop and returns its result; an interrupt cancels it.

        Raises:
            TimeoutError: It did not end within `timeout` seconds; it is cancelled.
        """
        job: Job[Any, T] = Job(self.loop, lambda _: coroutine())
        with job:
            if not job.wait(timeout):
                raise TimeoutError
        try:
            return job.result()
        except BaseException:
            if self.is_ending:
                # Python would print the traceback of any other error of a daemon thread.
                raise SystemExit from None
            raise

    def stop(self) -> None:
        """Cancels all tasks and ends the thread; the next use starts a new loop."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop and thread and thread.ident is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(_CLOSING)


class Job(Generic[S, T]):
    """A coroutine on the loop of another thread, watched and cancelled from this one.

    Use it as a context manager: entering starts it. Leaving before it is done cancels it and waits
    briefly until it has closed its connection.

    Args:
        loop: A loop that runs in another thread.
        make: Returns the coroutine; its argument is the function that takes each update.
        ended: Called on the loop when the job is done, also if it was cancelled before it began.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        make: "Make[S, T]",
        ended: Callable[[], object] = lambda: None,
    ) -> None:
        self._loop = loop
        self._make = make
        self._ended = ended
        self._task: asyncio.Task[T] | None = None
        self._cancelled = False
        self._was_cancelled = False
        self._done = False
        # Not an Event: an interrupt can leave one locked. Filling a SimpleQueue is one C call.
        self._ends: queue.SimpleQueue[None] = queue.SimpleQueue()
        # None marks the end.
        self._updates: queue.SimpleQueue[S | None] = queue.SimpleQueue()

    def __enter__(self) -> "Job[S, T]":
        self.start()
        return self

    def start(self) -> None:
        """Starts the job without a context; the caller has to cancel it."""
        try:
            self._loop.call_soon_threadsafe(self._begin)
        except BaseException:
            # After an interrupt in `__enter__` there is no `__exit__`.
            self.cancel()
            raise

    def __exit__(self, *details: object) -> None:
        if not self._done:
            self.cancel()
            self.wait(_CLOSING)

    def updates(self, tick: float) -> Iterator[S | None]:
        """Yields the newest update, or None after `tick` seconds without one, until the end."""
        update: S | None
        while not self._done or not self._updates.empty():
            try:
                update = self._updates.get(timeout=tick)
            except queue.Empty:
                update = None
            while not self._updates.empty():
                newer = self._updates.get()
                update = update if newer is None else newer
            yield update

    def close(self) -> S | None:
        """Cancels the job, waits briefly for its end, and returns its last update."""
        self.__exit__()
        last = None
        while not self._updates.empty():
            update = self._updates.get()
            last = last if update is None else update
        return last

    def cancel(self) -> None:
        """Cancels the coroutine, which need not have begun. Does not wait."""
        self._cancelled = True
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._cancel_task)

    def wait(self, timeout: float | None = None) -> bool:
        """Waits at most `timeout` seconds; returns whether it is done. Can be interrupted."""
        deadline = None if timeout is None else time.monotonic() + timeout
        # In short steps: Windows cannot interrupt a wait without a limit.
        while not self._done:
            if deadline is not None and time.monotonic() > deadline:
                return False
            with suppress(queue.Empty):
                self._ends.get(timeout=0.2)
        return True

    def result(self) -> T:
        """What the coroutine returned.

        Raises:
            asyncio.CancelledError: It was cancelled, or is not done.
            Exception: What it raised.
        """
        if self._task is None or not self._task.done():
            raise asyncio.CancelledError
        return self._task.result()

    def _begin(self) -> None:
        if self._cancelled:
            self._end()
            return
        self._task = self._loop.create_task(self._make(self._updates.put))
        self._task.add_done_callback(self._end)

    def _cancel_task(self, *, again: bool = False) -> None:
        if self._task is None:
            self._end()
        # Several calls of `cancel` start one series: two cancellations in a row would break off
        # the closing of the connection.
        elif not self._task.done() and self._was_cancelled is again:
            self._was_cancelled = True
            self._task.cancel()
            self._loop.call_later(CANCEL_AGAIN, partial(self._cancel_task, again=True))

    def _end(self, task: "asyncio.Task[T] | None" = None) -> None:
        if task is not None and not task.cancelled():
            task.exception()  # retrieved, or asyncio would log it
        if self._done:
            return
        self._done = True
        self._ends.put(None)
        self._updates.put(None)
        self._ended()


def is_running_here(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether `loop` runs in this thread."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    # Shut down below, and not by the loop's `shutdown_default_executor`: that starts a thread,
    # which is not allowed during the interpreter's shutdown, when most loops are stopped.
    workers = Workers(thread_name_prefix="comet_magic")
    loop.set_default_executor(workers)
    try:
        loop.run_forever()
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=_CLOSING))
        loop.run_until_complete(loop.shutdown_asyncgens())
        workers.shutdown(cancel_futures=True)
        loop.close()
