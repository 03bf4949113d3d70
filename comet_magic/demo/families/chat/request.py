"""Reading of a request body: every documented field, checked against its documented range."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from comet_magic.demo.api_errors import ApiError

_ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})
_RANGES = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
}
MAX_CHOICES = 10  # The wire has no limit; each choice costs this server a picture.


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation.

    Attributes:
        text: The text parts, joined by a line break.
        images: The URLs of the image parts, in order: data URIs or http(s).
    """

    role: str
    text: str
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A valid request. Fields that steer a real model's sampling are checked and not kept.

    Attributes:
        max_tokens: The limit of an answer in tokens, or None.
        stop: Texts that end an answer; empty if there are none.
    """

    model: str
    messages: tuple[Message, ...]
    stream: bool = False
    include_usage: bool = False
    n: int = 1
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()

    @property
    def last_user(self) -> Message:
        """The message that is answered; an empty one if no user has spoken."""
        users = (message for message in reversed(self.messages) if message.role == "user")
        return next(users, Message("user", ""))


def read_request(body: bytes | bytearray) -> ChatRequest:
    """Read a request body.

    Raises:
        ApiError: 400 for a body or a value that is not allowed; 500 with the code
            `invalid_request` for a field that is missing, as the endpoint has it.
    """
    fields = _read_json(body)
    for required in ("model", "messages"):
        if fields.get(required) is None:
            raise ApiError(
                500, f"field {required} is required", param=required, code="invalid_request"
            )
    model = fields["model"]
    if not isinstance(model, str) or not model:
        _refuse("model", "must be a text that is not empty")
    for name, (low, high) in _RANGES.items():
        _read_number(fields, name, low, high)
    _check_logit_bias(fields)
    if not isinstance(fields.get("user", ""), str | None):
        _refuse("user", "must be a text")
    stream = _read_bool(fields, "stream")
    limits = [_read_whole(fields, name) for name in ("max_tokens", "max_completion_tokens")]
    return ChatRequest(
        model=_clean(model),
        messages=_read_messages(fields["messages"]),
        stream=stream,
        include_usage=_read_stream_options(fields, stream=stream),
        n=_read_whole(fields, "n", high=MAX_CHOICES) or 1,
        max_tokens=next((limit for limit in limits if limit is not None), None),
        stop=_read_stop(fields),
    )


def _refuse(param: str, why: str) -> NoReturn:
    raise ApiError(400, f"{param} {why}", param=param, code="invalid_value")


def _read_json(body: bytes | bytearray) -> dict[str, Any]:
    try:
        fields = json.loads(body.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "The body is not valid JSON", code="invalid_json") from error
    if not isinstance(fields, dict):
        raise ApiError(400, "The body must be a JSON object", code="invalid_json")
    return fields


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _clean(text: str) -> str:
    """Replace lone surrogates, which JSON can write and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()


def _is_number(value: object) -> bool:
    # `true` is a number to Python and not to JSON; 1e999 reads as infinity.
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _read_number(fields: Mapping[str, Any], name: str, low: float, high: float) -> None:
    value = fields.get(name)
    if value is not None and not (_is_number(value) and low <= value <= high):
        _refuse(name, f"must be a number from {low} to {high}")


def _read_whole(fields: Mapping[str, Any], name: str, high: int | None = None) -> int | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        _refuse(name, "must be a whole number of at least 1")
    if high is not None and value > high:
        _refuse(name, f"must be at most {high}")
    return value


def _read_bool(fields: Mapping[str, Any], name: str) -> bool:
    value = fields.get(name)
    if not isinstance(value, bool | None):
        _refuse(name, "must be true or false")
    return bool(value)


def _read_stream_options(fields: Mapping[str, Any], *, stream: bool) -> bool:
    options = fields.get("stream_options")
    if options is None:
        return False
    if not isinstance(options, dict):
        _refuse("stream_options", "must be an object")
    if not stream:
        _refuse("stream_options", "is only allowed when stream is true")
    return _read_bool(options, "include_usage")


def _read_stop(fields: Mapping[str, Any]) -> tuple[str, ...]:
    stop = fields.get("stop")
    if stop is None:
        return ()
    texts = [stop] if isinstance(stop, str) else stop
    if not isinstance(texts, list) or len(texts) > 4:
        _refuse("stop", "must be a text or a list of at most 4 texts")
    if not all(isinstance(text, str) and text for text in texts):
        _refuse("stop", "must hold texts that are not empty")
    return tuple(texts)


def _check_logit_bias(fields: Mapping[str, Any]) -> None:
    bias = fields.get("logit_bias")
    if bias is None:
        return
    if not isinstance(bias, dict) or not all(token.isdecimal() for token in bias):
        _refuse("logit_bias", "must be an object with token ids as keys")
    if not all(_is_number(value) and -100 <= value <= 100 for value in bias.values()):
        _refuse("logit_bias", "must hold numbers from -100 to 100")


def _read_messages(value: object) -> tuple[Message, ...]:
    if not isinstance(value, list) or not value:
        _refuse("messages", "must be a list with at least one message")
    return tuple(_read_message(item, f"messages[{index}]") for index, item in enumerate(value))


def _read_message(value: object, where: str) -> Message:
    if not isinstance(value, dict):
        _refuse(where, "must be an object")
    role, content = value.get("role"), value.get("content")
    if not isinstance(role, str) or role not in _ROLES:
        _refuse(f"{where}.role", f"must be one of {', '.join(sorted(_ROLES))}")
    if isinstance(content, str):
        return Message(role, _clean(content))
    if content is None and role in {"assistant", "tool"}:
        return Message(role, "")  # an assistant's turn that only called a tool
    if not isinstance(content, list) or not content:
        _refuse(f"{where}.content", "must be a text or a list of parts")
    texts: list[str] = []
    images: list[str] = []
    for index, part in enumerate(content):
        kind, text = _read_part(part, f"{where}.content[{index}]")
        (images if kind == "image_url" else texts).append(text)
    return Message(role, "\n".join(texts), tuple(images))


def _read_part(part: object, where: str) -> tuple[str, str]:
    if not isinstance(part, dict):
        _refuse(where, "must be an object")
    kind = part.get("type")
    match part:
        case {"type": "text", "text": str(text)} | {"type": "refusal", "refusal": str(text)}:
            return "text", _clean(text)
        case {"type": "image_url", "image_url": {"url": str(url)}}:
            if not url.startswith(("data:image/", "http://", "https://")):
                _refuse(f"{where}.image_url.url", "must be an http(s) URL or an image data URI")
            return "image_url", _clean(url)
        case {"type": "text" | "image_url"}:
            _refuse(where, f"must hold {kind}")
    _refuse(f"{where}.type", "must be text or image_url")
