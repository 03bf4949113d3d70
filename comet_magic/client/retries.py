"""Retries: when to repeat a request, and how long to wait before."""

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
        error: The error to raise if the attempt is not repeated.
        reason: The reason for users: `429`, `no connection`.
        seconds: The wait that the endpoint asked for; None if it asked for none.
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
    """Repeats an attempt while it raises `TryAgain`, and returns its result.

    Between attempts it waits 1, 2, 4 … seconds with jitter, or as long as the endpoint asks, at
    most `LONGEST_WAIT`. No attempt begins later than `LONGEST_TOTAL` seconds after the first.

    Args:
        attempt: The function to call; it gets the number of the attempt, from 1.
        most: The maximum number of attempts.
        announce: A function that gets a text for users before each wait.
        never: Reasons that are not retried.
        clock: A clock, in seconds.

    Raises:
        Exception: The error of the last attempt; for a `TryAgain`, its `error`.
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
    """Formats a long wait: `5 min`, `24 h`."""
    if seconds > 31 * 86_400:
        return "more than a month"  # a header can contain 400 digits
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def retry_after(response: httpx.Response, now: datetime | None = None) -> float | None:
    """Returns the wait from `Retry-After`, which is in seconds or a date; None without one."""
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
