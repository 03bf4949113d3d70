"""Server-sent events out of the bytes of a response, with no more copies of a line than it takes.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator


class EventStream:
    """The events of one response. Its bytes are UTF-8, whatever the content type says.

    Args:
        head: What was read of it before, without a byte order mark.
        parts: What follows.

    Attributes:
        has_ended: Whether all bytes are read: an event that comes now lacked its blank line.
    """

    def __init__(self, head: bytes, parts: AsyncIterator[bytes]) -> None:
        self.has_ended = False
        self._head = head
        self._parts = parts
        self._rest = bytearray()  # of the line that is not whole yet
        self._after_return = False
        self._name = ""
        self._data: list[str] = []

    async def events(self) -> AsyncGenerator[tuple[str, str], None]:
        """Yields name and data of each event that has data; the name may be empty."""
        for event in self._events(self._head):
            yield event
        async for part in self._parts:
            for event in self._events(part):
                yield event
        self.has_ended = True
        for event in self._events(b"\n\n"):
            yield event

    def _events(self, part: bytes) -> Iterator[tuple[str, str]]:
        lines = self._lines(part)
        # Taken out one by one: a line of 30 MB is let go as soon as it is read.
        lines.reverse()
        while lines:
            if lines[-1]:
                self._read(lines.pop())
                continue
            lines.pop()
            if self._data:
                yield self._taken()
            self._name = ""

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

    def _taken(self) -> tuple[str, str]:
        data = "\n".join(self._data)
        self._data.clear()
        return self._name, data
