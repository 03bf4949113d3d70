"""The messages of a conversation, in the format of OpenAI's chat API."""

from collections.abc import Iterable, Mapping, Sequence

from ..media.addresses import is_data_uri

Message = Mapping[str, object]
"""`{"role": …, "content": …}`; the content is a string or a list of parts."""

SYSTEM_ROLES = ("system", "developer")


def message(role: str, text: str, pictures: Sequence[str] = ()) -> Message:
    """Returns a message with text and pictures.

    Args:
        role: `system`, `user` or `assistant`.
        text: The text; may be empty if there are pictures.
        pictures: Links and data URIs, in order.
    """
    if not pictures:
        return {"role": role, "content": text}
    parts: list[dict[str, object]] = [{"type": "text", "text": text}] if text else []
    parts += [{"type": "image_url", "image_url": {"url": url}} for url in pictures]
    return {"role": role, "content": parts}


def without_inline_pictures(messages: Iterable[Message]) -> list[Message]:
    """Returns the messages without inline pictures; links are kept."""
    kept: list[Message] = []
    for each in messages:
        content = each["content"]
        if isinstance(content, list):
            parts = [part for part in content if not _is_inline(part)]
            only_text = len(parts) == 1 and "text" in parts[0]
            content = parts[0]["text"] if only_text else parts
        if content != []:
            kept.append({**each, "content": content})
    return kept


def sendable(name: str, value: object, *, may_be_empty: bool = False) -> str:
    """Returns `value` if it is a string that JSON can encode.

    Raises:
        TypeError: It is not a string.
        ValueError: It is empty without permission, or contains a lone surrogate.
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


def _is_inline(part: Mapping[str, object]) -> bool:
    picture = part.get("image_url")
    return isinstance(picture, Mapping) and is_data_uri(str(picture["url"]))
