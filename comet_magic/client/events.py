"""From the bytes of a response to chunks: server-sent events, one JSON body, or something else."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress

import httpx

from ..families.chat.chunks import ChatCompletionChunk
from ..families.chat.reading import is_end, read_chunk, read_event
from ..wire.events import Event, EventReader, is_event_stream
from ..wire.failure import is_web_page

_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
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
        if not is_event_stream(head):
            head = head.removeprefix(_BOM)
            if head.lstrip(_SPACE):
                yield await self._body(head, parts)
            return
        events = _events(head, parts)
        async for event in events:
            if is_end(event):
                self.is_whole = True
                await _read_out(events)
                return
            if chunk := read_event(event):
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


async def _events(head: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    reader = EventReader()
    for event in reader.feed(head):
        yield event
    async for part in parts:
        events = reader.feed(part)
        events.reverse()
        while events:  # pop: an event that holds a picture is freed before the next one is read
            yield events.pop()
    for event in reader.close():
        yield event


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
