"""What an answer says, whatever family it came from. A generation is built from these facts.

One of them is made for every token, so they are not frozen: that takes four times as long.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..media.medium import Medium
from ..wire.failure import Failure
from ..wire.usage import Usage


class Stage(StrEnum):
    """How far the provider says that the work is."""

    QUEUED = "queued"
    GENERATING = "generating"
    COMPLETE = "complete"
    FAILED = "failed"


@dataclass(slots=True)
class Origin:
    """The answer's own id and the model that wrote it; empty where it does not say."""

    id: str = ""
    model: str = ""


@dataclass(slots=True)
class Grown:
    """The answer grew by a piece of text, or by something else that `look` reads.

    Attributes:
        text: The piece as it came; may be empty.
        choice: Which choice, from 0. So in all facts below.
    """

    text: str = ""
    choice: int = 0


@dataclass(slots=True)
class Text:
    """The text of a choice by now; it replaces what an earlier fact said.

    Attributes:
        text: As received, whole.
        answer: The model's own words in it, as Markdown.
    """

    text: str
    answer: str
    choice: int = 0


@dataclass(slots=True)
class Details:
    """What a choice says of itself by now; it replaces what an earlier fact said.

    Attributes:
        parameters: A block of parameters, parsed; empty if there is none.
        ratio: For example `3:2`; None if not given.
        gen_ids: Of the finished pictures, as the provider names them.
    """

    parameters: Mapping[str, Any] = field(default_factory=dict)
    ratio: str | None = None
    gen_ids: tuple[str, ...] = ()
    choice: int = 0


@dataclass(slots=True)
class Staged:
    """The work has reached a stage."""

    stage: Stage
    choice: int = 0


@dataclass(slots=True)
class Percent:
    """A percentage that was received, 0 to 100."""

    value: int
    choice: int = 0


@dataclass(slots=True)
class Revised:
    """The prompt as the model rewrote it."""

    prompt: str
    choice: int = 0


@dataclass(slots=True)
class TaskId:
    """The id of the work at the provider."""

    id: str
    choice: int = 0


@dataclass(slots=True)
class Made:
    """A picture, video or sound was made.

    Attributes:
        medium: What it is.
        url: Its link or data URI; empty if its bytes came instead.
        data: Its bytes; None if there is only a link.
        poster: The link of a still picture of a video; empty if there is none.
    """

    medium: Medium
    url: str = ""
    data: bytes | None = field(default=None, repr=False)
    poster: str = ""
    choice: int = 0


@dataclass(slots=True)
class Used:
    """What the request used, as received; the last one counts."""

    usage: Usage


@dataclass(slots=True)
class Finished:
    """A choice came to its end; more text may follow nevertheless.

    Attributes:
        reason: In the endpoint's words: `stop`, `length` …; None if it gave none.
    """

    reason: str | None
    choice: int = 0


@dataclass(slots=True)
class Failed:
    """The answer is whole, but what was asked for was not made.

    Attributes:
        reason: Why, in words.
    """

    reason: str
    choice: int = 0


@dataclass(slots=True)
class SentError:
    """The endpoint sent an error in place of an answer, or in the middle of one."""

    failure: Failure


@dataclass(slots=True)
class Done:
    """The endpoint marked the end of its answer: nothing follows."""


Fact = (
    Origin | Grown | Text | Details | Staged | Percent | Revised | TaskId | Made | Used | Finished
    | Failed | SentError | Done
)  # fmt: skip


@dataclass(slots=True)
class Mention:
    """What only an inspection shows: the kind of a detail and its words.

    Attributes:
        kind: `parameters`, `stage`, `progress`, `id`, `image`, `preview`, `reason` …
        text: What it says.
    """

    kind: str
    text: str
    choice: int = 0
