"""Bringing home what an answer links to: downloaded, checked, saved."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import httpx

from ..media.addresses import data_uri_bytes
from ..media.archive import save_media
from ..media.images import GeneratedImage, GeneratedVideo, Media
from ..media.pixels import MediaError
from ..settings.settings import Settings
from ..text import one_line
from .downloads import MOST_IMAGE_BYTES, MOST_VIDEO_BYTES, DownloadError, download

T = TypeVar("T")

# The rest waits: ten pictures at once are slower than four on bad wifi.
_AT_ONCE = 4
# Writing a file takes milliseconds; on a disk that hangs the cell must end nevertheless.
_MOST_SAVING_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Collector:
    """Fetches pictures and videos for one endpoint.

    Attributes:
        http: Sends no key by itself.
        settings: Say where to save, and how large previews are.
        endpoint: The host whose pictures may lie on a private address.
    """

    http: httpx.AsyncClient
    settings: Settings
    endpoint: str

    async def collect(
        self,
        media: Sequence[Media],
        provenance: Mapping[str, object],
        moment: datetime,
        keep: Callable[[Media], None],
    ) -> list[str]:
        """Passes on each of `media` with its bytes and its path; returns notes on what failed.

        Args:
            media: Of which the addresses are known.
            provenance: What they were made from.
            moment: When they were asked for; their files are named by it.
            keep: Takes each as soon as it is there, and again when it is saved: an interrupt
                while others are on their way loses none.
        """
        limit = asyncio.Semaphore(_AT_ONCE)

        async def fetch(item: Media) -> Media:
            async with limit:
                fetched = await (
                    self._video(item) if isinstance(item, GeneratedVideo) else self._image(item)
                )
            keep(fetched)
            return fetched

        notes: list[str] = []
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_settled(fetch, item)) for item in media]
            # Saved one after the other, so that the names are in the order of the pictures.
            for item, task in zip(media, tasks, strict=True):
                fetched = await task
                if isinstance(fetched, Exception):
                    why = one_line(str(fetched)).removesuffix(".")
                    notes.append(f"The {_kind(item)} could not be fetched: {why}.")
                    continue
                saving = asyncio.create_task(self._save(fetched, provenance, moment))
                try:
                    await _ended(saving)
                finally:
                    if saving.done():
                        saved, problem = saving.result()
                        keep(saved)
                notes += [problem] if problem else []
        return notes

    async def unpack(self, images: Sequence[GeneratedImage], keep: Callable[[Media], None]) -> None:
        """Passes on those of `images`, all data URIs, that are decoded within a moment.

        For who is being stopped: nothing is saved, and being stopped again ends it.
        """

        async def work() -> None:
            for image in images:
                with suppress(ValueError):  # a broken one stays as it is
                    keep(await asyncio.to_thread(self._unpacked, image))

        # One after the other: of four large ones at once none is ready in time.
        task = asyncio.create_task(work())
        with suppress(asyncio.CancelledError):
            await asyncio.wait({task}, timeout=_MOST_SAVING_SECONDS)
        task.cancel()

    def _unpacked(self, image: GeneratedImage) -> GeneratedImage:
        data = data_uri_bytes(image.url)
        return image.with_data(data, preview_pixels=self.settings.preview_pixels)

    async def _download(self, url: str, most: int) -> bytes:
        # A recording connects to nobody: no name server is asked, and no address is checked.
        look_up = not self.settings.replayed
        return await download(self.http, url, most=most, endpoint=self.endpoint, look_up=look_up)

    async def _image(self, image: GeneratedImage) -> GeneratedImage:
        data = await self._download(image.url, MOST_IMAGE_BYTES)
        pixels = self.settings.preview_pixels
        # 50 ms for 4 MB: the other streams of this loop must not wait for it.
        return await asyncio.to_thread(image.with_data, data, preview_pixels=pixels)

    async def _video(self, video: GeneratedVideo) -> GeneratedVideo:
        data = await self._download(video.url, MOST_VIDEO_BYTES)
        if video.poster:
            try:
                video = GeneratedVideo.from_url(
                    video.url, video.alt, await self._image(video.poster)
                )
            except (DownloadError, MediaError):
                pass  # the video shows its own first frame
        return video.with_data(data)

    async def _save(
        self, media: Media, provenance: Mapping[str, object], moment: datetime
    ) -> tuple[Media, str | None]:
        folder = self.settings.save_dir
        try:
            saved = await asyncio.to_thread(save_media, media, folder, provenance, moment)
        except (OSError, ValueError) as error:  # of a folder that cannot be named here
            why = getattr(error, "strerror", None) or type(error).__name__
            kept = "kept in memory" if isinstance(media, GeneratedVideo) else "shown here and kept"
            return media, f"The {_kind(media)} could not be saved in {folder}: {why}. It is {kept}."
        if saved.path and not saved.path.with_suffix(".json").exists():
            return saved, f"{saved.path.name} is saved; its JSON file could not be written."
        return saved, None


async def _settled(fetch: Callable[[Media], Awaitable[T]], item: Media) -> T | Exception:
    """What came of it: the result, or why there is none."""
    # Called here: of a task that is cancelled before it begins nothing is left unawaited.
    try:
        return await fetch(item)
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


def _kind(media: Media) -> str:
    return "video" if isinstance(media, GeneratedVideo) else "picture"
