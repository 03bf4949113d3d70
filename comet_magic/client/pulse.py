"""Notifies a watcher of changes at a limited rate, and always of the last one."""

import asyncio
from collections.abc import Callable

# After a beat, leave the loop free for this multiple of its duration, so that a huge or hostile
# text does not block other answers.
_REST = 4


class Pulse:
    """Calls `beat` after changes, at most once per `interval` seconds.

    Slow beats run less often, so that they take at most a fifth of the time. The first change
    calls `beat` at once. A change within the interval calls it when the interval is over, so that
    the last state before a silence is shown.
    """

    def __init__(self, beat: Callable[[], None], interval: float) -> None:
        self._beat = beat
        self._interval = interval
        self._timer: asyncio.TimerHandle | None = None
        self._changed = False

    def change(self) -> None:
        """Notes a change."""
        self._changed = True
        if self._timer is None:
            self._fire()

    def stop(self) -> None:
        """Ends the beats."""
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
