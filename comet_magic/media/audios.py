"""Sounds that a model made: their bytes, checked, and where they are kept."""

from dataclasses import dataclass, replace
from typing import Self

from .clips import Clip
from .medium import Medium

# A notebook holds what it shows: these are half a minute of speech as an MP3.
MOST_EMBEDDED = 500_000


@dataclass(frozen=True, slots=True, repr=False)
class GeneratedAudio(Clip):
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

    medium = Medium.AUDIO

    def _loaded(self) -> Self:
        if self.data is not None or self.path is None or (self.size or 0) > MOST_EMBEDDED:
            return self
        try:
            return replace(self, data=self.path.read_bytes())
        except OSError:
            return self  # its link is shown instead
