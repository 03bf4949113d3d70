"""Decodes pictures within limits, and makes small copies for the notebook."""

import io
import os
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from PIL import ExifTags, Image, ImageOps, _imaging

from .sniffing import MediaError, looks_like, media_type_of

# 8,000 × 8,000; today's models make at most 4,096 × 4,096. Pillow's own limit is 179 million,
# which takes 700 MB of memory.
MOST_PIXELS = 64_000_000
# Formats that models make. Pillow reads forty more, some of them through other programs.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP")
_KNOWN = {f"image/{name}" for name in ("png", "jpeg", "webp", "gif", "avif", "bmp", "tiff")}
_TOO_MANY = f"more than {MOST_PIXELS:,} pixels are not decoded"
# Bytes of a piece of a picture in memory. glibc gives back only what has more than 32 MB: four
# threads that had decoded large pictures kept 1.2 GB for the next ones.
_BLOCK = 40 * 2**20
# Modes that can be made smaller as they are.
_SMOOTH = ("L", "LA", "RGB", "RGBA")
# A sheet's squares and the gaps between them in pixels, and the most squares.
_SQUARE, _GAP, _MOST_ON_SHEET = 400, 8, 30
_warnings = threading.Lock()
# A child that is forked while a thread holds the lock would wait for it forever.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_warnings.acquire,
        after_in_parent=_warnings.release,
        after_in_child=_warnings.release,
    )


class PixelsAtWork:
    """Lets the threads of a process decode at most `MOST_PIXELS` pixels at the same time.

    A pixel takes four bytes, and as many in each copy: six pictures of 64 million pixels that are
    decoded at once fill 2.5 GB, and a small machine has 2.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets all work: a forked child has none of the threads that do it."""
        self._changed = threading.Condition()
        self._pixels = 0

    @contextmanager
    def room_for(self, image: Image.Image) -> Iterator[None]:
        """Waits until there is room for the pixels of `image`, and keeps it in the context."""
        pixels = image.width * image.height
        with self._changed:
            self._changed.wait_for(lambda: self._pixels + pixels <= MOST_PIXELS)
            self._pixels += pixels
        try:
            yield
        finally:
            with self._changed:
                self._pixels -= pixels
                self._changed.notify_all()


at_work = PixelsAtWork()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=at_work.reset)


@dataclass(frozen=True, slots=True)
class Preview:
    """A small copy of a picture for the notebook: PNG where it is transparent, else JPEG.

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
        MediaError: The bytes are no picture, a broken one, or one of more than `MOST_PIXELS`.
    """
    with open_picture(io.BytesIO(data)) as image:
        return image, Image.MIME[str(image.format)]


@contextmanager
def without_warnings() -> Iterator[None]:
    """Silences Pillow's warnings: what they warn of is checked here.

    Use it briefly: warning filters belong to the process, so one thread at a time changes them.
    """
    with _warnings, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def open_picture(file: BinaryIO, formats: tuple[str, ...] = FORMATS) -> Iterator[Image.Image]:
    """The decoded picture of an open file; of a picture that is too large only the header is read.

    Waits for other pictures that are at work, so do not open one inside the context of another.

    Args:
        file: At its beginning.
        formats: The formats to read, as Pillow names them.

    Raises:
        MediaError: The file is no picture, a broken one, or one of more than `MOST_PIXELS`.
        MemoryError: There is not enough memory.
        OSError: The file cannot be read.
    """
    with _explained(file):
        with without_warnings():
            image = Image.open(file, formats=formats)
        check_pixels(image)
    with image, at_work.room_for(image):
        _imaging.set_block_size(max(_BLOCK, _imaging.get_block_size()))
        with _explained(file):
            image.load()
        yield image


@contextmanager
def _explained(file: BinaryIO) -> Iterator[None]:
    """Maps what Pillow raises for broken input, which can be almost anything."""
    try:
        yield
    except (MediaError, MemoryError):
        raise
    except Exception as error:
        if "out of memory" in str(error):  # an OSError of Pillow's decoders
            raise MemoryError from error
        if isinstance(error, Image.DecompressionBombError):
            raise MediaError(f"a huge picture; {_TOO_MANY}") from error
        file.seek(0)
        head = file.read(2000)
        is_known = media_type_of(head) in _KNOWN
        what = "a broken picture" if is_known else f"no picture but {looks_like(head)}"
        raise MediaError(what) from error


def check_pixels(image: Image.Image) -> None:
    """Checks the size in the header.

    Raises:
        MediaError: The picture has more than `MOST_PIXELS`.
    """
    if image.width * image.height > MOST_PIXELS:
        raise MediaError(f"a picture of {image.width} × {image.height}; {_TOO_MANY}")


def upright(image: Image.Image) -> Image.Image:
    """`image` turned upright by its EXIF orientation."""
    with without_warnings():
        # Pillow rewrites the other metadata, too, and raises almost anything if they are invalid.
        with suppress(Exception):
            return ImageOps.exif_transpose(image)
        bare = image.copy()
        bare.info["exif"] = _orientation(image).tobytes()
        return ImageOps.exif_transpose(bare)


def _orientation(image: Image.Image) -> Image.Exif:
    """The EXIF orientation of `image`, without the other metadata."""
    exif = Image.Exif()
    with suppress(Exception):
        turned = image.getexif().get(ExifTags.Base.Orientation)
        if turned in range(1, 9):
            exif[ExifTags.Base.Orientation] = turned
    return exif


def eight_bits(image: Image.Image) -> Image.Image:
    """`image`, or its grey copy in eight bits a channel if it has more."""
    if image.mode.startswith("I") or image.mode == "F":
        # `convert` alone clips the values instead of scaling them.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height of `image` when it is turned upright."""
    is_turned = _orientation(image).get(ExifTags.Base.Orientation, 1) >= 5
    return (image.height, image.width) if is_turned else image.size


def make_preview(image: Image.Image, pixels: int) -> Preview:
    """An upright copy of `image` whose long side has at most `pixels` pixels."""
    small = upright(_smaller(image, pixels))
    has_alpha = small.has_transparency_data
    small = small.convert("RGBA" if has_alpha else "RGB")
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


def _smaller(image: Image.Image, pixels: int) -> Image.Image:
    """A copy of `image`, without a copy of its full size if that is possible."""
    image = eight_bits(image)
    if image.mode not in _SMOOTH or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    scale = min(1.0, pixels / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.5)


def make_sheet(previews: Sequence[Preview]) -> Preview:
    """One picture of all previews, for programs that show one image for each output.

    Three stand in a row on white, each scaled into a square of `_SQUARE` pixels. Only the first
    `_MOST_ON_SHEET` are drawn.
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
