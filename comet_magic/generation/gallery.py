"""A contact sheet of many generations, as one value that displays itself."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ..hooks import Displayed
from ..media.images import GeneratedImage
from ..media.kinds import Media
from ..media.pixels import Preview
from ..media.sniffing import MediaError
from ..media.videos import GeneratedVideo
from . import Generation

# A notebook stores what it shows: a hundred small pictures take 2 MB.
MOST_SHOWN = 100
PIXELS = 320


@dataclass(frozen=True, slots=True)
class Cell:
    """One place in a gallery.

    Attributes:
        generation: The generation shown here.
        number: The number of the generation in the gallery, from 1.
        thumbnail: A small copy of the picture, or of the video's poster; None without either.
        media: The picture, video or sound; None for a text, or if nothing was made.
    """

    generation: Generation
    number: int
    thumbnail: Preview | None = None
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class Gallery(Displayed):
    """Small pictures of many generations, with their prompts and errors.

    Attributes:
        cells: The first places, at most `MOST_SHOWN`.
        total: The number of places of all generations.
        columns: The number of columns; None for as many as fit.
    """

    cells: tuple[Cell, ...] = field(repr=False)
    total: int
    columns: int | None = None


def grid(generations: Iterable[Generation], columns: int | None = None) -> Gallery:
    """A gallery that displays itself: the pictures, videos and sounds of many generations.

    A generation without any of them has a place, too, with its text or its error.

    Args:
        generations: Any iterable; all of it is read, and the first 100 places are shown.
        columns: The number of columns, 1 to 12; by default as many as fit.

    Raises:
        TypeError: An item is no `Generation`, or `columns` is no whole number.
        ValueError: `columns` is out of range.
    """
    if columns is not None and (isinstance(columns, bool) or not isinstance(columns, int)):
        raise TypeError(f"columns must be a whole number from 1 to 12, not {columns!r}")
    if columns is not None and not 1 <= columns <= 12:
        raise ValueError(f"columns must be a whole number from 1 to 12, not {columns}")
    places: list[Cell] = []
    total = 0
    for number, generation in enumerate(generations, 1):
        if not isinstance(generation, Generation):
            raise TypeError(f"a grid shows Generations, not {type(generation).__name__}")
        media: tuple[Media | None, ...] = generation.media or (None,)
        total += len(media)
        room = MOST_SHOWN - len(places)
        places += [Cell(generation, number, media=item) for item in media[:room]]
    with ThreadPoolExecutor(max_workers=4) as workers:
        cells = tuple(workers.map(_with_thumbnail, places))
    return Gallery(cells, total, columns)


def _with_thumbnail(cell: Cell) -> Cell:
    return Cell(cell.generation, cell.number, thumbnail(cell.media), cell.media)


def thumbnail(media: Media | None, pixels: int = PIXELS) -> Preview | None:
    """A small copy of a picture or of a video's poster; None if there is none to read."""
    image = media.poster if isinstance(media, GeneratedVideo) else media
    if not isinstance(image, GeneratedImage):
        return None
    try:
        data = image.preview.data if image.preview else image.read()
        # This waits until there is room for its pixels.
        return image.with_data(data, preview_pixels=pixels).preview if data else None
    except (OSError, MediaError, MemoryError):
        return None  # only its link is known
