"""Work on a loop of its own, watched and cancelled from another thread."""

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError

import pytest

from comet_magic.kernel.interrupts import HeldInterrupt
from comet_magic.kernel.loop import Job, Loop
from comet_magic.kernel.workers import Workers


@pytest.fixture
def loop() -> Iterator[Loop]:
    """A loop that is stopped after the test."""
    made = Loop()
    yield made
    made.stop()


async def count_to_three(tell: Callable[[int], None]) -> str:
    """Tells 1, 2, 3."""
    for number in (1, 2, 3):
        tell(number)
        await asyncio.sleep(0)
    return "done"


async def forever() -> None:
    """Ends only when it is cancelled."""
    await asyncio.Event().wait()


def test_runs_a_coroutine_and_returns_its_result(loop: Loop) -> None:
    """On a thread of its own, which is started when first needed."""
    before = set(threading.enumerate())  # some may be ending: of tests that ran before

    async def where() -> str:
        return threading.current_thread().name

    quiet = Loop()
    assert not set(threading.enumerate()) - before
    assert quiet.run(where) == "comet_magic"
    quiet.stop()
    assert not set(threading.enumerate()) - before
    assert loop.run(where) == "comet_magic"


def test_errors_come_back_as_they_are(loop: Loop) -> None:
    """What the coroutine raises is raised."""

    async def fail() -> None:
        raise LookupError("x")

    with pytest.raises(LookupError, match="x"):
        loop.run(fail)


def test_updates_are_the_newest_ones_in_order(loop: Loop) -> None:
    """Older ones may be left out, the last is always there."""
    job: Job[int, str] = Job(loop.loop, count_to_three)
    with job:
        seen = [update for update in job.updates(0.5) if update is not None]
    assert seen[-1] == 3
    assert seen == sorted(seen)
    assert job.result() == "done"


def test_silence_gives_ticks(loop: Loop) -> None:
    """So that a clock can be moved on."""
    job: Job[int, None] = Job(loop.loop, lambda _: forever())
    with job:
        assert next(job.updates(0.01)) is None


def test_leaving_early_cancels_and_waits(loop: Loop) -> None:
    """Whatever leaves the context, the task has cleaned up when it is left."""
    cleaned: list[bool] = []

    async def work(_: Callable[[int], None]) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            cleaned.append(True)

    job: Job[int, None] = Job(loop.loop, work)

    def interrupted() -> None:
        with job:
            next(job.updates(0.05))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert cleaned == [True]
    with pytest.raises(asyncio.CancelledError):
        job.result()


def test_a_job_cancelled_before_it_begins_never_begins(loop: Loop) -> None:
    """An interrupt can come before the loop has picked the job up."""
    begun: list[bool] = []

    async def work(_: Callable[[int], None]) -> None:
        begun.append(True)

    job: Job[int, None] = Job(loop.loop, work)
    job.cancel()
    with job:
        assert job.wait(1)
    assert begun == []
    with pytest.raises(asyncio.CancelledError):
        job.result()


def test_closing_gives_the_last_update(loop: Loop) -> None:
    """What the task says of its own end is not lost, also if the context was left before."""

    async def work(tell: Callable[[str], None]) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            tell("interrupted")

    job: Job[str, None] = Job(loop.loop, work)
    with job:
        next(job.updates(0.05))
    assert job.close() == "interrupted"
    assert Job(loop.loop, work).close() is None


def test_an_interrupt_is_held_until_the_context_is_left() -> None:
    """It is told at once and breaks nothing off; further ones within moments are the same."""
    before = signal.getsignal(signal.SIGINT)
    done: list[str] = []

    def work() -> None:
        with HeldInterrupt() as interrupt:
            interrupt.call(lambda: done.append("told"))
            assert not interrupt.came
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            assert interrupt.came
            done.append("went on")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["told", "went on"]
    assert signal.getsignal(signal.SIGINT) is before


def test_one_that_came_before_is_told_of_at_once() -> None:
    """Nothing that begins after it goes on unknowing."""
    done: list[str] = []

    def work() -> None:
        with HeldInterrupt() as interrupt:
            signal.raise_signal(signal.SIGINT)
            interrupt.call(lambda: done.append("told"))
            done.append("went on")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["told", "went on"]


def test_a_late_interrupt_gets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not listen can be stopped by another one, after a while."""
    now = iter((0.0, 2.0, 2.1))
    monkeypatch.setattr("comet_magic.kernel.loop.time.monotonic", lambda: next(now))

    def work() -> None:
        with HeldInterrupt():
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            raise LookupError

    with pytest.raises(LookupError):
        work()


def test_where_interrupts_are_ignored_they_stay_so() -> None:
    """As in a script that was started with nohup."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with HeldInterrupt() as interrupt:
            signal.raise_signal(signal.SIGINT)
        assert not interrupt.came
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_swallowed_cancellation_is_repeated(loop: Loop) -> None:
    """A task that catches the first one gets another."""

    async def stubborn(_: Callable[[int], None]) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.Event().wait()

    job: Job[int, None] = Job(loop.loop, stubborn)
    with job:
        next(job.updates(0.02))
        job.cancel()
        assert job.wait(2)


def test_a_cancellation_leaves_time_to_close(loop: Loop) -> None:
    """However often it is asked for: two in a row would break off what the first one began."""
    cancellations: list[float] = []

    async def closing(_: Callable[[int], None]) -> None:
        for seconds in (60.0, 0.5):  # the work, and then its end
            try:
                await asyncio.sleep(seconds)
            except asyncio.CancelledError:
                cancellations.append(time.monotonic())

    job: Job[int, None] = Job(loop.loop, closing)
    with job:
        next(job.updates(0.02))
        for _ in range(3):
            job.cancel()
            time.sleep(0.05)
        assert job.wait(5)
    assert len(cancellations) == 1


