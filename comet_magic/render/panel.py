"""The HTML of the panel's widgets, its style sheet and its script."""

from collections.abc import Sequence
from pathlib import Path

from ..generation import Generation, Status
from ..generation.gallery import Cell, Gallery
from ..media.addresses import data_uri
from ..media.audios import GeneratedAudio
from ..media.images import GeneratedImage
from ..media.kinds import Media
from ..media.pixels import Preview
from ..media.sniffing import extension
from ..media.videos import GeneratedVideo
from ..text import one_line
from . import parts, words
from .figures import picture
from .gallery import gallery_html
from .html import Content, Html, joined, link, tag
from .markdown import live_markdown, markdown
from .sounds import player, playing

_HERE = Path(__file__)
# The longest caption of a tile, in characters: two lines. The full size shows all of it.
_CAPTION = 200
NOTHING_MADE = "Nothing has been generated with it yet."
# The summary is hidden while the panel is shown, and the fallback of the panel otherwise.
_PINNED_STYLE = """
.jp-OutputArea-child:has(.comet-panel) + .jp-OutputArea-child:has(.comet-pinned),
.jp-OutputArea-child:not(:has(.comet-panel)):has(+ .jp-OutputArea-child .comet-pinned)
{ display: none }
"""


def style_sheet() -> Html:
    """The style sheet of the panel."""
    return tag("style", Html(_HERE.with_suffix(".css").read_text(encoding="utf-8")))


def script() -> Html:
    """The script: keys, the clipboard, downloads, dropped files and the full-size view."""
    return tag("script", Html(_HERE.with_suffix(".js").read_text(encoding="utf-8")))


def disconnected() -> Html:
    """A message that the style sheet shows when the kernel of the panel is gone."""
    return tag(
        "div",
        tag("strong", "Not connected."),
        " The kernel of this panel was restarted or has ended. Run the cell again for a new panel;"
        " pictures that were saved are still on disk.",
        role="alert",
    )


def cell(text: str, hint: str, known: int) -> Html:
    """The equivalent cell with a button that copies it, or the reason why there is none.

    Args:
        text: The text of the cell; may be empty.
        hint: A note about it; may be empty.
        known: A checksum that tells the script which values of the fields the kernel has.
    """
    shown = None
    if text:
        copy = tag("button", "Copy", type="button", _class="comet-copy", title="Copy the cell")
        code = tag("pre", text, tabindex=0, aria_label="The equivalent cell")
        shown = tag("div", copy, code, _class="comet-cell")
    return tag("div", shown, note(hint), data_known=known)


def answered(presses: int) -> Html:
    """Tells the script how many presses the kernel has handled."""
    return tag("div", data_answered=presses)


def problem(text: str) -> Html:
    """An error message."""
    return tag("div", text, role="alert", _class="comet-problem") if text else Html()


def note(text: str) -> Html:
    """A line of information."""
    return tag("div", text, _class="comet-muted") if text else Html()


def announcement(text: str) -> Html:
    """A hidden text for screen readers. The script makes its widget a live region."""
    return tag("div", text)


def input_picture(preview: Preview | None, name: str, facts: str) -> Html:
    """A picture that is sent with the prompt."""
    shown = picture(preview, name, 56) if preview else None
    words_ = tag("div", tag("div", one_line(name, 60)), tag("div", facts, _class="comet-muted"))
    return tag("div", shown, words_, _class="comet-input")


def running(generation: Generation, which: str) -> Html:
    """The tile of a running generation.

    Args:
        generation: The running generation, or one of its choices.
        which: `2 of 3`; empty if there is only one.
    """
    head = joined(
        tag("div", tag("strong", one_line(generation.model, 60)), _class="comet-who"),
        tag(
            "div",
            words.stage(generation),
            tag("span", words.seconds(generation.elapsed), _class="comet-clock"),
            _class="comet-stage",
        ),
        parts.bar(generation),
        *(tag("div", line, _class="comet-muted") for line in generation.notes),
    )
    said = generation.revised_prompt or generation.prompt
    if parts.makes_media(generation):
        return joined(tag("div", head, _class="comet-place"), _caption(said, which, " "))
    return joined(
        _prompt(generation, which),
        tag("div", live_markdown(generation.answer), _class="comet-prose"),
        head,
    )


