"""Many generations as one value that displays itself: a contact sheet."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ..hooks import Displayed
from ..media.images import GeneratedImage, GeneratedVideo, Media
from ..media.pixels import MediaError, Preview, make_preview
from . import Generation

# A notebook holds what it shows: a hundred small pictures are 2 MB of it.
MOST_SHOWN = 100
PIXELS = 320


@dataclass(frozen=True, slots=True)
class Cell:
    """One place in a gallery.

    Attributes:
        generation: That is shown here.
        number: Of the generation, from 1.
        thumbnail: Of its picture, or of the poster of its video; None if there is none.
        media: The picture or video; None for text, and where nothing was made.
    """

    generation: Generation
    number: int
    thumbnail: Preview | None = None
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class Gallery(Displayed):
    """The first pictures of many generations, small, with their prompts and what failed.

    Attributes:
        cells: At most `MOST_SHOWN`.
        total: Places that all generations together would take.
        columns: Side by side; None for as many as fit.
    """

    cells: tuple[Cell, ...] = field(repr=False)
    total: int
    columns: int | None = None


def grid(generations: Iterable[Generation], columns: int | None = None) -> Gallery:
    """A gallery of `generations`, which displays itself: a picture each, or what went wrong.

    Args:
        generations: Any iterable of them; all of it is read, and the first 100 pictures are shown.
        columns: Side by side, 1 to 12; by default as many as fit.

    Raises:
        TypeError: Something in it is no `Generation`, or `columns` no whole number.
        ValueError: `columns` is out of its range.
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
        media: list[Media | None] = [*generation.images, *generation.videos]
        media = media or [None]
        total += len(media)
        room = MOST_SHOWN - len(places)
        places += [Cell(generation, number, media=item) for item in media[:room]]
    with ThreadPoolExecutor(max_workers=4) as workers:
        cells = tuple(workers.map(_with_thumbnail, places))
    return Gallery(cells, total, columns)


def _with_thumbnail(cell: Cell) -> Cell:
    return Cell(cell.generation, cell.number, thumbnail(cell.media), cell.media)


def thumbnail(media: Media | None, pixels: int = PIXELS) -> Preview | None:
    """A small copy of a picture, or of the poster of a video; None if there is none to be had."""
    image = media.poster if isinstance(media, GeneratedVideo) else media
    if image is None:
        return None
    try:
        if image.preview:
            image = GeneratedImage(image.url, data=image.preview.data)
        return make_preview(image.to_pil(), pixels)
    except (OSError, ValueError, MediaError):
        return None  # there is only its link