def test_a_time_limit_cancels(loop: Loop) -> None:
    """After it the coroutine is gone."""
    with pytest.raises(TimeoutError):
        loop.run(forever, timeout=0.05)
    assert not [task for task in asyncio.all_tasks(loop.loop) if not task.done()]


def test_stopping_cancels_what_runs(loop: Loop) -> None:
    """Somebody who waits for a job is not left waiting; afterwards the loop can be used again."""
    job: Job[int, None] = Job(loop.loop, lambda _: forever())
    with job:
        next(job.updates(0.02))
        began = time.monotonic()
        loop.stop()
        assert job.wait(2)
        assert time.monotonic() - began < 2
    assert loop.run(lambda: asyncio.sleep(0, "again")) == "again"


def test_stopping_begins_no_more_work_of_threads(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for a thread is dropped: pictures of a hundred rows would take minutes."""
    done: list[int] = []
    is_stopping = threading.Event()
    shutdown = Workers.shutdown

    def tell(workers: Workers, wait: bool = True, *, cancel_futures: bool = False) -> None:
        shutdown(workers, wait=False, cancel_futures=cancel_futures)
        is_stopping.set()
        shutdown(workers, wait)

    monkeypatch.setattr(Workers, "shutdown", tell)

    def work(number: int) -> None:
        assert is_stopping.wait(20)
        done.append(number)

    async def begin() -> None:
        for number in range(1_000):
            asyncio.get_running_loop().run_in_executor(None, work, number)

    loop.run(begin)
    loop.stop()
    assert 1 <= len(done) <= 32  # threads that a pool has at most: each was at work


def test_work_that_no_thread_takes_is_done_at_once() -> None:
    """At the end of a script, when a pool refuses it; what it raises is in the future."""
    workers = Workers()
    workers.shutdown()
    here = threading.get_ident()
    assert workers.submit(threading.get_ident).result(0) == here
    with pytest.raises(ZeroDivisionError):
        workers.submit(divmod, 1, 0).result(0)


def test_work_is_not_done_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool that cannot start a thread has queued the work before it says so."""
    started = threading.Thread.start

    def full(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    done: list[int] = []
    with Workers(max_workers=1) as workers:
        monkeypatch.setattr(threading.Thread, "start", full)
        workers.submit(done.append, 1)
        monkeypatch.setattr(threading.Thread, "start", started)
        workers.submit(done.append, 2).result(5)
    assert done == [1, 2]


def test_work_that_a_busy_thread_takes_meanwhile_has_its_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The thread is there already when the pool cannot start another."""
    go_on, taken = threading.Event(), threading.Event()

    def full(_: threading.Thread) -> None:
        go_on.set()
        taken.wait(5)
        raise RuntimeError("can't start new thread")

    def call() -> int:
        taken.set()
        return 7

    with Workers(max_workers=2) as workers:
        workers.submit(go_on.wait, 5)
        monkeypatch.setattr(threading.Thread, "start", full)
        assert workers.submit(call).result(5) == 7


def test_work_that_is_given_up_is_cancelled() -> None:
    """Whoever waits for it does not wait for ever."""
    go_on = threading.Event()
    workers = Workers(max_workers=1)
    workers.submit(go_on.wait, 5)
    waiting = workers.submit(divmod, 7, 2)
    workers.shutdown(wait=False, cancel_futures=True)
    go_on.set()
    with pytest.raises(CancelledError):
        waiting.result(5)


def test_a_loop_that_has_died_is_made_anew(loop: Loop) -> None:
    """Whatever ended it: the kernel goes on."""
    before = set(threading.enumerate())
    dead = loop.loop
    (thread,) = set(threading.enumerate()) - before
    dead.call_soon_threadsafe(dead.stop)
    thread.join(2)
    assert loop.run(lambda: asyncio.sleep(0, "again")) == "again"
    assert loop.loop is not dead


def test_an_interrupt_before_a_question_is_raised_there() -> None:
    """Nobody is asked any more; what is held is held back up to that point."""
    steps = []

    def asking() -> None:
        with HeldInterrupt() as interrupt:
            signal.raise_signal(signal.SIGINT)
            steps.append("held")
            with interrupt.let_through():
                steps.append("asked")

    with pytest.raises(KeyboardInterrupt):
        asking()
    assert steps == ["held"]


def test_a_job_without_a_result_raises_a_cancellation(loop: Loop) -> None:
    """Whether it never began, is still running, or was cancelled."""
    never: Job[int, None] = Job(loop.loop, lambda _: forever())
    with pytest.raises(asyncio.CancelledError):
        never.result()
    with Job[int, None](loop.loop, lambda _: forever()) as running:
        assert not running.wait(0.05)
        with pytest.raises(asyncio.CancelledError):
            running.result()
    assert running.wait(2)
    with pytest.raises(asyncio.CancelledError):
        running.result()


def test_closing_a_job_ends_it(loop: Loop) -> None:
    """When `close` returns, its connection is closed."""
    ended: list[str] = []

    async def connected() -> None:
        try:
            await forever()
        finally:
            ended.append("closed")

    job: Job[int, None] = Job(loop.loop, lambda _: connected(), lambda: ended.append("told"))
    job.start()
    assert next(job.updates(0.05)) is None
    assert job.close() is None
    assert ended == ["closed", "told"]
    assert job.wait(0)
