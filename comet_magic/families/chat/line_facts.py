"""What a line of a transcript can say."""

from dataclasses import dataclass
from typing import Any

from .links import Link
from .stages import Stage


@dataclass(frozen=True, slots=True)
class Block:
    """The block of parameters, as parsed."""

    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Progress:
    """One percentage, 0 to 100."""

    percent: int


@dataclass(frozen=True, slots=True)
class Identifier:
    """An id line: `name` is `id`, `task id`, `gen_id` …"""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A line of the model's own text, links to its results taken out."""

    line: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the generation failed, in the transcript's words."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A quoted line that belongs to the protocol but says nothing that is used."""

    text: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A block of parameters that is still being written."""

    text: str


Fact = Block | Progress | Identifier | Prose | Reason | Note | Unfinished | Stage | Link
