"""Downloads, checks and saves the results of an answer."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from ..generation.made import Key
from ..media.addresses import data_uri_bytes, is_data_uri
from ..media.archive import save_media
from ..media.audios import GeneratedAudio
from ..media.images import GeneratedImage
from ..media.kinds import Media, by_bytes
from ..media.sniffing import MediaError
from ..media.videos import GeneratedVideo
from ..text import one_line
from .downloads import MOST_AUDIO_BYTES, MOST_IMAGE_BYTES, MOST_VIDEO_BYTES, DownloadError, download
from .endpoint import Endpoint

T = TypeVar("T")

# Takes a result once it is fetched or saved.
Keep = Callable[[Key, Media], None]

# Downloads at the same time: ten pictures at once are slower than four on bad wifi.
_AT_ONCE = 4
# Writing a file takes milliseconds. On a disk that hangs, the cell must end anyway.
_MOST_SAVING_SECONDS = 0.5


async def collect(
    endpoint: Endpoint,
    made: Sequence[tuple[Key, Media]],
    provenance: Mapping[str, object],
    moment: datetime,
    keep: Keep,
) -> list[str]:
    """Fetches and saves all results; returns notes about failures.

    Args:
        endpoint: The endpoint. If its address is private, those of the results may be, too.
        made: The results, with links, or with bytes that only need to be checked.
        provenance: The origin of the results, for their sidecar files.
        moment: The time of the request, for the names of the files.
        keep: A function that gets each result when it is fetched, and again when it is saved, so
            that an interrupt loses none.
    """
    limit = asyncio.Semaphore(_AT_ONCE)

    async def fetch(key: Key, item: Media) -> Media:
        async with limit:
            fetched = await _fetched(endpoint, item)
        keep(key, fetched)
        return fetched

    notes: list[str] = []
    saved_by_digest: dict[bytes, Media] = {}
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_result_or_error(fetch, key, item)) for key, item in made]
        # Save one after the other, so that the file names are in order.
        for (key, item), task in zip(made, tasks, strict=True):
            fetched = await task
            if isinstance(fetched, Exception):
                why = one_line(str(fetched)).removesuffix(".")
                notes.append(f"The {item.noun} could not be fetched: {why}.")
                continue
            digest = hashlib.sha256(fetched.data or b"").digest()
            same = saved_by_digest.get(digest)
            if same and is_data_uri(same.url) != is_data_uri(fetched.url):
                # It was sent twice, as bytes and as a link to them: one file is enough.
                keep(key, replace(fetched, data=same.data, path=same.path))
                continue
            saving = asyncio.create_task(_save(endpoint, fetched, provenance, moment))
            try:
                await _wait_for(saving)
            finally:
                if saving.done():
                    saved, problem = saving.result()
                    keep(key, saved)
                    saved_by_digest[digest] = saved
            notes += [problem] if problem else []
    return notes


async def unpack(endpoint: Endpoint, made: Sequence[tuple[Key, Media]], keep: Keep) -> None:
    """Decodes the results of a cancelled answer, as many as possible in half a second.

    All links in `made` are data URIs. Nothing is saved, and a second cancellation ends this.
    """

    def decoded(item: Media) -> Media:
        data = data_uri_bytes(item.url)
        item = by_bytes(item, data)
        if isinstance(item, GeneratedImage):
            return item.with_data(data, preview_pixels=endpoint.settings.preview_pixels)
        return item.with_data(data)

    async def work() -> None:
        for key, item in made:
            with suppress(ValueError):  # keep a broken one as it is
                keep(key, await asyncio.to_thread(decoded, item))

    # Decode one after the other: with four large ones at once, none would be ready in time.
    task = asyncio.create_task(work())
    with suppress(asyncio.CancelledError):
        await asyncio.wait({task}, timeout=_MOST_SAVING_SECONDS)
    task.cancel()


async def _fetched(endpoint: Endpoint, item: Media) -> Media:
    data = await _bytes(endpoint, item)
    item = by_bytes(item, data)
    if isinstance(item, GeneratedVideo):
        return await _video(endpoint, item, data)
    if isinstance(item, GeneratedAudio):
        return item.with_data(data)
    return await _image(endpoint, item, data)


async def _bytes(endpoint: Endpoint, item: Media) -> bytes:
    if item.data is not None:
        return item.data
    # A replay opens no connection, so skip the name server and the check of the address.
    look_up = not endpoint.settings.replayed
    return await download(
        endpoint.http,
        item.url,
        most=_most_bytes(item),
        endpoint=endpoint.name,
        look_up=look_up,
    )


def _most_bytes(item: Media) -> int:
    if isinstance(item, GeneratedVideo):
        return MOST_VIDEO_BYTES
    return MOST_AUDIO_BYTES if isinstance(item, GeneratedAudio) else MOST_IMAGE_BYTES


async def _image(endpoint: Endpoint, image: GeneratedImage, data: bytes) -> GeneratedImage:
    pixels = endpoint.settings.preview_pixels
    # This takes 50 ms for 4 MB, so keep it off the event loop.
    return await asyncio.to_thread(image.with_data, data, preview_pixels=pixels)


async def _video(endpoint: Endpoint, video: GeneratedVideo, data: bytes) -> GeneratedVideo:
    if video.poster:
        try:
            still = await _bytes(endpoint, video.poster)
            video = replace(video, poster=await _image(endpoint, video.poster, still))
        except (DownloadError, MediaError):
            pass  # the video shows its first frame instead
    return video.with_data(data)


async def _save(
    endpoint: Endpoint, media: Media, provenance: Mapping[str, object], moment: datetime
) -> tuple[Media, str | None]:
    folder = endpoint.settings.save_dir
    try:
        saved = await asyncio.to_thread(save_media, media, folder, provenance, moment)
    except (OSError, ValueError) as error:  # ValueError: the name of the folder is invalid
        why = getattr(error, "strerror", None) or type(error).__name__
        kept = "shown here and kept" if isinstance(media, GeneratedImage) else "kept in memory"
        return media, f"The {media.noun} could not be saved in {folder}: {why}. It is {kept}."
    if saved.path and not saved.path.with_suffix(".json").exists():
        return saved, f"{saved.path.name} is saved; its JSON file could not be written."
    return saved, None


async def _result_or_error(
    fetch: Callable[[Key, Media], Awaitable[T]], key: Key, item: Media
) -> T | Exception:
    """Returns the result, or the error that prevented it."""
    # Create the coroutine here, so that a task that never starts leaves none unawaited.
    try:
        return await fetch(key, item)
    except (DownloadError, MediaError) as error:
        return error


async def _wait_for(saving: "asyncio.Task[object]") -> None:
    """Waits for the task to end. On cancellation, even a repeated one, waits only briefly."""
    stopped: asyncio.CancelledError | None = None
    while not saving.done():
        try:
            await asyncio.wait({saving}, timeout=_MOST_SAVING_SECONDS if stopped else None)
            break
        except asyncio.CancelledError as error:
            stopped = error
    if stopped:
        raise stopped
