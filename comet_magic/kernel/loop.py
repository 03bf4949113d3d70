"""Where the streams run: one event loop in a thread of its own, or by choice the kernel's loop.

A cell runs in the kernel's main thread and blocks its loop. Nesting into that loop loses queued
cells on current kernels, so the work goes on a loop of its own and only values come back.

anyio's blocking portal would do, but an interrupt while it starts leaves its `join` waiting for
ever (50 of 60 tries), and its tasks cannot be cancelled before their future has been returned.
A `Job` exists before it is started, so whatever interrupts the caller can still cancel it.
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

# A task can swallow a cancellation, so it is asked again; not sooner, for that would break off
# the closing of its connection, which on a slow network takes a while.
_ASK_AGAIN = 1.0
# Longer is not waited for a cancelled task to close its connection.
_CLOSING = 2.0


class Loop:
    """The one background event loop of a process; started when first needed.

    Attributes:
        is_ending: Whether the interpreter ends: what fails now ends its thread without a word.
    """

    def __init__(self) -> None:
        self.is_ending = False
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The running loop."""
        with self._lock:
            has_died = self._thread and self._thread.ident and not self._thread.is_alive()
            if self._loop is None or self._thread is None or has_died:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_serve, args=(self._loop,), name="comet_magic", daemon=True
                )
            # An interrupt can have hit between the making and the start.
            if self._thread.ident is None:
                # In here one could leave a lock behind for which the new thread waits.
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
                # A daemon thread: of any other error Python would print the traceback.
                raise SystemExit from None
            raise

    def stop(self) -> None:
        """Cancels what runs, and ends loop and thread; the next use starts new ones."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop and thread and thread.ident is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(_CLOSING)


class Job(Generic[S, T]):
    """A coroutine on a loop of another thread, watched and cancelled from this one.

    Use it as a context: it starts on entering, and whatever leaves the context before it is done
    cancels it and waits, within bounds, until it has closed its connection.

    Args:
        loop: Runs in another thread.
        make: Gives the coroutine; it is passed a function that takes each update.
        ended: Called on the loop when it is done, also if it was cancelled before it began.
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
        self._asked = False
        self._done = False
        # An interrupt can leave an event locked. A simple queue is filled by one atomic C call.
        self._end_bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        # None marks the end.
        self._updates: queue.SimpleQueue[S | None] = queue.SimpleQueue()

    def __enter__(self) -> "Job[S, T]":
        self.start()
        return self

    def start(self) -> None:
        """Starts it without a context: whoever does this cancels it."""
        try:
            self._loop.call_soon_threadsafe(self._begin)
        except BaseException:
            # An interrupt in here would leave it running: then there is no __exit__.
            self.cancel()
            raise

    def __exit__(self, *details: object) -> None:
        if not self._done:
            self.cancel()
            self.wait(_CLOSING)

    def updates(self, tick: float) -> Iterator[S | None]:
        """Yields the newest update, or None when `tick` seconds brought none, until the end."""
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
        """Cancels it, waits within bounds until it has ended, and returns its last update."""
        self.__exit__()
        last = None
        while not self._updates.empty():
            update = self._updates.get()
            last = last if update is None else update
        return last

    def cancel(self) -> None:
        """Asks the coroutine to end, also one that has not begun."""
        self._cancelled = True
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ask)

    def wait(self, timeout: float | None = None) -> bool:
        """Whether it is done, after at most `timeout` seconds. An interrupt gets through."""
        deadline = None if timeout is None else time.monotonic() + timeout
        # A wait without a limit cannot be interrupted on Windows.
        while not self._done:
            if deadline is not None and time.monotonic() > deadline:
                return False
            with suppress(queue.Empty):
                self._end_bell.get(timeout=0.2)
        return True

    def result(self) -> T:
        """What the coroutine returned.

        Raises:
            asyncio.CancelledError: It was cancelled, and has ended or not.
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

    def _ask(self, *, again: bool = False) -> None:
        if self._task is None:
            self._end()
        elif not self._task.done() and self._asked is again:
            # Twice in a row would break off the closing of the connection.
            self._asked = True
            self._task.cancel()
            self._loop.call_later(_ASK_AGAIN, partial(self._ask, again=True))

    def _end(self, task: "asyncio.Task[T] | None" = None) -> None:
        if task is not None and not task.cancelled():
            task.exception()  # looked at, so that nothing is logged when nobody asks
        if self._done:
            return
        self._done = True
        self._end_bell.put(None)
        self._updates.put(None)
        self._ended()


def is_running_here(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether this thread is the one that runs `loop`."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    # Its own: the loop's `shutdown_default_executor` starts a thread, which is not allowed while
    # the interpreter ends, and that is when most loops are stopped.
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
