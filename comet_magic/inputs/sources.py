"""Reads pictures from files, links, bytes, and values of other libraries."""

import io
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from PIL import Image

from ..generation import Generation
from ..media.addresses import data_uri, data_uri_bytes, is_data_uri, short_url
from ..media.images import GeneratedImage
from ..media.media_file import file_size
from ..media.pixels import FORMATS, check_pixels, open_picture
from ..media.sniffing import MediaError
from ..text import one_line
from .encoding import Encoded, encode
from .files import open_file
from .foreign import errors_explained, figure_as_png, from_array, is_array, is_figure

# Base64 of all new pictures of a request; earlier turns may have as much. Anthropic's models
# accept 32 MB in all, OpenAI's 50 MB.
MOST_TOTAL = 20_000_000
_FORMATS = (*FORMATS, "TIFF")
_READ = "PNG, JPEG, WebP, GIF, AVIF, BMP and TIFF are read"
_TAKEN = (
    "a path, an http(s) link, a data URI, bytes, a PIL image, an array, a matplotlib figure, "
    "a GeneratedImage or a Generation"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A picture with the name that the user knows it by.

    Attributes:
        name: The name for notes and errors.
        value: Anything that `read_images` accepts.
    """

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Inputs:
    """The pictures of one request.

    Attributes:
        urls: A link or a data URI for each picture, in order.
        notes: A line for each picture: its name, its size as sent, and what was changed.
    """

    urls: tuple[str, ...] = field(repr=False)
    notes: tuple[str, ...]


def read_images(images: Any) -> Inputs:
    """Reads pictures and encodes them for a request. Links are sent as links.

    Args:
        images: One picture, or a list or tuple of pictures; None for none. A picture is a path,
            an http(s) link, a data URI, bytes, a PIL image, an array (of uint8, bool, or floats
            from 0 to 1; height × width, × 3 or × 4), a matplotlib figure, a `GeneratedImage`, or
            a `Generation`, which stands for all of its images. `Inputs` are returned unchanged.

    Raises:
        ValueError: A picture cannot be read, or they are too large together.
        TypeError: A value is no picture.
    """
    if isinstance(images, Inputs):
        return images
    urls: list[str] = []
    notes: list[str] = []
    total = 0
    for number, (name, value) in enumerate(_each(images, ""), 1):
        shown = one_line(name, 60)
        try:
            found = _picture(value)
            url = found if isinstance(found, str) else data_uri(found.media_type, found.data)
            total += len(url)
            _check_total(total)
        except (ValueError, TypeError) as error:
            kind = TypeError if isinstance(error, TypeError) else ValueError
            raise kind(f"image {shown or number}: {one_line(str(error))}") from error
        urls.append(url)
        notes.append(f"with {shown or f'image {number}'}, {_described(found)}")
    return Inputs(tuple(urls), tuple(notes))


def combined(parts: Iterable[Inputs]) -> Inputs:
    """All pictures of several `Inputs`, for one request.

    Raises:
        ValueError: They are too large together.
    """
    parts = list(parts)
    urls = [url for part in parts for url in part.urls]
    _check_total(sum(map(len, urls)))
    return Inputs(tuple(urls), tuple(note for part in parts for note in part.notes))


def _check_total(size: int) -> None:
    if size > MOST_TOTAL:
        raise ValueError(f"with it the pictures have {size / 1e6:.1f} of {MOST_TOTAL / 1e6:g} MB")


def is_picture(value: Any) -> bool:
    """Whether a variable holds a picture; a text never does, though it may name a file."""
    if isinstance(value, GeneratedImage | Image.Image | bytes):
        return True
    if isinstance(value, Generation):
        return bool(value.images)
    # This sees every variable of the user; some have any attribute, and some raise.
    with suppress(Exception):
        return is_figure(value) or (is_array(value) and len(value.shape) in (2, 3))
    return False


def _each(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The pictures in `value`, each with its name; the name is empty if there is none."""
    if isinstance(value, Named):
        yield from _each(value.value, value.name)
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _each(item, name and f"{name}[{number}]")
    elif isinstance(value, Generation) and value.images:
        for image in value.images:
            yield name or _name_of(image), image
    elif value is not None or name:
        yield name or _name_of(value), value


def _name_of(value: Any) -> str:
    """The file name or link of a picture; empty for a value that has neither."""
    if isinstance(value, GeneratedImage):
        value = value.path or value.url
    if not isinstance(value, str | os.PathLike) or is_data_uri(str(value)):
        return ""
    return short_url(str(value)) if _is_link(value) else Path(value).name


def _is_link(text: Any) -> bool:
    return str(text)[:8].lower().startswith(("http://", "https://"))


def _picture(value: Any) -> Encoded | str:
    """The encoded picture, or its link."""
    match value:
        case str() | os.PathLike():
            return _from_text(value)
        case bytes() | bytearray() | memoryview():
            return _encoded(io.BytesIO(value))
        case Image.Image():
            return _from_pil(value)
        case GeneratedImage():
            return _from_generated(value)
        case Generation():
            raise ValueError(f"the generation is {value.status} and has no picture")
    if is_array(value):
        return _from_pil(from_array(value))
    if is_figure(value):
        return _encoded(figure_as_png(value))
    raise TypeError(f"no picture but a value of type {type(value).__name__}; it can be {_TAKEN}")


def _from_text(value: Any) -> Encoded | str:
    if isinstance(value, str) and _is_link(value):
        if not urlsplit(value).hostname or not value.isprintable() or " " in value:
            raise ValueError("the link is malformed")
        return value
    if isinstance(value, str) and is_data_uri(value):
        return _encoded(io.BytesIO(data_uri_bytes(value)))
    with open_file(Path(os.fsdecode(value))) as file:
        return _encoded(file)


def _from_pil(image: Image.Image) -> Encoded:
    check_pixels(image)
    with errors_explained("the picture cannot be read"):
        return encode(image)


def _from_generated(image: GeneratedImage) -> Encoded | str:
    if image.data is not None:
        return _encoded(io.BytesIO(image.data))
    if image.path is not None and image.path.is_file():
        return _from_text(image.path)
    return _from_text(image.url)


def _encoded(file: BinaryIO) -> Encoded:
    try:
        with open_picture(file, _FORMATS) as image:
            return _from_pil(image)
    except MediaError as error:
        is_other = str(error).startswith("no picture")
        raise ValueError(f"{error}; {_READ}" if is_other else str(error)) from error


def _described(found: Encoded | str) -> str:
    if isinstance(found, str):
        return "sent as a link"
    changes = f" ({', '.join(found.changes)})" if found.changes else ""
    return f"{found.width} × {found.height}, {file_size(len(found.data))}{changes}"
