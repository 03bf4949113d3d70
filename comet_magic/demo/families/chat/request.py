"""Strict reading of a chat request: every documented field is checked against its range."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comet_magic.demo.json_fields import (
    bad_value,
    check_number,
    clean,
    is_number,
    read_flag,
    read_object,
    read_text,
    read_whole,
    require,
)

_ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})
_RANGES = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
}
_MAX_CHOICES = 10  # The wire has no limit; each choice costs this server a picture.


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One turn of the conversation.

    Attributes:
        text: The text parts, joined by a line break.
        images: URLs of the image parts, in order: data URIs or http(s).
    """

    role: str
    text: str
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A valid request. Fields that only steer a real model's sampling are checked and not kept.

    Attributes:
        include_usage: Whether a stream ends with the usage.
        n: Number of choices.
        max_tokens: Limit of an answer in tokens, or None.
        stop: Texts that end an answer; may be empty.
    """

    model: str
    messages: tuple[ChatMessage, ...]
    stream: bool = False
    include_usage: bool = False
    n: int = 1
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()

    @property
    def last_user(self) -> ChatMessage:
        """The message to answer; an empty one if no user has spoken."""
        users = (message for message in reversed(self.messages) if message.role == "user")
        return next(users, ChatMessage("user", ""))


def read_request(body: bytes | bytearray) -> ChatRequest:
    """Read a request body.

    Raises:
        ApiError: 400 for a body or a value that is not allowed; 500 with the code
            `invalid_request` for a missing field, as the endpoint answers.
    """
    fields = read_object(body)
    require(fields, "model", "messages")
    model = read_text(fields, "model")
    for name, (low, high) in _RANGES.items():
        check_number(fields, name, low, high)
    _check_logit_bias(fields)
    if not isinstance(fields.get("user", ""), str | None):
        raise bad_value("user", "must be a text")
    stream = read_flag(fields, "stream")
    limits = [read_whole(fields, name) for name in ("max_tokens", "max_completion_tokens")]
    return ChatRequest(
        model=model,
        messages=_read_messages(fields["messages"]),
        stream=stream,
        include_usage=_read_stream_options(fields, stream=stream),
        n=read_whole(fields, "n", high=_MAX_CHOICES) or 1,
        max_tokens=next((limit for limit in limits if limit is not None), None),
        stop=_read_stop(fields),
    )


def _read_stream_options(fields: Mapping[str, Any], *, stream: bool) -> bool:
    options = fields.get("stream_options")
    if options is None:
        return False
    if not isinstance(options, dict):
        raise bad_value("stream_options", "must be an object")
    if not stream:
        raise bad_value("stream_options", "is only allowed when stream is true")
    return read_flag(options, "include_usage")


def _read_stop(fields: Mapping[str, Any]) -> tuple[str, ...]:
    stop = fields.get("stop")
    if stop is None:
        return ()
    texts = [stop] if isinstance(stop, str) else stop
    if not isinstance(texts, list) or len(texts) > 4:
        raise bad_value("stop", "must be a text or a list of at most 4 texts")
    if not all(isinstance(text, str) and text for text in texts):
        raise bad_value("stop", "must hold texts that are not empty")
    return tuple(texts)


def _check_logit_bias(fields: Mapping[str, Any]) -> None:
    bias = fields.get("logit_bias")
    if bias is None:
        return
    if not isinstance(bias, dict) or not all(token.isdecimal() for token in bias):
        raise bad_value("logit_bias", "must be an object with token ids as keys")
    if not all(is_number(value) and -100 <= value <= 100 for value in bias.values()):
        raise bad_value("logit_bias", "must hold numbers from -100 to 100")


def _read_messages(value: object) -> tuple[ChatMessage, ...]:
    if not isinstance(value, list) or not value:
        raise bad_value("messages", "must be a list with at least one message")
    return tuple(_read_message(item, f"messages[{index}]") for index, item in enumerate(value))


def _read_message(value: object, where: str) -> ChatMessage:
    if not isinstance(value, dict):
        raise bad_value(where, "must be an object")
    role, content = value.get("role"), value.get("content")
    if not isinstance(role, str) or role not in _ROLES:
        raise bad_value(f"{where}.role", f"must be one of {', '.join(sorted(_ROLES))}")
    if isinstance(content, str):
        return ChatMessage(role, clean(content))
    if content is None and role in {"assistant", "tool"}:
        return ChatMessage(role, "")  # an assistant that only called a tool
    if not isinstance(content, list) or not content:
        raise bad_value(f"{where}.content", "must be a text or a list of parts")
    texts: list[str] = []
    images: list[str] = []
    for index, part in enumerate(content):
        kind, text = _read_part(part, f"{where}.content[{index}]")
        (images if kind == "image_url" else texts).append(text)
    return ChatMessage(role, "\n".join(texts), tuple(images))


def _read_part(part: object, where: str) -> tuple[str, str]:
    if not isinstance(part, dict):
        raise bad_value(where, "must be an object")
    kind = part.get("type")
    match part:
        case {"type": "text", "text": str(text)} | {"type": "refusal", "refusal": str(text)}:
            return "text", clean(text)
        case {"type": "image_url", "image_url": {"url": str(url)}}:
            if not url.startswith(("data:image/", "http://", "https://")):
                raise bad_value(
                    f"{where}.image_url.url", "must be an http(s) URL or an image data URI"
                )
            return "image_url", clean(url)
        case {"type": "text" | "image_url"}:
            raise bad_value(where, f"must hold {kind}")
    raise bad_value(f"{where}.type", "must be text or image_url")
