"""What videos and sounds share: their first bytes are checked, and nothing is decoded."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self

from .addresses import expiry
from .media_file import MediaFile


@dataclass(frozen=True, slots=True, repr=False)
class Clip(MediaFile):
    """A video or a sound; `GeneratedVideo` and `GeneratedAudio` describe the fields."""

    url: str
    data: bytes | None = None
    media_type: str | None = None
    size: int | None = None
    path: Path | None = None
    alt: str = ""
    expires: datetime | None = None

    @classmethod
    def from_url(cls, url: str, alt: str = "") -> Self:
        """Returns one of which only the address is known."""
        return cls(url, alt=alt, expires=expiry(url))

    def with_data(self, data: bytes) -> Self:
        """Returns it with its bytes.

        Raises:
            MediaError: The bytes are no MP4, QuickTime or WebM file for a video, and no MP3, WAV,
                Ogg (Vorbis or Opus), FLAC, AAC or M4A file for a sound.
        """
        return replace(self, data=data, media_type=self._type_of(data), size=len(data))

    def on_disk(self) -> Self:
        """Returns it without the bytes that its file holds."""
        return self if self.path is None else replace(self, data=None)

    def __repr__(self) -> str:
        return self._described(f"{self.size:,} bytes" if self.size else None)
