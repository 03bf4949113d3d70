"""Every fault of an answer: the right error, what arrived, no second charge, nothing left."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

import comet_magic as comet
from comet_magic.client import answer as answers
from comet_magic.generation import Status
from comet_magic.kernel import session
from tests.client.scripted import DONE, delta
from tests.faults.conftest import HANG, Outcome, Play
from tests.faults.fault import GOOD, HE, LLO, START, TEXT, Fault
from tests.faults.server import (
    CLOSE,
    LAST_CHUNK,
    STALL,
    FaultServer,
    Pause,
    Repeat,
    Step,
    chunk,
    head,
)
from tests.faults.table import FAULTS

each_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)


@each_fault
def test_the_right_error_in_three_lines(fault: Fault, outcome: Outcome) -> None:
    """Its exact class; what happened, why, and what to do about it."""
    if fault.error is None:
        assert outcome.error is None
        return
    assert type(outcome.error) is fault.error, repr(outcome.error)
    message = str(outcome.error)
    assert fault.says in message
    assert 1 <= len(message.splitlines()) <= 3
    assert all(line.strip() and len(line) <= 400 for line in message.splitlines())
    assert "\x1b" not in message
    assert ".." not in message.replace("...", "")
    message.encode()
    repr(vars(outcome.error)).encode()
    assert "127.0.0.1" in message or isinstance(outcome.error, comet.StreamError)


@each_fault
def test_what_arrived_is_kept(fault: Fault, outcome: Outcome) -> None:
    """With the error or without, the generation holds text, end and request id."""
    generation = outcome.generation
    assert generation is not None
    assert generation.text == fault.text
    generation.text.encode()
    if fault.error is None:
        assert generation.status is Status.COMPLETE
        assert generation.error is None
    else:
        kept = isinstance(outcome.error, comet.StreamError) and fault.text
        assert generation.status is (Status.INTERRUPTED if kept else Status.FAILED)
        assert generation.error == str(outcome.error)
    if fault.request_id:
        found = getattr(outcome.error, "request_id", None) or generation.request_id
        assert found == fault.request_id
        assert fault.error is None or fault.request_id in str(outcome.error)


@each_fault
def test_nothing_is_paid_for_twice(fault: Fault, outcome: Outcome) -> None:
    """A request is sent again only where the status says so, and never once it was answered."""
    assert len(outcome.requests) == fault.posts
    assert outcome.generation is not None
    assert outcome.generation.attempts == fault.posts
    assert all(request.method == "POST" for request in outcome.requests)


@each_fault
def test_it_takes_no_longer_than_it_must(fault: Fault, outcome: Outcome) -> None:
    """No fault hangs, and none is read to an end that nobody needs."""
    assert outcome.seconds < HANG
    assert outcome.taken < 10_000_000


@pytest.mark.parametrize(
    ("steps", "short", "says"),
    [
        ([STALL], "first_byte_timeout", "did not begin to answer within 1 s"),
        ([START[:-10], STALL], "first_byte_timeout", "CometMagics.first_byte_timeout raises"),
        ([START, STALL], "timeout", "CometMagics.timeout raises"),
        ([START + chunk(HE), STALL], "timeout", "nothing arrived for 1 s"),
    ],
    ids=["no headers", "half of the headers", "no text", "half of the text"],
)
def test_each_timeout_is_for_its_own_silence(
    play: Play, steps: list[Step], short: str, says: str
) -> None:
    """The other ones are an hour long; the message names the one that it was."""
    long = dict.fromkeys(("timeout", "first_byte_timeout", "connect_timeout"), 3_600)
    outcome = play("silence", steps, model="m", max_retries=0, **{**long, short: 1})
    assert says in str(outcome.error)
    assert outcome.seconds < HANG


def test_a_slow_answer_may_begin_late_and_pause_long(play: Play) -> None:
    """What comes within its own time is no trouble, though the other time is shorter."""
    late = play("late", [Pause(1.3), GOOD], model="m", timeout=1, first_byte_timeout=5)
    pausing = [START + chunk(HE), Pause(1.3), chunk(LLO + DONE) + LAST_CHUNK]
    paused = play("paused", pausing, model="m", timeout=5, first_byte_timeout=1)
    assert [late.error, paused.error] == [None, None]


ENDLESS = {
    "garbage": b"x" * 100_000,
    "white space": b"\n" * 100_000,
    "one line": b"data: " + b"x" * 100_000,
    "comments": b": PING\n\n" * 10_000,
    "events": delta("x" * 1_000) * 100,
}


@pytest.mark.parametrize("part", ENDLESS.values(), ids=[*ENDLESS])
def test_an_endless_answer_is_stopped(
    play: Play, monkeypatch: pytest.MonkeyPatch, part: bytes
) -> None:
    """A gateway in a loop fills no memory; its connection is closed."""
    monkeypatch.setattr(answers, "MOST_ANSWER_BYTES", 1_000_000)
    outcome = play("endless", [head(200, version="1.0") + part, Repeat(part, 500)], model="m")
    assert type(outcome.error) is comet.StreamError
    assert "it has more than 1 MB" in str(outcome.error)
    exchange = outcome.generation and outcome.generation.inspect().exchange
    assert exchange
    (attempt,) = exchange.attempts
    assert attempt.size <= 1_000_000
    # What the client's socket holds is taken all the same.
    assert outcome.taken < 10_000_000


def test_a_reset_on_connecting_is_no_crash(server: FaultServer, play: Play) -> None:
    """It comes at an unknown moment of the writing, so the request is not sent again."""
    comet.generate("Hi", model="m", base_url=f"{server.url}/good/v1")  # uses up what is pooled
    server.resets = 1
    outcome = play("reset-on-connecting", [GOOD], model="m", max_retries=0)
    server.resets = 0
    assert outcome.error is None or type(outcome.error) is comet.APIConnectionError


def test_a_pooled_connection_that_died_is_replaced(play: Play, server: FaultServer) -> None:
    """The server closed it while it was idle: nothing was written, the user sees nothing."""
    for number in range(3):
        outcome = play(f"pooled-{number}", [GOOD, CLOSE], model="m", max_retries=0)
        assert outcome.error is None
        assert len(outcome.requests) == 1
        connection = outcome.requests[0].connection
        assert server.wait_until(partial(getattr, connection, "closed_by"))


def test_a_dead_port_is_tried_again(play: Play) -> None:
    """Nothing was written, so it is safe; then the host is named."""
    outcome = play("dead", [GOOD], model="m", max_retries=2, base_url="http://127.0.0.1:1/v1")
    assert type(outcome.error) is comet.APIConnectionError
    assert outcome.generation is not None
    assert outcome.generation.attempts == 3


@pytest.mark.parametrize(
    "base_url",
    [
        "http://a..b/v1",
        f"http://{'a' * 70}.example/v1",
        "http://127.0.0.1:99999999/v1",
        "http://[::1%zz]/v1",
    ],
    ids=["empty label", "long label", "port", "zone"],
)
def test_an_address_that_cannot_be(play: Play, base_url: str) -> None:
    """Whoever notices first, it is an error of ours."""
    outcome = play("address", [GOOD], model="m", max_retries=0, base_url=base_url)
    assert isinstance(outcome.error, comet.APIConnectionError | ValueError)
    assert not isinstance(outcome.error, UnicodeError)
    assert len(str(outcome.error).splitlines()) <= 3


@pytest.mark.parametrize("options", [{}, {"stream": False}], ids=["stream", "whole"])
def test_the_same_fault_in_both_forms(play: Play, options: dict[str, Any]) -> None:
    """What arrives decides, and not what was asked for."""
    outcome = play("both", [GOOD], model="m", **options)
    assert outcome.generation is not None
    assert outcome.generation.text == TEXT


def test_the_next_request_finds_the_connection(server: FaultServer, play: Play) -> None:
    """The body is read to its end, which comes a moment after `[DONE]`."""
    late: list[Step] = [GOOD.removesuffix(LAST_CHUNK), Pause(0.02), LAST_CHUNK]
    play("late-end", late, model="m")
    before = len(server.connections)
    play("late-end", late, model="m")
    assert len(server.connections) == before


def test_none_waits_for_the_silence_of_another(
    server: FaultServer, own_session: session.Session
) -> None:
    """Eight that are asked together have eight connections."""
    server.script("/hush/v1/chat/completions", [STALL])
    options: Any = {"base_url": f"{server.url}/hush/v1", "max_retries": 0, "first_byte_timeout": 1}
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(comet.generate, "Hi", model="m", **options) for _ in range(8)]
        assert server.wait_until(lambda: sum(each.stalls for each in server.connections) == 8)
    assert {type(each.exception()) for each in asked} == {comet.APITimeoutError}
    server.requests.clear()
