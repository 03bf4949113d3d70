"""What a text model remembers of the earlier turns of a conversation."""

import re

from comet_magic.demo.families.chat.request import ChatRequest

_FACT = re.compile(r"\bmy (\w+(?: \w+)?) (?:is|are) (?:called )?([^.,;:!?\n]{1,60})", re.IGNORECASE)
_QUESTION = re.compile(r"\b(?:what|who|which|where)\b.{0,20}?\bmy \w", re.IGNORECASE)
_SHOWN = 3
_LONGEST = 100


def recalled(chat: ChatRequest) -> list[str]:
    """Return lines about what the user wrote before; none in a first turn."""
    earlier = [message.text for message in chat.messages if message.role == "user"][:-1]
    if not earlier:
        return []
    lines = []
    question = chat.last_user.text[:1000]
    if _QUESTION.search(question):
        lines += [_answered(question.casefold(), earlier), ""]
    lines += ["Before that you wrote:", ""]
    shown = list(enumerate(earlier, 1))[-_SHOWN:]
    return [*lines, *(f"- in turn {turn}: “{_excerpt(text)}”" for turn, text in shown), ""]


def _answered(question: str, earlier: list[str]) -> str:
    for turn, text in reversed(list(enumerate(earlier, 1))):
        for fact in _FACT.finditer(text[:1000]):
            if f"my {fact[1].casefold()}" in question:
                return f"Your {fact[1]} is **{fact[2].strip()}**: you said so in turn {turn}."
    return "That you have not told me yet."


def _excerpt(text: str) -> str:
    line = " ".join(text[: 2 * _LONGEST].split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
