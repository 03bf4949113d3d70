"""Sounds: a player with a caption, or where a sound cannot be played its link."""

from urllib.parse import quote

from ..media.addresses import data_uri, short_url
from ..media.audios import MOST_EMBEDDED, GeneratedAudio
from ..text import one_line
from . import words
from .figures import absent, captioned
from .html import Html, link, tag
from .style import WIDEST

# Of the spoken text, which can have thousands of characters.
_LONGEST_TITLE = 200


def sound_figure(sound: GeneratedAudio) -> Html:
    """A sound with its player and caption; its link where there is nothing to play."""
    return captioned(player(sound) or absent(sound), sound, WIDEST)


def player(sound: GeneratedAudio) -> Html | None:
    """The player alone; None if there is nothing that a page could play.

    A small sound is embedded: it plays wherever the notebook is opened. A large one plays from
    the saved file, as a video does.

    Args:
        sound: Of any state; a file is not read here.
    """
    source = None
    if sound.data is not None and len(sound.data) <= MOST_EMBEDDED:
        source = data_uri(sound.media_type, sound.data)
    elif sound.path is not None:
        source = quote(words.shown_path(sound.path))
    return playing(sound, source) if source else None


def playing(sound: GeneratedAudio, source: str) -> Html:
    """A player of `source`, with the link for browsers that have none."""
    saved = f" It is saved as {words.shown_path(sound.path)}." if sound.path else ""
    return tag(
        "audio",
        f"This page cannot play the sound.{saved} ",
        link(short_url(sound.url), sound.url),
        src=source, controls="", preload="metadata", title=one_line(sound.alt, _LONGEST_TITLE),
        style=f"display:block;width:{WIDEST}px;max-width:100%",
    )  # fmt: skip
