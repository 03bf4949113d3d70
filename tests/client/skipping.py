"""An event loop that does not wait: where only time would pass, its clock is moved on."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    """Comes back at once, and adds up the seconds that it was to wait."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(None if timeout is None else 0)
        if not ready and timeout:
            self.skipped += timeout
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._skipping = _Selector()
        super().__init__(self._skipping)

    def time(self) -> float:
        return super().time() + self._skipping.skipped


def run(coroutine: Coroutine[Any, Any, T]) -> tuple[T, float]:
    """The result, and the seconds that it would have taken. It must use no threads."""

    async def timed() -> tuple[T, float]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        return await coroutine, loop.time() - began

    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(timed())
