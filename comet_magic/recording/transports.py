"""What stands in the place of the network: it listens while others answer, or answers itself."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import cast

import httpx

from ..client.retries import retry_after
from .replay import RecordedAnswer, Replay
from .tape import Tape, TapeEntry

# What of the headers of an answer is needed to give it again.
_HEADERS = (
    "content-type", "content-encoding", "location", "retry-after", "x-cometapi-request-id",
    "x-oneapi-request-id", "x-request-id",
)  # fmt: skip
# What broke an answer off, by name: a file cannot have anything else raised.
_ERRORS = {
    error.__name__: error
    for error in (
        httpx.CloseError, httpx.ConnectError, httpx.ConnectTimeout, httpx.LocalProtocolError,
        httpx.PoolTimeout, httpx.ProxyError, httpx.ReadError, httpx.ReadTimeout,
        httpx.RemoteProtocolError, httpx.UnsupportedProtocol, httpx.WriteError, httpx.WriteTimeout,
    )
}  # fmt: skip


class RecordingTransport(httpx.AsyncBaseTransport):
    """Sends requests on as they are, and passes on each byte of the answers as it comes.

    Args:
        pool: Sends them.
        tape: Is told of all that passes.
    """

    def __init__(self, pool: httpx.AsyncClient, tape: Tape) -> None:
        self._pool = pool
        self._tape = tape

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See the base class."""
        # What comes packed could not be read in the file.
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
            stream=_Listening(response, entry),
            extensions={**response.extensions, "notes": self._tape.notes},
        )


class _Listening(httpx.AsyncByteStream):
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
        replay: Has the answers.
        clock: Seconds, from anywhere.
        sleep: Waits.
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
            # Others get a turn also where nothing is waited for.
            await self._sleep(max(0.0, left))

        body = await request.aread()
        # Pictures in a request make it many megabytes: not on the loop.
        answer = await asyncio.to_thread(self._replay.find, request.method, str(request.url), body)
        exchange = answer.exchange
        if exchange.status is None:
            await until(exchange.ended)
            raise _error(answer)
        await until(exchange.began)
        return httpx.Response(
            exchange.status,
            headers=exchange.headers,
            stream=_Replaying(answer, until),
            extensions={"notes": lambda: answer.notes},
        )


class _Replaying(httpx.AsyncByteStream):
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
    """What the answer broke off with when it was recorded."""
    exchange = answer.exchange
    if exchange.end == "stopped":
        return httpx.DecodingError("it was stopped while it was recorded")
    return _ERRORS.get(exchange.end, httpx.ReadError)(exchange.message)


def _url(request: httpx.Request) -> str:
    """The address that was meant: of a picture the connection is made to a checked number."""
    name = request.extensions.get("sni_hostname")
    return str(request.url.copy_with(host=name) if name else request.url)


def _kept(response: httpx.Response) -> dict[str, str]:
    kept = {name: response.headers[name] for name in _HEADERS if name in response.headers}
    seconds = retry_after(response, datetime.now(UTC))
    if seconds is not None and math.isfinite(seconds):
        # A date would be in the past when it is replayed.
        kept["retry-after"] = f"{seconds:.3f}".rstrip("0").rstrip(".")
    return kept
