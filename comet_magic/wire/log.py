"""What went over the wire for one generation, and when: kept while it streams, to be looked at."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

# 0xFF is in no UTF-8 text.
MARK = b"\xff%d\xff"
"""Stands for so many characters of a picture's base64 that were not kept."""
_MARKS = re.compile(rb"(?:\xff(\d{1,12})\xff)+")
_LINE = re.compile(rb"([^\r\n]*)(\r\n|\r|\n|$)")

Headers = tuple[tuple[str, str], ...]
Piece = tuple[float, bytes]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer, without its line end.

    Attributes:
        at: When its last byte came, in seconds since the generation began.
        text: As received; of the base64 of a picture only the start.
        size: Bytes that it took on the wire, its line end included.
        is_whole: False where the answer broke off in it, or where its other part was not kept.
    """

    at: float
    text: str
    size: int
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request of a generation, and what came back for it. The times count from its beginning.

    Attributes:
        method: `POST`.
        url: That was asked.
        headers: Of the request; `Authorization` is said to be there, and hidden.
        sent: When, in seconds.
        status: Of the response; None if there was none.
        answer_headers: Of the response, those that matter.
        answered: When the response's headers had come, in seconds.
        size: Bytes of the body that came.
    """

    method: str
    url: str
    headers: Headers
    sent: float
    status: int | None = None
    answer_headers: Headers = ()
    answered: float | None = None
    size: int = 0
    _beginning: tuple[Piece, ...] = field(default=(), repr=False)
    _end: tuple[Piece, ...] = field(default=(), repr=False)
    _is_cut: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the body that were kept, in order."""
        if not self._is_cut:
            return tuple(_lines((*self._beginning, *self._end)))
        beginning, end = list(_lines(self._beginning)), list(_lines(self._end))
        # On both sides of what was dropped a line is likely to be half.
        halves = (replace(line, is_whole=False) for line in (*beginning[-1:], *end[:1]))
        return (*beginning[:-1], *halves, *end[1:])

    @property
    def gap(self) -> int | None:
        """The place in `lines` before which a part of the answer was not kept; None if all was."""
        return len(list(_lines(self._beginning))) if self._is_cut else None


@dataclass(frozen=True, slots=True)
class WireLog:
    """All requests of one generation: several, if one was sent again.

    Attributes:
        body: That was sent, the same each time.
        attempts: In order; empty if nothing was sent.
    """

    body: Mapping[str, object] = field(repr=False)
    attempts: tuple[Attempt, ...] = ()


def _lines(pieces: Iterable[Piece]) -> Iterable[Line]:
    """The lines that the pieces make together, the last one also if it has no end."""
    kept = list(pieces)
    text = b"".join([piece for _, piece in kept])
    ends = iter(kept)
    at, known = next(ends, (0.0, b""))
    reach = len(known)
    for match in _LINE.finditer(text):
        line, end = match.groups()
        if not line and not end:
            continue
        while reach < match.end():
            at, piece = next(ends)
            reach += len(piece)
        left_out = sum(map(_omitted, _MARKS.finditer(line)))
        marks = len(b"".join([found[0] for found in _MARKS.finditer(line)]))
        shown = _MARKS.sub(lambda found: f"…{_omitted(found):,}·more…".encode(), line)
        size = len(match[0]) - marks + left_out
        yield Line(at, shown.decode(errors="replace"), size, bool(end))


def _omitted(match: re.Match[bytes]) -> int:
    return sum(int(count) for count in re.findall(rb"\d+", match[0]))
