"""A request body in parts that people know by name, to tell how two requests differ."""

from collections.abc import Mapping
from typing import Any

PROMPT, SYSTEM = "the prompt", "the system message"
PICTURES, TURNS = "the pictures sent along", "the earlier turns"
# In this order, after the fields that have no other name.
_PARTS = (PROMPT, SYSTEM, PICTURES, TURNS)
_MODEL = "the model"
_LABELS = {"model": _MODEL, "stream": "streaming"}
# Fields whose parts have names of their own, or none for people.
_TAKEN_APART = {"messages", "prompt", "stream_options"}
_SYSTEM_ROLES = ("system", "developer")


def named_parts(body: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a request body by their names: those of the conversation, and each field."""
    messages = body.get("messages")
    messages = messages if isinstance(messages, list) else [body.get("prompt")]
    system = [_text(each) for each in messages if _role(each) in _SYSTEM_ROLES]
    turns = [each for each in messages if _role(each) not in _SYSTEM_ROLES]
    last = turns[-1] if turns else {}
    return {
        **{_LABELS.get(name, name): body[name] for name in body.keys() - _TAKEN_APART},
        PROMPT: _text(last),
        SYSTEM: "\n".join(system),
        PICTURES: _attachments(last),
        TURNS: turns[:-1],
    }


def rank(name: str) -> tuple[int, bool, str]:
    """Sorts names of parts in the order in which to tell of them."""
    return _PARTS.index(name) if name in _PARTS else -1, name != _MODEL, name


def _role(message: Any) -> str:
    return str(message.get("role", "")) if isinstance(message, Mapping) else ""


def _content(message: Any) -> Any:
    return message.get("content") if isinstance(message, Mapping) else message


def _text(message: Any) -> str:
    content = _content(message)
    if not isinstance(content, list):
        return str(content or "")
    texts = [part.get("text") for part in content if isinstance(part, Mapping)]
    return "\n".join(str(text) for text in texts if text)


def _attachments(message: Any) -> list[Any]:
    content = _content(message)
    parts = content if isinstance(content, list) else []
    return [part for part in parts if not (isinstance(part, Mapping) and "text" in part)]
