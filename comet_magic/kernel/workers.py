"""Worker threads for slow calls: reading pictures, writing files, resolving names."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

R = TypeVar("R")


class Workers(ThreadPoolExecutor):
    """A thread pool that still works at the end of a script, when Python starts no more threads."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        calls = [partial(fn, *args, **kwargs)]

        def call() -> R:
            return calls.pop()()

        try:
            return super().submit(call)
        except RuntimeError:
            # As soon as the main thread ends, pools take no more work; the threads of the script
            # still wait for answers whose pictures have to be saved. So this thread does the work.
            # It takes the call away: a pool that could not start a thread has queued it, too.
            done: Future[R] = Future()
            try:
                done.set_result(call())
            except Exception as error:  # noqa: BLE001 - the future raises it
                done.set_exception(error)
            return done
