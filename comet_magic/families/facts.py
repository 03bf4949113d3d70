"""Facts: the parts of an answer, the same for all families. A generation is built from them.

They are not frozen, because one is created for every token and a frozen one takes four times as
long.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..media.medium import Medium
from ..wire.failure import Failure
from ..wire.usage import Usage


class Stage(StrEnum):
    """The progress of the work, as the provider reports it."""

    QUEUED = "queued"
    GENERATING = "generating"
    COMPLETE = "complete"
    FAILED = "failed"


@dataclass(slots=True)
class Origin:
    """The id of the answer and the model that wrote it; each is empty if not given."""

    id: str = ""
    model: str = ""


@dataclass(slots=True)
class Grown:
    """The answer grew by a piece of text, or by something else that `look` parses.

    Attributes:
        text: The piece as received; may be empty.
        choice: The number of the choice, from 0; the same in all facts below.
    """

    text: str = ""
    choice: int = 0


@dataclass(slots=True)
class Text:
    """The text of a choice so far. It replaces an earlier `Text`.

    Attributes:
        text: The whole text as received.
        answer: The model's own words in it, as Markdown.
    """

    text: str
    answer: str
    choice: int = 0


@dataclass(slots=True)
class Details:
    """Details of a choice so far. They replace earlier `Details`.

    Attributes:
        parameters: The parsed block of parameters; empty if there is none.
        ratio: The aspect ratio, for example `3:2`; None if not given.
        gen_ids: The provider's ids of the finished pictures.
        medium: What is being made; None leaves it to the id of the model. A model with an unknown
            id counts as a text model until its text shows that it makes pictures or videos.
    """

    parameters: Mapping[str, Any] = field(default_factory=dict)
    ratio: str | None = None
    gen_ids: tuple[str, ...] = ()
    choice: int = 0
    medium: Medium | None = None


@dataclass(slots=True)
class Staged:
    """The work reached a stage."""

    stage: Stage
    choice: int = 0


@dataclass(slots=True)
class Percent:
    """A percentage as received, 0 to 100."""

    value: int
    choice: int = 0


@dataclass(slots=True)
class Revised:
    """The prompt as rewritten by the model."""

    prompt: str
    choice: int = 0


@dataclass(slots=True)
class TaskId:
    """The provider's id of the task."""

    id: str
    choice: int = 0


@dataclass(slots=True)
class Made:
    """A picture, video or sound was made.

    Attributes:
        medium: The kind of result.
        url: Its link or data URI; empty if the answer held the bytes.
        data: Its bytes; None if there is only a link.
        poster: The link of a video's still picture; empty if there is none.
    """

    medium: Medium
    url: str = ""
    data: bytes | None = field(default=None, repr=False)
    poster: str = ""
    choice: int = 0


@dataclass(slots=True)
class Used:
    """The usage as received; see `Usage.after` for several."""

    usage: Usage


@dataclass(slots=True)
class Finished:
    """A choice ended. Some endpoints send more text after it.

    Attributes:
        reason: The endpoint's reason: `stop`, `length` …; None if not given.
        is_last: Whether only usage is expected to follow. It is not if the endpoint sends a reason
            with every chunk.
    """

    reason: str | None
    choice: int = 0
    is_last: bool = field(default=True, compare=False, repr=False)


@dataclass(slots=True)
class Failed:
    """The answer is complete, but the requested result is missing.

    Attributes:
        reason: The cause, in words.
    """

    reason: str
    choice: int = 0


@dataclass(slots=True)
class SentError:
    """The endpoint sent an error instead of an answer, or in the middle of one."""

    failure: Failure


@dataclass(slots=True)
class Done:
    """The endpoint marked the end of its answer; nothing follows."""


Fact = (
    Origin | Grown | Text | Details | Staged | Percent | Revised | TaskId | Made | Used | Finished
    | Failed | SentError | Done
)  # fmt: skip


@dataclass(slots=True)
class Mention:
    """A detail that only an inspection shows.

    Attributes:
        kind: The kind: `parameters`, `stage`, `progress`, `id`, `image`, `preview`, `reason` …
        text: Its content.
    """

    kind: str
    text: str
    choice: int = 0
