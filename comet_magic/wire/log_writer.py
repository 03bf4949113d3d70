"""Keeping what went over the wire for one generation, while it does."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping

from .log import MARK, Attempt, Headers, Piece, WireLog

# Of an answer its beginning and its end are kept: more than all of a usual one, which has 80 kB.
_MOST_BEGINNING = 160_000
_MOST_END = 80_000
# A piece is an object in memory, whatever it holds.
_OBJECT = 100

# Headers that say something about the exchange. Any other may name the user or the key.
_SHOWN_HEADERS = {
    "accept", "content-type", "content-length", "content-encoding", "retry-after",
    "transfer-encoding", "user-agent", "x-cometapi-request-id", "x-oneapi-request-id",
    "x-request-id",
}  # fmt: skip

# The base64 of a picture. Pieces of shorter lines are not searched for it.
_PAYLOAD = re.compile(rb"[A-Za-z0-9+/]{400,}={0,2}")
_NOT_IN_PAYLOAD = (b'"', b" ", b"\n", b"\\")
_LONG_PIECE = 4_000
_LONG_LINE = 2_000
_PAYLOAD_START = 40


class LogWriter:
    """Keeps what a client sends and receives, as far as its memory allows.

    A piece is kept as it came off the wire and looked at by nobody before somebody asks: it costs
    a fraction of what reading it does.

    Args:
        body: The JSON object that is sent.
        clock: Seconds since the generation began.
        blot: Overwrites the key in what the endpoint says, at the same length; None without one.
    """

    def __init__(
        self,
        body: Mapping[str, object],
        clock: Callable[[], float],
        blot: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self._sent_body = body
        self._clock = clock
        self._blot = blot
        self._earlier: list[Attempt] = []
        self._sent: tuple[str, str, Headers, float] | None = None
        self._answered: tuple[int | None, Headers, float | None]
        self._begin()

    def ask(self, method: str, url: str, headers: Iterable[tuple[str, str]]) -> None:
        """A request is sent now."""
        if self._sent:
            self._earlier.append(self._attempt(*self._sent))
            self._begin()
        self._sent = (method, self._without_key(url), self._shown(headers), self._clock())

    def answer(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """A response has begun."""
        self._answered = (status, self._shown(headers), self._clock())

    def hear(self, piece: bytes) -> None:
        """A piece of its body has come."""
        self._size += len(piece)
        if self._blot:
            piece = self._blot(piece)
        if len(piece) > _LONG_PIECE:
            piece = _without_payload(piece)
        kept = (self._clock(), piece)
        if self._room > 0:
            self._room -= len(piece) + _OBJECT
            self._beginning.append(kept)
            return
        self._end.append(kept)
        self._end_room -= len(piece) + _OBJECT
        while self._end_room < 0 and len(self._end) > 1:
            _, oldest = self._end.popleft()
            self._end_room += len(oldest) + _OBJECT
            self._is_cut = True

    @property
    def exchange(self) -> WireLog:
        """What was kept until now."""
        last = [self._attempt(*self._sent)] if self._sent else []
        return WireLog(self._sent_body, (*self._earlier, *last))

    def _begin(self) -> None:
        self._answered = (None, (), None)
        self._beginning: list[Piece] = []
        self._end: deque[Piece] = deque()
        self._room, self._end_room = _MOST_BEGINNING, _MOST_END
        self._size, self._is_cut = 0, False

    def _attempt(self, method: str, url: str, headers: Headers, sent: float) -> Attempt:
        status, answer_headers, answered = self._answered
        kept, place = self._blotted((*self._beginning, *self._end)), len(self._beginning)
        return Attempt(
            method, url, headers, sent, status, answer_headers, answered, self._size,
            kept[:place], kept[place:], self._is_cut,
        )  # fmt: skip

    def _shown(self, headers: Iterable[tuple[str, str]]) -> Headers:
        shown = []
        for name, value in headers:
            if name.lower() == "authorization":
                shown.append((name, "Bearer [hidden]"))
            elif name.lower() in _SHOWN_HEADERS:
                shown.append((name, self._without_key(value)))
        return tuple(shown)

    def _without_key(self, text: str) -> str:
        return self._blot(text.encode()).decode() if self._blot else text

    def _blotted(self, kept: tuple[Piece, ...]) -> tuple[Piece, ...]:
        """The pieces, also without a key that is cut by two of them."""
        if self._blot is None:
            return kept
        text = b"".join([piece for _, piece in kept])
        clean = self._blot(text)
        if clean == text:
            return kept
        cut, place = [], 0
        for at, piece in kept:
            cut.append((at, clean[place : place + len(piece)]))
            place += len(piece)
        return tuple(cut)


def _without_payload(piece: bytes) -> bytes:
    # The middle of a picture: found a hundred times faster than by a regular expression.
    if piece.isascii() and not any(mark in piece for mark in _NOT_IN_PAYLOAD):
        return MARK % len(piece)
    if piece.count(b"\n") * _LONG_LINE < len(piece):
        return _PAYLOAD.sub(_shortened, piece)
    return piece


def _shortened(match: re.Match[bytes]) -> bytes:
    # A piece that begins in the middle of a picture says no more about it.
    start = 0 if match.start() == 0 else _PAYLOAD_START
    return match[0][:start] + MARK % (len(match[0]) - start)
