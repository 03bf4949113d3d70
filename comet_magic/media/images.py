"""Pictures and videos that a model made: their bytes, checked, and where they are kept."""

import itertools
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from PIL import Image

from .. import hooks
from ..hooks import Displayed
from .addresses import expiry, short_url
from .pixels import MediaError, Preview, decode, looks_like, make_preview, upright

_VIDEO_TYPES = {b"ftyp": "video/mp4", b"\x1a\x45\xdf\xa3": "video/webm"}
# Windows takes these for devices, whatever their extension.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)?", re.IGNORECASE)
_EXTENSIONS = {"image/jpeg": ".jpg", "video/quicktime": ".mov"}


@dataclass(frozen=True, slots=True)
class GeneratedImage(Displayed):
    """One picture of a generation.

    Attributes:
        url: Where the endpoint put it; a data URI if it came inline. May expire.
        data: The bytes as received; None until they are downloaded, or if that failed. A batch
            keeps them only in the file at `path`, where `save` and `to_pil` find them.
        media_type: For example `image/png`, from the bytes; None without them.
        width: In pixels, as it is to be viewed; None without the bytes.
        height: In pixels.
        path: Where it was saved; None if it was not.
        alt: What it shows: the revised prompt, else the prompt.
        expires: When a signed `url` stops working; None if it does not say.
        preview: The small copy that a notebook embeds; None without the bytes.
    """

    url: str
    data: bytes | None = None
    media_type: str | None = None
    width: int | None = None
    height: int | None = None
    path: Path | None = None
    alt: str = ""
    expires: datetime | None = None
    preview: Preview | None = None

    @classmethod
    def from_url(cls, url: str, alt: str = "") -> Self:
        """A picture of which only the address is known."""
        return cls(url, alt=alt, expires=expiry(url))

    def with_data(self, data: bytes, *, preview_pixels: int = 768) -> Self:
        """This picture with its bytes, decoded once to check them and to make the preview.

        Raises:
            MediaError: No picture, a broken one, or one of more than `MOST_PIXELS`.
        """
        image, media_type = decode(data)
        image = upright(image)
        return replace(
            self,
            data=data,
            media_type=media_type,
            width=image.width,
            height=image.height,
            preview=make_preview(image, preview_pixels),
        )

    def save(self, path: str | Path) -> Path:
        """Writes the picture to `path` and returns it; a folder gets a new file, named as
        received.

        Raises:
            ValueError: There are no bytes to save.
            OSError: The file cannot be read or written.
        """
        return _save(self.read(), self.media_type, self.url, Path(path))

    def to_pil(self) -> Image.Image:
        """The picture as a Pillow image, upright.

        Raises:
            ValueError: There are no bytes to read, or they are no picture any more.
            OSError: The file cannot be read.
        """
        data = self.read()
        if data is None:
            raise ValueError(f"the picture was not downloaded; its link is {short_url(self.url)}")
        return upright(decode(data)[0])

    def on_disk(self) -> Self:
        """This picture without what its file holds: light, for keeping many."""
        return self if self.path is None else replace(self, data=None, preview=None)

    def read(self) -> bytes | None:
        """The bytes as received, from memory or from the file; None if there are none.

        Raises:
            OSError: The file cannot be read.
        """
        return self.path.read_bytes() if self.data is None and self.path else self.data

    def _with_pictures(self) -> Self:
        if self.preview is not None:
            return self
        try:
            data = self.read()
            return self if data is None else self.with_data(data)
        except (OSError, MediaError):
            return self  # it is shown as its link

    def edit(
        self,
        prompt: str,
        *,
        model: str | None = None,
        images: Any = None,
        **options: Any,
    ) -> Any:
        """Asks for a change of this picture alone: its bytes go along, and no earlier turns.

        Args:
            prompt: What is to be changed, for example `make it night`.
            model: By default the one in force, not the one that made the picture.
            images: More that go along, as for `generate`, for example a hat to be put on.
            **options: As for `generate`.

        Returns:
            The `Generation`.

        Raises:
            CometError: As `generate`.
        """
        pictures = [self] if images is None else [self, images]
        return hooks.generate(prompt, model=model, images=pictures, **options)

    def __repr__(self) -> str:
        known = self.data or self.path
        size = f", {self.width} × {self.height}" if known else ", not downloaded"
        return f"<GeneratedImage {short_url(self.url)}{size}{_saved_in(self.path)}>"


@dataclass(frozen=True, slots=True)
class GeneratedVideo(Displayed):
    """One video of a generation.

    Attributes:
        url: Where the endpoint put it. May expire.
        data: The bytes, only if they could not be saved: a saved video is read from `path`.
        media_type: For example `video/mp4`, from the bytes; None without them.
        size: In bytes; None if it was not downloaded.
        path: Where it was saved; None if it was not.
        alt: What it shows: the revised prompt, else the prompt.
        expires: When a signed `url` stops working; None if it does not say.
        poster: A still picture of it; None if none was given.
    """

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
        media_type = _VIDEO_TYPES.get(data[4:8]) or _VIDEO_TYPES.get(data[:4])
        if media_type == "video/mp4" and data[8:10] == b"qt":
            media_type = "video/quicktime"
        if media_type is None:
            raise MediaError(f"no video but {looks_like(data)}")
        return replace(self, data=data, media_type=media_type, size=len(data))

    def save(self, path: str | Path) -> Path:
        """Writes the video to `path` and returns it; a folder gets a new file, named as
        received.

        Raises:
            ValueError: There are no bytes to save.
            OSError: The file cannot be read or written.
        """
        return _save(self.read(), self.media_type, self.url, Path(path))

    def read(self) -> bytes | None:
        """The bytes as received, from memory or from the file; None if there are none.

        Raises:
            OSError: The file cannot be read.
        """
        return self.path.read_bytes() if self.data is None and self.path else self.data

    def __repr__(self) -> str:
        size = f", {self.size:,} bytes" if self.size else ", not downloaded"
        return f"<GeneratedVideo {short_url(self.url)}{size}{_saved_in(self.path)}>"


Media = GeneratedImage | GeneratedVideo


def extension(media_type: str | None) -> str:
    """The file name's ending for a media type: `.png`, `.jpg`, `.mp4` …"""
    return _EXTENSIONS.get(media_type or "", "." + (media_type or "/bin").partition("/")[2])


def _save(data: bytes | None, media_type: str | None, url: str, path: Path) -> Path:
    if data is None:
        raise ValueError(f"there are no bytes to save; the link is {short_url(url)}")
    if path.is_dir():
        name = "" if url.startswith("data:") else Path(urlsplit(url).path).name
        stem = re.sub(r"[^\w-]+", "-", Path(name).stem).strip("-")[:60]
        stem = "picture" if _DEVICES.fullmatch(stem) else stem
        path = _free(path, stem, extension(media_type))
    path.write_bytes(data)
    return path


def _free(folder: Path, stem: str, suffix: str) -> Path:
    """A path in `folder` that holds no file yet; an empty one is made, so that it stays ours."""
    for number in itertools.count(1):
        path = folder / (f"{stem}-{number}{suffix}" if number > 1 else stem + suffix)
        with suppress(FileExistsError):
            path.open("xb").close()
            break
    return path


def _saved_in(path: Path | None) -> str:
    return f", saved as {path}" if path else ""
