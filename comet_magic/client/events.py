"""From the bytes of a response to chunks: server-sent events, one JSON body, or something else."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress

import httpx
from httpx_sse import EventSource

from ..protocol.chat import ChatCompletionChunk
from ..protocol.failure import is_web_page
from ..protocol.reading import read_chunk

_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
# https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
_FIELDS = (b"data", b"event", b"id", b"retry", b":")
# Seconds that the rest of an error is waited for: it has been decided already.
_PATIENCE = 2.0
# Ten pictures of 20 MB each inside the text.
MOST_ANSWER_BYTES = 256_000_000
# Enough to tell what an answer is, and all of a web page that is worth keeping.
_HEAD = 2_000
_LONGEST_ERROR = 64_000


class WebPageError(Exception):
    """The answer is a web page; its beginning is in `args[0]`."""


class Answer:
    """The chunks of one response, in whatever form it came; decided by what arrives.

    Attributes:
        is_whole: Whether the end was marked, by `[DONE]` or by being one JSON body.
    """

    def __init__(self, response: httpx.Response) -> None:
        self.is_whole = False
        self._response = response

    async def chunks(self) -> AsyncGenerator[ChatCompletionChunk, None]:
        """Yields each chunk as it arrives.

        Raises:
            WebPageError: The answer is HTML.
            httpx.TransportError: The connection broke.
        """
        parts = _unpacked(self._response)
        head = b""
        async for part in parts:
            head += part
            if len(head.lstrip(_BOM + _SPACE)) >= len(b"<!doctype"):
                break
        head = head.removeprefix(_BOM)
        start = head.lstrip(_SPACE)
        if start.startswith(_FIELDS):
            async for chunk in self._events(_chained(head, parts)):
                yield chunk
        elif start:
            yield await self._body(head, parts)

    async def _events(self, parts: AsyncIterator[bytes]) -> AsyncIterator[ChatCompletionChunk]:
        # httpx-sse insists on the content type, and takes the charset from it: SSE is UTF-8.
        headers = {"Content-Type": "text/event-stream; charset=utf-8"}
        response = httpx.Response(200, headers=headers, stream=_Stream(parts))
        async for event in EventSource(response).aiter_sse():
            data = event.data
            if data == "[DONE]" or data.strip() == "[DONE]":
                self.is_whole = True
                return
            if not data.strip():
                continue
            chunk = read_chunk(data)
            if event.event == "error" and not chunk.error:
                chunk = read_chunk("error: " + data)
            yield chunk

    async def _body(self, head: bytes, parts: AsyncIterator[bytes]) -> ChatCompletionChunk:
        if is_web_page(head.decode(errors="replace")):
            # It is a page also if the rest of it does not come.
            with suppress(httpx.TransportError, httpx.DecodingError):
                while len(head) < _HEAD and (part := await anext(parts, b"")):
                    head += part
            raise WebPageError(head[:_HEAD].decode(errors="replace"))
        body = b"".join([head, *[part async for part in parts]])
        chunk = read_chunk(body.decode(errors="replace"))
        self.is_whole = True
        return chunk


class _Stream(httpx.AsyncByteStream):
    """The bytes as they come, and at their end the blank line that the last event may lack."""

    def __init__(self, parts: AsyncIterator[bytes]) -> None:
        self._parts = parts

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._parts:
            yield part
        yield b"\n\n"


async def _chained(head: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for part in parts:
        yield part


async def _unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body, as long as it can be an answer: a gateway in a loop must not fill the memory.

    Raises:
        httpx.DecodingError: It is longer, or a bomb: 15 KB that are packed twice can be 1 GB.
    """
    if "," in response.headers.get("content-encoding", ""):
        raise httpx.DecodingError("it is packed more than once")
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > MOST_ANSWER_BYTES:
            raise httpx.DecodingError(f"it has more than {MOST_ANSWER_BYTES / 1e6:.0f} MB")
        yield part


async def beginning(response: httpx.Response) -> str:
    """The first of an error's body: it says what is wrong, or it is not worth reading on.

    A body that breaks off or does not come is no new trouble: the status has said enough.
    """
    body = b""
    with suppress(httpx.TransportError, httpx.DecodingError, TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            async for part in _unpacked(response):
                body += part
                if len(body) >= _LONGEST_ERROR:
                    break
    return body[:_LONGEST_ERROR].decode(errors="replace")


def json_body(body: dict[str, object]) -> bytes:
    """The request body as it is sent."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
