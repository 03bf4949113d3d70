"""What the form of a panel asks for, and the same as a `%%comet` cell."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from ...families.parameters import SYSTEM
from ...generation import Generation
from ...inputs import Inputs, Named, read_images
from ...render.words import shown_path
from ..options import CELL_WORDS

# The shapes that models know, with what they are called.
RATIOS = {"1:1": "square", "3:2": "landscape", "2:3": "portrait", "16:9": "wide"}
_WORDS = {SYSTEM.name: SYSTEM, **CELL_WORDS}
_CANNOT = "which the first line of a cell cannot say"
_RATIO = re.compile(r"[,;]?\s*\b(?:1:1|3:2|2:3|16:9)\s*$")


@dataclass(frozen=True, slots=True)
class InputPicture:
    """A picture that goes with a prompt, encoded once.

    Attributes:
        name: The name of its file.
        path: The path of the file; None if the browser does not tell it.
        inputs: The picture as it is sent.
    """

    name: str
    path: Path | None
    inputs: Inputs

    @classmethod
    def read(cls, name: str, value: Any) -> Self:
        """Encodes whatever `read_images` takes.

        Raises:
            ValueError: It cannot be had or read. Also TypeError.
        """
        return cls(name, getattr(value, "path", None), read_images(Named(name, value)))


@dataclass(frozen=True, slots=True)
class Draft:
    """One request as it was composed.

    Attributes:
        prompt: The prompt, sent unchanged.
        model: The id of the model.
        options: The other options that were set, by `generate`'s names.
        images: The pictures that are sent with the prompt.
        history: The generation that it continues; None for a new conversation.
    """

    prompt: str
    model: str
    options: Mapping[str, Any] = field(default_factory=dict)
    images: tuple[InputPicture, ...] = ()
    history: Generation | None = None


def with_ratio(prompt: str, ratio: str) -> str:
    """`prompt` with the ratio at its end, in place of one that stands there.

    >>> with_ratio("A boat, 1:1", "3:2")
    'A boat, 3:2'
    """
    return f"{_RATIO.sub('', prompt).rstrip()}, {ratio}".removeprefix(", ")


def as_cell(draft: Draft) -> str:
    """The `%%comet` cell that sends the same request.

    Raises:
        ValueError: No cell can hold it; the text says why.
    """
    if draft.model.startswith("-"):
        raise ValueError(f"the model begins with a dash, {_CANNOT}")
    words = ["%%comet", _written("the model", draft.model)]
    for image in draft.images:
        words += _option("--image", shown_path(image.path) if image.path else image.name)
    if draft.history is not None:
        words.append("--continue")
    for name, value in draft.options.items():
        word = _WORDS[name]
        flag = word.flags[-1]
        if word.kind.name == "flag":
            words += [] if value == word.default else [flag]
            continue
        for each in value if isinstance(value, list) else [value]:
            words += _option(flag, each if isinstance(each, str) else json.dumps(each))
    if {"{", "}"} & {*draft.prompt, *draft.options.get("system", "")}:
        words.append("--raw")
    # The magic takes one line end away, and adds none.
    end = "\n" if draft.prompt.endswith("\n") else ""
    return f"{' '.join(words)}\n{draft.prompt}{end}"


def missing_files(draft: Draft) -> list[str]:
    """The pictures that the cell finds only if their files are put beside the notebook."""
    return [image.name for image in draft.images if not image.path]


def _option(name: str, value: str) -> list[str]:
    written = _written(name, value)
    if not value.startswith("-"):
        return [name, written]
    # argparse takes a value that begins with a dash for an option, unless it follows a `=`.
    if re.search(r"\s", value):
        raise ValueError(f"{name} begins with a dash and has spaces, {_CANNOT}")
    return [f"{name}={written}"]


def _written(what: str, value: str) -> str:
    """`value` as one word of the first line."""
    if value and not re.search(r"[\s'\"]", value):
        return value
    if len(f"{value}.".splitlines()) > 1:
        raise ValueError(f"{what} has several lines, {_CANNOT}")
    for quote in "\"'":
        if quote not in value:
            return quote + value + quote
    raise ValueError(f"{what} has both kinds of quotes, {_CANNOT}")
