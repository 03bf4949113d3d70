"""The state that all generations of a kernel share: loop, connections, demo server, ledger."""

import asyncio
import atexit
import concurrent.futures
import functools
import os
import threading
from dataclasses import replace
from typing import Any

import httpx

from .. import _process
from ..client.endpoint import Endpoint
from ..client.http import new_http_client
from ..errors import RecordingError
from ..recording.replay import Replay
from ..recording.tape import Tape
from ..recording.transports import RecordingTransport, ReplayTransport
from ..settings.settings import Settings
from .conversation import Conversation
from .ledger import Ledger
from .lists import Lists
from .loop import Loop, is_running_here


class Session:
    """The shared state of one kernel. Its methods may be called from any thread.

    Attributes:
        conversation: The turns of this kernel's cells.
        ledger: The ended generations, and the reservations in the budget.
        lists: The models and prices of endpoints.
        loop: The event loop for all requests.
        tape: The recording in progress; None without one.
        replay: The replay in progress; None without one.
    """

    def __init__(self) -> None:
        self.conversation = Conversation()
        self.ledger = Ledger()
        self.loop = Loop()
        self.lists = Lists(self.endpoint, self.loop)
        self.tape: Tape | None = None
        self.replay: Replay | None = None
        self._lock = threading.Lock()
        self._http: dict[asyncio.AbstractEventLoop, httpx.AsyncClient] = {}
        self._server: Any = None
        self._process = os.getpid()

    @property
    def is_forked(self) -> bool:
        """Whether this is a forked child, which does not know what its parent uses."""
        return os.getpid() != _process

    async def endpoint(self, settings: Settings) -> Endpoint:
        """Returns the endpoint for these settings, for use on the running loop.

        Raises:
            RecordingError: The replay in these settings has ended.
        """
        loop = asyncio.get_running_loop()
        # Certificates and the imports of the demo take 0.1 to 0.5 s, so use a thread.
        return await asyncio.to_thread(self._endpoint, loop, settings)

    def prepare(self, settings: Settings) -> None:
        """Prepares for the first request: saves it 0.1 s, or 0.2 s with the demo."""
        self._http_client(self.loop.loop)
        if settings.is_demo:
            from ..demo import server  # noqa: F401 - only to load it

    def forget_lists(self) -> None:
        """Forgets models and prices, because the endpoint changes or a recording needs them."""
        self.lists = Lists(self.endpoint, self.loop)

    def not_recorded(self, settings: Settings) -> list[str]:
        """Returns a note if the recording in progress is for another endpoint; else nothing."""
        tape = self.tape
        if tape is None or settings.replayed or tape.endpoint == settings.endpoint:
            return []
        return [f"This is not recorded: {tape.path.name} is for {tape.endpoint}."]

    def close(self) -> None:
        """Stops all work and closes all connections. The session can be used again."""
        if self._process != os.getpid():
            return  # the connections belong to the parent process
        with self._lock:
            server, self._server = self._server, None
            clients, self._http = self._http, {}
            atexit.unregister(self._exit)
        for loop, http in clients.items():
            if loop.is_running():
                closing = asyncio.run_coroutine_threadsafe(http.aclose(), loop)
                # On the kernel's own loop it is closed after this call.
                if not is_running_here(loop):
                    concurrent.futures.wait([closing], timeout=1)
        self.loop.stop()
        if self.tape:
            self.tape.stop()
        self.tape = self.replay = None
        if server:
            server.stop()

    def _exit(self) -> None:
        self.loop.is_ending = True
        self.close()

    def _endpoint(self, loop: asyncio.AbstractEventLoop, settings: Settings) -> Endpoint:
        label = settings.endpoint
        if settings.replayed:
            replay = self.replay
            if replay is None or replay.replayed.name != settings.replayed:
                raise RecordingError(
                    f"{settings.replayed}, is not being replayed here, so nothing was sent."
                )
            http = new_http_client(ReplayTransport(replay))
            settings = replace(settings, base_url=replay.base_url)
            return Endpoint(settings, http, label, replay.speed)
        http = self._http_client(loop)
        with self._lock:
            if settings.base_url is None and self._server is None:
                from ..demo import DemoServer

                server = DemoServer()
                server.start()
                self._server = server  # only if it started; else the next call tries again
            url = settings.base_url or self._server.base_url
        tape = self.tape
        if tape and tape.endpoint == label:
            tape.hide(settings.api_key)
            http = new_http_client(RecordingTransport(http, tape))
        return Endpoint(replace(settings, base_url=url), http, label)

    def _http_client(self, loop: asyncio.AbstractEventLoop) -> httpx.AsyncClient:
        with self._lock:
            if not self._http:
                atexit.register(self._exit)
            if loop not in self._http:
                self._http[loop] = new_http_client()
            return self._http[loop]


@functools.cache
def current() -> Session:
    """Returns the session of this process."""
    return Session()


def renew() -> None:
    """Replaces the session. The new one is created at once, so that threads share it."""
    current.cache_clear()
    current()


renew()
# A forked child has copies of its parent's objects and locks, but none of its threads.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=renew)
