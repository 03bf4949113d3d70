"""What went over the wire for one generation, and when."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

# 0xFF is in no UTF-8 text.
MARK = b"\xff%d\xff"
"""Takes the place of base64 that was not kept; the number is that of its characters."""
_MARKS = re.compile(rb"(?:\xff(\d{1,12})\xff)+")
_LINE = re.compile(rb"([^\r\n]*)(\r\n|\r|\n|$)")

Headers = tuple[tuple[str, str], ...]
Piece = tuple[float, bytes]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer, without its line end.

    Attributes:
        at: When its last byte came, in seconds since the generation began.
        text: The line as received; a picture's base64 is shortened to its start.
        size: Bytes on the wire, the line end included.
        is_whole: False if the answer broke off in this line, or a part of it was not kept.
    """

    at: float
    text: str
    size: int
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request of a generation, and its response. Times are seconds since the generation began.

    Attributes:
        method: Method of the request, for example `POST`.
        url: Address of the request.
        headers: Headers of the request; the value of `Authorization` is hidden.
        sent: When the request was sent.
        status: Status of the response; None if there was none.
        answer_headers: The headers of the response that matter.
        answered: When the headers of the response had come; None if they did not.
        size: Bytes of the body that came.
        body: The JSON object that was sent; None if there was none.
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
    body: Mapping[str, object] | None = field(default=None, repr=False)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the body that were kept, in order."""
        if not self._is_cut:
            return tuple(_lines((*self._beginning, *self._end)))
        beginning, end = list(_lines(self._beginning)), list(_lines(self._end))
        # The lines on both sides of the gap are likely to be cut.
        halves = (replace(line, is_whole=False) for line in (*beginning[-1:], *end[:1]))
        return (*beginning[:-1], *halves, *end[1:])

    @property
    def stretches(self) -> tuple[tuple[Piece, ...], ...]:
        """The pieces of the body that were kept: one stretch, or one before and one after the gap.

        A few characters stand for base64 that was not kept, as in `lines`.
        """
        kept = (self._beginning, self._end) if self._is_cut else ((*self._beginning, *self._end),)
        return tuple(tuple((at, _readable(piece)) for at, piece in pieces) for pieces in kept)

    @property
    def gap(self) -> int | None:
        """The place in `lines` before which a part of the answer is missing; None without a gap."""
        return len(list(_lines(self._beginning))) if self._is_cut else None


@dataclass(frozen=True, slots=True)
class WireLog:
    """All requests of one generation: several if the request was retried.

    Attributes:
        attempts: In order; empty if nothing was sent.
    """

    attempts: tuple[Attempt, ...] = ()

    @property
    def body(self) -> Mapping[str, object]:
        """The JSON object of the first request; empty if none was sent."""
        return next((each.body for each in self.attempts if each.body is not None), {})


def _lines(pieces: Iterable[Piece]) -> Iterable[Line]:
    """The lines in the pieces, and at the end a line that is not complete, if there is one."""
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
        size = len(match[0])
        if b"\xff" in line:
            size += sum(_omitted(found) - len(found[0]) for found in _MARKS.finditer(line))
        yield Line(at, _readable(line).decode(errors="replace"), size, bool(end))


def _readable(kept: bytes) -> bytes:
    if b"\xff" not in kept:
        return kept
    return _MARKS.sub(lambda found: f"…{_omitted(found):,}·more…".encode(), kept)


def _omitted(match: re.Match[bytes]) -> int:
    return sum(int(count) for count in re.findall(rb"\d+", match[0]))
