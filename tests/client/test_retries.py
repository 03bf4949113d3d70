"""How long is waited before a request is sent again."""

import asyncio
import gc
import logging
import weakref
from datetime import UTC, datetime

import httpx
import pytest

from comet_magic.client.failures import is_transient
from comet_magic.client.retries import TryAgain, retried, retry_after
from comet_magic.wire.failure import Failure

pytestmark = pytest.mark.usefixtures("without_waits")

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2026 12:00:30 -0000", 30.0),  # read as a date without a zone
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
def test_retry_after_as_seconds_and_as_a_date(value: str, seconds: float | None) -> None:
    """Both forms of the header are read; nonsense is as if there were none."""
    assert retry_after(httpx.Response(429, headers={"Retry-After": value}), NOW) == seconds


def announced(*waits: float | None) -> list[str]:
    """What is told when the endpoint asks for these waits, one after the other."""
    told: list[str] = []

    async def attempt(number: int) -> int:
        if number <= len(waits):
            raise TryAgain(ValueError("busy"), "429", waits[number - 1])
        return number

    assert asyncio.run(retried(attempt, 4, told.append)) == len(waits) + 1
    return told


def test_the_wait_is_told_before_it_begins() -> None:
    """With its reason, its seconds and the number of the next try."""
    assert announced(2.0) == ["429, again in 2 s, try 2 of 4"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (300.0, "5 min"),
        (86_400.0, "24 h"),
        (1e300, "more than a month"),
        (float("inf"), "more than a month"),
    ],
)
def test_a_ridiculous_wait_is_capped_and_said(seconds: float, words: str) -> None:
    """Whoever asks for a day is asked again after two minutes, and 400 digits are no note."""
    assert announced(seconds) == [f"429, again in 120 s (it asked for {words}), try 2 of 4"]
    assert announced(119.0) == ["429, again in 119 s, try 2 of 4"]


@pytest.mark.parametrize(
    ("slow", "tries"), [(0.0, 6), (40.0, 4), (500.0, 1), (481.0, 1), (479.0, 2)]
)
def test_retries_are_bounded_in_total(slow: float, tries: int) -> None:
    """None begins more than ten minutes after the first, and none is announced that never comes.

    An attempt takes `slow` seconds, and each time the endpoint asks for two minutes.
    """
    now, begun, told = [0.0], [], []

    async def attempt(number: int) -> None:
        begun.append(now[0])
        now[0] += slow
        raise TryAgain(ValueError("busy"), "429", 120.0)

    def announce(note: str) -> None:
        told.append(note)
        now[0] += 120  # the wait that follows

    with pytest.raises(ValueError, match="busy"):
        asyncio.run(retried(attempt, 10, announce, clock=lambda: now[0]))
    assert len(begun) == tries
    assert len(told) == tries - 1
    assert begun[-1] <= 600


def test_waits_grow_when_none_is_asked_for(without_waits: list[float]) -> None:
    """1, 2, 4 seconds, give or take a quarter; what is told is what is waited."""
    told = announced(None, None, None)
    assert [round(seconds) for seconds in without_waits] == [
        int(note.split(" in ")[1].split()[0]) for note in told
    ]
    for seconds, middle in zip(without_waits, (1, 2, 4), strict=True):
        assert 0.75 * middle <= seconds <= 1.25 * middle


def test_what_is_asked_for_is_waited(without_waits: list[float]) -> None:
    """To the second, but no longer than two minutes."""
    announced(2.5, 0.0, 1e6)
    assert without_waits == [2.5, 0.0, 120.0]


def test_nothing_is_logged_beside_our_own_words(caplog: pytest.LogCaptureFixture) -> None:
    """A warning would be printed into the notebook, below the note that says the same."""
    caplog.set_level(logging.DEBUG)
    announced(0.0)
    assert {record.name for record in caplog.records} <= {"asyncio"}


def test_the_last_error_keeps_its_cause() -> None:
    """It says whether the request was sent, and so whether it may have been charged."""
    cause = OSError("refused")

    async def attempt(number: int) -> None:
        error = ValueError("no connection")
        error.__cause__ = cause
        raise TryAgain(error, "no connection")

    with pytest.raises(ValueError, match="no connection") as raised:
        asyncio.run(retried(attempt, 2))
    assert raised.value.__cause__ is cause


def test_other_errors_pass_at_once() -> None:
    """Only what says that it may be repeated is repeated."""
    tried = []

    async def attempt(number: int) -> None:
        tried.append(number)
        raise KeyError(number)

    with pytest.raises(KeyError):
        asyncio.run(retried(attempt, 4))
    assert tried == [1]


def test_nothing_of_an_attempt_is_kept_until_the_garbage_is_collected() -> None:
    """An answer of megabytes is let go when its last user lets it go."""

    class Attempt:
        async def __call__(self, number: int) -> int:
            return number

        def announce(self, note: str) -> None:
            """Told of no wait: there is none."""

    attempt = Attempt()
    alive = weakref.ref(attempt)
    gc.disable()
    try:
        asyncio.run(retried(attempt, 4, attempt.announce))
        del attempt
        assert alive() is None
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("status", "failure", "expected"),
    [
        (428, Failure("no"), False),
        (429, Failure("no"), True),
        (430, Failure("no"), False),
        (499, Failure("no"), False),
        (500, Failure("no"), True),
        (599, Failure("no"), True),
        (500, Failure("no", code="invalid_request"), False),
        (503, Failure("no", code="model_not_found"), False),
        (429, Failure("no", code="insufficient_quota"), False),
        (500, Failure("it is the safety system"), False),
    ],
    ids=str,
)
def test_what_is_worth_another_try(status: int, failure: Failure, expected: bool) -> None:
    """Too many requests and failures of the provider, unless it says that they last."""
    assert is_transient(status, failure) is expected
