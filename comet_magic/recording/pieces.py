"""A body cut at its blank lines, wherever the network cut it."""

import re

_BLANK_LINE = re.compile(rb"\n\r?\n|\r\r")


class Pieces:
    """Takes bytes as they come and gives them back event by event; none is lost or changed.

    Linear in the size of the body, also if one event comes in a thousand parts.
    """

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._tail = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The pieces that `data` ends, each with its blank line."""
        # A blank line can be cut, too.
        known = len(self._tail)
        seen = self._tail + data
        pieces, place = [], 0
        for match in _BLANK_LINE.finditer(seen):
            end = match.end() - known
            pieces.append(b"".join([*self._parts, data[place:end]]))
            self._parts, place = [], end
        rest = data[place:]
        self._parts += [rest] if rest else []
        self._tail = (rest if place else seen)[-2:]
        return pieces

    def rest(self) -> bytes:
        """What came after the last blank line; empty if nothing did."""
        return b"".join(self._parts)
