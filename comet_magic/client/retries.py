"""When a request is sent again, and after what wait."""

import logging
import random
from collections.abc import Awaitable, Callable, Container
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
import stamina

T = TypeVar("T")

# A gateway that asks for more is not waited for in a notebook's cell.
LONGEST_WAIT = 120.0
# No new attempt is made after this many seconds.
_TOTAL = 600.0


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
) -> T:
    """The result of the first of up to `most` attempts that does not raise `TryAgain`.

    Waits 1, 2, 4 … seconds with jitter between them, or as long as the endpoint asks, at most
    `LONGEST_WAIT`.

    Args:
        attempt: Is passed its number, from 1.
        most: Attempts in all.
        announce: Told of each wait before it begins, in words for people.
        never: Reasons that are not waited for here.

    Raises:
        Exception: What an attempt raised; of a `TryAgain` its `error`.
    """
    made = 0

    def wait(error: Exception) -> bool | float:
        nonlocal made
        made += 1
        if not isinstance(error, TryAgain) or made >= most or error.reason in never:
            return False
        seconds = error.seconds
        if seconds is None:
            seconds = min(30.0, 2.0 ** (made - 1)) * random.uniform(0.75, 1.25)  # noqa: S311
        asked = f" (it asked for {seconds:.0f} s)" if seconds > LONGEST_WAIT else ""
        seconds = min(seconds, LONGEST_WAIT)
        announce(f"{error.reason}, again in {seconds:.0f} s{asked}, try {made + 1} of {most}")
        return seconds

    async def once() -> T:
        return await attempt(made + 1)

    # stamina logs each retry as a warning, which a notebook would print beside our own words.
    logging.getLogger("stamina").addFilter(_is_not_ours)
    caller = stamina.AsyncRetryingCaller(attempts=most, timeout=_TOTAL).on(wait)
    try:
        return await caller(once)
    except TryAgain as last:
        raise last.error from last.error.__cause__


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
