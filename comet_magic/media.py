"""Pictures and videos that a model made: their bytes, checked, and where they are kept."""

import base64
import binascii
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, unquote_to_bytes, urlsplit

from PIL import Image, ImageOps

from .displays import Displayed

# 8,000 × 8,000; the largest pictures of today's models are 4,096 on a side. Pillow itself stops
# at 179 million, after 700 MB of memory.
MOST_PIXELS = 64_000_000
# Formats that models make. Pillow would read forty more, some through other programs.
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP")
_VIDEO_TYPES = {b"ftyp": "video/mp4", b"\x1a\x45\xdf\xa3": "video/webm"}
_EXTENSIONS = {"image/jpeg": ".jpg", "video/quicktime": ".mov"}


class MediaError(ValueError):
    """Bytes that are no picture or video, or one that is too large; the text says which."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A small copy of a picture for the notebook: JPEG, or PNG if the picture has alpha.

    Attributes:
        data: The encoded picture, without metadata.
        media_type: `image/jpeg` or `image/png`.
        width: In pixels.
        height: In pixels.
    """

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class GeneratedImage(Displayed):
    """One picture of a generation.

    Attributes:
        url: Where the endpoint put it; a data URI if it came inline. May expire.
        data: The bytes as received; None until they are downloaded, or if that failed.
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
        image, media_type = _decode(data)
        upright = ImageOps.exif_transpose(image)
        return replace(
            self,
            data=data,
            media_type=media_type,
            width=upright.width,
            height=upright.height,
            preview=_preview(upright, preview_pixels),
        )

    def save(self, path: str | Path) -> Path:
        """Writes the picture to `path` and returns it; a folder gets a file named as received.

        Raises:
            ValueError: There are no bytes to save.
            OSError: The file cannot be written.
        """
        return _save(self.data, self.media_type, self.url, Path(path))

    def to_pil(self) -> Image.Image:
        """The picture as a Pillow image, upright.

        Raises:
            ValueError: There are no bytes to read.
        """
        if self.data is None:
            raise ValueError(f"the picture was not downloaded; its link is {short_url(self.url)}")
        return ImageOps.exif_transpose(_decode(self.data)[0])

    def __repr__(self) -> str:
        size = f", {self.width} × {self.height}" if self.data else ", not downloaded"
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
            raise MediaError(f"no video but {_looks_like(data)}")
        return replace(self, data=data, media_type=media_type, size=len(data))

    def save(self, path: str | Path) -> Path:
        """Writes the video to `path` and returns it; a folder gets a file named as received.

        Raises:
            ValueError: There are no bytes to save.
            OSError: The file cannot be read or written.
        """
        data = self.path.read_bytes() if self.data is None and self.path else self.data
        return _save(data, self.media_type, self.url, Path(path))

    def __repr__(self) -> str:
        size = f", {self.size:,} bytes" if self.size else ", not downloaded"
        return f"<GeneratedVideo {short_url(self.url)}{size}{_saved_in(self.path)}>"


def data_uri_bytes(url: str) -> bytes:
    """The bytes in a `data:` URI.

    Raises:
        MediaError: The URI is malformed.
    """
    head, comma, body = url.partition(",")
    if not comma:
        raise MediaError("a data URI without data")
    try:
        if head.endswith(";base64"):
            return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
        return unquote_to_bytes(body)
    except binascii.Error as error:
        raise MediaError(f"a data URI with bad base64 ({error})") from error


def expiry(url: str) -> datetime | None:
    """When a signed URL stops working, as Azure, S3, Google and Volcano Engine write it.

    >>> expiry("https://a.example/p.png?se=2026-01-18T06%3A00%3A00Z&sig=x")
    datetime.datetime(2026, 1, 18, 6, 0, tzinfo=datetime.timezone.utc)
    """
    if not url.startswith("http") or "?" not in url:
        return None
    try:
        query = {key.lower(): values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        if "se" in query:
            moment = datetime.fromisoformat(query["se"])
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        for key in ("expires", "x-expires"):
            if key in query:
                return datetime.fromtimestamp(int(query[key]), UTC)
        for prefix in ("x-amz-", "x-goog-"):
            if prefix + "expires" in query:
                signed = datetime.strptime(query[prefix + "date"], "%Y%m%dT%H%M%S%z")
                return signed + timedelta(seconds=int(query[prefix + "expires"]))
    except (ValueError, KeyError, OverflowError, OSError):
        pass
    return None


def extension(media_type: str | None) -> str:
    """The file name's ending for a media type: `.png`, `.jpg`, `.mp4` …"""
    return _EXTENSIONS.get(media_type or "", "." + (media_type or "/bin").partition("/")[2])


def short_url(url: str) -> str:
    """`url` for people: no query, no inline data, 100 characters at most."""
    if url.startswith("data:"):
        return f"{url[:40].partition(',')[0]},…"
    short = url.partition("?")[0]
    return short if len(short) <= 100 else short[:60] + "…" + short[-39:]


def _decode(data: bytes) -> tuple[Image.Image, str]:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise MediaError(
                    f"a picture of {image.width} × {image.height} pixels; "
                    f"more than {MOST_PIXELS:,} are not decoded"
                )
            image.load()
            return image, Image.MIME[str(image.format)]
    except MediaError:
        raise
    # Pillow's decoders raise nearly anything on broken input.
    except Exception as error:
        if isinstance(error, Image.DecompressionBombError):
            raise MediaError("a picture of more pixels than can be decoded safely") from error
        what = "a broken picture" if _is_known(data) else f"no picture but {_looks_like(data)}"
        raise MediaError(what) from error


def _preview(image: Image.Image, pixels: int) -> Preview:
    if image.mode.startswith("I") or image.mode == "F":
        # 16 bits a channel: `convert` would clip instead of scaling.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    has_alpha = image.has_transparency_data
    small = image.convert("RGBA" if has_alpha else "RGB")
    small.thumbnail((pixels, pixels), Image.Resampling.LANCZOS, reducing_gap=1.5)
    if has_alpha and small.getchannel("A").getextrema() == (255, 255):
        has_alpha, small = False, small.convert("RGB")
    small.info.clear()
    stream = io.BytesIO()
    if has_alpha:
        small.save(stream, "PNG")
    else:
        small.save(stream, "JPEG", quality=85)
    media_type = "image/png" if has_alpha else "image/jpeg"
    return Preview(stream.getvalue(), media_type, small.width, small.height)


def _save(data: bytes | None, media_type: str | None, url: str, path: Path) -> Path:
    if data is None:
        raise ValueError(f"there are no bytes to save; the link is {short_url(url)}")
    if path.is_dir():
        name = "" if url.startswith("data:") else Path(urlsplit(url).path).name
        stem = re.sub(r"[^\w-]+", "-", Path(name).stem).strip("-")[:60] or "picture"
        path /= stem + extension(media_type)
    path.write_bytes(data)
    return path


_LOOKS: list[tuple[Callable[[bytes], bool], str]] = [
    (lambda data: not data, "nothing"),
    (lambda data: data.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")), "a web page"),
    (lambda data: b"<svg" in data[:500], "an SVG drawing, which can hold scripts"),
    (lambda data: data.lstrip()[:1] in (b"{", b"["), "JSON"),
]


def _looks_like(data: bytes) -> str:
    return next((name for is_it, name in _LOOKS if is_it(data)), "something else")


def _is_known(data: bytes) -> bool:
    return data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM"))


def _saved_in(path: Path | None) -> str:
    return f", saved as {path}" if path else ""
