"""The messages of a conversation, as all chat interfaces write them."""

from collections.abc import Iterable, Mapping, Sequence

Message = Mapping[str, object]
"""`{"role": …, "content": …}`; the content is a text, or a list of parts."""

SYSTEM_ROLES = ("system", "developer")


def message(role: str, text: str, pictures: Sequence[str] = ()) -> Message:
    """A message with a text and pictures.

    Args:
        role: `system`, `user` or `assistant`.
        text: May be empty where there are pictures.
        pictures: Links and data URIs, in order.
    """
    if not pictures:
        return {"role": role, "content": text}
    parts: list[dict[str, object]] = [{"type": "text", "text": text}] if text else []
    parts += [{"type": "image_url", "image_url": {"url": url}} for url in pictures]
    return {"role": role, "content": parts}


def without_inline_pictures(messages: Iterable[Message]) -> list[Message]:
    """The messages without the pictures that are written out inside them; links stay."""
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


def _is_inline(part: Mapping[str, object]) -> bool:
    picture = part.get("image_url")
    return isinstance(picture, Mapping) and str(picture["url"]).startswith("data:")
