"""HTTP transports: one records what the network answers, one answers from a recording."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import cast

import httpx

from ..client.retries import retry_after
from ..wire.headers import REQUEST_IDS
from .entry import TapeEntry
from .replay import RecordedAnswer, Replay
from .tape import Tape

# The headers of an answer that are needed to give it again.
_HEADERS = ("content-type", "content-encoding", "location", "retry-after", *REQUEST_IDS)
# Errors by the name that a recording gives them; it cannot make the replay raise any others.
_ERRORS = {
    error.__name__: error
    for error in (
        httpx.CloseError, httpx.ConnectError, httpx.ConnectTimeout, httpx.LocalProtocolError,
        httpx.PoolTimeout, httpx.ProxyError, httpx.ReadError, httpx.ReadTimeout,
        httpx.RemoteProtocolError, httpx.UnsupportedProtocol, httpx.WriteError, httpx.WriteTimeout,
    )
}  # fmt: skip


class RecordingTransport(httpx.AsyncBaseTransport):
    """Sends requests, passes on each byte of the answers as it comes, and records both.

    Args:
        pool: Sends the requests.
        tape: The recording.
    """

    def __init__(self, pool: httpx.AsyncClient, tape: Tape) -> None:
        self._pool = pool
        self._tape = tape

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See the base class."""
        # A compressed answer could not be read in the file.
        request.headers["Accept-Encoding"] = "identity"
        entry = self._tape.begin(request.method, _url(request), await request.aread())
        try:
            response = await self._pool.send(request, stream=True)
        except httpx.TransportError as error:
            entry.end(type(error).__name__, str(error))
            raise
        except BaseException:
            entry.end("stopped")
            raise
        entry.answer(response.status_code, _kept(response))
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_RecordingStream(response, entry),
            extensions={**response.extensions, "notes": self._tape.notes},
        )


class _RecordingStream(httpx.AsyncByteStream):
    def __init__(self, response: httpx.Response, entry: TapeEntry) -> None:
        self._response = response
        self._entry = entry

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in cast("httpx.AsyncByteStream", self._response.stream):
                self._entry.part(part)
                yield part
        except httpx.TransportError as error:
            self._entry.end(type(error).__name__, str(error))
            raise
        except asyncio.CancelledError:
            self._entry.end("stopped")
            raise
        self._entry.end("complete")

    async def aclose(self) -> None:
        self._entry.end("closed")
        await self._response.aclose()


class ReplayTransport(httpx.AsyncBaseTransport):
    """Answers from a recording, at its pace; nothing is sent.

    Args:
        replay: Finds the answers.
        clock: Returns seconds since any moment.
        sleep: Waits for some seconds.
    """

    def __init__(
        self,
        replay: Replay,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._replay = replay
        self._clock = clock
        self._sleep = sleep

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See the base class."""
        began = self._clock()

        async def until(moment: float) -> None:
            left = began + moment / self._replay.speed - self._clock()
            # Even without a wait, let other tasks run.
            await self._sleep(max(0.0, left))

        body = await request.aread()
        # A request with pictures has many megabytes: do not block the loop with it.
        answer = await asyncio.to_thread(self._replay.find, request.method, str(request.url), body)
        exchange = answer.exchange
        if exchange.status is None:
            await until(exchange.ended)
            raise _error(answer)
        await until(exchange.began)
        return httpx.Response(
            exchange.status,
            headers=exchange.headers,
            stream=_ReplayingStream(answer, until),
            extensions={"notes": lambda: answer.notes},
        )


class _ReplayingStream(httpx.AsyncByteStream):
    def __init__(self, answer: RecordedAnswer, until: Callable[[float], Awaitable[None]]) -> None:
        self._answer = answer
        self._until = until

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for moment, content in self._answer.contents:
            await self._until(moment)
            yield content
        await self._until(self._answer.exchange.ended)
        if self._answer.exchange.end not in ("complete", "closed"):
            raise _error(self._answer)


def _error(answer: RecordedAnswer) -> httpx.RequestError:
    """The error that broke the answer off when it was recorded."""
    exchange = answer.exchange
    if exchange.end == "stopped":
        return httpx.DecodingError("it was stopped while it was recorded")
    return _ERRORS.get(exchange.end, httpx.ReadError)(exchange.message)


def _url(request: httpx.Request) -> str:
    """The address with the host's name: downloads connect to an IP address that was checked."""
    name = request.extensions.get("sni_hostname")
    return str(request.url.copy_with(host=name) if name else request.url)


def _kept(response: httpx.Response) -> dict[str, str]:
    kept = {name: response.headers[name] for name in _HEADERS if name in response.headers}
    seconds = retry_after(response, datetime.now(UTC))
    if seconds is not None and math.isfinite(seconds):
        # A date would have passed by the time of the replay.
        kept["retry-after"] = f"{seconds:.3f}".rstrip("0").rstrip(".")
    return kept
