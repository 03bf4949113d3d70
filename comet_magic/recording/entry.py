"""The lines of one exchange in a recording."""

import time
from collections.abc import Callable, Iterable, Mapping

from ..families.chat.reading import is_end
from ..wire.events import Event, EventReader
from .bodies import Bodies, Line, is_medium


class TapeEntry:
    """Writes down the answer to one request.

    Its methods return at once and may be called on a loop: `write` makes the lines elsewhere.

    Args:
        number: Number of the exchange.
        write: Takes a function that makes lines; calls them one after the other.
        bodies: Turns pieces of the body into fields of lines.

    Attributes:
        number: Number of the exchange.
        has_ended: Whether the exchange is over.
    """

    def __init__(
        self, number: int, write: Callable[[Callable[[], Iterable[Line]]], None], bodies: Bodies
    ) -> None:
        self.number = number
        self._write = write
        self._bodies = bodies
        self._began = time.monotonic()
        self._reader = EventReader()
        self._is_medium = False
        self._waiting = bytearray()  # bytes of the event, or of the medium, that is not whole yet
        self._is_marked = False  # the last event said that the answer is complete
        self.has_ended = False

    def answer(self, status: int, headers: Mapping[str, str]) -> None:
        """Call when the headers of the answer have come."""
        after = self._after()
        self._is_medium = is_medium(headers.get("content-type", ""))

        def lines() -> Iterable[Line]:
            kept = {name: self._bodies.hidden(value) for name, value in headers.items()}
            yield {**after, "status": status, "headers": kept}

        self._write(lines)

    def part(self, data: bytes) -> None:
        """Call when a part of the body has come."""
        after = self._after()

        def lines() -> Iterable[Line]:
            for piece in self._pieces(data):
                yield {**after, **self._bodies.piece(piece)}

        self._write(lines)

    def end(self, how: str, message: str = "") -> None:
        """Call when the exchange is over; only the first call counts."""
        if self.has_ended:
            return
        self.has_ended = True
        after = self._after()

        def lines() -> Iterable[Line]:
            if self._waiting:
                rest, self._waiting = bytes(self._waiting), bytearray()
                yield {**after, **self._bodies.piece(rest, is_medium=self._is_medium)}
            # The client does not wait long for the end of a body behind the mark of its end.
            is_complete = how == "stopped" and self._is_marked
            more = {"message": self._bodies.hidden(message)} if message else {}
            yield {**after, "end": "closed" if is_complete else how, **more}

        self._write(lines)

    def _pieces(self, data: bytes) -> list[bytes]:
        """The events that `data` completes, byte for byte; a medium stays in one piece."""
        self._waiting += data
        if self._is_medium:
            return []
        sizes = [self._size(event) for event in self._reader.feed(data)]
        return [self._cut(size) for size in sizes]

    def _size(self, event: Event) -> int:
        self._is_marked = is_end(event)
        return event.size

    def _cut(self, size: int) -> bytes:
        piece = bytes(memoryview(self._waiting)[:size])
        del self._waiting[:size]
        return piece

    def _after(self) -> Line:
        return {"exchange": self.number, "after": round(time.monotonic() - self._began, 4)}
