"""Keeps what goes over the wire for one generation, within bounds."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from .events import is_event_stream
from .headers import REQUEST_IDS
from .log import MARK, Attempt, Headers, Piece, WireLog

# Bytes kept of the beginning and of the end of an answer; a usual one has 80 kB altogether.
_MOST_BEGINNING = 160_000
_MOST_END = 80_000
# Bodies that hold nothing to read.
MEDIA_TYPES = ("audio/", "image/", "video/", "application/octet-stream")
# Requests that are kept of one exchange.
_MOST_FIRST, _MOST_LAST = 10, 40
# Bytes that an object takes in memory beside its content.
_OBJECT = 100
# Bytes that a line takes at least: a megabyte of empty comments would be half a million lines.
_SHORT_LINE = 20

# Headers that tell something about the exchange. Any other could contain the user or the key.
_SHOWN_HEADERS = {
    "accept", "content-type", "content-length", "content-encoding", "retry-after",
    "transfer-encoding", "user-agent", *REQUEST_IDS,
}  # fmt: skip

# The base64 of a picture. Only long pieces with long lines are searched for it.
_PAYLOAD = re.compile(rb"[A-Za-z0-9+/]{400,}={0,2}")
# Maps base64 to `A` and all other bytes to a blank: a piece without such a run holds no payload.
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_IS_BASE64 = bytes(b"A"[0] if byte in _BASE64 else b" "[0] for byte in range(256))
_RUN = b"A" * 400
_NOT_IN_PAYLOAD = (b'"', b" ", b"\n", b"\\")
_LONG_PIECE = 4_000
_LONG_LINE = 2_000
_PAYLOAD_START = 40
# A long piece is cut at the ends of lines, blank ones included, so that a part of it can be kept.
_BLOCK = re.compile(rb".{1,4000}[^\n]*+\n{0,3}+", re.DOTALL)


class _Sent(NamedTuple):
    method: str
    url: str
    headers: Headers
    at: float
    body: Mapping[str, object] | None


class LogWriter:
    """Keeps what a client sends and receives; of a long answer the beginning and the end.

    Pieces are kept as they came, and read only when somebody inspects the generation: keeping one
    costs a fraction of reading it.

    Args:
        clock: Returns seconds since the generation began.
        blot: Overwrites the key in bytes of the endpoint, at the same length; None without a key.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        blot: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self._clock = clock
        self._blot = blot
        self._earlier: list[Attempt] = []
        self._sent: _Sent | None = None
        self._answered: tuple[int | None, Headers, float | None]
        self._begin()

    def ask(
        self,
        method: str,
        url: str,
        headers: Iterable[tuple[str, str]],
        body: Mapping[str, object] | None = None,
    ) -> None:
        """Call when a request is sent; `body` is its JSON object."""
        if self._sent:
            self._earlier.append(self._attempt(self._sent))
            # Keep the first and the last polls of a long task.
            del self._earlier[_MOST_FIRST:-_MOST_LAST]
            self._begin()
        self._sent = _Sent(
            method, self._without_key(url), self._shown(headers), self._clock(), body
        )

    def answer(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """Call when the headers of a response have come."""
        headers = list(headers)
        types = [value for name, value in headers if name.lower() == "content-type"]
        self._is_media = bool(types) and types[0].lower().startswith(MEDIA_TYPES)
        self._answered = (status, self._shown(headers), self._clock())

    def hear(self, piece: bytes) -> None:
        """Call when a piece of the body has come."""
        if self._is_media and not self._size:
            self._is_media = not is_event_stream(piece)
        self._size += len(piece)
        if self._blot:
            piece = self._blot(piece)
        if self._is_media:
            piece = MARK % len(piece)
        elif len(piece) > _LONG_PIECE:
            piece = _without_payload(piece)
        at = self._clock()
        if len(piece) <= _LONG_PIECE:
            self._keep(at, piece)
            return
        for match in _BLOCK.finditer(piece):
            self._keep(at, match[0])

    def _keep(self, at: float, piece: bytes) -> None:
        if self._room > 0:
            self._room -= _weight(piece)
            self._beginning.append((at, piece))
            return
        self._end.append((at, piece))
        self._end_room -= _weight(piece)
        while self._end_room < 0 and len(self._end) > 1:
            _, oldest = self._end.popleft()
            self._end_room += _weight(oldest)
            self._is_cut = True

    @property
    def exchange(self) -> WireLog:
        """What has been kept so far."""
        last = [self._attempt(self._sent)] if self._sent else []
        return WireLog((*self._earlier, *last))

    def _begin(self) -> None:
        self._answered = (None, (), None)
        self._beginning: list[Piece] = []
        self._end: deque[Piece] = deque()
        self._room, self._end_room = _MOST_BEGINNING, _MOST_END
        self._size, self._is_cut, self._is_media = 0, False, False

    def _attempt(self, sent: "_Sent") -> Attempt:
        status, answer_headers, answered = self._answered
        kept, place = self._blotted((*self._beginning, *self._end)), len(self._beginning)
        return Attempt(
            sent.method, sent.url, sent.headers, sent.at, status, answer_headers, answered,
            self._size, kept[:place], kept[place:], self._is_cut, sent.body,
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
        """The pieces without the key, also where it is cut by the end of a piece."""
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


def _weight(piece: bytes) -> int:
    """Returns the room that a piece takes."""
    return max(len(piece), piece.count(b"\n") * _SHORT_LINE) + _OBJECT


def _without_payload(piece: bytes) -> bytes:
    # In the middle of a picture these tests are a hundred times faster than a regular expression.
    if piece.isascii() and not any(mark in piece for mark in _NOT_IN_PAYLOAD):
        return MARK % len(piece)
    # The regular expression takes ten times as long as these two.
    if piece.count(b"\n") * _LONG_LINE < len(piece) and _RUN in piece.translate(_IS_BASE64):
        return _PAYLOAD.sub(_shortened, piece)
    return piece


def _shortened(match: re.Match[bytes]) -> bytes:
    # The start of a picture is worth showing, the middle is not.
    start = 0 if match.start() == 0 else _PAYLOAD_START
    return match[0][:start] + MARK % (len(match[0]) - start)
