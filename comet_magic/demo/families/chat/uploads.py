"""The pictures that a request brings along or refers to."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from comet_magic.demo import brush, ids
from comet_magic.demo.api_errors import ApiError
from comet_magic.demo.families.chat.request import ChatRequest
from comet_magic.demo.store import Gallery

_DATA_URI = re.compile(r"data:image/[\w.+-]+;base64,[A-Za-z0-9+/=]+")
_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Source:
    """The picture that a request asks to change.

    Attributes:
        origin: What the parameter block says about it.
    """

    data: bytes
    ratio: str
    origin: dict[str, object]


async def uploads(chat: ChatRequest, gallery: Gallery, base_url: str) -> list[bytes]:
    """Give the pictures of the last user message.

    Raises:
        ApiError: 400, one of them cannot be had.
    """
    return [await _fetch(url, gallery, base_url) for url in chat.last_user.images]


async def source_of(chat: ChatRequest, uploaded: list[bytes], gallery: Gallery) -> Source | None:
    """Give the picture to change: the first uploaded one, else the last that was made here.

    Returns:
        None if a new picture is asked for.
    """
    if uploaded:
        names = [f"file-{ids.alnum(22)}" for _ in uploaded]
        return await _upload(uploaded[0], names)
    for message in reversed(chat.messages):
        if message.role != "assistant":
            continue
        text = "\n".join((message.text, *message.images))
        work = gallery.find(text)
        if work is not None and work.suffix == "png":
            return await _source(await gallery.read(work), {"gen_id": work.gen_id})
        inline = _DATA_URI.findall(text)
        if inline:
            data = await asyncio.to_thread(brush.uploaded, inline[-1])
            return await _upload(data, [f"file-{ids.alnum(22)}"])
    return None


async def _upload(data: bytes, names: list[str]) -> Source:
    reduced = await asyncio.to_thread(brush.reduced, data)
    return await _source(reduced, {"referenced_image_ids": names})


async def _source(data: bytes, origin: dict[str, object]) -> Source:
    return Source(data, await asyncio.to_thread(brush.ratio_of, data), origin)


async def _fetch(url: str, gallery: Gallery, base_url: str) -> bytes:
    if url.startswith("data:"):
        return await asyncio.to_thread(brush.uploaded, url)
    if not _is_own(url, base_url):
        raise ApiError(
            400,
            "The demo has no internet: send the image as a data URI, or a link to this server",
            param="messages",
            code="invalid_image_url",
        )
    work = gallery.find(url)
    if work is None or work.suffix == "webm":
        raise ApiError(
            400,
            "There is no such picture on this server",
            param="messages",
            code="invalid_image_url",
        )
    return await gallery.read(work)


def _is_own(url: str, base_url: str) -> bool:
    try:
        theirs, ours = urlsplit(url), urlsplit(base_url)
        local = {theirs.hostname, ours.hostname} <= _LOCAL_NAMES and theirs.port == ours.port
    except ValueError:
        return False
    return local or theirs.netloc == ours.netloc
