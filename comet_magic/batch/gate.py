"""A rate limit that one request of a batch meets holds all of them."""

import asyncio
import time

from ..client.backoff import backoff

# Seconds between two requests after the first refusal; halved and doubled from there.
_GAP = 0.1
_WIDEST_GAP = 10.0


class Gate:
    """Lets requests pass at once, until one is refused with a 429.

    Then none passes for as long as the endpoint asked. After that they go one by one with a gap
    between them, which each further refusal widens and each success narrows: all at once would
    only be refused again. Lives on one event loop; `seconds_left` may be read from any thread.

    Attributes:
        refusals: In a row. Those that were on their way together count as one.
    """

    def __init__(self) -> None:
        self.refusals = 0
        self._opens = 0.0
        self._next = 0.0
        self._gap = 0.0
        self._refused = 0.0
        self._line = asyncio.Lock()

    async def turn(self) -> float:
        """Waits for this request's turn, first come, first served; returns when that is."""
        async with self._line:
            # Refusals of others move it on meanwhile.
            while (wait := max(self._opens, self._next) - time.monotonic()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(wait)
            now = time.monotonic()
            self._next = now + self._gap
            return now

    def refuse(self, sent: float, seconds: float | None) -> None:
        """A request was refused.

        Args:
            sent: When it had its turn.
            seconds: What the endpoint asked to wait; None doubles the wait each time.
        """
        now = time.monotonic()
        if sent >= self._refused:
            self.refusals += 1
            self._gap = min(2 * self._gap, _WIDEST_GAP) or _GAP
            self._refused = now
        self._opens = max(self._opens, now + backoff(self.refusals, seconds))

    def passed(self) -> None:
        """A request was answered."""
        self.refusals = 0
        self._gap = self._gap * 0.8 if self._gap > _GAP / 10 else 0.0

    @property
    def seconds_left(self) -> float:
        """How long nothing passes; 0 if it is open."""
        return max(0.0, self._opens - time.monotonic())
