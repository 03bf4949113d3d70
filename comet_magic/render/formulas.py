r"""Formulas in a model's Markdown, and amounts of money, which look like formulas.

JupyterLab, Notebook 7 and nbconvert typeset `$…$`, `$$…$$`, `\(…\)` and `\[…\]` anywhere in an
output. Markdown would remove the backslashes and take stars for emphasis.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

# The closing `$` is searched this far, so that a text of nothing but `$` takes linear time.
_LONGEST = 2_000
_CLOSING = {"$$": "$$", "$": "$", "\\(": "\\)", "\\[": "\\]"}
# Pandoc's rules exclude `$5 and $10` and `$5-$10`; this excludes `$5 or 6$`.
_AMOUNT = re.compile(r"\d[^\s\\^_=+*<>{}]*\s[^\\^_=+*<>{}]*")
_SURE = re.compile(r"[\\^_=]")
# `\[1\]` is an escaped bracket; these are as common as formulas.
_CALCULATION = re.compile(r"[\\^_=+*/<>|(]")


def add_formulas(parser: MarkdownIt) -> None:
    """Makes `parser` keep formulas unchanged, as tokens of the type `formula`."""
    parser.inline.ruler.before("escape", "formula", _formula)


def _formula(state: StateInline, silent: bool) -> bool:
    text, start = state.src, state.pos
    if text[start] not in "$\\":
        return False
    opening = next((each for each in _CLOSING if text.startswith(each, start)), None)
    if opening is None:
        return False
    begin = start + len(opening)
    end = text.find(_CLOSING[opening], begin, min(state.posMax, begin + _LONGEST))
    while opening == "$" and end > 0 and text[end - 1] == "\\":
        end = text.find("$", end + 1, min(state.posMax, begin + _LONGEST))
    if end < 0:
        return False
    after = end + len(opening)
    if not _is_formula(opening, text[begin:end], text[after : after + 1]):
        return False
    if not silent:
        state.push("formula", "", 0).content = text[start:after]
    state.pos = after
    return True


def _is_formula(opening: str, inside: str, following: str) -> bool:
    if not inside.strip():
        return False
    if opening == "\\[":
        return bool(_CALCULATION.search(inside))
    if opening != "$":
        return True
    if following.isdecimal() or "](" in inside or _AMOUNT.fullmatch(inside):
        return False
    if inside[0].isspace() or inside[-1].isspace():
        return inside[0].isspace() and inside[-1].isspace() and bool(_SURE.search(inside))
    return True
