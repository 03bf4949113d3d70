"""When a request is sent again, and after what wait."""

import logging
import random
import time
from collections.abc import Awaitable, Callable, Container
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
import stamina

T = TypeVar("T")

# More is not waited for in a notebook's cell, whatever the endpoint asks for.
LONGEST_WAIT = 120.0
# Nor is a new attempt made so many seconds after the first: whoever waited that long wants to know.
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
        Exception: What an attempt raised; of a `TryAgain` its `error`.
    """
    made = 0
    began = clock()

    def wait(error: Exception) -> bool | float:
        nonlocal made
        made += 1
        if not isinstance(error, TryAgain) or made >= most or error.reason in never:
            return False
        seconds = error.seconds
        if seconds is None:
            seconds = min(30.0, 2.0 ** (made - 1)) * random.uniform(0.75, 1.25)  # noqa: S311
        asked = f" (it asked for {in_words(seconds)})" if seconds > LONGEST_WAIT else ""
        seconds = min(seconds, LONGEST_WAIT)
        if clock() - began + seconds > LONGEST_TOTAL:
            return False
        again = f"again in {seconds:.0f} s{asked}, try {made + 1} of {most}"
        announce(f"{error.reason}, {again}")  # noqa: F821 - deleted at the end alone
        return seconds

    async def once() -> T:
        return await attempt(made + 1)  # noqa: F821

    # stamina logs each retry as a warning, which a notebook would print beside our own words.
    logging.getLogger("stamina").addFilter(_is_not_ours)
    caller = stamina.AsyncRetryingCaller(attempts=most, timeout=None).on(wait)
    try:
        return await caller(once)
    except TryAgain as last:
        raise last.error from last.error.__cause__
    finally:
        # tenacity's objects hold each other, and with them these two and the answer, until the
        # garbage is collected: after four pictures of 20 MB in the text that was 200 MB.
        del attempt, announce


def in_words(seconds: float) -> str:
    """A long wait: `5 min`, `24 h`."""
    if seconds > 31 * 86_400:
        return "more than a month"  # of 400 digits nobody reads one
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def _is_not_ours(record: logging.LogRecord) -> bool:
    return not str(getattr(record, "stamina.caused_by", "")).startswith(TryAgain.__name__)


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
