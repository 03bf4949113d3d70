"""A chat completion on the wire: the chunks of its answer, as values."""

from dataclasses import dataclass

from ...wire.failure import Failure
from ...wire.usage import Usage


# One is made for every token: a frozen dataclass takes four times as long to make.
@dataclass(slots=True)
class ChunkChoice:
    """What one chunk adds to one choice.

    Attributes:
        index: Which choice, from 0.
        text: The text it adds; may be empty.
        finish_reason: Why the choice ended, or None while it goes on.
        images: Links and data URIs of pictures and videos that stand outside the text.
        whole: `text` is a `message`, the whole of the choice, and not a `delta`.
    """

    index: int
    text: str
    finish_reason: str | None = None
    images: tuple[str, ...] = ()
    whole: bool = False


@dataclass(slots=True)
class ChatCompletionChunk:
    """One event of a stream, or a whole answer: every form met in the field reads as this.

    Attributes:
        id: Of the completion; empty if not given.
        model: That answered; empty if not given.
        choices: What was added; may be empty.
        usage: None on ordinary chunks.
        error: None unless the chunk carries an error.
        images: Of a top-level `data` list, as links or data URIs.
        revised_prompt: Of a top-level `data` list.
    """

    id: str = ""
    model: str = ""
    choices: tuple[ChunkChoice, ...] = ()
    usage: Usage | None = None
    error: Failure | None = None
    images: tuple[str, ...] = ()
    revised_prompt: str | None = None
