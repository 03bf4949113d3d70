"""The chunks of a chat completion, as values."""

from dataclasses import dataclass

from ...media.addresses import cleaned
from ...media.inline import inline_address
from ...media.medium import Medium
from ...wire.failure import Failure
from ...wire.usage import Usage


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or video outside the text.

    Attributes:
        url: Its link or data URI as received.
        medium: What the field or the type of the part says that it is; None if it does not say.
    """

    url: str
    medium: Medium | None = None

    def as_meant(self) -> "Attachment":
        """Returns it with an address that can be fetched: some are base64 without a head."""
        return Attachment(inline_address(self.url) or cleaned(self.url), self.medium)


# One is created for every token, and a frozen dataclass takes four times as long.
@dataclass(slots=True)
class ChunkChoice:
    """The part of a chunk that belongs to one choice.

    Attributes:
        index: The number of the choice, from 0.
        text: The new text; may be empty.
        finish_reason: The reason why the choice ended; None while it continues.
        attachments: The pictures and videos outside the text.
        whole: Whether `text` is a complete `message` instead of a `delta`.
        remarks: What is said beside the text and explains an empty answer.
    """

    index: int
    text: str
    finish_reason: str | None = None
    attachments: tuple[Attachment, ...] = ()
    whole: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class ChatCompletionChunk:
    """One object of a stream, or a whole answer, whatever variant the endpoint uses.

    Attributes:
        id: The id of the completion; empty if not given.
        model: The model that answered; empty if not given.
        choices: The new parts of the choices; may be empty.
        usage: The usage; None on ordinary chunks.
        error: The error in the chunk; None if there is none.
        attachments: The pictures and videos beside the choices.
        revised_prompt: The rewritten prompt in a top-level `data` list; None if not given.
        remarks: What is said beside the choices and explains an empty answer.
        is_end: Whether this is the mark of the end, behind which nothing follows.
        is_over: Whether an object says that the answer is over, as `{"done": true}`.
        is_unread: Whether `error` is only text that is no JSON.
        is_foreign: Whether it was not written as a chat completion.
    """

    id: str = ""
    model: str = ""
    choices: tuple[ChunkChoice, ...] = ()
    usage: Usage | None = None
    error: Failure | None = None
    attachments: tuple[Attachment, ...] = ()
    revised_prompt: str | None = None
    remarks: tuple[str, ...] = ()
    is_end: bool = False
    is_over: bool = False
    is_unread: bool = False
    is_foreign: bool = False

    @property
    def says_something(self) -> bool:
        """Whether this is more than an id and a model."""
        return bool(
            self.choices or self.usage or self.error or self.attachments or self.is_end
            or self.is_over or self.remarks
        )  # fmt: skip
