"""The facts that a line of a transcript can contain."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from ..facts import Stage
from .links import Link


@dataclass(frozen=True, slots=True)
class Block:
    """The parsed block of parameters."""

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
    """A line of the model's own text, without links to results.

    Attributes:
        is_code: Whether it belongs to a block of code, where no links are looked for and all blank
            lines are kept.
        written: The line with its links, if they only may lead to results; else empty.
        urls: Their addresses.
    """

    line: str
    is_code: bool = False
    written: str = ""
    urls: tuple[str, ...] = ()

    def beside(self, results: frozenset[str]) -> str:
        """Returns the line as it is read beside these results."""
        return self.written if self.urls and results.isdisjoint(self.urls) else self.line


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason of a failure, as the transcript words it."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A quoted line of the protocol without any used content."""

    text: str


@dataclass(frozen=True, slots=True)
class Thinking:
    """The beginning of a block of thoughts, `<think>`, or its end."""

    begins: bool


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A block of parameters that is still being written."""

    text: str


class Sign(Enum):
    """A sign that the text is that of a model which makes pictures or videos.

    Attributes:
        STATUS: A quoted line reports the stage or the progress.
        RESULT: A line holds only results, or says that none could be made.
    """

    STATUS = auto()
    RESULT = auto()


LineFact = (
    Block
    | Progress
    | Identifier
    | Prose
    | Reason
    | Note
    | Thinking
    | Unfinished
    | Stage
    | Link
    | Sign
)
