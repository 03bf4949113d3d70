"""Small pictures of every kind, made by Pillow."""

import io
import zlib
from typing import Any

from PIL import Image


def encoded(
    form: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any
) -> bytes:
    """The bytes of a picture of one colour."""
    fill: Any = {"RGB": (200, 30, 30), "RGBA": (200, 30, 30, 128), "CMYK": (0, 200, 200, 0)}
    stream = io.BytesIO()
    Image.new(mode, size, fill.get(mode, 1)).save(stream, form, **options)
    return stream.getvalue()


def png_with_size(width: int, height: int) -> bytes:
    """A PNG whose header claims this size, and nothing more."""
    data = bytearray(encoded("PNG", (1, 1)))
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


MP4 = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 100
WEBM = b"\x1a\x45\xdf\xa3" + b"\x00" * 100
