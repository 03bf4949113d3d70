"""What videos and sounds share: their first bytes are checked, and nothing is decoded."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Self

from .addresses import expiry
from .media_file import MediaFile
from .sniffing import MediaError, looks_like, media_type_of


@dataclass(frozen=True, slots=True, repr=False)
class Clip(MediaFile):
    """A video or a sound; `GeneratedVideo` and `GeneratedAudio` describe the fields."""

    # The beginning of its media types, for example `video/`.
    media_types: ClassVar[str]

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
        media_type = media_type_of(data)
        if media_type is None or not media_type.startswith(self.media_types):
            raise MediaError(f"no {self.noun} but {looks_like(data)}")
        return replace(self, data=data, media_type=media_type, size=len(data))

    def on_disk(self) -> Self:
        """Returns it without the bytes that its file holds."""
        return self if self.path is None else replace(self, data=None)

    def __repr__(self) -> str:
        return self._described(f"{self.size:,} bytes" if self.size else None)
