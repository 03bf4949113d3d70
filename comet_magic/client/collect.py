"""Bringing home what an answer links to: downloaded, checked, saved."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

import httpx

from ..archive import save_media
from ..media import GeneratedImage, GeneratedVideo
from ..pixels import MediaError
from ..settings import Settings
from ..text import one_line
from .downloads import MOST_IMAGE_BYTES, MOST_VIDEO_BYTES, DownloadError, download

M = TypeVar("M", GeneratedImage, GeneratedVideo)

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
        self, media: list[GeneratedImage | GeneratedVideo], provenance: Mapping[str, object]
    ) -> tuple[list[GeneratedImage | GeneratedVideo], list[str]]:
        """Each of `media` with its bytes and its path, in order, and notes on what failed."""
        limit = asyncio.Semaphore(_AT_ONCE)

        async def one(item: GeneratedImage | GeneratedVideo) -> GeneratedImage | GeneratedVideo:
            async with limit:
                try:
                    if isinstance(item, GeneratedVideo):
                        return await self._keep(await self._video(item), provenance)
                    return await self._keep(await self._image(item), provenance)
                except (DownloadError, MediaError) as error:
                    notes.append(
                        f"The {_KINDS[type(item)]} could not be fetched: {one_line(str(error))}."
                    )
                except _UnsavedError as error:
                    notes.append(str(error))
                    return error.media
            return item

        notes: list[str] = []
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(item)) for item in media]
        return [task.result() for task in tasks], notes

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

    async def _keep(self, media: M, provenance: Mapping[str, object]) -> M:
        folder, now = self.settings.save_dir, datetime.now().astimezone()
        try:
            return await asyncio.to_thread(partial(save_media, media, folder, provenance, now))
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise _UnsavedError(
                media,
                f"The {_KINDS[type(media)]} could not be saved in {folder}: {why}. "
                "It is shown here and kept in memory.",
            ) from error


class _UnsavedError(Exception):
    def __init__(self, media: GeneratedImage | GeneratedVideo, message: str) -> None:
        super().__init__(message)
        self.media = media


_KINDS = {GeneratedImage: "picture", GeneratedVideo: "video"}
