"""Holds all requests of a batch back when one of them meets a rate limit."""

import asyncio
import time

from ..client.backoff import backoff

# Seconds between two requests after the first refusal. Each further refusal doubles it.
_GAP = 0.1
_WIDEST_GAP = 10.0


class Gate:
    """Lets requests pass freely until one is refused with a 429.

    Then none passes until the time that the endpoint asked for is over. After that they pass one
    by one with a gap between them: all at once would only be refused again. Each further refusal
    widens the gap, each success narrows it. A gate belongs to one event loop; `seconds_left` may
    be read from any thread.

    Attributes:
        refusals: Refusals in a row. Requests that were under way together count once.
    """

    def __init__(self) -> None:
        self.refusals = 0
        self._opens_at = 0.0
        self._next_at = 0.0
        self._gap = 0.0
        self._refused_at = 0.0
        self._queue = asyncio.Lock()

    async def turn(self) -> float:
        """Waits until this request may be sent, first come, first served; returns the time."""
        async with self._queue:
            # Refusals of other requests move the time while we wait.
            while (wait := max(self._opens_at, self._next_at) - time.monotonic()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(wait)
            now = time.monotonic()
            self._next_at = now + self._gap
            return now

    def refuse(self, sent: float, seconds: float | None) -> None:
        """Closes the gate: a request was refused.

        Args:
            sent: What `turn` returned to that request.
            seconds: The wait that the endpoint asked for; None doubles the wait each time.
        """
        now = time.monotonic()
        if sent >= self._refused_at:
            self.refusals += 1
            self._gap = min(2 * self._gap, _WIDEST_GAP) or _GAP
            self._refused_at = now
        self._opens_at = max(self._opens_at, now + backoff(self.refusals, seconds))

    def passed(self) -> None:
        """Narrows the gap: a request was answered."""
        self.refusals = 0
        self._gap = self._gap * 0.8 if self._gap > _GAP / 10 else 0.0

    @property
    def seconds_left(self) -> float:
        """Seconds until the gate opens; 0 if it is open."""
        return max(0.0, self._opens_at - time.monotonic())
