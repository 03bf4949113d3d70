"""Bringing home what an answer links to: downloaded, checked, saved."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import httpx

from ..archive import save_media
from ..media import GeneratedImage, GeneratedVideo, Media
from ..pixels import MediaError
from ..settings import Settings
from ..text import one_line
from .downloads import MOST_IMAGE_BYTES, MOST_VIDEO_BYTES, DownloadError, download

T = TypeVar("T")

# The rest waits: ten pictures at once are slower than four on bad wifi.
_AT_ONCE = 4


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
        self, media: Sequence[Media], provenance: Mapping[str, object], moment: datetime
    ) -> tuple[list[Media], list[str]]:
        """Each of `media` with its bytes and its path, in order, and notes on what failed.

        Args:
            media: Of which the addresses are known.
            provenance: What they were made from.
            moment: When they were asked for; their files are named by it.
        """
        limit = asyncio.Semaphore(_AT_ONCE)

        async def fetch(item: Media) -> Media:
            async with limit:
                return await (
                    self._video(item) if isinstance(item, GeneratedVideo) else self._image(item)
                )

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_settled(fetch(item))) for item in media]
        kept: list[Media] = []
        notes: list[str] = []
        # Saved one after the other, so that the names are in the order of the pictures.
        for item, task in zip(media, tasks, strict=True):
            fetched = task.result()
            if isinstance(fetched, Exception):
                kept.append(item)
                notes.append(f"The {_kind(item)} could not be fetched: {one_line(str(fetched))}.")
                continue
            saved, problem = await self._save(fetched, provenance, moment)
            kept.append(saved)
            notes += [problem] if problem else []
        return kept, notes

    async def _image(self, image: GeneratedImage) -> GeneratedImage:
        data = await download(self.http, image.url, most=MOST_IMAGE_BYTES, endpoint=self.endpoint)
        pixels = self.settings.preview_pixels
        # 50 ms for 4 MB: the other streams of this loop must not wait for it.
        return await asyncio.to_thread(image.with_data, data, preview_pixels=pixels)

    async def _video(self, video: GeneratedVideo) -> GeneratedVideo:
        data = await download(self.http, video.url, most=MOST_VIDEO_BYTES, endpoint=self.endpoint)
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
        except OSError as error:
            why = error.strerror or type(error).__name__
            kept = "kept in memory" if isinstance(media, GeneratedVideo) else "shown here and kept"
            return media, f"The {_kind(media)} could not be saved in {folder}: {why}. It is {kept}."
        if saved.path and not saved.path.with_suffix(".json").exists():
            return saved, f"{saved.path.name} is saved; its JSON file could not be written."
        return saved, None


async def _settled(work: Awaitable[T]) -> T | Exception:
    """What came of `work`: its result, or why there is none."""
    try:
        return await work
    except (DownloadError, MediaError) as error:
        return error


def _kind(media: Media) -> str:
    return "video" if isinstance(media, GeneratedVideo) else "picture"
