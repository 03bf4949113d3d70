"""Resolves `-i REF` to a variable, a link or a file, and completes it."""

import difflib
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from ..inputs import Named, is_picture
from ..interpolate import look_up

_VARIABLE = re.compile(r"([^\W\d]\w*)((?:\.[^\W\d]\w*|\[[^\[\]]+\])*)")
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".bmp", ".tif", ".tiff")
_MOST_SEEN = 10_000
_MOST_OFFERED = 200


def resolve(word: str, namespace: Mapping[str, Any]) -> Any:
    """The value that `word` names, for `read_images`; a variable takes precedence over a file.

    Args:
        word: `name`, `name.attr`, `name[key]` and so on; a link; or a path.
        namespace: The user's variables.

    Raises:
        ValueError: `word` names nothing, and a variable has a similar name.
    """
    match = _VARIABLE.fullmatch(word)
    if not match or _exists(word):
        is_variable = match and not match[2] and word in namespace
        return Named(word, namespace[word]) if is_variable else word
    try:
        return Named(word, look_up(namespace, *match.groups()))
    except LookupError as error:
        if match[1] in namespace:
            raise ValueError(f"image {word}: {match[1]} has no {error.args[0]}") from error
    known = [name for name in namespace if is_picture(namespace[name])]
    close = difflib.get_close_matches(word, known, n=1)
    if close:
        raise ValueError(
            f"image {word}: no variable and no file has this name; did you mean {close[0]}?"
        )
    return word


def offered(beginning: str, namespace: Mapping[str, Any]) -> list[str]:
    """Names with this `beginning`: variables with pictures, then picture files and folders."""
    names = [
        name
        for name, value in list(namespace.items())
        if name.startswith(beginning) and (beginning or name[0] != "_") and is_picture(value)
    ]
    return [*sorted(names), *sorted(_files(beginning))][:_MOST_OFFERED]


def _files(beginning: str) -> Iterator[str]:
    folder, slash, name = beginning.rpartition("/")
    try:
        for path in islice(Path(folder + slash).expanduser().iterdir(), _MOST_SEEN):
            if not path.name.startswith(name) or (path.name[0] == "." and not name):
                continue
            typed = f"{folder}{slash}{path.name}"
            if path.is_dir():
                yield f"{typed}/"
            elif path.suffix.lower() in _PICTURES:
                yield f'"{typed}"' if " " in typed else typed
    except (OSError, RuntimeError):
        return


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError:  # the name is too long
        return False
