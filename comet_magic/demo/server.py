"""The demo server: it starts, listens and stops, in a thread of its own."""

import asyncio
import contextlib
import errno
import logging
import math
import os
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from comet_magic.demo.app import DemoApp
from comet_magic.demo.families.demo_family import DemoFamily
from comet_magic.demo.families.served import FAMILIES

_START_SECONDS = 10.0
_STOP_SECONDS = 0.9  # A worker that paints a film may take longer; it is a daemon thread.
_CANCEL_SECONDS = 0.3
_ANY_ADDRESS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
_WORKERS = 4


class DemoServer:
    """A server on this machine that answers like the endpoint.

    It runs in a daemon thread with its own event loop. It installs no signal handlers and logs
    nothing. After a stop it can be started again.

    Args:
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        pace: 1 answers at a human pace, 0 without waiting. None takes the environment variable
            `COMET_DEMO_PACE`, or 1.
        families: Endpoint families to serve besides those of the registry; see
            `comet_magic.demo.families`.

    Raises:
        ValueError: The port or the pace is out of range.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        pace: float | None = None,
        *,
        families: Sequence[DemoFamily] = (),
    ) -> None:
        if not 0 <= port <= 65535:
            raise ValueError(f"port {port} is not between 0 and 65535")
        self.host = host
        self.port = port
        self.pace = _default_pace() if pace is None else _checked_pace(pace)
        self._families = (*FAMILIES, *families)
        self._lock = threading.Lock()
        self._running: _ServerThread | None = None

    @property
    def base_url(self) -> str:
        """Base URL for an OpenAI client.

        Raises:
            RuntimeError: The server is not running.
        """
        if self._running is None:
            raise RuntimeError("The demo server is not running: call start() first.")
        host = _ANY_ADDRESS.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self._running.port}/v1"

    @property
    def open_streams(self) -> int:
        """Number of streamed answers that are being sent."""
        return self._running.app.resources.open_streams if self._running else 0

    def start(self) -> None:
        """Start the server and return when it answers. Do nothing if it is running.

        Raises:
            OSError: It cannot listen on the address; the message says why.
        """
        with self._lock:
            if self._running is None:
                listener = _listen(self.host, self.port)
                self._running = _ServerThread(listener, DemoApp(self._families, self.pace))

    def stop(self) -> None:
        """Stop the server and cut open streams. Do nothing if it is not running."""
        with self._lock:
            running, self._running = self._running, None
            if running is not None:
                running.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


class _ServerThread:
    """One run of the server: from a listening socket to the end of its thread.

    Uvicorn's protocol serves the connections. Uvicorn's `Server` is not used, because it logs and
    checks only every 0.1 s whether it should end.
    """

    def __init__(self, listener: socket.socket, app: DemoApp) -> None:
        self.app = app
        self.port: int = listener.getsockname()[1]
        self._listener = listener
        # A loop of our own and not asyncio.run(), which nest_asyncio may have replaced.
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._live, name="comet-demo", daemon=True)
        try:
            self._thread.start()
            if not self._ready.wait(_START_SECONDS):
                raise OSError("The demo server did not start.")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the thread and wait for it."""
        with contextlib.suppress(RuntimeError):  # The loop is closed, so the thread has ended.
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(_STOP_SECONDS)

    def _live(self) -> None:
        workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="comet-demo-worker")
        self._loop.set_default_executor(workers)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            workers.shutdown(cancel_futures=True)
            self._loop.close()

    async def _serve(self) -> None:
        config = uvicorn.Config(
            self.app, ws="none", lifespan="off", log_config=None, proxy_headers=False
        )
        config.load()
        state = ServerState()
        server = await self._loop.create_server(
            lambda: _QuietProtocol(config=config, server_state=state, app_state={}),
            sock=self._listener,
        )
        self._ready.set()
        await self._stopping.wait()
        # asyncio loses a socket that it is about to accept while the server closes.
        with contextlib.suppress(NotImplementedError):  # Windows accepts in a single step.
            self._loop.remove_reader(self._listener)
        await asyncio.sleep(0)  # Now its transport is made,
        await asyncio.sleep(0)  # and now it is in `state.connections`.
        server.close()
        for task in state.tasks:
            task.cancel()
        if state.tasks:
            await asyncio.wait(state.tasks, timeout=_CANCEL_SECONDS)
        for connection in list(state.connections):
            # Otherwise a client that does not read would delay the end.
            connection.transport.abort()
        await asyncio.sleep(0)  # Lets the sockets close.


class _QuietProtocol(H11Protocol):
    """Logs nothing: closed connections are part of the lessons, and the log is the user's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _SILENT
        self.access_log = False


_SILENT = logging.Logger("silent", logging.CRITICAL + 1)  # noqa: LOG001  # unknown to `logging`


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0][0]
        # asyncio switches Nagle's delay off only for sockets that name their protocol, which those
        # of create_server() do not. With the delay, every second small chunk is 40 ms late.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if os.name == "posix":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen()
        except BaseException:
            listener.close()
            raise
    except OSError as error:
        hint = " Take another port, or 0 for a free one." if error.errno == errno.EADDRINUSE else ""
        reason = error.strerror or str(error)
        raise OSError(
            error.errno, f"The demo server cannot listen on {host}:{port}: {reason}.{hint}"
        ) from error
    return listener


def _default_pace() -> float:
    text = os.environ.get("COMET_DEMO_PACE", "").strip() or "1"
    try:
        return _checked_pace(float(text))
    except ValueError as error:
        raise ValueError(f"COMET_DEMO_PACE is {text!r}: it must be a number from 0 up") from error


def _checked_pace(pace: float) -> float:
    if not (math.isfinite(pace) and pace >= 0):
        raise ValueError(f"pace {pace} is not a number from 0 up")
    return float(pace)
