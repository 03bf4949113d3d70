"""Threads for what takes a while: reading pictures, writing files, asking name servers."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

R = TypeVar("R")


class Workers(ThreadPoolExecutor):
    """Threads for what must not hold up the loop."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        try:
            return super().submit(fn, *args, **kwargs)
        except RuntimeError:
            if threading.main_thread().is_alive():
                raise
            # A script has come to its end, and Python waits for the threads that it has started.
            # It gives them no workers any more: their pictures are saved here and now.
            done: Future[R] = Future()
            try:
                done.set_result(fn(*args, **kwargs))
            except Exception as error:  # noqa: BLE001 - it is told to whoever waits for it
                done.set_exception(error)
            return done
