"""Interrupts that are told of at once and raised when nothing can be broken off by them."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

# Seconds after which a further interrupt gets through: something else keeps the main thread.
_PATIENCE = 2.0


class HeldInterrupt:
    """Holds an interrupt back until the context is left, and tells of it at once.

    A KeyboardInterrupt is raised wherever the main thread happens to be: in a half painted frame,
    in a lock half taken, in a callback of a weak reference, which ignores it. Here nothing is
    broken off, and none is lost. If an exception leaves the context it is that which ends the cell.

    Attributes:
        came: Whether one came.
    """

    def __init__(self) -> None:
        self.came = False
        self._act: Callable[[], object] = lambda: None
        self._since = 0.0
        self._before: Any = None

    def __enter__(self) -> Self:
        handler = signal.getsignal(signal.SIGINT)
        # Where interrupts are ignored or end the process they go on to do so.
        if callable(handler) and threading.current_thread() is threading.main_thread():
            self._before = handler
            signal.signal(signal.SIGINT, self._take)
        return self

    def __exit__(self, kind: object, *details: object) -> None:
        if self._before:
            signal.signal(signal.SIGINT, self._before)
            if self.came and kind is None:
                self._before(signal.SIGINT, None)

    def call(self, act: Callable[[], object]) -> None:
        """Calls `act` with the first interrupt, between any two steps of the main thread.

        At once if there was one already.
        """
        self._act = act
        if self.came:
            act()

    @contextmanager
    def let_through(self) -> Iterator[None]:
        """Holds nothing back meanwhile: somebody is asked, and an interrupt is an answer."""
        if self._before:
            signal.signal(signal.SIGINT, self._before)
        try:
            if self._before and self.came:
                self._before(signal.SIGINT, None)
            yield
        finally:
            if self._before:
                signal.signal(signal.SIGINT, self._take)

    def _take(self, number: int, frame: Any) -> None:
        now = time.monotonic()
        if not self.came:
            self.came, self._since = True, now
            self._act()
        elif now - self._since > _PATIENCE:
            # Something else keeps the main thread, and is to be stopped.
            self._before(number, frame)
