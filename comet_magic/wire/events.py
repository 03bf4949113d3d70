"""Server-sent events out of the bytes of a response, with no more copies of a line than it takes.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One block of lines up to its blank line."""

    name: str
    data: str | None
    size: int
    is_whole: bool = True


def is_event_stream(head: bytes) -> bool:
    """Whether a body that begins with `head` is a stream of events."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(
        (b"data", b"event", b"id", b"retry", b":")
    )


class EventReader:
    """Reads events."""

    def __init__(self) -> None:
        self._rest = bytearray()  # of the line that is not whole yet
        self._after_return = False
        self._name = ""
        self._data: list[str] = []
        self._is_first = True

    def feed(self, data: bytes) -> list[Event]:
        """The events that `data` completes."""
        if self._is_first:
            self._is_first = False
            data = data.removeprefix(b"\xef\xbb\xbf")
        events = []
        lines = self._lines(data)
        lines.reverse()
        while lines:
            if lines[-1]:
                self._read(lines.pop())
                continue
            lines.pop()
            if self._data:
                events.append(Event(self._name, "\n".join(self._data), 0))
                self._data.clear()
            self._name = ""
        return events

    def close(self) -> list[Event]:
        """The event that the stream broke off in."""
        from dataclasses import replace

        return [replace(event, is_whole=False) for event in self.feed(b"\n\n")]

    def _lines(self, part: bytes) -> list[str]:
        """The lines that `part` brings to their ends."""
        if self._after_return and part:  # a line end of two bytes may come in two parts
            part, self._after_return = part.removeprefix(b"\n"), False
        if b"\r" in part:
            self._after_return = part.endswith(b"\r")
            part = part.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        end = part.rfind(b"\n") + 1
        if not end:
            self._rest += part
            return []
        lines = []
        begin = 0
        if self._rest:
            # There is no line end in it: it may hold a picture, and is not looked through for one.
            begin = part.find(b"\n") + 1
            self._rest += part[: begin - 1]
            lines.append(self._rest.decode(errors="replace"))
        self._rest = bytearray(part[end:])
        lines += part[begin:end].decode(errors="replace").split("\n")
        lines.pop()  # nothing, behind the last line end
        return lines

    def _read(self, line: str) -> None:
        if line.startswith("data: "):  # as all write it, with one copy less
            self._data.append(line[6:])
            return
        name, _, value = line.partition(":")
        if name == "data":
            self._data.append(value.removeprefix(" "))
        elif name == "event":
            self._name = value.removeprefix(" ")
        elif line.startswith('{"') and not self._data:
            # Gateways that have sent a comment to keep the line open write what comes then, an
            # error above all, as the JSON body that it would have been.
            self._data.append(line)
