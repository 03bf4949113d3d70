"""Downloads, checks and saves the results of an answer."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from ..generation.made import Key
from ..media.addresses import data_uri_bytes, is_data_uri
from ..media.archive import save_media
from ..media.audios import GeneratedAudio
from ..media.images import GeneratedImage
from ..media.kinds import Media, by_bytes
from ..media.sniffing import MediaError
from ..media.videos import GeneratedVideo
from .downloads import (
    MOST_AUDIO_BYTES,
    MOST_IMAGE_BYTES,
    MOST_VIDEO_BYTES,
    Allowance,
    download,
)
from .endpoint import Endpoint
from .failures import reason_of

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
    allowance = Allowance()

    async def fetch(key: Key, item: Media) -> tuple[Media | None, str | None]:
        try:
            async with limit:
                fetched, problem = await _fetched(endpoint, item, allowance)
        # Whatever is wrong with one result, the others and the answer are kept.
        except Exception as error:  # noqa: BLE001
            return None, f"The {item.noun} could not be fetched: {reason_of(error, endpoint.key)}."
        keep(key, fetched)
        return fetched, problem

    # An answer can send a picture twice, as bytes and as a link to them.
    may_repeat = len({is_data_uri(item.url) for _, item in made}) > 1
    notes: list[str | None] = []
    saved_by_digest: dict[bytes, Media] = {}
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch(key, item)) for key, item in made]
        # Save one after the other, so that the file names are in order.
        for (key, _), task in zip(made, tasks, strict=True):
            fetched, problem = await task
            notes.append(problem)
            if fetched is None:
                continue
            digest = await _in_thread(partial(_digest, fetched)) if may_repeat else b""
            same = saved_by_digest.get(digest)
            if same and is_data_uri(same.url) != is_data_uri(fetched.url):
                # One file is enough.
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
            notes.append(problem)
    return [note for note in notes if note]


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
            with suppress(Exception):  # keep a broken one as it is
                keep(key, await _in_thread(partial(decoded, item)))

    # Decode one after the other: with four large ones at once, none would be ready in time.
    task = asyncio.create_task(work())
    with suppress(asyncio.CancelledError):
        await asyncio.wait({task}, timeout=_MOST_SAVING_SECONDS)
    task.cancel()


async def _fetched(
    endpoint: Endpoint, item: Media, allowance: Allowance
) -> tuple[Media, str | None]:
    """Returns the result with its bytes, and a note if a picture could not be decoded."""
    data = await _bytes(endpoint, item, allowance)
    item = by_bytes(item, data)
    if isinstance(item, GeneratedVideo):
        return await _video(endpoint, item, data, allowance), None
    if isinstance(item, GeneratedAudio):
        return item.with_data(data), None
    return await _image(endpoint, item, data)


async def _bytes(endpoint: Endpoint, item: Media, allowance: Allowance) -> bytes:
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
        allowance=allowance,
    )


def _most_bytes(item: Media) -> int:
    if isinstance(item, GeneratedVideo):
        return MOST_VIDEO_BYTES
    return MOST_AUDIO_BYTES if isinstance(item, GeneratedAudio) else MOST_IMAGE_BYTES


async def _image(
    endpoint: Endpoint, image: GeneratedImage, data: bytes
) -> tuple[GeneratedImage, str | None]:
    decode = partial(image.with_data, data, preview_pixels=endpoint.settings.preview_pixels)
    try:
        # This takes 50 ms for 4 MB, so keep it off the event loop.
        return await _in_thread(decode), None
    except MediaError:
        raise
    except Exception as error:  # noqa: BLE001 - above all MemoryError: the bytes are kept anyway
        why = reason_of(error, endpoint.key)
        note = f"The picture could not be decoded: {why}. Its bytes are kept."
        return image.undecoded(data), note


async def _video(
    endpoint: Endpoint, video: GeneratedVideo, data: bytes, allowance: Allowance
) -> GeneratedVideo:
    if video.poster:
        with suppress(Exception):  # the video shows its first frame instead
            still = await _bytes(endpoint, video.poster, allowance)
            poster, _ = await _image(endpoint, video.poster, still)
            video = replace(video, poster=poster)
    return video.with_data(data)


async def _save(
    endpoint: Endpoint, media: Media, provenance: Mapping[str, object], moment: datetime
) -> tuple[Media, str | None]:
    folder = endpoint.settings.save_dir
    try:
        saved = await _in_thread(partial(save_media, media, folder, provenance, moment))
    except Exception as error:  # noqa: BLE001 - for example ValueError: no such name of a folder
        why = getattr(error, "strerror", None) or reason_of(error, endpoint.key)
        is_shown = isinstance(media, GeneratedImage) and media.preview
        kept = "shown here and kept" if is_shown else "kept in memory"
        return media, f"The {media.noun} could not be saved in {folder}: {why}. It is {kept}."
    if saved.path and not saved.path.with_suffix(".json").exists():
        return saved, f"{saved.path.name} is saved; its JSON file could not be written."
    return saved, None


def _digest(media: Media) -> bytes:
    return hashlib.sha256(media.data or b"").digest()


async def _in_thread(call: Callable[[], T]) -> T:
    """Calls in a worker thread; at the end of a script, when none takes more work, in this one."""
    try:
        running = asyncio.get_running_loop().run_in_executor(None, call)
    except RuntimeError:
        return call()
    return await running


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
