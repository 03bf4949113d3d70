"""Telling a watcher of changes: at once, then at a steady rate, and always the last one."""

import asyncio
from collections.abc import Callable

# Times that a beat took, in which the loop is free for all else: a text of megabytes, or one that
# is made to be slow, must not keep it from other answers.
_REST = 4


class Pulse:
    """Calls `beat` soon after a change, at most once in `interval` seconds.

    Less often if a beat takes long: a fifth of the time at most goes into it.

    The first change is told at once; a change within the interval is told when it is over, also
    if nothing follows, so that what arrived before a silence is seen.
    """

    def __init__(self, beat: Callable[[], None], interval: float) -> None:
        self._beat = beat
        self._interval = interval
        self._timer: asyncio.TimerHandle | None = None
        self._changed = False

    def change(self) -> None:
        """Something is new."""
        self._changed = True
        if self._timer is None:
            self._fire()

    def stop(self) -> None:
        """No beat follows."""
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _fire(self) -> None:
        self._timer = None
        if self._changed:
            self._changed = False
            loop = asyncio.get_running_loop()
            began = loop.time()
            self._beat()
            rest = max(self._interval, _REST * (loop.time() - began))
            self._timer = loop.call_later(rest, self._fire)
