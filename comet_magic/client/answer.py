"""From the bytes of a response to what a family hears: events, or one whole body."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress

import httpx

from ..wire.body import Body
from ..wire.events import Event, EventReader, is_event_stream
from ..wire.failure import is_web_page
from ..wire.log_writer import MEDIA_TYPES

Listen = Callable[[bytes], None]

_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
# Seconds that the rest of an error is waited for: it has been decided already.
_PATIENCE = 2.0
# Ten pictures of 20 MB each inside the text.
MOST_ANSWER_BYTES = 256_000_000
# Enough to tell what an answer is, and all of a web page that is worth keeping.
_HEAD = 2_000
_LONGEST_ERROR = 64_000


class WebPageError(Exception):
    """The answer is a web page; its beginning is in `args[0]`."""


async def heard(
    response: httpx.Response, listen: Listen | None = None
) -> AsyncGenerator[Event | Body, None]:
    """Yields the events of a response as they arrive, or its one body.

    What it is, is decided by what arrives, and not by what was asked for.

    Args:
        response: Of which nothing was read yet.
        listen: Is told of each piece of its body.

    Raises:
        WebPageError: The answer is HTML.
        httpx.TransportError: The connection broke.
    """
    content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    parts = _unpacked(response, listen)
    head = b""
    async for part in parts:
        head += part
        if len(head.lstrip(_BOM + _SPACE)) >= len(b"<!doctype"):
            break
    # Some gateways call everything by one type; no picture or sound begins like an event.
    is_stream = is_event_stream(head)
    if content_type.startswith(MEDIA_TYPES) and not is_stream:
        yield Body(b"".join([head, *[part async for part in parts]]), content_type)
        return
    if not is_stream:
        head = head.removeprefix(_BOM)
        if head.strip(_SPACE):
            yield Body(await _whole(head, parts), content_type)
        return
    reader = EventReader()
    for event in reader.feed(head):
        yield event
    async for part in parts:
        for event in reader.feed(part):
            yield event
    for event in reader.close():
        yield event


async def _whole(head: bytes, parts: AsyncIterator[bytes]) -> bytes:
    if is_web_page(head.decode(errors="replace")):
        # It is a page also if the rest of it does not come.
        with suppress(httpx.TransportError, httpx.DecodingError):
            while len(head) < _HEAD and (part := await anext(parts, b"")):
                head += part
        raise WebPageError(head[:_HEAD].decode(errors="replace"))
    return b"".join([head, *[part async for part in parts]])


async def _unpacked(response: httpx.Response, listen: Listen | None) -> AsyncIterator[bytes]:
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
        if listen:
            listen(part)
        yield part


async def beginning(response: httpx.Response, listen: Listen | None = None) -> str:
    """The first of an error's body: it says what is wrong, or it is not worth reading on.

    A body that breaks off or does not come is no new trouble: the status has said enough.
    """
    body = b""
    with suppress(httpx.TransportError, httpx.DecodingError, TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            async for part in _unpacked(response, listen):
                body += part
                if len(body) >= _LONGEST_ERROR:
                    break
    return body[:_LONGEST_ERROR].decode(errors="replace")
