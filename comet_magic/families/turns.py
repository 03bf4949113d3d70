"""The turns of a conversation: validates earlier messages and limits how many are sent.

A turn is a user message and everything up to the next one. System messages belong to no turn; they
are always sent.
"""

from collections.abc import Iterable, Mapping, Sequence

from .messages import SYSTEM_ROLES, Message, sendable

# Every turn sends all inline pictures again. A few are enough to continue, and a body that keeps
# growing is refused with a 413.
MOST_BYTES = 20_000_000

_ROLES = ("system", "developer", "user", "assistant")


def check_messages(messages: Iterable[object]) -> tuple[Message, ...]:
    """Returns validated copies of `messages`, so that later changes do not affect them.

    Raises:
        TypeError: A message is not a mapping, or its content is not a string or a list of parts.
        ValueError: An unknown role, field or kind of part, or an empty list of parts.
    """
    return tuple(_message(f"history[{at}]", message) for at, message in enumerate(messages))


def limited(
    messages: Sequence[Message], most: int, most_bytes: int = MOST_BYTES
) -> tuple[tuple[Message, ...], tuple[str, ...]]:
    """Returns the earlier messages to send, and a note about them.

    Drops the oldest turns first. If the rest is too large, drops turns with pictures, again oldest
    first. Always keeps the last turn, because the user continues from it.

    Args:
        messages: The conversation so far, oldest first.
        most: The maximum number of turns, 0 or more.
        most_bytes: The maximum size of the texts and pictures in them.

    Returns:
        The messages in order, and the notes; no note if there was no earlier turn.
    """
    turns = _turns(messages)
    if not turns:
        return tuple(messages), ()
    older = turns[: max(len(turns) - most, 0)]
    kept = turns[len(older) :]
    heavy: list[list[int]] = []
    sizes = [_size(message) for message in messages]
    while len(kept) > 1 and sum(sizes[at] for turn in kept for at in turn) > most_bytes:
        pictures = (turn for turn in kept[:-1] if any(_holds_picture(messages[at]) for at in turn))
        heavy.append(next(pictures, kept[0]))
        kept.remove(heavy[-1])
    dropped = {at for turn in (*older, *heavy) for at in turn}
    sent = tuple(message for at, message in enumerate(messages) if at not in dropped)
    return sent, (_note(len(kept), len(older), len(heavy), most_bytes),)


def _note(kept: int, older: int, heavy: int, most_bytes: int) -> str:
    parts = [f"with {kept or 'no'} earlier turn{'' if kept == 1 else 's'}"]
    if older:
        parts.append(f"{older} older {'one was' if older == 1 else 'ones were'} left out")
    if heavy:
        was = "was" if heavy == 1 else "were"
        parts.append(f"{heavy} more {was} left out to stay within {most_bytes / 1e6:g} MB")
    return "; ".join(parts)


def _turns(messages: Iterable[Message]) -> list[list[int]]:
    """Returns the indexes of the messages of each turn."""
    turns: list[list[int]] = []
    for at, message in enumerate(messages):
        if message["role"] in SYSTEM_ROLES:
            continue
        if message["role"] == "user" or not turns:
            turns.append([])
        turns[-1].append(at)
    return turns


def _size(message: Message) -> int:
    return sum(len(text.encode()) for text in _texts(message))


def _holds_picture(message: Message) -> bool:
    return any("data:image/" in text for text in _texts(message))


def _texts(message: Message) -> list[str]:
    """Returns the text of a message, or the texts and links of its parts."""
    content = message["content"]
    if not isinstance(content, list):
        return [str(content)]
    return [part["text"] if "text" in part else part["image_url"]["url"] for part in content]


def _message(name: str, message: object) -> Message:
    if not isinstance(message, Mapping):
        raise TypeError(
            f"{name} must be a message with role and content, not {type(message).__name__}"
        )
    role = message.get("role")
    if role not in _ROLES:
        raise ValueError(f"{name} must have the role {', '.join(_ROLES)}, not {role!r}")
    # Messages from other clients have more fields, which are empty.
    more = [key for key, value in message.items() if value not in (None, "", [])]
    unknown = [key for key in more if key not in ("role", "content")]
    if unknown:
        raise ValueError(f"{name} has the field {unknown[0]!r}; only role and content are sent")
    return {"role": role, "content": _content(f"{name} content", message.get("content"))}


def _content(name: str, content: object) -> object:
    if isinstance(content, str):
        return sendable(name, content, may_be_empty=True)
    if not isinstance(content, Sequence) or isinstance(content, bytes | bytearray):
        raise TypeError(f"{name} must be a text or a list of parts, not {type(content).__name__}")
    if not content:
        raise ValueError(f"{name} is an empty list")
    return [_part(f"{name}[{at}]", part) for at, part in enumerate(content)]


def _part(name: str, part: object) -> dict[str, object]:
    match part:
        case {"type": "text", "text": str(text)}:
            return {"type": "text", "text": sendable(name, text, may_be_empty=True)}
        case {"type": "image_url", "image_url": {"url": str()} as picture}:
            checked = {key: sendable(name, value) for key, value in picture.items()}
            return {"type": "image_url", "image_url": checked}
    raise ValueError(f"{name} must be a part of the type text or image_url")
