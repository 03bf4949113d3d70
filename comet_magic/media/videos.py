"""Videos that a model made: their bytes, checked, and where they are kept."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self

from .addresses import expiry
from .images import GeneratedImage
from .media_file import MediaFile
from .sniffing import MediaError, looks_like, media_type_of


@dataclass(frozen=True, slots=True)
class GeneratedVideo(MediaFile):
    """One video of a generation.

    Attributes:
        url: Where the endpoint put it; a data URI if it came inline. May expire.
        data: The bytes, only if they could not be saved; those of a saved video are in its file.
        media_type: For example `video/mp4`, judged by the bytes; None without them.
        size: In bytes; None if it was not downloaded.
        path: The saved file; None if there is none.
        alt: What it shows: the revised prompt, else the prompt.
        expires: When a signed `url` stops working; None if it does not say.
        poster: A still picture of it; None if none was given.
    """

    noun = "video"

    url: str
    data: bytes | None = None
    media_type: str | None = None
    size: int | None = None
    path: Path | None = None
    alt: str = ""
    expires: datetime | None = None
    poster: GeneratedImage | None = None

    @classmethod
    def from_url(cls, url: str, alt: str = "", poster: GeneratedImage | None = None) -> Self:
        """A video of which only the address is known."""
        return cls(url, alt=alt, expires=expiry(url), poster=poster)

    def with_data(self, data: bytes) -> Self:
        """This video with its bytes.

        Raises:
            MediaError: The bytes are no MP4, QuickTime or WebM file.
        """
        media_type = media_type_of(data)
        if media_type is None or not media_type.startswith("video/"):
            raise MediaError(f"no video but {looks_like(data)}")
        return replace(self, data=data, media_type=media_type, size=len(data))

    def on_disk(self) -> Self:
        """This video without the bytes that its file holds."""
        return self if self.path is None else replace(self, data=None)

    def __repr__(self) -> str:
        return self._described(f"{self.size:,} bytes" if self.size else None)
