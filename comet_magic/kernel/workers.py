"""Worker threads for slow calls: reading pictures, writing files, resolving names."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

R = TypeVar("R")


class Workers(ThreadPoolExecutor):
    """A thread pool that still works at the end of a script, when Python starts no more threads."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        try:
            return super().submit(fn, *args, **kwargs)
        except RuntimeError:
            if threading.main_thread().is_alive():
                raise
            # The script has ended. Python waits for threads that run, but starts no new ones, so
            # this thread does the work itself: their pictures still have to be saved.
            done: Future[R] = Future()
            try:
                done.set_result(fn(*args, **kwargs))
            except Exception as error:  # noqa: BLE001 - the future raises it
                done.set_exception(error)
            return done
