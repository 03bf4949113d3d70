"""Pictures as pixels: decoded within limits, and made small for the notebook."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageOps

# 8,000 × 8,000; the largest pictures of today's models are 4,096 on a side. Pillow itself stops
# at 179 million, after 700 MB of memory.
MOST_PIXELS = 64_000_000
# Formats that models make. Pillow would read forty more, some through other programs.
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP")
# Of a sheet, in pixels.
_SQUARE, _GAP, _MOST_ON_SHEET = 400, 8, 30


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
        if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
            raise MediaError("a picture of more pixels than can be decoded safely") from error
        what = "a broken picture" if _is_known(data) else f"no picture but {looks_like(data)}"
        raise MediaError(what) from error


def make_preview(image: Image.Image, pixels: int) -> Preview:
    """A copy of `image` with at most `pixels` on its long side."""
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
    (lambda data: b"<svg" in data[:500], "an SVG drawing, which can hold scripts"),
    (lambda data: data.lstrip()[:1] in (b"{", b"["), "JSON"),
]


def looks_like(data: bytes) -> str:
    """What bytes that are not what was wanted seem to be, in words."""
    return next((name for is_it, name in _LOOKS if is_it(data)), "something else")


def _is_known(data: bytes) -> bool:
    return data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM"))
