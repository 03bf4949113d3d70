"""The opt-in `event_loop = "kernel"`: a stream on the loop of the kernel, nested in the cell."""

import asyncio
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, Generic

from .loop import CANCEL_AGAIN, Make, S, T


class NestedJob(Generic[S, T]):
    """A coroutine on the running loop of this thread, with the methods of a `Job`.

    The user's other asyncio tasks go on while the cell waits.

    Raises:
        ValueError: Nesting is impossible here, or would lose the cells queued behind this one.
    """

    def __init__(self, make: "Make[S, T]") -> None:
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            raise ValueError(
                'event_loop = "kernel" needs a Jupyter kernel; here only "thread" works'
            ) from None
        _nesting().apply(self._loop)
        self._make = make
        self._task: asyncio.Task[T] | None = None
        self._newest: list[S] = []
        self._changed = asyncio.Event()
        self._cancelled = False
        self._was_cancelled = False

    def __enter__(self) -> "NestedJob[S, T]":
        if self._cancelled:
            return self
        self._task = self._loop.create_task(self._make(self._take))
        self._task.add_done_callback(lambda _: self._changed.set())
        return self

    def __exit__(self, *details: object) -> None:
        self._cancel_task()
        while self._task and not self._task.done():
            self._loop.run_until_complete(asyncio.wait({self._task}, timeout=CANCEL_AGAIN))
            self._task.cancel()

    def updates(self, tick: float) -> Iterator[S | None]:
        """Yields the newest update, or None after `tick` seconds without one, until the end."""
        while (self._task and not self._task.done()) or self._newest:
            if not self._newest:
                self._run_loop(tick)
            newest, self._newest = self._newest[-1:], []
            yield newest[0] if newest else None

    def close(self) -> S | None:
        """Cancels the job, waits for its end, and returns its last update."""
        self.__exit__()
        return self._newest[-1] if self._newest else None

    def cancel(self) -> None:
        """Cancels the coroutine, which need not have begun. Does not wait."""
        self._cancelled = True
        if self._task:
            # A signal handler calls this, so the loop has to be woken.
            self._loop.call_soon_threadsafe(self._cancel_task)

    def result(self) -> T:
        """What the coroutine returned, or raises what it raised."""
        if self._task is None:
            raise asyncio.CancelledError
        return self._task.result()

    def _cancel_task(self) -> None:
        # Only once, whoever asks for it: a second cancellation in a row would break off the closing
        # of the connection.
        if self._task and not self._was_cancelled:
            self._was_cancelled = True
            self._task.cancel()

    def _take(self, update: S) -> None:
        self._newest = [update]
        self._changed.set()

    def _run_loop(self, seconds: float) -> None:
        """Runs the loop until something changes, at most `seconds`."""

        async def wait() -> None:
            try:
                async with asyncio.timeout(seconds):
                    await self._changed.wait()
            except TimeoutError:
                pass
            self._changed.clear()

        self._loop.run_until_complete(wait())


def _nesting() -> Any:
    if find_spec("nest_asyncio2"):
        import nest_asyncio2

        return nest_asyncio2
    if sys.version_info >= (3, 11) and _version("ipykernel") >= (7, 1):
        raise ValueError(
            'event_loop = "kernel" would lose queued cells on this kernel; '
            'install nest_asyncio2, or use event_loop = "thread"'
        )
    import nest_asyncio

    return nest_asyncio


def _version(package: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in version(package).split(".")[:2])
    except (PackageNotFoundError, ValueError):
        return (0,)
