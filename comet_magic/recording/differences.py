"""How a request differs from those in a recording, in words for people."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from ..text import one_line

_LONGEST = 60
# Longer beginnings take long to compare, and tell no more.
_COMPARED = 200


def nearest(body: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> str:
    """What the request body `body` has that the nearest of `others` has not; all are folded.

    Returns:
        For example `the prompt ("A dog", recorded "A cat") and n (2, recorded without)`; empty if
        there is no other.
    """
    found = [(differences(body, other), _talk(other)["the prompt"]) for other in others]
    fewest = min((len(each) for each, _ in found), default=0)
    # Of those that differ in as few ways that one is nearest whose prompt is most alike.
    alike = SequenceMatcher(None, "", _talk(body)["the prompt"][:_COMPARED], autojunk=False)
    best, likeness = [""], -1.0
    for each, prompt in found:
        if len(each) == fewest:
            alike.set_seq1(prompt[:_COMPARED])
            # By its letters alone: of a batch there are thousands.
            if (ratio := alike.quick_ratio()) > likeness:
                best, likeness = each, ratio
    *some, last = best
    return f"{', '.join(some)} and {last}" if some else last


def differences(body: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Each difference of two request bodies in a phrase."""
    found = []
    for name in sorted({*body, *other} - {"messages", "stream_options"}, key=_rank):
        if body.get(name) != other.get(name):
            label = "streaming" if name == "stream" else f"the {name}" if name == "model" else name
            found.append(f"{label} ({_versus(body.get(name), other.get(name))})")
    asked, recorded = _talk(body), _talk(other)
    for name, value in asked.items():
        if value != recorded[name]:
            found.append(f"{name} ({_versus(value, recorded[name])})")
    if not found and body != other:
        found.append("something that this version sends and the recording one did not")
    return found


def _rank(name: str) -> tuple[bool, str]:
    return name != "model", name


def _talk(body: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a conversation that people know by name."""
    messages = body.get("messages")
    messages = messages if isinstance(messages, list) else []
    system = [_text(each) for each in messages if _role(each) in ("system", "developer")]
    rest = [each for each in messages if _role(each) not in ("system", "developer")]
    last = rest[-1] if rest else {}
    return {
        "the prompt": _text(last),
        "the system message": "\n".join(system),
        "the pictures sent along": _others(last),
        "the earlier turns": rest[:-1],
    }


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


def _others(message: Any) -> list[Any]:
    content = _content(message)
    parts = content if isinstance(content, list) else []
    return [part for part in parts if not (isinstance(part, Mapping) and "text" in part)]


def _versus(value: Any, recorded: Any) -> str:
    here, there = _shown(value), _shown(recorded)
    if here == there:
        return f"{here}, others than the recorded"
    return f"{here}, recorded {there}"


def _shown(value: Any) -> str:
    if value in (None, "", []):
        return "none"
    if isinstance(value, str):
        return f'"{one_line(value, _LONGEST)}"'
    if isinstance(value, list):
        return f"{len(value):,}"
    return one_line(str(value), _LONGEST)
