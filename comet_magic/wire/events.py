"""Server-sent events: bytes go in, events come out, however the network cut the bytes.

The client, the timeline and the recording read with this one reader. It has no socket and no clock.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

import re
from dataclasses import dataclass

_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
_READ = (b"data", b"event", b"error:")
_FIELDS = (b"data", b"event", b"id", b"retry", b":", b"error:")
_LINE_ENDS = (b"\n", b"\r")
# `event: ` is the longest beginning of a line that has to be told from others.
_HEAD = 7
# How a body of JSON and `[DONE]` begin.
_BARE = (b"{", b"[{", b"[D", b"[d")
# A line end is missing: `: keep-alivedata: {…}`
_GLUED = re.compile(rb"data: ?[{\[]")
# What can follow a `}` in JSON.
_GOES_ON = (b",", b"]", b"}")
# Bytes from which on copying a part of a line costs more than a view of it.
_LONG = 10_000


# One is made for every token: a frozen dataclass takes four times as long to make.
@dataclass(slots=True)
class Event:
    """A block of lines and the blank line that ends it.

    Some gateways leave the blank line out. A line of data that cannot go on the JSON of the lines
    before it begins a new event, too.

    Attributes:
        name: The value of its last `event` line; empty without one.
        data: The values of its `data` lines, joined by newlines; None without such a line.
        size: Bytes on the wire, the blank line included. The sizes of all events of a stream add
            up to the size of the stream.
        is_whole: False if the stream ended before the blank line.
    """

    name: str
    data: str | None
    size: int
    is_whole: bool = True


def is_event_stream(head: bytes) -> bool:
    """Whether a body is a stream of events; its first nine bytes decide, after any white space."""
    return head.lstrip(_BOM + _SPACE)[:_HEAD].lower().startswith(_FIELDS)


class EventReader:
    """Reads the events of one stream. Its bytes are UTF-8, whatever the content type says.

    Takes time linear in the size of the stream. A line can hold a picture of 30 MB: it is in memory
    twice at most, as bytes and as text.
    """

    def __init__(self) -> None:
        self._rest = bytearray()  # of the line that is not complete yet
        self._is_start = True
        self._after_return = False  # the last line ended with `\r`; a `\n` may belong to that
        self._size = 0
        self._name = ""
        self._data: list[str] = []
        self._until = 0  # bytes up to the last line of data
        self._next_name: str | None = None  # of an `event` line behind the data
        self._is_bare = False  # the data stands there without `data:`

    def feed(self, data: bytes) -> list[Event]:
        """Returns the events that `data` completes."""
        if b"\r" in data or self._after_return or self._rest.endswith(b"\r"):
            return self._read_lines(data)
        events: list[Event] = []
        if self._size or self._rest or self._is_start:
            end = data.find(b"\n\n") + 2
            if end < 2:
                return self._read_lines(data)
            events = self._read_lines(data[:end])
            data = data[end:]
        *blocks, rest = data.split(b"\n\n")
        for block in blocks:
            # Nearly all events are one line of data.
            if block.startswith(b"data: ") and b"\n" not in block and len(block) < _LONG:
                events.append(Event("", block[6:].decode(errors="replace"), len(block) + 2))
            else:
                events += self._read_lines(block + b"\n\n")
        return events + self._read_lines(rest) if rest else events

    def _read_lines(self, data: bytes) -> list[Event]:
        events = []
        lines = self._lines(data)
        while lines:
            # Pop the lines one by one: a line of 30 MB is freed as soon as it is read.
            if event := self._take(lines.pop()):
                events.append(event)
        return events

    def close(self) -> list[Event]:
        """Returns what is left at the end of the stream: the event that has no blank line."""
        rest, self._rest = self._rest, bytearray()
        event = self._take(rest) if rest else None
        events = [event] if event else []
        if self._size:
            events.append(self._event(is_whole=False))
        return events

    def _lines(self, data: bytes) -> list[bytes | bytearray]:
        """The lines that `data` completes, with their ends, the last one first."""
        if self._rest == b"\r":
            data = b"\r" + data
            self._rest.clear()
        if self._after_return and not self._rest and data.startswith(b"\n"):
            self._after_return = False
            self._until += self._until == self._size
            self._size += 1
            data = data[1:]
        if b"\n" not in data and b"\r" not in data:
            self._rest += data  # not searched again: it may be most of a picture
            return []
        lines: list[bytes | bytearray] = [*data.splitlines(keepends=True)]
        if self._rest:
            self._rest += lines[0]
            lines[0], self._rest = self._rest, bytearray()
        if not lines[-1].endswith(_LINE_ENDS) or self._may_be_half(lines):
            self._rest = bytearray(lines.pop())
        lines.reverse()
        return lines

    def _may_be_half(self, lines: list[bytes | bytearray]) -> bool:
        """Whether the last line is a blank `\\r` whose `\\n` is still to come."""
        if lines[-1] != b"\r":
            return False
        # It has one if the line before had one. Otherwise the event need not wait.
        return not (lines[-2].endswith(b"\r") if len(lines) > 1 else self._after_return)

    def _take(self, line: bytes | bytearray) -> Event | None:
        """Reads a line and returns the event that it ends, if it is a blank line that ends one."""
        # `\r\r` ends an event before anybody knows whether a `\n` follows. The `\n` counts to the
        # next event, so that the sizes do not depend on the cuts.
        late = int(self._after_return and line == b"\r\n")
        begin = len(_BOM) if self._is_start and line.startswith(_BOM) else 0
        end = len(line) - (2 if line.endswith(b"\r\n") else line.endswith(_LINE_ENDS))
        if begin < end and not line.startswith(_READ, begin):
            begin = self._begin(line, begin, end)
        self._is_start, self._after_return = False, line.endswith(b"\r")
        before, event = self._size, None
        if begin < end and self._data and self._begins_anew(line, begin, end):
            event = self._event_before()
        self._size += len(line) - late
        if begin < end:
            self._read(line, begin, end)
        elif before:  # a blank line alone is no event, and counts to the next one
            event = self._event(is_whole=True)
        self._size += late
        return event

    def _begin(self, line: bytes | bytearray, begin: int, end: int) -> int:
        """Returns where a line begins that is indented, or glued to a comment before it."""
        while begin < end - 1 and line[begin] in _SPACE:
            begin += 1
        if line.startswith((*_READ, *_BARE), begin):
            return begin
        glued = _GLUED.search(line, begin, end)
        return glued.start() if glued else begin

    def _begins_anew(self, line: bytes | bytearray, begin: int, end: int) -> bool:
        """Whether a line of data begins an event, though no blank line ended the last one.

        `data: {…}\\ndata: {…}` or `data: {…}\\ndata: [DONE]`: no JSON goes on like that.
        """
        if not self._data[-1][-_HEAD:].rstrip().endswith("}"):
            return False
        head = line[begin : min(end, begin + 2 * _HEAD)]
        if head.startswith(_BARE) or head.startswith(b"error:"):
            return True
        rest = head[5:].lstrip()
        return head[:5].lower() == b"data:" and bool(rest) and not rest.startswith(_GOES_ON)

    def _read(self, line: bytes | bytearray, begin: int, end: int) -> None:
        """Reads the line `line[begin:end]`, which is not blank."""
        if line.startswith(b"data: ", begin):  # as nearly all lines do
            self._add(_text(line, begin + 6, end))
            return
        field, colon, value = line[begin : min(end, begin + _HEAD)].partition(b":")
        start = begin + len(field) + len(colon) + value.startswith(b" ")
        field = field.strip().lower()  # some gateways write `Data:`
        if field == b"data":
            self._add(_text(line, start, end))
        elif field == b"event" and self._data:
            self._next_name = _text(line, start, end)
        elif field == b"event":
            self._name = _text(line, start, end)
        elif field == b"error" and colon:
            # llama.cpp: `error: {"code":400,"message":"…"}`
            self._name = "error"
            self._add(_text(line, start, end))
        elif self._is_bare if self._data else line.startswith(_BARE, begin):
            # Gateways that have sent a comment to keep the line open write what comes then, above
            # all an error, as the JSON body that it would have been.
            self._is_bare = True
            self._add(_text(line, begin, end))

    def _add(self, data: str) -> None:
        self._data.append(data)
        self._until = self._size

    def _event_before(self) -> Event:
        """Returns the event of the lines up to the last one with data; a name behind it is kept."""
        event = Event(self._name, "\n".join(self._data), self._until)
        self._name, self._next_name = self._next_name or "", None
        self._size -= self._until
        self._is_bare = False
        self._data.clear()
        return event

    def _event(self, *, is_whole: bool) -> Event:
        data = "\n".join(self._data) if self._data else None
        name = self._name if self._next_name is None else self._next_name
        event = Event(name, data, self._size, is_whole)
        self._name, self._next_name, self._size, self._is_bare = "", None, 0, False
        self._data.clear()
        return event


def _text(line: bytes | bytearray, start: int, end: int) -> str:
    """Decodes a part of a line; a long one is not copied for it."""
    part = line[start:end] if end - start < _LONG else memoryview(line)[start:end]
    return str(part, errors="replace")
