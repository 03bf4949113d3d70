"""Videos that a model made: their bytes, checked, and where they are kept."""

from dataclasses import dataclass
from typing import Self

from .addresses import expiry
from .clips import Clip
from .images import GeneratedImage
from .medium import Medium


@dataclass(frozen=True, slots=True, repr=False)
class GeneratedVideo(Clip):
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

    medium = Medium.VIDEO

    poster: GeneratedImage | None = None

    @classmethod
    def from_url(cls, url: str, alt: str = "", poster: GeneratedImage | None = None) -> Self:
        """Returns one of which only the address is known."""
        return cls(url, alt=alt, expires=expiry(url), poster=poster)
