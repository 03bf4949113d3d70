"""Bringing home what an answer made: downloaded, checked, saved."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from ..generation.builder import Key
from ..media.addresses import data_uri_bytes
from ..media.archive import save_media
from ..media.audios import GeneratedAudio
from ..media.images import GeneratedImage
from ..media.kinds import Media
from ..media.sniffing import MediaError
from ..media.videos import GeneratedVideo
from ..text import one_line
from .downloads import MOST_AUDIO_BYTES, MOST_IMAGE_BYTES, MOST_VIDEO_BYTES, DownloadError, download
from .endpoint import Endpoint

T = TypeVar("T")

# Takes what became of something that was made.
Keep = Callable[[Key, Media], None]

# The rest waits: ten pictures at once are slower than four on bad wifi.
_AT_ONCE = 4
# Writing a file takes milliseconds; on a disk that hangs the cell must end nevertheless.
_MOST_SAVING_SECONDS = 0.5


async def collect(
    endpoint: Endpoint,
    made: Sequence[tuple[Key, Media]],
    provenance: Mapping[str, object],
    moment: datetime,
    keep: Keep,
) -> list[str]:
    """Passes on everything that was made with its bytes and its path; returns notes on failures.

    Args:
        endpoint: If it has a private address, its pictures may have one, too.
        made: With links; or with bytes, which are only checked.
        provenance: What they were made from.
        moment: When they were asked for; their files are named by it.
        keep: Takes each as soon as it is there, and again when it is saved: an interrupt while
            others are on their way loses none.
    """
    limit = asyncio.Semaphore(_AT_ONCE)

    async def fetch(key: Key, item: Media) -> Media:
        async with limit:
            fetched = await _fetched(endpoint, item)
        keep(key, fetched)
        return fetched

    notes: list[str] = []
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_settled(fetch, key, item)) for key, item in made]
        # Saved one after the other, so that the names are in the order of the pictures.
        for (key, item), task in zip(made, tasks, strict=True):
            fetched = await task
            if isinstance(fetched, Exception):
                why = one_line(str(fetched)).removesuffix(".")
                notes.append(f"The {item.noun} could not be fetched: {why}.")
                continue
            saving = asyncio.create_task(_save(endpoint, fetched, provenance, moment))
            try:
                await _ended(saving)
            finally:
                if saving.done():
                    saved, problem = saving.result()
                    keep(key, saved)
            notes += [problem] if problem else []
    return notes


async def unpack(endpoint: Endpoint, made: Sequence[tuple[Key, Media]], keep: Keep) -> None:
    """Passes on those of `made`, all data URIs, that are decoded within a moment.

    For an answer that is being stopped: nothing is saved, and a second stop ends it.
    """

    def decoded(item: Media) -> Media:
        data = data_uri_bytes(item.url)
        if isinstance(item, GeneratedImage):
            return item.with_data(data, preview_pixels=endpoint.settings.preview_pixels)
        return item.with_data(data)

    async def work() -> None:
        for key, item in made:
            with suppress(ValueError):  # a broken one stays as it is
                keep(key, await asyncio.to_thread(decoded, item))

    # One after the other: of four large ones at once none is ready in time.
    task = asyncio.create_task(work())
    with suppress(asyncio.CancelledError):
        await asyncio.wait({task}, timeout=_MOST_SAVING_SECONDS)
    task.cancel()


async def _fetched(endpoint: Endpoint, item: Media) -> Media:
    if isinstance(item, GeneratedVideo):
        return await _video(endpoint, item)
    if isinstance(item, GeneratedAudio):
        return item.with_data(await _bytes(endpoint, item, MOST_AUDIO_BYTES))
    return await _image(endpoint, item)


async def _bytes(endpoint: Endpoint, item: Media, most: int) -> bytes:
    if item.data is not None:
        return item.data
    # A recording connects to nobody: no name server is asked, and no address is checked.
    look_up = not endpoint.settings.replayed
    return await download(
        endpoint.http, item.url, most=most, endpoint=endpoint.name, look_up=look_up
    )


async def _image(endpoint: Endpoint, image: GeneratedImage) -> GeneratedImage:
    data = await _bytes(endpoint, image, MOST_IMAGE_BYTES)
    pixels = endpoint.settings.preview_pixels
    # 50 ms for 4 MB: the other streams of this loop must not wait for it.
    return await asyncio.to_thread(image.with_data, data, preview_pixels=pixels)


async def _video(endpoint: Endpoint, video: GeneratedVideo) -> GeneratedVideo:
    data = await _bytes(endpoint, video, MOST_VIDEO_BYTES)
    if video.poster:
        try:
            video = replace(video, poster=await _image(endpoint, video.poster))
        except (DownloadError, MediaError):
            pass  # the video shows its own first frame
    return video.with_data(data)


async def _save(
    endpoint: Endpoint, media: Media, provenance: Mapping[str, object], moment: datetime
) -> tuple[Media, str | None]:
    folder = endpoint.settings.save_dir
    try:
        saved = await asyncio.to_thread(save_media, media, folder, provenance, moment)
    except (OSError, ValueError) as error:  # of a folder that cannot be named here
        why = getattr(error, "strerror", None) or type(error).__name__
        kept = "shown here and kept" if isinstance(media, GeneratedImage) else "kept in memory"
        return media, f"The {media.noun} could not be saved in {folder}: {why}. It is {kept}."
    if saved.path and not saved.path.with_suffix(".json").exists():
        return saved, f"{saved.path.name} is saved; its JSON file could not be written."
    return saved, None


async def _settled(
    fetch: Callable[[Key, Media], Awaitable[T]], key: Key, item: Media
) -> T | Exception:
    """What came of it: the result, or why there is none."""
    # Called here: of a task that is cancelled before it begins nothing is left unawaited.
    try:
        return await fetch(key, item)
    except (DownloadError, MediaError) as error:
        return error


async def _ended(saving: "asyncio.Task[object]") -> None:
    """Waits for its end. Who stops meanwhile, even twice, waits a moment longer."""
    stopped: asyncio.CancelledError | None = None
    while not saving.done():
        try:
            await asyncio.wait({saving}, timeout=_MOST_SAVING_SECONDS if stopped else None)
            break
        except asyncio.CancelledError as error:
            stopped = error
    if stopped:
        raise stopped
