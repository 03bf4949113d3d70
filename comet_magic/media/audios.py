"""Sounds that a model made: their bytes, checked, and where they are kept."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self

from .addresses import expiry
from .media_file import MediaFile
from .sniffing import MediaError, looks_like, media_type_of

# A notebook holds what it shows: these are half a minute of speech as an MP3.
MOST_EMBEDDED = 500_000


@dataclass(frozen=True, slots=True)
class GeneratedAudio(MediaFile):
    """One sound of a generation: speech, music or a noise.

    Attributes:
        url: Where the endpoint put it; a data URI if it came inline. May expire.
        data: The bytes as received; None until they are downloaded, or if that failed. A batch
            keeps them only in the file at `path`, where `save` and `read` find them.
        media_type: For example `audio/mpeg`, judged by the bytes; None without them.
        size: In bytes; None if it was not downloaded.
        path: The saved file; None if there is none.
        alt: What it is: the spoken text, else the prompt.
        expires: When a signed `url` stops working; None if it does not say.
    """

    noun = "sound"

    url: str
    data: bytes | None = None
    media_type: str | None = None
    size: int | None = None
    path: Path | None = None
    alt: str = ""
    expires: datetime | None = None

    @classmethod
    def from_url(cls, url: str, alt: str = "") -> Self:
        """A sound of which only the address is known."""
        return cls(url, alt=alt, expires=expiry(url))

    def with_data(self, data: bytes) -> Self:
        """This sound with its bytes.

        Raises:
            MediaError: The bytes are no MP3, WAV, Ogg (Vorbis or Opus), FLAC, AAC or M4A file.
        """
        media_type = media_type_of(data)
        if media_type is None or not media_type.startswith("audio/"):
            raise MediaError(f"no sound but {looks_like(data)}")
        return replace(self, data=data, media_type=media_type, size=len(data))

    def on_disk(self) -> Self:
        """This sound without the bytes that its file holds."""
        return self if self.path is None else replace(self, data=None)

    def _loaded(self) -> Self:
        if self.data is not None or self.path is None or (self.size or 0) > MOST_EMBEDDED:
            return self
        try:
            return replace(self, data=self.path.read_bytes())
        except OSError:
            return self  # its link is shown instead

    def __repr__(self) -> str:
        return self._described(f"{self.size:,} bytes" if self.size else None)
