"""A server that sends exactly what a test tells it to, byte by byte, and logs all that it sees."""

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self


class Stall:
    """Sends nothing until the client goes away or the server is released."""


class Reset:
    """Breaks the connection off: the client sees `ECONNRESET`."""


class Close:
    """Ends the connection in an orderly way."""


@dataclass(frozen=True)
class Drip:
    """Sends each byte in a packet of its own."""

    data: bytes


@dataclass(frozen=True)
class Repeat:
    """Sends the same bytes again and again, as fast as they are taken."""

    data: bytes
    times: int


@dataclass(frozen=True)
class Pause:
    """Sends nothing for so many seconds, and goes on."""

    seconds: float


# Bytes that a socket holds: what was sent is then nearly what the client has taken.
_MOST_UNSENT = 64 * 1024

Step = bytes | Drip | Repeat | Pause | Stall | Reset | Close
STALL, RESET, CLOSE = Stall(), Reset(), Close()


@dataclass
class Connection:
    """One connection.

    Attributes:
        closed_by: `client` or `server`; None while it is open.
        sent: Bytes of answers that were taken.
        busy: Whether a request or an answer is under way.
        stalls: Whether it sends nothing just now.
    """

    closed_by: str | None = None
    sent: int = 0
    busy: bool = False
    stalls: bool = False


@dataclass(frozen=True)
class Request:
    """One request as it was read.

    Attributes:
        headers: In order, names in lower case.
    """

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes
    connection: Connection = field(repr=False)

    def header(self, name: str) -> str | None:
        """The value of a header; None without one."""
        return next((value for key, value in self.headers if key == name), None)


