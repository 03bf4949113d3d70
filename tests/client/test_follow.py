"""One exchange is followed: what is sent, what is sent again, and what is heard."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from comet_magic.client import follow
from comet_magic.client.follow import Follower
from comet_magic.client.pulse import Pulse
from comet_magic.errors import APIConnectionError, CometError, StreamError
from comet_magic.families import registry
from comet_magic.families.compose import compose
from comet_magic.families.exchange import Call, Pause, PlainExchange
from comet_magic.families.facts import Fact, Finished, Grown, Made
from comet_magic.generation import GenerationBuilder
from comet_magic.media.medium import Medium
from comet_magic.wire.body import Body
from comet_magic.wire.events import Event
from comet_magic.wire.log_writer import LogWriter
from tests.client.scripted import DONE, Endpoint, Script, answer, create, delta, sse
from tests.families.toy import Toy
from tests.sounds import MP3, wav

pytestmark = pytest.mark.usefixtures("without_waits")

SUBMIT = Call("POST", "tasks", {"prompt": "x"}, may_cost=True)
POLL = Call("GET", "tasks/1")
CANCEL = Call("POST", "tasks/1/cancel")
OK = '{"id": "1"}'


class Steps(PlainExchange):
    """Does these steps one after the other.

    Attributes:
        all_heard: Events and bodies, in order.
    """

    def __init__(self, *steps: Call | Pause, cancel: Call | None = None) -> None:
        self._steps = list(steps)
        self._cancel = cancel
        self.all_heard: list[Event | Body] = []

    def next(self) -> Call | Pause | None:
        return self._steps.pop(0) if self._steps else None

    def hear(self, heard: Event | Body) -> Iterable[Fact]:
        self.all_heard.append(heard)
        if isinstance(heard, Body) and heard.content_type.startswith("audio/"):
            return [Made(Medium.AUDIO, data=heard.data), Finished(None)]
        return [Grown("x"), Finished("stop")]

    def cancel(self) -> Call | None:
        return self._cancel


def follower(exchange: Steps, endpoint: Endpoint, pace: float = 1.0) -> Follower:
    """Follows the exchange at the endpoint; nobody watches."""
    builder = GenerationBuilder(
        compose("x", model="m"), datetime.now(UTC), "api.example", exchange=exchange
    )
    log, pulse = LogWriter(time.monotonic), Pulse(lambda: None, 1.0)
    asked = replace(endpoint.asked(), pace=pace)
    return Follower(exchange, asked, builder, log, pulse, time.monotonic())


def followed(*answers: httpx.Response | Exception, steps: Iterable[Call]) -> tuple[int, int]:
    """How many requests the steps took, and the attempts that the generation counts."""
    endpoint, exchange = Endpoint(*answers), Steps(*steps)
    each = follower(exchange, endpoint)
    asyncio.run(each.follow())
    return len(endpoint.requests), each.builder.attempts


def json_cut(error: Exception) -> httpx.Response:
    """A body that breaks off."""
    return httpx.Response(200, stream=Script([b'{"id": ', error]))


BROKEN = {
    "before the answer": lambda: httpx.ReadError("reset"),
    "while it was sent": lambda: httpx.WriteError("reset"),
    "no HTTP": lambda: httpx.RemoteProtocolError("gone"),
    "in the body": lambda: json_cut(httpx.ReadError("reset")),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_call_that_costs_nothing_is_repeated(broken: object) -> None:
    """A connection that breaks, wherever it does, is opened again."""
    assert callable(broken)
    assert followed(broken(), answer(OK), steps=[POLL]) == (2, 2)


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_call_that_may_cost_is_not_repeated(broken: object) -> None:
    """It may have arrived, and would be charged twice."""
    assert callable(broken)
    endpoint = Endpoint(broken(), answer(OK))
    with pytest.raises((APIConnectionError, StreamError)):
        asyncio.run(follower(Steps(SUBMIT), endpoint).follow())
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("call", [SUBMIT, POLL], ids=["may cost", "costs nothing"])
def test_what_was_not_sent_is_repeated(call: Call) -> None:
    """Without a connection nothing can have been charged; nor by a 429 or 503."""
    unsent = httpx.ConnectError("refused")
    assert followed(unsent, answer("", 429), answer("", 503), answer(OK), steps=[call]) == (4, 4)


@pytest.mark.parametrize("call", [SUBMIT, POLL], ids=["may cost", "costs nothing"])
def test_silence_is_not_repeated(call: Call) -> None:
    """It has cost ten minutes already, and the endpoint may still be at work."""
    endpoint = Endpoint(httpx.ReadTimeout("silence"), answer(OK))
    with pytest.raises(CometError, match="did not begin to answer"):
        asyncio.run(follower(Steps(call), endpoint).follow())
    assert len(endpoint.requests) == 1


def test_attempts_count_retries_alone() -> None:
    """A task that is polled is one attempt; each request that is sent again is one more."""
    bodies = [answer(OK) for _ in range(4)]
    assert followed(*bodies, steps=[SUBMIT, POLL, POLL, POLL]) == (4, 1)
    again: list[httpx.Response | Exception] = [
        answer(OK),
        answer("", 503),
        answer(OK),
        httpx.ReadError("reset"),
        answer(OK),
    ]
    assert followed(*again, steps=[SUBMIT, POLL, POLL]) == (5, 3)


@pytest.mark.parametrize(("pace", "waited"), [(1.0, 3.0), (2.0, 1.5), (float("inf"), 0.0)])
def test_pauses_are_divided_by_the_pace(
    pace: float, waited: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replay that plays twice as fast waits half as long between two polls."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    each = follower(Steps(Pause(3.0), POLL), Endpoint(answer(OK)), pace)
    with monkeypatch.context() as patched:
        patched.setattr("comet_magic.client.follow.asyncio.sleep", sleep)
        asyncio.run(each.follow())
    assert waits == [waited]


class Silent(Script):
    """A body that never comes."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await asyncio.sleep(60)
        yield b""


