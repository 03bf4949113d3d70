"""Finds the code inside the lines of a Markdown paragraph."""

import re
from bisect import bisect_right
from collections import defaultdict

_BACKTICKS = re.compile(r"`+")
_BEGIN_OF_CODE, _END_OF_CODE = "<code", "/code>"
_ESCAPED = tuple("!\\`[]<")


def code_spans(text: str) -> list[tuple[int, int]]:
    """Returns where the inline code and the escaped characters of a paragraph begin and end."""
    runs = _backticks(text)
    last_end = text.rfind(_END_OF_CODE)
    spans: list[tuple[int, int]] = []
    at = 0
    marks = dict.fromkeys("`\\<", -1)
    while (begin := _next_mark(text, at, marks)) < len(text):
        at = begin + 1
        stop = 0
        if ticks := _BACKTICKS.match(text, begin):
            at, length = ticks.end(), ticks.end() - begin
            places = runs[length]
            index = bisect_right(places, begin)
            stop = places[index] + length if index < len(places) else 0
        elif text[begin] == "\\":
            stop = at + 1 if text[at : at + 1] in _ESCAPED else 0
        elif text.startswith(_BEGIN_OF_CODE, begin) and at <= last_end:
            stop = text.find(_END_OF_CODE, at) + len(_END_OF_CODE)
        if stop:
            spans.append((begin, stop))
            at = stop
    return spans


def _backticks(text: str) -> dict[int, list[int]]:
    """Returns where backticks stand, by how many of them stand together."""
    runs: dict[int, list[int]] = defaultdict(list)
    at = text.find("`")
    while ticks := _BACKTICKS.match(text, at) if at >= 0 else None:
        runs[ticks.end() - at].append(at)
        at = text.find("`", ticks.end())
    return runs


def _next_mark(text: str, at: int, marks: dict[str, int]) -> int:
    """Returns the place of the next mark. `find` skips a picture 20 times faster than `re`."""
    for mark, place in marks.items():
        if place < at:
            found = text.find(mark, at)
            marks[mark] = found if found >= 0 else len(text)
    return min(marks.values())
