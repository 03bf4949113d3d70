"""A chat completion on the wire: the request, the chunks of its answer, and what it used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from ...wire.failure import Failure
from ..parameters import check_parameters

Message = Mapping[str, object]
SYSTEM_ROLES = ("system", "developer")


@dataclass(frozen=True, slots=True)
class ChatCompletionRequest:
    """One `POST /chat/completions`, checked.

    Attributes:
        model: The id of the model.
        messages: Oldest first; each has `role` and `content`.
        stream: Whether the answer is wanted in pieces.
        parameters: The other fields that were set, under their names on the wire.
        notes: What the user should know about it, for example that a picture was made smaller.
            They are shown and not sent.
    """

    model: str
    messages: tuple[Message, ...] = field(repr=False)
    stream: bool = True
    parameters: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @classmethod
    def from_prompt(
        cls,
        prompt: str,
        *,
        model: str,
        system: str | None = None,
        images: Sequence[str] = (),
        history: Sequence[Message] = (),
        notes: Sequence[str] = (),
        **parameters: object,
    ) -> Self:
        """A request with one new user message; `prompt` is sent unchanged.

        Args:
            prompt: The text of the message.
            model: The id of the model.
            system: Goes first; it takes the place of a system message in `history`.
            images: Links and data URIs that go with the prompt, in order.
            history: Earlier messages, oldest first; they are sent as they are.
            notes: Kept with the request.
            **parameters: See `Parameters`.

        Raises:
            TypeError: An unknown parameter, or a value of the wrong type.
            ValueError: An empty prompt or model, or a value outside its documented range.
        """
        checked = check_parameters(parameters)
        stream = checked.pop("stream", True) is True
        text = sendable("prompt", prompt)
        content: object = text
        if images:
            pictures = [{"type": "image_url", "image_url": {"url": url}} for url in images]
            content = [{"type": "text", "text": text}, *pictures]
        earlier = list(history)
        if system is not None:
            earlier = [message for message in earlier if message.get("role") not in SYSTEM_ROLES]
            earlier.insert(0, {"role": "system", "content": sendable("system", system)})
        messages = (*earlier, {"role": "user", "content": content})
        return cls(sendable("model", model), messages, stream, checked, tuple(notes))

    @property
    def prompt(self) -> str:
        """The text of the last message, as it is sent."""
        content = self.messages[-1]["content"]
        return str(content[0]["text"]) if isinstance(content, list) else str(content)

    def body(self) -> dict[str, object]:
        """The JSON object to send; what was not set is not in it."""
        body: dict[str, object] = {"model": self.model, "messages": list(self.messages)}
        body["stream"] = self.stream
        if self.stream:
            body["stream_options"] = {"include_usage": True}
        return {**body, **self.parameters}


def sendable(name: str, value: object, *, may_be_empty: bool = False) -> str:
    """`value`, a text that JSON can carry.

    Raises:
        TypeError: It is no text.
        ValueError: It is empty where it may not be, or holds half a character.
    """
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, not {type(value).__name__}")
    if not may_be_empty and not value.strip():
        raise ValueError(f"{name} is empty")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{name} holds half a character (position {error.start})") from error
    return value


@dataclass(frozen=True, slots=True)
class Usage:
    """What the endpoint says the request used, in tokens. Nothing here is estimated.

    Attributes:
        prompt_tokens: Tokens read, cached ones included; None if not received.
        completion_tokens: Tokens written; for an image model bookkeeping, not the price.
        total_tokens: As received; not recomputed.
        prompt_tokens_details: As received, for example `cached_tokens`; may be empty.
        completion_tokens_details: As received; may be empty.

    Source:
        The `usage` object of a chat completion; its last occurrence in a stream counts.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    prompt_tokens_details: Mapping[str, Any] = field(default_factory=dict)
    completion_tokens_details: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: object) -> Self | None:
        """None where `value` holds no count."""
        if not isinstance(value, Mapping):
            return None
        # Gateways that resell the newer image API pass its names on.
        usage = cls(
            _count(value.get("prompt_tokens", value.get("input_tokens"))),
            _count(value.get("completion_tokens", value.get("output_tokens"))),
            _count(value.get("total_tokens")),
            _mapping(value.get("prompt_tokens_details", value.get("input_tokens_details"))),
            _mapping(value.get("completion_tokens_details", value.get("output_tokens_details"))),
        )
        counts = (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens)
        return None if counts == (None, None, None) else usage


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


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None
    return int(value)


def _mapping(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}
