"""TCP and TLS on asyncio. The default backend of httpx takes a quarter of the time per token."""

# ruff: noqa: ASYNC109 - `timeout` is httpcore's

import asyncio
import ipaddress
import math
import os
import select
import socket
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

import httpcore

# Bytes to buffer before the sender has to wait. The reader takes buffered data without yielding to
# the loop, and a chunk takes 20 µs: a megabyte would delay an interrupt for too long.
_MOST_WAITING = 64 * 1024
# Seconds before the next address of a host is tried in parallel (RFC 8305 §5).
_NEXT_ADDRESS = 0.25


class Network(httpcore.AsyncNetworkBackend):
    """Opens connections for a pool of httpcore, and raises httpcore's errors."""

    def __init__(self) -> None:
        self._open: set[_Connection] = set()
        self._is_closed = False

    def close(self) -> None:
        """Closes all connections, also those that are being made and the pool does not know yet."""
        self._is_closed = True
        for connection in list(self._open):
            connection.abort()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        del local_address, socket_options  # our pools set neither
        loop = asyncio.get_running_loop()
        more: dict[str, Any] = {}
        # An address has no other to try, and a race of one that is cancelled as it wins would leave
        # its socket open: asyncio forgets it. uvloop has no such option.
        if isinstance(loop, asyncio.BaseEventLoop) and not _is_address(host):
            more["happy_eyeballs_delay"] = _NEXT_ADDRESS
        with _failing(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                _, connection = await loop.create_connection(
                    lambda: _Connection(self._open), host, port, **more
                )
        if self._is_closed:
            connection.abort()
            raise httpcore.ConnectError(_words(None))
        return connection


def _is_address(host: str) -> bool:
    with suppress(ValueError):
        return bool(ipaddress.ip_address(host))
    return False


class _Connection(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One connection, which buffers a limited amount of data for its reader.

    Args:
        among: Contains the connection while it is open.
    """

    def __init__(self, among: "set[_Connection]") -> None:
        self._among = among
        self._transport: asyncio.Transport
        self._received: deque[bytes] = deque()
        self._waiting = 0
        self._is_held = False
        self._has_ended = False
        self._lost: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._deadline = math.inf
        self._can_write = asyncio.Event()
        self._can_write.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._among.add(self)

    def data_received(self, data: bytes) -> None:
        self._received.append(data)
        self._waiting += len(data)
        if self._waiting > _MOST_WAITING and not self._is_held:
            self._is_held = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self._has_ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._among.discard(self)
        self._has_ended = True
        self._lost = exc
        if self._timer:
            self._timer.cancel()
        self._can_write.set()
        self._wake()

    def pause_writing(self) -> None:
        self._can_write.clear()

    def resume_writing(self) -> None:
        self._can_write.set()

    def _wake(self) -> None:
        if self._reader and not self._reader.done():
            self._reader.set_result(None)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while not self._received:
            if self._has_ended:
                if self._lost:
                    raise httpcore.ReadError(_words(self._lost)) from self._lost
                return b""
            await self._more(timeout)
        data = self._received.popleft()
        if len(data) > max_bytes:
            self._received.appendleft(data[max_bytes:])
            data = data[:max_bytes]
        self._waiting -= len(data)
        if self._is_held and not self._received:
            self._is_held = False
            self._transport.resume_reading()
        return data

    async def _more(self, seconds: float | None) -> None:
        """Waits for data or the end. Shares one timer, because most waits are short."""
        loop = asyncio.get_running_loop()
        self._deadline = math.inf if seconds is None else loop.time() + seconds
        if seconds is not None and (not self._timer or self._timer.when() > self._deadline):
            self._look_again(loop)
        self._reader = loop.create_future()
        try:
            await self._reader
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        finally:
            self._reader = None

    def _look_again(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = loop.call_at(self._deadline, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Ends a wait whose time is over."""
        self._timer = None
        if not self._reader or self._reader.done() or self._deadline == math.inf:
            return
        if loop.time() < self._deadline:
            self._look_again(loop)
        else:
            self._reader.set_exception(TimeoutError())

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._transport.is_closing():
            raise httpcore.WriteError(_words(self._lost))
        self._transport.write(buffer)
        if not self._can_write.is_set():
            with _failing(httpcore.WriteTimeout, httpcore.WriteError):
                async with asyncio.timeout(timeout):
                    await self._can_write.wait()
            if self._lost:
                raise httpcore.WriteError(_words(self._lost)) from self._lost

    async def aclose(self) -> None:
        # Do not wait: a cancellation meanwhile would leave other connections open.
        self.abort()

    def abort(self) -> None:
        """Closes it at once."""
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            with _failing(httpcore.ConnectTimeout, httpcore.ConnectError):
                async with asyncio.timeout(timeout):
                    transport = await loop.start_tls(
                        self._transport, self, ssl_context, server_hostname=server_hostname
                    )
                if transport is None:  # closed meanwhile
                    raise ConnectionAbortedError
        except BaseException:
            await self.aclose()
            raise
        self._transport = transport
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # an idle connection is readable only when it has ended
            return self._has_ended or bool(self._received) or self._has_more()
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return self._transport.get_extra_info(names.get(info, info))

    def _has_more(self) -> bool:
        """Returns whether the system has data that the loop has not read yet."""
        connection: socket.socket = self._transport.get_extra_info("socket")
        if connection.fileno() < 0:
            return True
        if not hasattr(select, "poll"):  # Windows
            return bool(select.select([connection], [], [], 0)[0])
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        return bool(poll.poll(0))


@contextmanager
def _failing(late: type[Exception], broken: type[Exception]) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    # Includes TLS errors, invalid host names and, as OverflowError, ports below 0.
    except (OSError, UnicodeError, OverflowError) as error:
        raise broken(_words(error)) from error


def _words(error: Exception | None) -> str:
    """Returns the reason in the system's words, without asyncio's list of addresses."""
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
        if error.errno and error.errno > 0:
            return os.strerror(error.errno)
        if str(error).startswith("Multiple exceptions"):
            return "all connection attempts failed"
    return str(error or "the connection is closed")
