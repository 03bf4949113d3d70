"""Reads a response: as events of a stream, or as one whole body."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress

import httpx

from ..wire.body import Body, decoded
from ..wire.events import Event, EventReader, is_event_stream
from ..wire.log_writer import MEDIA_TYPES
from ..wire.unfolding import is_web_page
from .unpacking import Listen, body_parts

_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
# Seconds to wait for the body of an error, whose status is known already.
_ERROR_SECONDS = 2.0
# Room for ten inline pictures of 20 MB.
MOST_ANSWER_BYTES = 256_000_000
# Enough of a web page to find its title.
_HEAD = 2_000
_LONGEST_ERROR = 64_000


class WebPageError(Exception):
    """The answer is a web page; `args[0]` is its beginning."""


async def read_answer(
    response: httpx.Response, listen: Listen | None = None
) -> AsyncGenerator[Event | Body, None]:
    """Yields the events of a response as they arrive, or its whole body.

    The bytes decide which of the two it is, not the request and not the content type.

    Args:
        response: A response whose body was not read yet.
        listen: A function that gets each piece of the body.

    Raises:
        WebPageError: The answer is HTML.
        httpx.TransportError: The connection broke.
    """
    content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    parts = body_parts(response, MOST_ANSWER_BYTES, listen)
    begun: list[bytes] = []
    head = b""
    async for part in parts:
        begun.append(part)
        # White space can keep a connection open for minutes.
        head = (head + part).lstrip(_BOM + _SPACE)
        if len(head) >= len(b"<!doctype"):
            break
    first = b"".join(begun)
    # Some gateways use one content type for everything. No picture or sound begins like an event.
    is_stream = is_event_stream(head)
    if content_type.startswith(MEDIA_TYPES) and not is_stream:
        yield Body(b"".join([first, *[part async for part in parts]]), content_type)
        return
    if not is_stream:
        if head:
            begin = first.removeprefix(_BOM)
            yield Body(await _read_whole(begin, parts, response.charset_encoding), content_type)
        return
    reader = EventReader()
    for event in reader.feed(first):
        yield event
    async for part in parts:
        for event in reader.feed(part):
            yield event
    for event in reader.close():
        yield event


async def _read_whole(head: bytes, parts: AsyncIterator[bytes], charset: str | None) -> bytes:
    if is_web_page(decoded(head[:_HEAD])):
        # A broken connection does not matter: the beginning of the page is enough.
        with suppress(httpx.TransportError, httpx.DecodingError):
            while len(head) < _HEAD and (part := await anext(parts, b"")):
                head += part
        raise WebPageError(decoded(head[:_HEAD], charset))
    return b"".join([head, *[part async for part in parts]])


async def read_error(response: httpx.Response, listen: Listen | None = None) -> str:
    """Returns the beginning of an error's body; the rest is not worth reading.

    Ignores a body that breaks off or does not arrive, because the status is enough.
    """
    body = b""
    with suppress(httpx.TransportError, httpx.DecodingError, TimeoutError):
        async with asyncio.timeout(_ERROR_SECONDS):
            async for part in body_parts(response, MOST_ANSWER_BYTES, listen):
                body += part
                if len(body) >= _LONGEST_ERROR:
                    break
    return decoded(body[:_LONGEST_ERROR], response.charset_encoding)
