"""Changes are told at once, then at a steady rate, and the last one always."""

import asyncio
from collections.abc import Callable

import pytest

from comet_magic.client.pulse import Pulse


def test_a_burst_is_told_twice_and_its_end_is_not_lost() -> None:
    """The first change at once, the rest of the burst together after the interval."""

    async def run() -> list[int]:
        told: list[int] = []
        states = [0]
        pulse = Pulse(lambda: told.append(states[-1]), 0.01)
        for state in range(1, 100):
            states.append(state)
            pulse.change()
        assert told == [1]
        await asyncio.sleep(0.05)
        pulse.stop()
        return told

    assert asyncio.run(run()) == [1, 99]


def test_nothing_is_told_after_the_stop() -> None:
    """A pulse that was stopped is silent."""

    async def run() -> list[int]:
        told: list[int] = []
        pulse = Pulse(lambda: told.append(1), 0.01)
        pulse.change()
        pulse.change()
        pulse.stop()
        await asyncio.sleep(0.03)
        return told

    assert asyncio.run(run()) == [1]


def test_a_slow_beat_leaves_the_loop_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is due after four times what this one took."""

    async def run() -> list[float]:
        loop = asyncio.get_running_loop()
        now, delays = [100.0], []

        def beat() -> None:
            now[0] += took.pop()

        def call_later(delay: float, act: Callable[[], None]) -> asyncio.TimerHandle:
            delays.append(delay)
            return asyncio.TimerHandle(0, act, (), loop)

        took = [0.001, 0.5]
        monkeypatch.setattr(loop, "time", lambda: now[0])
        monkeypatch.setattr(loop, "call_later", call_later)
        for _ in "12":
            Pulse(beat, 0.1).change()
        monkeypatch.undo()
        return delays

    assert asyncio.run(run()) == [2.0, 0.1]
