"""What the generations of one kernel share: loop, connections, demo server, and the ledger."""

import asyncio
import atexit
import concurrent.futures
import functools
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import httpx

from .client import CometClient
from .client.catalogue import Catalogue
from .client.client import Watcher
from .client.endpoint import new_http_client
from .client.pulse import Pulse
from .conversation import Conversation
from .errors import CometError
from .generation import Generation, GenerationBuilder, Status, with_cost
from .prices import Price
from .protocol.chat import ChatCompletionRequest
from .runtime import Loop, is_running_here
from .settings import Settings


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What one generation used.

    Attributes:
        started: When, in UTC.
        model: That was asked or answered.
        endpoint: Who answered: the host, or `demo`.
        status: How it ended.
        pictures: Images and videos in the answer.
        total_tokens: As received; None if not received.
        elapsed: In seconds.
        cost: In US dollars, estimated; None if no price is known.
    """

    started: datetime
    model: str
    endpoint: str
    status: Status
    pictures: int
    total_tokens: int | None
    elapsed: float
    cost: float | None = None

    @classmethod
    def of(cls, generation: Generation) -> "LedgerEntry":
        """The entry for a generation that has ended."""
        return cls(
            # Of a batch of 10,000 each is kept: no zone and no name of its own.
            generation.started.astimezone(UTC),
            sys.intern(generation.model),
            generation.endpoint,
            generation.status,
            len(generation.images) + len(generation.videos),
            generation.usage.total_tokens if generation.usage else None,
            generation.elapsed,
            generation.cost,
        )


def blank(request: ChatCompletionRequest, settings: Settings) -> Generation:
    """The generation of a request that has not been sent yet."""
    return GenerationBuilder(request, datetime.now().astimezone(), settings.endpoint).snapshot()


class Session:
    """The shared state of one kernel. Its methods may be called from any thread.

    Attributes:
        conversation: The exchanges of this kernel's cells.
        ledger: One entry for each generation that has ended, oldest first.
        loop: Where the streams run.
    """

    def __init__(self) -> None:
        self.conversation = Conversation()
        self.ledger: list[LedgerEntry] = []
        self.loop = Loop()
        self._lock = threading.Lock()
        self._http: dict[asyncio.AbstractEventLoop, httpx.AsyncClient] = {}
        self._models: dict[str, list[str]] = {}
        self._catalogue = Catalogue()
        self._server: Any = None
        self._process = os.getpid()

    async def create(
        self,
        request: ChatCompletionRequest,
        settings: Settings,
        watch: Watcher = lambda generation: None,
        *,
        download: bool = True,
        wait_if_limited: bool = True,
    ) -> Generation:
        """Sends `request` and enters its end, whatever it is, in the ledger, with its cost.

        The arguments are those of `CometClient.create`.

        Raises:
            CometError: As `CometClient.create`.
        """
        ends: list[Generation] = []

        def enter(generation: Generation) -> None:
            if generation.status.is_final:
                listed = self._catalogue.known(settings.base_url)
                generation = with_cost(generation, settings.prices, listed)
                self.ledger.append(LedgerEntry.of(generation))
                ends.append(generation)
            watch(generation)

        client = await self._client(settings)
        try:
            await client.create(request, enter, download=download, wait_if_limited=wait_if_limited)
        except CometError as error:
            if ends:  # a 429 that is not waited for is no end
                error.generation = ends[-1]
            raise
        return ends[-1]

    async def create_all(
        self,
        requests: Sequence[ChatCompletionRequest],
        settings: Settings,
        watch: Callable[[tuple[Generation, ...]], None],
    ) -> list[Generation | CometError]:
        """Sends several requests at once; one that fails does not end the others.

        Args:
            requests: At least one.
            settings: The same for each.
            watch: Told of changes as `CometClient.create` does it, of all of them together.

        Returns:
            For each request its generation, or the error that it ended with.
        """
        states = [blank(request, settings) for request in requests]
        # Each of them is told at its own pace: together they would be told too often.
        pulse = Pulse(lambda: watch(tuple(states)), 1 / settings.repaints)

        async def follow(place: int) -> Generation:
            def take(generation: Generation) -> None:
                states[place] = generation
                pulse.change()

            return await self.create(requests[place], settings, take)

        try:
            ends = await asyncio.gather(*map(follow, range(len(requests))), return_exceptions=True)
        finally:
            pulse.stop()
            watch(tuple(states))
        for end in ends:
            if isinstance(end, BaseException) and not isinstance(end, CometError):
                raise end
        return [end for end in ends if isinstance(end, Generation | CometError)]

    async def models(self, settings: Settings) -> list[str]:
        """The ids of the endpoint's models; asked for once in a session.

        Raises:
            CometError: They could not be listed.
        """
        if settings.endpoint not in self._models:
            client = await self._client(settings)
            self._models[settings.endpoint] = await client.models()
        return self._models[settings.endpoint]

    async def prices(self, settings: Settings) -> Mapping[str, Price]:
        """The prices in force, by model: the user's, and those of the endpoint's public list."""
        listed: Mapping[str, Price] = {}
        if settings.base_url is not None:
            http, _ = await asyncio.to_thread(self._open, asyncio.get_running_loop(), settings)
            listed = await self._catalogue.fetch(http, settings.base_url)
        return {**listed, **settings.prices}

    def known_models(self, settings: Settings, patience: float) -> list[str]:
        """The ids for completion: none if they do not come within `patience` seconds."""
        try:
            return self.loop.run(lambda: self.models(settings), patience)
        except (CometError, TimeoutError):
            return []

    def close(self) -> None:
        """Ends what runs and closes connections; the session can be used again."""
        if self._process != os.getpid():
            return  # all of it is the parent's, and shared with it
        with self._lock:
            server, self._server = self._server, None
            clients, self._http = self._http, {}
        for loop, http in clients.items():
            if loop.is_running():
                closing = asyncio.run_coroutine_threadsafe(http.aclose(), loop)
                # The kernel's loop closes it when this has returned.
                if not is_running_here(loop):
                    concurrent.futures.wait([closing], timeout=1)
        self.loop.stop()
        if server:
            server.stop()

    def _exit(self) -> None:
        self.loop.is_ending = True
        self.close()

    async def _client(self, settings: Settings) -> CometClient:
        loop = asyncio.get_running_loop()
        # Certificates and the demo's imports take 0.1 to 0.5 s: not on the loop.
        http, url = await asyncio.to_thread(self._open, loop, settings)
        if settings.api_key:
            self._catalogue.begin(http, url)
        return CometClient(replace(settings, base_url=url), http, settings.endpoint)

    def _open(
        self, loop: asyncio.AbstractEventLoop, settings: Settings
    ) -> tuple[httpx.AsyncClient, str]:
        with self._lock:
            if not self._http and self._server is None:
                atexit.register(self._exit)
            if loop not in self._http:
                self._http[loop] = new_http_client()
            if settings.base_url is None and self._server is None:
                self._server = import_module("comet_magic.demo").DemoServer()
                self._server.start()
            return self._http[loop], settings.base_url or self._server.base_url


@functools.cache
def current() -> Session:
    """The session of this process."""
    return Session()


def renew() -> None:
    """Forgets the session; the next one is there at once, for threads that ask together."""
    current.cache_clear()
    current()


renew()
# A forked child has its parent's objects but none of its threads, and its locks as they were.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=renew)
