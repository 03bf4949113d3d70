"""A contact sheet: small pictures side by side, with their prompts."""

from ..generation import Status
from ..generation.gallery import Cell, Gallery
from ..media.audios import GeneratedAudio
from ..media.images import GeneratedImage
from ..text import one_line
from . import words
from .figures import picture
from .html import Html, joined, tag
from .sounds import player
from .style import LINE, MUTED, RADIUS, SURFACE, grid, page

_LONGEST_PROMPT = 90
_LONGEST_TEXT = 240
_COLUMN = 160


def gallery_html(gallery: Gallery) -> Html:
    """The gallery as HTML, with as many columns as fit unless a number is set."""
    several = len({cell.generation.model for cell in gallery.cells}) > 1
    cells = [_cell(cell, with_model=several) for cell in gallery.cells]
    if gallery.columns:
        columns = f"repeat({gallery.columns},minmax(0,1fr))"
        style = f"display:grid;grid-template-columns:{columns};gap:14px 12px;align-items:start"
        sheet = tag("div", *cells, style=style)
    else:
        sheet = grid(*cells, column=_COLUMN, at_least=2)
    return page(sheet, tag("div", _more(gallery), style=f"margin:10px 0 0;{MUTED}"), wide=True)


def gallery_text(gallery: Gallery) -> str:
    """The gallery as plain text, with two lines for each result."""
    rows = [_line(cell) for cell in gallery.cells]
    return "\n".join([*rows, _more(gallery)])


def _cell(cell: Cell, *, with_model: bool) -> Html:
    generation = cell.generation
    facts = " · ".join(_facts(cell, with_model=with_model))
    # A path would take four lines; the plain text and the picture's `path` have it.
    place = words.picture(cell.media) if cell.media else None
    caption = tag(
        "figcaption",
        tag("div", one_line(generation.prompt, _LONGEST_PROMPT), title=_title(cell)),
        tag("div", facts, title=place, style=f"font-size:12px;{MUTED}"),
        style="margin:4px 0 0;text-align:left",
    )
    return tag("figure", _shown(cell), caption, style="margin:0;min-width:0")


def _shown(cell: Cell) -> Html:
    generation, thumbnail = cell.generation, cell.thumbnail
    if isinstance(cell.media, GeneratedAudio) and cell.media.path:
        # From the files alone: a hundred embedded sounds would be 50 MB.
        return joined(player(cell.media.on_disk()))
    if thumbnail:
        alt = cell.media.alt if cell.media else generation.prompt
        return picture(thumbnail, alt, thumbnail.width)
    if generation.status is not Status.COMPLETE:
        said = generation.error or str(generation.status)
    elif cell.media is None:
        said = generation.answer or "The answer is empty."
    else:
        said = words.picture(cell.media)
    box = f"box-sizing:border-box;padding:8px 10px;border:1px solid {LINE};{RADIUS}"
    return tag(
        "div", one_line(said, _LONGEST_TEXT),
        style=f"{box};background:{SURFACE};min-height:96px;overflow:hidden",
    )  # fmt: skip


def _facts(cell: Cell, *, with_model: bool) -> list[str]:
    generation = cell.generation
    facts = [f"{cell.number:,}"]
    facts += [one_line(generation.model, 60)] if with_model else []
    facts += words.labels(generation)
    if generation.status is not Status.COMPLETE:
        facts.append(f"✗ {words.stage(generation)}")
    elif isinstance(cell.media, GeneratedImage) and cell.media.width:
        facts.append(f"{cell.media.width} × {cell.media.height}")
    return facts


def _line(cell: Cell) -> str:
    generation = cell.generation
    head = f"{cell.number}. {one_line(generation.prompt, _LONGEST_PROMPT)}"
    if generation.status is not Status.COMPLETE:
        return f"{head}\n   {words.stage(generation)}: {one_line(generation.error or '', 200)}"
    said = words.picture(cell.media) if cell.media else one_line(generation.answer, 200)
    return f"{head}\n   {said}"


def _title(cell: Cell) -> str | None:
    """The whole prompt as a tooltip, if the caption is cut."""
    prompt = cell.generation.prompt
    return one_line(prompt, 600) if len(prompt) > _LONGEST_PROMPT else None


def _more(gallery: Gallery) -> str:
    if not gallery.cells:
        return "There is nothing to show."
    failed = {
        cell.number for cell in gallery.cells if cell.generation.status is not Status.COMPLETE
    }
    shown = f"The first {len(gallery.cells)} of {gallery.total:,} are shown"
    parts = (
        [shown] if gallery.total > len(gallery.cells) else [words.count(gallery.total, "result")]
    )
    parts += [f"{len(failed)} of these not complete"] if failed else []
    return ", ".join(parts) + "."


def gallery_bundle(gallery: Gallery) -> dict[str, str]:
    """The gallery as a MIME bundle."""
    return {"text/html": gallery_html(gallery), "text/plain": gallery_text(gallery)}
