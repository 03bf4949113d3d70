"""Sets apart what a model thought before it answered, in a `<think>` block."""

from collections.abc import Iterator
from dataclasses import replace

from .line_facts import LineFact, Note, Prose, Thinking
from .links import Link, LinkKind

_PICTURES = (LinkKind.IMAGE, LinkKind.DOWNLOAD, LinkKind.BARE)


def without_thoughts(facts: list[LineFact]) -> list[LineFact]:
    """Returns the facts with the words of thoughts as notes, and their pictures as previews.

    A block without its end goes on to the end of the text. One without its beginning began there;
    the pictures before its end are kept, as nobody knows that they are thoughts.
    """
    ends = [place for place, fact in enumerate(facts) if isinstance(fact, Thinking)]
    return list(_judged(facts, ends)) if ends else facts


def _judged(facts: list[LineFact], ends: list[int]) -> Iterator[LineFact]:
    is_thought = is_guess = facts[ends[0]] != Thinking(begins=True)
    for fact in facts:
        if isinstance(fact, Thinking):
            is_thought, is_guess = fact.begins, False
        elif not is_thought:
            yield fact
        elif isinstance(fact, Prose):
            yield Note(fact.line)
        elif not isinstance(fact, Link) or is_guess:
            yield fact
        elif fact.kind in _PICTURES:
            yield replace(fact, kind=LinkKind.PREVIEW)