class FaultServer:
    """Answers each path from its list of scripts; the last one is kept, an unknown path is 404.

    Runs on a loop and a thread of its own. Use it as a context.

    Args:
        host: The address to listen on.
        certificates: Of the server, with its key: then it speaks TLS.

    Attributes:
        requests: Oldest first.
        connections: Oldest first.
        resets: How many of the next connections are broken off as soon as they are made.
    """

    def __init__(self, host: str = "127.0.0.1", certificates: ssl.SSLContext | None = None) -> None:
        self.host = host
        self._certificates = certificates
        self.port = 0
        self.requests: list[Request] = []
        self.connections: list[Connection] = []
        self.resets = 0
        self._scripts: dict[str, list[Sequence[Step]]] = {}
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._release = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._serve, name="faults", daemon=True)
        self._started = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._started.wait(5)
        return self

    def __exit__(self, *details: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        assert not self._thread.is_alive()

    @property
    def url(self) -> str:
        """Without a slash at its end."""
        scheme = "https" if self._certificates else "http"
        return f"{scheme}://{self.host}:{self.port}"

    @property
    def taken(self) -> int:
        """Bytes of all answers that were taken."""
        return sum(each.sent for each in self.connections)

    def script(self, path: str, *answers: Sequence[Step]) -> None:
        """What `path` answers to its first request, its second …"""
        self._scripts[path] = list(answers)

    def seen(self, start: str) -> list[Request]:
        """The requests to paths that begin so."""
        return [request for request in self.requests if request.path.startswith(start)]

    def release(self) -> None:
        """Lets stalled answers go on, now and later."""
        self._loop.call_soon_threadsafe(self._release.set)

    def wait_until(self, condition: Callable[[], bool], seconds: float = 3.0) -> bool:
        """Whether `condition` came true in time; it is looked at when something changes here."""
        with self._changed:
            return self._changed.wait_for(condition, seconds)

    def is_quiet(self) -> bool:
        """Whether nothing is under way on any connection, within a few seconds."""
        return self.wait_until(lambda: not any(each.busy for each in self.connections))

    def is_deserted(self) -> bool:
        """Whether every connection is closed, within a few seconds."""
        return self.wait_until(lambda: all(each.closed_by for each in self.connections))

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        with socket.create_server((self.host, 0)) as listener:
            listener.setblocking(False)
            self.port = listener.getsockname()[1]
            self._loop.add_reader(listener, self._accept, listener)
            self._started.set()
            self._loop.run_forever()
            self._loop.remove_reader(listener)
        # A task that is cancelled before it begins would not close its connection.
        self._loop.run_until_complete(asyncio.sleep(0))
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            self._loop.run_until_complete(asyncio.wait(set(self._tasks), timeout=3))
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _accept(self, listener: socket.socket) -> None:
        """Knows a connection from its beginning, also while its TLS handshake is under way."""
        with suppress(BlockingIOError, ConnectionAbortedError):
            ours, _ = listener.accept()
            ours.setblocking(False)
            ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MOST_UNSENT)
            connection = Connection()
            self.connections.append(connection)
            task = self._loop.create_task(self._meet(ours, connection))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _meet(self, ours: socket.socket, connection: Connection) -> None:
        reader = asyncio.StreamReader(2**20)
        protocol = asyncio.StreamReaderProtocol(reader)
        try:
            transport, _ = await self._loop.connect_accepted_socket(
                lambda: protocol, ours, ssl=self._certificates
            )
        except (OSError, asyncio.CancelledError) as error:  # asyncio has closed it
            connection.closed_by = "client" if isinstance(error, OSError) else "server"
            self._tell()
            return
        writer = asyncio.StreamWriter(transport, protocol, reader, self._loop)
        await self._handle(reader, writer, connection)

    async def _handle(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: Connection
    ) -> None:
        closed_by, is_over = "server", False
        try:
            if self.resets:
                self.resets -= 1
                _reset(writer)
                return
            while request := await _read_request(reader, connection):
                self.requests.append(request)
                connection.busy = True
                self._tell()
                for step in self._next(request.path):
                    await self._play(step, reader, writer, connection)
                connection.busy = False
                self._tell()
            closed_by = "client"
        except _Ended:
            pass
        except (OSError, asyncio.IncompleteReadError):
            closed_by = "client"
        except asyncio.CancelledError:
            is_over = True
        finally:
            # Nobody takes what is left.
            if is_over or closed_by == "client":
                writer.transport.abort()
            else:
                writer.close()
            connection.busy = connection.stalls = False
            connection.closed_by = closed_by
            self._tell()
            # Else asyncio logs the error when garbage is collected, which can be in the middle of
            # `ast.parse`: formatting a traceback uses it, and Python 3.11 does not nest it.
            with suppress(OSError):
                await writer.wait_closed()

    def _next(self, path: str) -> Sequence[Step]:
        scripts = self._scripts.get(path, [NOT_FOUND])
        return scripts.pop(0) if len(scripts) > 1 else scripts[0]

    async def _play(
        self,
        step: Step,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        connection: Connection,
    ) -> None:
        if isinstance(step, Reset):
            _reset(writer)
            raise _Ended
        if isinstance(step, Close):
            raise _Ended
        if isinstance(step, Stall):
            connection.stalls = True
            self._tell()
            await self._stall(reader)
            connection.stalls = False
            return
        if isinstance(step, Pause):
            await asyncio.sleep(step.seconds)
            return
        if isinstance(step, Drip):
            parts = [step.data[position : position + 1] for position in range(len(step.data))]
        elif isinstance(step, Repeat):
            parts = [step.data] * step.times
        else:
            parts = [step]
        for part in parts:
            writer.write(part)
            await writer.drain()
            if isinstance(step, Drip):
                await asyncio.sleep(0)
            connection.sent += len(part)

    async def _stall(self, reader: asyncio.StreamReader) -> None:
        released = asyncio.ensure_future(self._release.wait())
        gone = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait({released, gone}, return_when=asyncio.FIRST_COMPLETED)
            if gone.done() and gone.result() == b"":
                raise ConnectionResetError
        finally:
            released.cancel()
            gone.cancel()


class _Ended(Exception):
    """The script closed the connection."""


def _reset(writer: asyncio.StreamWriter) -> None:
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def _read_request(reader: asyncio.StreamReader, connection: Connection) -> Request | None:
    try:
        block = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *rest = block.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ")
    headers = [
        (name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in rest)
    ]
    length = next((int(value) for name, value in headers if name == "content-length"), 0)
    return Request(method, path, headers, await reader.readexactly(length), connection)


def head(status: int | str = 200, /, *headers: str, version: str = "1.1") -> bytes:
    """Status line and headers; `status` may be a text such as `200 Fine`."""
    lines = [f"HTTP/{version} {status if isinstance(status, str) else f'{status} Status'}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode("utf-8", "surrogateescape")


def whole(status: int | str, body: bytes | str, /, *headers: str) -> bytes:
    """A response with the right length."""
    data = body.encode() if isinstance(body, str) else body
    return head(status, *headers, f"Content-Length: {len(data)}") + data


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"
NOT_FOUND: Sequence[Step] = (whole(404, "no script"),)
