"""A card: one of several generations side by side, with model, stage, answer and usage."""

from dataclasses import replace
from functools import lru_cache

from ..generation import Generation
from ..media.images import GeneratedImage
from ..media.pixels import Preview, decode, make_preview
from . import parts, words
from .figures import figures, player
from .html import Html, tag
from .sounds import sound_figure
from .style import LINE, RADIUS

# The long side of a picture in a frame, in pixels: about 15 kB.
_SMALL = 320


def running(generation: Generation) -> Html:
    """The card of a running generation."""
    return _card(parts.live(generation, narrow=True))


def ended(generation: Generation, *, small: bool = False) -> Html:
    """The card of a generation that has ended, with the reason if it failed.

    Args:
        generation: A generation that has ended.
        small: Whether to show only a small copy of the first picture: for a frame, which the next
            frame replaces.
    """
    images = tuple(map(_made_small, generation.images[:1])) if small else generation.images
    return _card(
        figures(images, narrow=True) if images else None,
        *(player(video) for video in words.shown(generation.videos) if not small),
        *(sound_figure(sound) for sound in words.shown(generation.audios) if not small),
        parts.summary(generation, reason=True),
    )


def _made_small(image: GeneratedImage) -> GeneratedImage:
    return replace(image, preview=_shrunk(image.preview)) if image.preview else image


@lru_cache(maxsize=16)
def _shrunk(preview: Preview) -> Preview:
    return make_preview(decode(preview.data)[0], _SMALL)


def _card(*content: Html | None) -> Html:
    style = f"padding:10px 12px;border:1px solid {LINE};{RADIUS}"
    return tag("section", *content, style=style)
