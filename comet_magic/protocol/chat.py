"""A chat completion on the wire: the request, the chunks of its answer, and what it used."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from .failure import Failure, failure_from_json
from .parameters import check_parameters

Message = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ChatCompletionRequest:
    """One `POST /chat/completions`, checked.

    Attributes:
        model: The id of the model.
        messages: Oldest first; each has `role` and `content`.
        stream: Whether the answer is wanted in pieces.
        parameters: The other fields that were set, under their names on the wire.
    """

    model: str
    messages: tuple[Message, ...]
    stream: bool = True
    parameters: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def from_prompt(
        cls, prompt: str, *, model: str, system: str | None = None, **parameters: object
    ) -> Self:
        """A request with one user message; `prompt` is sent unchanged.

        Raises:
            TypeError: An unknown parameter, or a value of the wrong type.
            ValueError: An empty prompt or model, or a value outside its documented range.
        """
        checked = check_parameters(parameters)
        stream = checked.pop("stream", True) is True
        user = {"role": "user", "content": _sendable("prompt", prompt)}
        if system is None:
            messages: tuple[Message, ...] = (user,)
        else:
            messages = ({"role": "system", "content": _sendable("system", system)}, user)
        return cls(_sendable("model", model), messages, stream, checked)

    @property
    def prompt(self) -> str:
        """The text of the last message, as it is sent."""
        return str(self.messages[-1]["content"])

    def body(self) -> dict[str, object]:
        """The JSON object to send; what was not set is not in it."""
        body: dict[str, object] = {"model": self.model, "messages": list(self.messages)}
        body["stream"] = self.stream
        if self.stream:
            body["stream_options"] = {"include_usage": True}
        return {**body, **self.parameters}


def _sendable(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, not {type(value).__name__}")
    if not value.strip():
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


@dataclass(frozen=True, slots=True)
class ChunkChoice:
    """What one chunk adds to one choice.

    Attributes:
        index: Which choice, from 0.
        text: The text it adds; may be empty.
        finish_reason: Why the choice ended, or None while it goes on.
        images: Links and data URIs of pictures that stand outside the text.
        whole: `text` is a `message`, the whole of the choice, and not a `delta`.
    """

    index: int
    text: str
    finish_reason: str | None = None
    images: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
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


def read_chunk(data: str) -> ChatCompletionChunk:
    """Reads the data of one event, or a whole JSON body. Never raises.

    What is no chat completion is read as an error: some gateways write
    `data: error: upstream timed out` into the stream.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        text = data.strip().removeprefix("error:").strip()
        return ChatCompletionChunk(error=Failure(text[:2_000] or "an empty answer"))
    return chunk_from_json(value)


def chunk_from_json(value: object) -> ChatCompletionChunk:
    """Reads a parsed chunk or whole answer; unknown fields are passed over. Never raises."""
    if not isinstance(value, dict):
        error = failure_from_json(value) or Failure(f"not a chat completion: {value!r}")
        return ChatCompletionChunk(error=error)
    choices = value.get("choices")
    error = failure_from_json(value.get("error"))
    extra = _top_level_data(value.get("data"))
    if not isinstance(choices, list):
        choices = ()
        if error is None and not extra and not value.get("usage") and "object" not in value:
            # {"code": 500, "msg": "…"}, {"detail": "…"}, {"success": false, "message": "…"}
            error = failure_from_json(value)
    for choice in choices:
        if error is None and isinstance(choice, dict) and choice.get("error"):
            error = failure_from_json(choice["error"])
    usage = value.get("usage")
    return ChatCompletionChunk(
        _word(value.get("id")),
        _word(value.get("model")),
        tuple([_choice(choice) for choice in choices if isinstance(choice, dict)]),
        Usage.from_json(usage) if usage else None,
        error,
        tuple([link for item in extra if (link := _picture(item))]),
        next((str(item["revised_prompt"]) for item in extra if item.get("revised_prompt")), None),
    )


def _choice(choice: dict[str, Any]) -> ChunkChoice:
    message = choice.get("delta")
    whole = False
    if not isinstance(message, dict):
        message = choice.get("message")
        whole = isinstance(message, dict)
    finish_reason = choice.get("finish_reason") or None
    if not isinstance(message, dict):
        # The older completions form: {"text": "…"}.
        message = {"content": choice.get("text")}
    content = message.get("content")
    images: list[str] = []
    if not isinstance(content, str):
        content = _read_parts(content, images)
    if refusal := message.get("refusal"):
        content += str(refusal)
    images += [link for part in _items(message.get("images")) if (link := _picture(part))]
    index = choice.get("index")
    return ChunkChoice(
        index if type(index) is int and index >= 0 else 0,
        content,
        None if finish_reason is None else str(finish_reason),
        tuple(images),
        whole,
    )


def _read_parts(content: object, images: list[str]) -> str:
    texts = []
    for part in _items(content):
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict):
            if isinstance(part.get("text"), str):
                texts.append(part["text"])
            elif link := _picture(part):
                images.append(link)
    return "".join(texts)


def _picture(part: object) -> str | None:
    """The link or data URI in `part`: the forms of OpenAI, Anthropic, Google and their gateways."""
    if isinstance(part, str):
        return part or None
    if not isinstance(part, dict):
        return None
    for key in ("image_url", "url"):
        value = part.get(key)
        if isinstance(value, dict):
            value = value.get("url")
        if isinstance(value, str) and value:
            return value
    for key in ("b64_json", "data"):
        value = part.get(key)
        if isinstance(value, str) and value:
            media_type = part.get("media_type") or part.get("mime_type") or part.get("mimeType")
            return f"data:{media_type or 'image/png'};base64,{value}"
    for key in ("source", "inline_data", "inlineData", "image"):
        if isinstance(part.get(key), dict):
            return _picture(part[key])
    return None


def _top_level_data(data: object) -> list[dict[str, Any]]:
    return [item for item in _items(data) if isinstance(item, dict)]


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None
    return int(value)


def _mapping(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}