def test_a_stop_cancels_the_task_at_the_provider(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call is made once, after the generation has been told to its watcher."""
    monkeypatch.setattr(registry, "FAMILIES", (Toy(), *registry.FAMILIES))
    queued = answer('{"id": "toy-1", "state": "queued"}')
    endpoint = Endpoint(queued, httpx.Response(200, stream=Silent(())), answer("{}"))
    told: list[tuple[str, int]] = []

    async def run() -> None:
        def watch(generation: object) -> None:
            told.append((str(getattr(generation, "status", "")), len(endpoint.requests)))

        task = asyncio.ensure_future(create(endpoint, watch, model="toy-1", folder=tmp_path))
        while len(endpoint.requests) < 2:
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    asyncio.run(run())
    methods = [(request.method, request.url.path) for request in endpoint.requests]
    assert methods[2:] == [("POST", "/v1/toys/toy-1/cancel")]
    assert told[-1] == ("interrupted", 2)


@pytest.mark.parametrize(
    "refused",
    [answer("", 404), answer("", 503), httpx.ConnectError("refused"), httpx.ReadError("reset")],
    ids=["404", "503", "no connection", "reset"],
)
def test_a_cancel_that_fails_says_nothing(refused: httpx.Response | Exception) -> None:
    """It is sent once, because the user who stopped the cell is waiting."""
    endpoint = Endpoint(refused, answer("{}"))
    asyncio.run(follower(Steps(cancel=CANCEL), endpoint).cancel())
    assert len(endpoint.requests) == 1


def test_a_cancel_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that does not answer keeps nobody waiting, nor does a second stop."""
    monkeypatch.setattr(follow, "_CANCEL_SECONDS", 0.05)
    endpoint = Endpoint(httpx.Response(200, stream=Silent(())))
    began = time.monotonic()
    asyncio.run(follower(Steps(cancel=CANCEL), endpoint).cancel())
    assert len(endpoint.requests) == 1
    assert time.monotonic() - began < 20


def test_without_such_a_call_nothing_is_cancelled() -> None:
    """Then closing the connection is all there is."""
    endpoint = Endpoint()
    asyncio.run(follower(Steps(), endpoint).cancel())
    assert endpoint.requests == []


@pytest.mark.parametrize(
    "sound",
    [wav() + bytes(range(256)), b"\xef\xbb\xbf" + MP3, b" \r\n", b"<html>" + MP3],
    ids=["wav", "like a byte order mark", "like white space", "like a web page"],
)
def test_a_sound_is_heard_as_its_bytes(sound: bytes) -> None:
    """They arrive unchanged, whatever they look like and however they are cut."""
    pieces = [sound[at : at + 100] for at in range(0, len(sound), 100)]
    exchange = Steps(POLL)
    headers = {"Content-Type": "Audio/WAV; rate=8000"}
    endpoint = Endpoint(httpx.Response(200, headers=headers, stream=Script(pieces)))
    each = follower(exchange, endpoint)
    asyncio.run(each.follow())
    assert exchange.all_heard == [Body(sound, "audio/wav")]
    ((_, media),) = each.builder.media()
    assert media.data == sound


@pytest.mark.parametrize(
    "content_type", ["image/png", "audio/mpeg", "application/octet-stream", "application/json"]
)
def test_a_stream_under_another_type_is_a_stream(content_type: str) -> None:
    """Some gateways call everything by one type: what arrives decides."""
    stream = delta("Hé") + delta("", "stop") + DONE
    for pieces in ([stream], [stream[:3], stream[3:]]):
        exchange = Steps(POLL)
        endpoint = Endpoint(sse(*pieces, **{"Content-Type": content_type}))
        asyncio.run(follower(exchange, endpoint).follow())
        assert [type(each) for each in exchange.all_heard] == [Event] * 3
        assert exchange.all_heard[-1] == Event("", "[DONE]", len(DONE))


def test_the_key_goes_along_with_each_call() -> None:
    """Also to a path that begins at the host; more headers of a call are added."""
    endpoint = Endpoint(answer(OK), answer(OK))
    steps = [SUBMIT, Call("GET", "/other/1", headers={"X-More": "1"})]
    asyncio.run(follower(Steps(*steps), endpoint).follow())
    first, second = endpoint.requests
    assert (str(first.url), first.content) == ("https://api.example/v1/tasks", b'{"prompt": "x"}')
    assert (str(second.url), second.content) == ("https://api.example/other/1", b"")
    assert second.headers["X-More"] == "1"
    assert first.headers["Authorization"] == second.headers["Authorization"]
    assert first.headers["Authorization"].startswith("Bearer ")
