"""`python -m tests.benchmarks.server`: raw bytes from a process of its own, the same for all.

The path says what is sent: `/text/COUNT/MICROSECONDS/…` so many words with a pause between them,
`/inline/SIZE/PARTS/…` a picture inside the text, `/link/…` one beside it, `/photo.png` its bytes,
`/together/STREAMS/COUNT/MICROSECONDS/…` words that wait until so many streams are there.
`/log` gives what the server saw since it was last asked.
"""

import asyncio
import json
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.request import urlopen

from . import wire

_ROOT = Path(__file__).parents[2]
_STREAM = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
)


@cache
def _text(count: int) -> list[bytes]:
    return [wire.event(token) for token in wire.tokens(count)]


@cache
def _inline(size: int, parts: int) -> bytes:
    events = [wire.event(part) for part in wire.cut(wire.inline(size), parts)]
    return b"".join([*events, wire.ending(parts)])


class Server:
    """Answers on one port."""

    def __init__(self) -> None:
        self._connections = 0
        self._answered: list[tuple[str, float]] = []
        self._waiting: dict[str, int] = {}
        self._full: dict[str, asyncio.Event] = {}

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection to its end."""
        self._connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                length = head.lower().partition("content-length:")[2].partition("\r\n")[0]
                await reader.readexactly(int(length or 0))
                path = head.split(" ", 2)[1]
                if path == "/log":
                    # Without the connection that asks for it.
                    paths, ends = zip(*self._answered, strict=True) if self._answered else ((), ())
                    log = {"connections": self._connections - 1, "paths": paths, "ends": ends}
                    _whole(writer, "application/json", json.dumps(log).encode())
                    self._connections, self._answered = 0, []
                else:
                    await self._answer(path, writer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        kind, *words = path.strip("/").split("/")
        if kind == "photo.png":
            _whole(writer, "image/png", wire.photo())
        elif kind == "inline":
            writer.write(_STREAM)
            writer.write(_inline(int(words[0]), int(words[1])))
        elif kind == "link":
            port = writer.get_extra_info("sockname")[1]
            writer.write(_STREAM)
            writer.write(wire.event(f"![a photo](http://127.0.0.1:{port}/photo.png)"))
            writer.write(wire.ending(1))
        else:
            writer.write(_STREAM)
            if kind == "together":
                await self._all_here(path, int(words.pop(0)))
            count, pause = int(words[0]), int(words[1]) / 1e6
            await _words(writer, _text(count), pause)
            writer.write(wire.ending(count))
        await writer.drain()
        self._answered.append((path, time.monotonic()))

    async def _all_here(self, path: str, streams: int) -> None:
        full = self._full.setdefault(path, asyncio.Event())
        self._waiting[path] = self._waiting.get(path, 0) + 1
        if self._waiting[path] == streams:
            full.set()
            del self._full[path], self._waiting[path]
        await full.wait()


async def _words(writer: asyncio.StreamWriter, events: list[bytes], pause: float) -> None:
    if not pause:
        writer.write(b"".join(events))
        return
    # By the clock: sleeps that are each a little too long would add up.
    began = time.monotonic()
    for number, event in enumerate(events):
        await asyncio.sleep(max(0, began + number * pause - time.monotonic()))
        writer.write(event)
        await writer.drain()


def _whole(writer: asyncio.StreamWriter, kind: str, body: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)


async def _serve(certificate: str) -> None:
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    server = await asyncio.start_server(
        Server().handle, "127.0.0.1", 0, backlog=2_000, ssl=context, limit=2**20
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def raw_server(certificate: Path | None = None) -> Iterator[str]:
    """The root URL of such a server, which ends with the block; with a certificate it is TLS."""
    command = [sys.executable, "-m", "tests.benchmarks.server", str(certificate or "")]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            yield f"{'https' if certificate else 'http'}://127.0.0.1:{port}"
        finally:
            process.kill()


@dataclass(frozen=True, slots=True)
class Log:
    """What a server saw since it was last asked.

    Attributes:
        connections: That were made.
        paths: Of the requests, in order.
        ends: When each was answered: its last byte, in seconds of `time.monotonic`, which all
            processes of a machine share.
    """

    connections: int
    paths: list[str]
    ends: list[float]


def log_of(url: str) -> Log:
    """What the server at `url` saw."""
    with urlopen(f"{url}/log") as response:
        return Log(**json.loads(response.read()))


if __name__ == "__main__":
    try:
        asyncio.run(_serve(sys.argv[1]))
    except KeyboardInterrupt:
        pass
