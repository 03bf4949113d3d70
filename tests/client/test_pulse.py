"""Changes are told at once, then at a steady rate, and the last one always."""

import asyncio

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
