"""Defers KeyboardInterrupt while work must not be broken off, but reacts to it immediately."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

# Seconds after the first interrupt from which on another one is raised at once.
_PATIENCE = 2.0


class HeldInterrupt:
    """Raises an interrupt when the context is left, and calls a function when it comes.

    Python raises KeyboardInterrupt wherever the main thread happens to be: in a half-painted frame,
    while it takes a lock, or in a weakref callback, which swallows it. In this context it breaks
    nothing off and is not lost. An exception that leaves the context takes its place.

    Attributes:
        came: Whether an interrupt came.
    """

    def __init__(self) -> None:
        self.came = False
        self._call: Callable[[], object] = lambda: None
        self._first = 0.0
        self._before: Any = None

    def __enter__(self) -> Self:
        handler = signal.getsignal(signal.SIGINT)
        # Where SIGINT is ignored, or ends the process, it stays so.
        if callable(handler) and threading.current_thread() is threading.main_thread():
            self._before = handler
            signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(self, kind: object, *details: object) -> None:
        if self._before:
            signal.signal(signal.SIGINT, self._before)
            if self.came and kind is None:
                self._before(signal.SIGINT, None)

    def call(self, function: Callable[[], object]) -> None:
        """Calls `function` when the first interrupt comes; at once if it has come already.

        The call can happen between any two steps of the main thread.
        """
        self._call = function
        if self.came:
            function()

    @contextmanager
    def let_through(self) -> Iterator[None]:
        """Raises interrupts at once: for a question to the user, which an interrupt answers."""
        if self._before:
            signal.signal(signal.SIGINT, self._before)
        try:
            if self._before and self.came:
                self._before(signal.SIGINT, None)
            yield
        finally:
            if self._before:
                signal.signal(signal.SIGINT, self._handle)

    def _handle(self, number: int, frame: Any) -> None:
        now = time.monotonic()
        if not self.came:
            self.came, self._first = True, now
            self._call()
        elif now - self._first > _PATIENCE:
            # Something else blocks the main thread, and the user wants to stop it.
            self._before(number, frame)
