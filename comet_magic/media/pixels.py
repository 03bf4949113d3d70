"""Pictures as pixels: decoded within limits, and made small for the notebook."""

import io
import os
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from PIL import ExifTags, Image, ImageOps

# 8,000 × 8,000; the largest pictures of today's models are 4,096 on a side. Pillow itself stops
# at 179 million, after 700 MB of memory.
MOST_PIXELS = 64_000_000
# Formats that models make. Pillow would read forty more, some through other programs.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP")
_TOO_MANY = f"more than {MOST_PIXELS:,} pixels are not decoded"
# Of a sheet, in pixels.
_SQUARE, _GAP, _MOST_ON_SHEET = 400, 8, 30
_warnings = threading.Lock()
# A child that is forked meanwhile would wait for its parent's thread for ever.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_warnings.acquire,
        after_in_parent=_warnings.release,
        after_in_child=_warnings.release,
    )


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


def decode(data: bytes) -> tuple[Image.Image, str]:
    """The decoded picture and its media type.

    Raises:
        MediaError: No picture, a broken one, or one of more than `MOST_PIXELS`.
    """
    with opened(io.BytesIO(data)) as image:
        return image, Image.MIME[str(image.format)]


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps what Pillow warns of out of the notebook: whatever counts here is checked here.

    For moments: the filters of warnings are everybody's, so one thread at a time changes them.
    """
    with _warnings, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def opened(file: BinaryIO, formats: tuple[str, ...] = FORMATS) -> Iterator[Image.Image]:
    """The decoded picture in an open file, of which only the header is read if it is too large.

    Args:
        file: At its beginning.
        formats: Those that are read, as Pillow names them.

    Raises:
        MediaError: No picture, a broken one, or one of more than `MOST_PIXELS`.
        OSError: The file cannot be read.
    """
    try:
        with quiet():
            image = Image.open(file, formats=formats)
        check_pixels(image)
        image.load()
    except MediaError:
        raise
    # Pillow's decoders raise nearly anything on broken input.
    except Exception as error:
        if isinstance(error, Image.DecompressionBombError):
            raise MediaError(f"a huge picture; {_TOO_MANY}") from error
        file.seek(0)
        head = file.read(2000)
        what = "a broken picture" if _is_known(head) else f"no picture but {looks_like(head)}"
        raise MediaError(what) from error
    with image:
        yield image


def check_pixels(image: Image.Image) -> None:
    """Checks the size that the header claims.

    Raises:
        MediaError: It has more than `MOST_PIXELS`.
    """
    if image.width * image.height > MOST_PIXELS:
        raise MediaError(f"a picture of {image.width} × {image.height}; {_TOO_MANY}")


def upright(image: Image.Image) -> Image.Image:
    """`image` turned as its camera says it is to be seen."""
    with quiet():
        # Pillow writes the other metadata anew, and raises nearly anything where they are odd.
        with suppress(Exception):
            return ImageOps.exif_transpose(image)
        bare = image.copy()
        bare.info["exif"] = _orientation(image).tobytes()
        return ImageOps.exif_transpose(bare)


def _orientation(image: Image.Image) -> Image.Exif:
    """The metadata of `image` that say how it is turned, and no others."""
    exif = Image.Exif()
    with suppress(Exception):
        turned = image.getexif().get(ExifTags.Base.Orientation)
        if turned in range(1, 9):
            exif[ExifTags.Base.Orientation] = turned
    return exif


def eight_bits(image: Image.Image) -> Image.Image:
    """`image`, or its grey copy in eight bits a channel if it has more."""
    if image.mode.startswith("I") or image.mode == "F":
        # `convert` alone would clip instead of scaling.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image


def make_preview(image: Image.Image, pixels: int) -> Preview:
    """A copy of `image` with at most `pixels` on its long side."""
    image = eight_bits(image)
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


def make_sheet(previews: Sequence[Preview]) -> Preview:
    """All of them on one sheet, for readers that show one image for an output.

    Three in a row, each scaled into a square of `_SQUARE` pixels, on white; of more than
    `_MOST_ON_SHEET` the first ones.
    """
    squares = []
    for preview in previews[:_MOST_ON_SHEET]:
        image = decode(preview.data)[0].convert("RGBA")
        squares.append(ImageOps.contain(image, (_SQUARE, _SQUARE)))
    columns = min(len(squares), 3)
    rows = -(-len(squares) // columns)
    size = (columns * _SQUARE + (columns - 1) * _GAP, rows * _SQUARE + (rows - 1) * _GAP)
    sheet = Image.new("RGBA", size, "white")
    for number, square in enumerate(squares):
        row, column = divmod(number, columns)
        left = column * (_SQUARE + _GAP) + (_SQUARE - square.width) // 2
        top = row * (_SQUARE + _GAP) + (_SQUARE - square.height) // 2
        sheet.alpha_composite(square, (left, top))
    return make_preview(sheet.convert("RGB"), max(size))


_LOOKS: list[tuple[Callable[[bytes], bool], str]] = [
    (lambda data: not data, "nothing"),
    (lambda data: data.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")), "a web page"),
    (lambda data: b"<svg" in data, "an SVG drawing, which can hold scripts"),
    (lambda data: data.lstrip()[:1] in (b"{", b"["), "JSON"),
    (lambda data: data.startswith(b"%PDF"), "a PDF"),
    (lambda data: data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"), "an HEIC photo"),
    (lambda data: data[4:8] == b"ftyp" or data.startswith(b"\x1a\x45\xdf\xa3"), "a video"),
    (lambda data: b"\0" not in data and _is_text(data), "text"),
]


def looks_like(data: bytes) -> str:
    """What bytes that are not what was wanted seem to be, in words."""
    return next((name for is_it, name in _LOOKS if is_it(data)), "something else")


def _is_text(data: bytes) -> bool:
    try:
        data[:500].decode()
    except UnicodeDecodeError as error:
        return error.start > 490  # a character that the cut went through
    return True


def _is_known(data: bytes) -> bool:
    beginnings = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
    return data.startswith(beginnings) or data[4:12] == b"ftypavif"
