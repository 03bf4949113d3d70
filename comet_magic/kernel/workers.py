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
        done: Future[R] = Future()

        def work() -> None:
            try:
                call = calls.pop()
            except IndexError:  # another thread has taken it
                return
            if done.set_running_or_notify_cancel():
                try:
                    done.set_result(call())
                except BaseException as error:  # noqa: BLE001 - the future raises it
                    done.set_exception(error)

        try:
            queued = super().submit(work)
            queued.add_done_callback(lambda _: queued.cancelled() and done.cancel())
        except RuntimeError:
            # As soon as the main thread ends, pools take no more work; the threads of the script
            # still wait for answers whose pictures have to be saved. So this thread does the work,
            # unless a thread of the pool does: one that could not start another has queued it.
            work()
        return done