def ended(cell: Cell, which: str) -> Html:
    """A tile at its end: the picture, a player, the text, or what went wrong."""
    generation, media = cell.generation, cell.media
    facts = _facts(generation, media, which)
    if media is None and generation.status is Status.COMPLETE:
        return joined(
            _prompt(generation, which),
            tag("div", markdown(generation.answer), _class="comet-prose"),
            _lines(generation.notes),
            tag("div", facts, _class="comet-muted"),
        )
    if cell.thumbnail:
        shown = _image(cell.thumbnail, media.alt if media else generation.prompt)
    elif isinstance(media, GeneratedAudio) and media.data and (sound := player(media)):
        shown = sound
    elif media:
        absent = joined(words.picture(media), " ", link("Open its link", media.url))
        shown = tag("div", absent, _class="comet-said")
    else:
        shown = tag(
            "div",
            tag("strong", f"{parts.SYMBOLS.get(generation.status, '')} {words.stage(generation)}"),
            tag("div", generation.error or ""),
            None if words.is_reason_alone(generation) else markdown(generation.answer),
            _class="comet-said", tabindex=0, role="group", aria_label="What went wrong",
        )  # fmt: skip
    said = media.alt if media else generation.prompt
    return joined(
        tag("div", shown, _class="comet-place"),
        _caption(said, which, facts),
        _lines(generation.notes),
        None if generation.status is Status.COMPLETE or media is None else parts.error(generation),
    )


def full(generation: Generation, media: Media | None, said: str) -> Html:
    """A picture, video or sound in full size, with all that is known of it.

    Args:
        generation: That made it.
        media: With its bytes; None if they cannot be had.
        said: What is to be known about it; may be empty.
    """
    if media is None:
        return problem(said)
    source = data_uri(media.media_type, media.data or b"")
    if isinstance(media, GeneratedVideo):
        shown = tag("video", src=source, controls="", title=media.alt)
    elif isinstance(media, GeneratedAudio):
        shown = playing(media, source)
    else:
        shown = tag("img", src=source, alt=media.alt)
    return joined(
        tag("div", shown, _class="comet-large"),
        tag("div", media.alt, _class="comet-words"),
        tag("div", words.picture(media), _class="comet-muted"),
        note(said),
        parts.usage(generation),
    )


def download(media: Media) -> Html:
    """A link that holds the file; the script follows it at once."""
    name, source = file_name(media), data_uri(media.media_type, media.data or b"")
    return tag("a", f"Download {name}", href=source, download=name, _class="comet-file")


def file_name(media: Media) -> str:
    """What a downloaded file is called."""
    return media.path.name if media.path else f"{media.noun}{extension(media.media_type)}"


def pinned(gallery: Gallery | None, total: int) -> Html:
    """The results as the saved notebook shows them in place of the panel.

    Args:
        gallery: The newest results; None if there are none.
        total: The number of all results.
    """
    style = tag("style", Html(_PINNED_STYLE))
    if gallery is None:
        return tag("div", style, f"A panel of comet_magic. {NOTHING_MADE}", _class="comet-pinned")
    shown = len(gallery.cells)
    newest = f", the newest {shown} of {total:,} results" if total > shown else ""
    head = tag("div", f"Made with a panel of comet_magic{newest}:", style="margin:0 0 8px")
    return tag("div", style, head, gallery_html(gallery), _class="comet-pinned")


def _image(preview: Preview, alt: str) -> Html:
    return picture(preview, alt, preview.width)


def _caption(text: str, which: str, facts: str) -> Html:
    line = one_line(text, _CAPTION)
    return tag(
        "div",
        tag("div", f"{which} · {line}" if which else line, _class="comet-caption", title=text),
        tag("div", facts, _class="comet-muted comet-facts", title=facts),
        _class="comet-label",
    )


def _prompt(generation: Generation, which: str) -> Html:
    line = one_line(generation.prompt, 600)
    return tag("div", f"{which} · {line}" if which else line, _class="comet-asked")


def _facts(generation: Generation, media: Media | None, which: str) -> str:
    found: list[str] = []
    if isinstance(media, GeneratedImage) and media.width:
        found.append(f"{media.width} × {media.height}")
    elif media and not isinstance(media, GeneratedImage):
        found.append(media.noun)
    found += words.labels(generation)
    if generation.usage and generation.usage.total_tokens is not None:
        found.append(f"{generation.usage.total_tokens:,} tokens{' in all' if which else ''}")
    if generation.cost is not None:
        found.append(words.cost(generation))
    # The model comes last, because a narrow tile cuts off the end.
    return " · ".join([*found, words.seconds(generation.elapsed), one_line(generation.model, 40)])


def _lines(texts: Sequence[str]) -> Html | None:
    rows: list[Content] = [tag("div", f"Note: {text}") for text in texts]
    return tag("div", *rows, _class="comet-muted") if rows else None
