"""Pictures that a request brings along or refers to."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from comet_magic.demo import brush, ids
from comet_magic.demo.api_errors import ApiError
from comet_magic.demo.families.chat.request import ChatRequest
from comet_magic.demo.store import FileStore

_DATA_URI = re.compile(r"data:image/[\w.+-]+;base64,[A-Za-z0-9+/=]+")
_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Original:
    """The picture that a request asks to change.

    Attributes:
        data: Bytes of the picture.
        ratio: Its usual ratio, such as `3:2`.
        origin: What the parameter block says about it.
    """

    data: bytes
    ratio: str
    origin: dict[str, object]


async def read_uploads(chat: ChatRequest, store: FileStore, base_url: str) -> list[bytes]:
    """Return the pictures of the last user message.

    Raises:
        ApiError: 400, a picture cannot be read.
    """
    return [await _fetch(url, store, base_url) for url in chat.last_user.images]


async def find_original(
    chat: ChatRequest, uploaded: list[bytes], store: FileStore
) -> Original | None:
    """Return the picture to change: the first upload, or else the last picture of an answer.

    Returns:
        None if the request asks for a new picture.
    """
    if uploaded:
        names = [f"file-{ids.alnum(22)}" for _ in uploaded]
        return await _from_upload(uploaded[0], names)
    for message in reversed(chat.messages):
        if message.role != "assistant":
            continue
        text = "\n".join((message.text, *message.images))
        file = store.find(text)
        if file is not None and file.suffix == "png":
            return await _original(await store.read(file), {"gen_id": file.gen_id})
        inline = _DATA_URI.findall(text)
        if inline:
            data = await asyncio.to_thread(brush.uploaded, inline[-1])
            return await _from_upload(data, [f"file-{ids.alnum(22)}"])
    return None


async def _from_upload(data: bytes, names: list[str]) -> Original:
    reduced = await asyncio.to_thread(brush.reduced, data)
    return await _original(reduced, {"referenced_image_ids": names})


async def _original(data: bytes, origin: dict[str, object]) -> Original:
    return Original(data, await asyncio.to_thread(brush.ratio_of, data), origin)


async def _fetch(url: str, store: FileStore, base_url: str) -> bytes:
    if url.startswith("data:"):
        return await asyncio.to_thread(brush.uploaded, url)
    if not _is_own(url, base_url):
        raise ApiError(
            400,
            "The demo has no internet: send the image as a data URI, or a link to this server",
            param="messages",
            code="invalid_image_url",
        )
    file = store.find(url)
    if file is None or file.suffix == "webm":
        raise ApiError(
            400,
            "There is no such picture on this server",
            param="messages",
            code="invalid_image_url",
        )
    return await store.read(file)


def _is_own(url: str, base_url: str) -> bool:
    """Tell whether a URL leads to this server."""
    try:
        theirs, ours = urlsplit(url), urlsplit(base_url)
        local = {theirs.hostname, ours.hostname} <= _LOCAL_NAMES and theirs.port == ours.port
    except ValueError:
        return False
    return local or theirs.netloc == ours.netloc
