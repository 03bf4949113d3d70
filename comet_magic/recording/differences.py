"""How a request differs from those in a recording, in words for people."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from ..families.chat.named_parts import PROMPT, named_parts, rank
from ..text import one_line

_LONGEST = 60
# Comparing more of a prompt takes long, and tells no more.
_COMPARED = 200


def nearest(body: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> str:
    """Tells how a request body differs from the one of `others` that is most like it.

    Args:
        body: The body; long base64 is folded, in `others`, too.
        others: The bodies to compare it with.

    Returns:
        For example `the prompt ("A dog", recorded "A cat") and n (2, recorded none)`; empty if
        there are no others.
    """
    asked = named_parts(body)
    found = [(_differences(asked, parts), _prompt(parts)) for parts in map(named_parts, others)]
    if not found:
        return ""
    fewest = min(len(phrases) for phrases, _ in found)
    closest = [(phrases, prompt) for phrases, prompt in found if len(phrases) == fewest]
    # Comparing the letters alone is fast: a batch has thousands of requests.
    matcher = SequenceMatcher(None, "", _prompt(asked), autojunk=False)
    likeness = []
    for _, prompt in closest:
        matcher.set_seq1(prompt)
        likeness.append(matcher.quick_ratio())
    *some, last = closest[likeness.index(max(likeness))][0]
    return f"{', '.join(some)} and {last}" if some else last


def _differences(asked: Mapping[str, Any], recorded: Mapping[str, Any]) -> list[str]:
    """Tells each difference between the parts of two requests in a phrase; at least one."""
    phrases = [
        f"{name} ({_versus(asked.get(name), recorded.get(name))})"
        for name in sorted({*asked, *recorded}, key=rank)
        if asked.get(name) != recorded.get(name)
    ]
    return phrases or ["something that this version sends and the recording one did not"]


def _prompt(parts: Mapping[str, Any]) -> str:
    return str(parts[PROMPT])[:_COMPARED]


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
