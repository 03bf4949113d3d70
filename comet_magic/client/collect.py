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
from ..media.audios import GeneratedAudio
from ..media.images import GeneratedImage
from ..media.kinds import Media
from ..media.sniffing import MediaError
from ..media.videos import GeneratedVideo
from ..settings.settings import Settings
from ..text import one_line
from .downloads import MOST_AUDIO_BYTES, MOST_IMAGE_BYTES, MOST_VIDEO_BYTES, DownloadError, download

T = TypeVar("T")

# The rest waits: ten pictures at once are slower than four on bad wifi.
_AT_ONCE = 4
# Writing a file takes milliseconds; on a disk that hangs the cell must end nevertheless.
_MOST_SAVING_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Collector:
    """Fetches pictures, videos and sounds for one endpoint.

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
            media: With an address or with bytes, which are not fetched again but checked.
            provenance: What they were made from.
            moment: When they were asked for; their files are named by it.
            keep: Takes each as soon as it is there, and again when it is saved: an interrupt
                while others are on their way loses none.
        """
        limit = asyncio.Semaphore(_AT_ONCE)

        async def fetch(item: Media) -> Media:
            async with limit:
                fetched = await self._fetched(item)
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
                    notes.append(f"The {item.noun} could not be fetched: {why}.")
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

    async def unpack(self, media: Sequence[Media], keep: Callable[[Media], None]) -> None:
        """Passes on those of `media`, all data URIs, that are decoded within a moment.

        For who is being stopped: nothing is saved, and being stopped again ends it.
        """

        async def work() -> None:
            for item in media:
                with suppress(ValueError):  # a broken one stays as it is
                    keep(await asyncio.to_thread(self._unpacked, item))

        # One after the other: of four large ones at once none is ready in time.
        task = asyncio.create_task(work())
        with suppress(asyncio.CancelledError):
            await asyncio.wait({task}, timeout=_MOST_SAVING_SECONDS)
        task.cancel()

    def _unpacked(self, item: Media) -> Media:
        data = data_uri_bytes(item.url)
        if isinstance(item, GeneratedImage):
            return item.with_data(data, preview_pixels=self.settings.preview_pixels)
        return item.with_data(data)

    async def _fetched(self, item: Media) -> Media:
        if isinstance(item, GeneratedVideo):
            return await self._video(item)
        if isinstance(item, GeneratedAudio):
            return item.with_data(await self._bytes(item, MOST_AUDIO_BYTES))
        return await self._image(item)

    async def _bytes(self, item: Media, most: int) -> bytes:
        if item.data is not None:
            return item.data
        # A recording connects to nobody: no name server is asked, and no address is checked.
        look_up = not self.settings.replayed
        return await download(
            self.http, item.url, most=most, endpoint=self.endpoint, look_up=look_up
        )

    async def _image(self, image: GeneratedImage) -> GeneratedImage:
        data = await self._bytes(image, MOST_IMAGE_BYTES)
        pixels = self.settings.preview_pixels
        # 50 ms for 4 MB: the other streams of this loop must not wait for it.
        return await asyncio.to_thread(image.with_data, data, preview_pixels=pixels)

    async def _video(self, video: GeneratedVideo) -> GeneratedVideo:
        data = await self._bytes(video, MOST_VIDEO_BYTES)
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
            kept = "shown here and kept" if isinstance(media, GeneratedImage) else "kept in memory"
            return media, f"The {media.noun} could not be saved in {folder}: {why}. It is {kept}."
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
