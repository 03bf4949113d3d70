"""From the bytes of a response to chunks: server-sent events, one JSON body, or something else."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress

import httpx

from ..families.chat.chunks import ChatCompletionChunk
from ..families.chat.reading import is_json, read_chunk
from ..wire.events import EventStream
from ..wire.failure import is_web_page

_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
# https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
_FIELDS = (b"data", b"event", b"id", b"retry", b":")
# Seconds that the rest of an error is waited for: it has been decided already.
_PATIENCE = 2.0
# And that the end of a body is waited for behind `[DONE]`.
_FOR_THE_END = 0.25
# Ten pictures of 20 MB each inside the text.
MOST_ANSWER_BYTES = 256_000_000
# Enough to tell what an answer is, and all of a web page that is worth keeping.
_HEAD = 2_000
_LONGEST_ERROR = 64_000


class WebPageError(Exception):
    """The answer is a web page; its beginning is in `args[0]`."""


class Answer:
    """The chunks of one response, in whatever form it came; decided by what arrives.

    Args:
        response: Of which nothing was read yet.
        hear: Told of each piece of its body.

    Attributes:
        is_whole: Whether the end was marked, by `[DONE]` or by being one JSON body.
    """

    def __init__(self, response: httpx.Response, hear: Callable[[bytes], None]) -> None:
        self.is_whole = False
        self._response = response
        self._hear = hear

    async def chunks(self) -> AsyncGenerator[ChatCompletionChunk, None]:
        """Yields each chunk as it arrives.

        Raises:
            WebPageError: The answer is HTML.
            httpx.TransportError: The connection broke.
        """
        parts = _unpacked(self._response, self._hear)
        head = b""
        async for part in parts:
            head += part
            if len(head.lstrip(_BOM + _SPACE)) >= len(b"<!doctype"):
                break
        head = head.removeprefix(_BOM)
        start = head.lstrip(_SPACE)
        if not start.startswith(_FIELDS):
            if start:
                yield await self._body(head, parts)
            return
        stream = EventStream(head, parts)
        events = stream.events()
        async for name, sent in events:
            data = sent.strip()
            if data == "[DONE]":
                self.is_whole = True
                await _read_out(events)
                return
            # Anthropic's `event: ping`, and comments that a gateway made events of:
            # `data: : OPENROUTER PROCESSING`.
            if not data or name == "ping" or data.startswith(":"):
                continue
            if stream.has_ended and data.startswith("{") and not is_json(data):
                return  # half an event is no error that was sent: the answer was cut
            chunk = read_chunk(data)
            if name == "error" and not chunk.error:
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


async def _read_out(events: AsyncIterator[object]) -> None:
    """Reads what is behind the end, if it comes at once: then the connection can be used again."""
    with suppress(TimeoutError, httpx.TransportError, httpx.DecodingError):
        async with asyncio.timeout(_FOR_THE_END):
            async for _ in events:
                pass


async def _unpacked(
    response: httpx.Response, hear: Callable[[bytes], None]
) -> AsyncIterator[bytes]:
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
        hear(part)
        yield part


async def beginning(response: httpx.Response, hear: Callable[[bytes], None]) -> str:
    """The first of an error's body: it says what is wrong, or it is not worth reading on.

    A body that breaks off or does not come is no new trouble: the status has said enough.
    """
    body = b""
    with suppress(httpx.TransportError, httpx.DecodingError, TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            async for part in _unpacked(response, hear):
                body += part
                if len(body) >= _LONGEST_ERROR:
                    break
    return body[:_LONGEST_ERROR].decode(errors="replace")


def json_body(body: dict[str, object]) -> bytes:
    """The request body as it is sent."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
