"""Moves base64 in a text to files, and back: the text is the same to the last character."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from typing import Any

from ..media.sniffing import extension, media_type_of

# Shorter ones do not spoil a diff. The lookbehind keeps the time linear: without it a run that is
# a little too short would be tried again from each of its characters.
_RUN = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{1000,}={0,2}")

Folded = str | list[str | dict[str, str]]


def file_name(data: bytes) -> str:
    """The name of the file that holds `data`; the same content has the same name."""
    return hashlib.sha256(data).hexdigest()[:32] + extension(media_type_of(data))


def fold(text: str, keep: Callable[[bytes], str] = file_name) -> Folded:
    """`text`, or a list of its pieces if it contains long base64.

    Args:
        text: Any text.
        keep: Stores the bytes that the base64 stands for; returns the name of their file.
    """
    pieces: list[str | dict[str, str]] = []
    place = 0
    for match in _RUN.finditer(text):
        data, used = _decoded(match[0])
        pieces += [text[place : match.start()], {"base64_of": keep(data)}]
        place = match.start() + used
    return [piece for piece in (*pieces, text[place:]) if piece] if pieces else text


def unfold(folded: Folded, load: Callable[[str], bytes]) -> str:
    """The text that was passed to `fold`; `load` returns the bytes of a file."""
    if isinstance(folded, str):
        return folded
    return "".join(
        piece if isinstance(piece, str) else base64.b64encode(load(piece["base64_of"])).decode()
        for piece in folded
    )


def fold_all(value: Any, keep: Callable[[bytes], str] = file_name) -> Any:
    """A JSON value with every text in it folded."""
    if isinstance(value, str):
        return fold(value, keep)
    if isinstance(value, list):
        return [fold_all(item, keep) for item in value]
    if isinstance(value, dict):
        return {name: fold_all(item, keep) for name, item in value.items()}
    return value


def _decoded(run: str) -> tuple[bytes, int]:
    """The bytes of a run, and how many of its characters they encode exactly."""
    try:
        data = base64.b64decode(run, validate=True)
        if base64.b64encode(data).decode() == run:
            return data, len(run)
    except binascii.Error:
        pass
    whole = len(run.rstrip("=")) // 4 * 4
    return base64.b64decode(run[:whole]), whole
