"""When a request is sent again, and after what wait."""

import time
from asyncio import sleep
from collections.abc import Awaitable, Callable, Container
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx

from .backoff import LONGEST_WAIT, backoff

T = TypeVar("T")

# Ten minutes after the first attempt, fail instead of waiting.
LONGEST_TOTAL = 600.0


class TryAgain(Exception):
    """Raised by an attempt that may be repeated.

    Attributes:
        error: What to raise if it is not repeated.
        reason: For people: `429`, `no connection`.
        seconds: The wait that the endpoint asked for; None if it did not.
    """

    def __init__(self, error: Exception, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.error = error
        self.reason = reason
        self.seconds = seconds


async def retried(
    attempt: Callable[[int], Awaitable[T]],
    most: int,
    announce: Callable[[str], None] = lambda note: None,
    *,
    never: Container[str] = (),
    clock: Callable[[], float] = time.monotonic,
) -> T:
    """The result of the first of up to `most` attempts that does not raise `TryAgain`.

    Waits 1, 2, 4 … seconds with jitter between them, or as long as the endpoint asks, at most
    `LONGEST_WAIT`. No attempt begins later than `LONGEST_TOTAL` seconds after the first.

    Args:
        attempt: Is passed its number, from 1.
        most: Attempts in all.
        announce: Told of each wait before it begins, in words for people.
        never: Reasons that are not waited for here.
        clock: Tells the time, in seconds.

    Raises:
        Exception: What an attempt raised; for a `TryAgain`, its `error`.
    """
    began = clock()
    number = 1
    while True:
        try:
            return await attempt(number)
        except TryAgain as failed:
            asked = failed.seconds
            seconds = backoff(number, asked)
            is_last = number >= most or failed.reason in never
            if is_last or clock() - began + seconds > LONGEST_TOTAL:
                raise failed.error from failed.error.__cause__
            number += 1
            longer = f" (it asked for {in_words(asked)})" if asked and asked > LONGEST_WAIT else ""
            announce(f"{failed.reason}, again in {seconds:.0f} s{longer}, try {number} of {most}")
        await sleep(seconds)


def in_words(seconds: float) -> str:
    """A long wait: `5 min`, `24 h`."""
    if seconds > 31 * 86_400:
        return "more than a month"  # of 400 digits nobody reads one
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def retry_after(response: httpx.Response, now: datetime | None = None) -> float | None:
    """The seconds that `Retry-After` asks for, given as seconds or as a date; None without one."""
    value = response.headers.get("retry-after", "").strip()
    if value.replace(".", "", 1).isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
    except (ValueError, OverflowError):
        return None
