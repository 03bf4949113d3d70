"""Encodes pictures for a request: upright, in sRGB, within limits, without metadata."""

import io
import threading
from contextlib import suppress
from dataclasses import dataclass, field

from PIL import Image, ImageCms

from ..media.pixels import eight_bits, upright

# OpenAI's models scale their input into 2048 × 2048 and see no more than that.
LONG_SIDE = 2048
# Anthropic's models accept 5 MiB of base64 a picture, the least of the large providers.
MOST_BYTES = 3_750_000
_QUALITY = 90
# Charts, drawings and screenshots have fewer colours, photos more.
_FEW_COLOURS = 10_000
# Pillow reads a file when its picture is first used. Rows of a batch may share a picture, and
# threads that read one file at the same time get a mixture of its parts.
_reading = threading.Lock()


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as it is sent.

    Attributes:
        data: PNG or JPEG, without metadata.
        media_type: `image/png` or `image/jpeg`.
        width: In pixels.
        height: In pixels.
        changes: What was changed, in words for the user.
    """

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    changes: tuple[str, ...] = ()


def encode(image: Image.Image) -> Encoded:
    """Encodes `image` with at most `LONG_SIDE` pixels on its long side and `MOST_BYTES` bytes.

    The result is upright by the EXIF orientation and in sRGB by the colour profile. It is a PNG
    if anything is transparent, the smaller of PNG and JPEG if there are few colours, else a JPEG.

    Args:
        image: A picture of any mode, which is not changed; of an animation the current frame.

    Raises:
        ValueError: It has values that are no colours.
    """
    changes = []
    with _reading:
        if image.format != "MPO" and getattr(image, "is_animated", False):
            changes.append(f"frame {image.tell() + 1} only")
        copy = upright(image)
    plain = _plain(copy)
    if image.mode == "CMYK":
        changes.append("converted from CMYK")
    elif eight_bits(image) is not image:
        changes.append("converted to 8 bits")
    size = plain.size
    plain.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    data, media_type = _smallest(plain)
    while len(data) > MOST_BYTES:
        shrink = 0.95 * (MOST_BYTES / len(data)) ** 0.5
        smaller = (max(round(side * shrink), 1) for side in plain.size)
        plain.thumbnail((next(smaller), next(smaller)), Image.Resampling.LANCZOS)
        data, media_type = _smallest(plain)
    if plain.size != size:
        changes.insert(0, f"made smaller from {size[0]} × {size[1]}")
    return Encoded(data, media_type, plain.width, plain.height, tuple(changes))


def _plain(image: Image.Image) -> Image.Image:
    """The picture as L, RGB or RGBA in sRGB, without metadata; `image` may be changed."""
    if image.mode == "F":
        low, high = image.getextrema()
        if not 0 <= float(low) <= float(high) <= 1:  # type: ignore[arg-type] # F has one channel
            raise ValueError("its floats must be from 0 to 1")
        image = image.point(lambda value: value * 65535)
    image, profile = eight_bits(image), image.info.get("icc_profile")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema() == (255, 255):
            image = image.convert("RGB")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode not in ("L", "CMYK"):
        image = image.convert("RGB")
    if profile and image.mode != "L":
        image = _in_srgb(image, profile)
    if image.mode == "CMYK":  # without a profile
        image = image.convert("RGB")
    image.info.clear()
    return image


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """`image` with its colours in sRGB; unchanged if the profile cannot be used."""
    # Profiles can be broken in any way, and Pillow can be built without LittleCMS.
    with suppress(ImageCms.PyCMSError, OSError, ImportError, ValueError, TypeError):
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(given).lower():
            return image
        colours = image.convert("RGB") if image.mode == "RGBA" else image
        srgb = ImageCms.createProfile("sRGB")
        found = ImageCms.profileToProfile(colours, given, srgb, outputMode="RGB")
        if found is not None:
            if image.mode == "RGBA":
                found.putalpha(image.getchannel("A"))
            return found
    return image


def _smallest(image: Image.Image) -> tuple[bytes, str]:
    """The picture as PNG or JPEG, and its media type; a JPEG only if nothing is transparent."""
    jpeg = b"" if image.mode == "RGBA" else _saved(image, "JPEG", quality=_QUALITY)
    if not jpeg or image.getcolors(_FEW_COLOURS):
        png = _saved(image, "PNG")
        if not jpeg or len(png) <= len(jpeg):
            return png, "image/png"
    return jpeg, "image/jpeg"


def _saved(image: Image.Image, form: str, **options: int) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()
