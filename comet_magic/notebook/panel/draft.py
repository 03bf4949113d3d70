"""What the form of a panel asks for, and the same as a `%%comet` cell."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...generation import Generation
from ...inputs import Named
from ...media import GeneratedImage
from ...render.words import shown_path

# The shapes that models know, with what they are called.
RATIOS = {"1:1": "square", "3:2": "landscape", "2:3": "portrait", "16:9": "wide"}
_RATIO = re.compile(r"[,;]?\s*\b(?:1:1|3:2|2:3|16:9)\s*$")


@dataclass(frozen=True, slots=True)
class Draft:
    """One request as it was composed.

    Attributes:
        prompt: Sent as it is.
        model: The id of the model.
        options: What else was set, by `generate`'s names.
        images: That go with the prompt.
        history: The generation that it goes on from; None if it begins anew.
    """

    prompt: str
    model: str
    options: Mapping[str, Any] = field(default_factory=dict)
    images: tuple[Named, ...] = ()
    history: Generation | None = None


def with_ratio(prompt: str, ratio: str) -> str:
    """`prompt` with its shape said at the end, in place of one that was said there before.

    >>> with_ratio("A boat, 1:1", "3:2")
    'A boat, 3:2'
    """
    return f"{_RATIO.sub('', prompt).rstrip()}, {ratio}".removeprefix(", ")


def as_cell(draft: Draft) -> str:
    """The `%%comet` cell that asks the same.

    Raises:
        ValueError: No cell can say it; the text names what.
    """
    words = ["%%comet", _written("the model", draft.model)]
    for image in draft.images:
        words += _option("--image", _reference(image))
    if draft.history is not None:
        words.append("--continue")
    for name, value in draft.options.items():
        if name == "stream":
            words += [] if value else ["--no-stream"]
            continue
        dashes = "-n" if name == "n" else f"--{name.replace('_', '-')}"
        for each in value if isinstance(value, list) else [value]:
            words += _option(dashes, json.dumps(each) if isinstance(each, dict) else str(each))
    if "{" in draft.prompt or "{" in draft.options.get("system", ""):
        words.append("--raw")
    return f"{' '.join(words)}\n{draft.prompt}"


def missing_files(draft: Draft) -> list[str]:
    """The names of pictures that the cell finds only if their files lie beside the notebook."""
    return [image.name for image in draft.images if not _saved(image)]


def _option(name: str, value: str) -> list[str]:
    written = _written(name, value)
    # Where it looks like an option it is one, unless it is joined to its name.
    return [f"{name}={written}"] if written.startswith("-") and name != "-n" else [name, written]


def _written(what: str, value: str) -> str:
    """`value` as one word of the first line."""
    if value and not re.search(r"[\s'\"]", value):
        return value
    if "\n" in value or "\r" in value:
        raise ValueError(f"{what} has several lines, which the first line of a cell cannot say")
    for quote in "\"'":
        if quote not in value:
            return quote + value + quote
    raise ValueError(f"{what} has both kinds of quotes, which the first line of a cell cannot say")


def _reference(image: Named) -> str:
    saved = _saved(image)
    return shown_path(saved.path) if saved and saved.path else image.name


def _saved(image: Named) -> GeneratedImage | None:
    value = image.value
    return value if isinstance(value, GeneratedImage) and value.path else None
