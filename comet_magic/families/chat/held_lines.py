"""Joins the lines of a link, a tag or an inline picture that goes on in the next line."""

import re

from ...text import continues_base64
from .markup import goes_on

# The alt text of a picture can be a prompt of several lines.
_MOST = 20
# What ends it: a blank line, code, a quote; but not the ">" of a tag on a line of its own.
_BREAK = re.compile(r"\s*(?:$|\{|```|~~~|>(?!\s*(?:<|$)))")
# Base64 in the lines of MIME.
_WIDTH = 48
_BASE64 = re.compile(r"[A-Za-z0-9+/]{48,}+")


class HeldLines:
    """Lines that cannot be read before the next one; empty most of the time."""

    def __init__(self, lines: tuple[str, ...] = ()) -> None:
        self._lines = [*lines]

    def __bool__(self) -> bool:
        return bool(self._lines)

    def copy(self) -> "HeldLines":
        """Returns an independent copy."""
        return HeldLines(tuple(self._lines))

    def hold(self, line: str) -> bool:
        """Holds a finished line if it goes on in the next one; returns whether it does."""
        if goes_on(line) or _ends_in_base64(line):
            self._lines = line.split("\n")
        return bool(self._lines)

    def join(self, line: str) -> tuple[list[str], str | None]:
        """Takes the line behind those that are held.

        Returns:
            Lines that do not go on after all, and the line to read now: `line` alone or behind
            the held ones. None if that is held, too.
        """
        held, in_base64 = self._lines, _ends_in_base64(self._lines[-1])
        if in_base64 and _BASE64.fullmatch(line):
            held.append(line)
            return [], None
        if in_base64:
            is_next = continues_base64(line)
        else:
            is_next = len(held) < _MOST and not _BREAK.match(line)
        if is_next:
            self._lines = []
            return [], "\n".join([*held, line])
        return self.give_up(), line

    def give_up(self) -> list[str]:
        """Returns the held lines, to be read as they are."""
        held, self._lines = self._lines, []
        return ["\n".join(held)] if held and _ends_in_base64(held[-1]) else held


def _ends_in_base64(line: str) -> bool:
    return _BASE64.fullmatch(line, max(0, len(line) - _WIDTH)) is not None
