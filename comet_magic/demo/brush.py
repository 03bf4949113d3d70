"""Bytes of pictures and films. This is slow: call it in a worker thread, never on the loop."""

import base64
import io
import math

from PIL import Image, ImageOps

from comet_magic.demo.api_errors import ApiError
from comet_magic.demo.painting import describe, edit, paint
from comet_magic.demo.webm import vp8_frame, webm

_MAX_PIXELS = 50_000_000
_RATIOS = ((1, 1), (3, 2), (2, 3), (4, 3), (3, 4), (16, 9), (9, 16))
_WORKING_SIZE = (1024, 1024)
_FILM_FRAMES, _FILM_FPS = 14, 8
_FILM_LONG_SIDE = 480


def painted(prompt: str, ratio: str, variant: int) -> bytes:
    """Return a new picture as PNG."""
    return _png(paint(prompt, ratio=ratio, variant=variant))


def edited(source: bytes, prompt: str, variant: int) -> bytes:
    """Return a changed copy of a picture as PNG."""
    with Image.open(io.BytesIO(source)) as image:
        return _png(edit(image, prompt, variant=variant))


def described(source: bytes) -> str:
    """Describe a picture in words."""
    with Image.open(io.BytesIO(source)) as image:
        return describe(image)


def poster(prompt: str, ratio: str, variant: int) -> bytes:
    """Return the first frame of a film as WebP."""
    return _film_frame(prompt, ratio, variant, time=0.0)[0]


def film(prompt: str, ratio: str, variant: int) -> bytes:
    """Return a film of about two seconds as WebM."""
    times = (index / _FILM_FRAMES for index in range(_FILM_FRAMES))
    frames = [_film_frame(prompt, ratio, variant, time) for time in times]
    width, height = frames[0][1]
    vp8 = [vp8_frame(webp) for webp, _ in frames]
    return webm(vp8, width=width, height=height, fps=_FILM_FPS)


def ratio_of(source: bytes) -> str:
    """Return the usual ratio that is nearest to a picture's, such as `3:2`."""
    with Image.open(io.BytesIO(source)) as image:
        shape = math.log(image.width / image.height)
    across, up = min(_RATIOS, key=lambda ratio: abs(shape - math.log(ratio[0] / ratio[1])))
    return f"{across}:{up}"


def uploaded(data_uri: str) -> bytes:
    """Return the bytes of an uploaded picture, unchanged.

    Raises:
        ApiError: 400, they are not the bytes of a picture, or the picture is too large.
    """
    try:
        data = base64.b64decode(data_uri.partition(";base64,")[2], validate=True)
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise ApiError(400, "The image is too large", param="messages", code="image_size")
            image.load()
    except (ValueError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ApiError(
            400, "The image could not be read", param="messages", code="invalid_image"
        ) from error
    return data


def reduced(source: bytes) -> bytes:
    """Return a picture upright and no larger than the painter needs, as PNG."""
    with Image.open(io.BytesIO(source)) as image:
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    upright.thumbnail(_WORKING_SIZE)
    return _png(upright)


def data_uri(png: bytes) -> str:
    """Return a picture as a data URI."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _film_frame(
    prompt: str, ratio: str, variant: int, time: float
) -> tuple[bytes, tuple[int, int]]:
    image = paint(prompt, ratio=ratio, variant=variant, long_side=_FILM_LONG_SIDE, time=time)
    output = io.BytesIO()
    image.convert("RGB").save(output, "WEBP", quality=75, method=2)
    return output.getvalue(), image.size


def _png(image: Image.Image) -> bytes:
    output = io.BytesIO()
    # A third of the time of level 6, for a file that is a fifteenth larger.
    image.save(output, "PNG", compress_level=3)
    return output.getvalue()
