"""What the generations of one kernel share: loop, connections, demo server, and the ledger."""

import asyncio
import atexit
import concurrent.futures
import functools
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx

from ..client import CometClient
from ..client.catalogue import Catalogue
from ..client.client import Watcher
from ..client.endpoint import new_http_client
from ..client.failures import is_unsent
from ..client.pulse import Pulse
from ..errors import CometError, RecordingError
from ..families.chat.chunks import ChatCompletionRequest
from ..generation import Generation, GenerationBuilder, with_cost
from ..money.budget import Budget, Need, Use
from ..money.prices import Price
from ..recording.replay import Replay
from ..recording.tape import Tape
from ..recording.transports import RecordingTransport, ReplayTransport
from ..settings.settings import Settings
from .conversation import Conversation
from .ledger import Ledger, Seat
from .loop import Job, Loop, is_running_here


def blank(request: ChatCompletionRequest, settings: Settings) -> Generation:
    """The generation of a request that has not been sent yet."""
    now = datetime.now().astimezone()
    return GenerationBuilder(request, now, settings.endpoint, settings.replayed).snapshot()


class Session:
    """The shared state of one kernel. Its methods may be called from any thread.

    Attributes:
        conversation: The exchanges of this kernel's cells.
        ledger: What was used, and the budget's seats.
        loop: Where the streams run.
        tape: Writes down what is asked and answered; None if nothing does.
        replay: Answers requests whose settings say so; None if nothing does.
    """

    def __init__(self) -> None:
        self.conversation = Conversation()
        self.ledger = Ledger()
        self.loop = Loop()
        self.tape: Tape | None = None
        self.replay: Replay | None = None
        self._lock = threading.Lock()
        self._http: dict[asyncio.AbstractEventLoop, httpx.AsyncClient] = {}
        self._models: dict[str, list[str]] = {}
        self._listings: dict[str, Job[Any, list[str]]] = {}
        self._catalogue = Catalogue()
        self._server: Any = None
        self._process = os.getpid()

    async def admit(
        self, requests: Sequence[ChatCompletionRequest], settings: Settings
    ) -> list[Seat]:
        """Takes a seat for each of the requests, which may then be sent, or for none of them.

        What a recording answers is not sent, so it has no need of a budget.

        Raises:
            BudgetError: They would go over the budget.
        """
        if settings.replayed:
            free = [Need(request.model, Use(), True, 0.0) for request in requests]
            return self.ledger.take(free, Budget())
        prices: Mapping[str, Price] = settings.prices
        matters = settings.budget_cost is not None or settings.confirm
        if matters and any(request.model not in prices for request in requests):
            prices = await self.prices(settings)
        needs = [
            Need.of(request.model, request.parameters, prices.get(request.model))
            for request in requests
        ]
        return self.ledger.take(needs, settings.budget)

    async def create(
        self,
        request: ChatCompletionRequest,
        settings: Settings,
        watch: Watcher = lambda generation: None,
        *,
        download: bool = True,
        wait_if_limited: bool = True,
        seat: Seat | None = None,
    ) -> Generation:
        """Sends `request` and enters its end, whatever it is, in the ledger, with its cost.

        Nothing is sent but from here. The arguments are those of `CometClient.create`, and:

        Args:
            seat: Taken before, and given up at the end; by default one is taken now.

        Raises:
            CometError: As `CometClient.create`, or a `BudgetError` before anything is sent.
        """
        if seat is None:
            (seat,) = await self.admit([request], settings)
        ends: list[Generation] = []

        def enter(generation: Generation) -> None:
            if generation.status.is_final:
                listed = self._catalogue.known(settings.base_url)
                generation = with_cost(generation, settings.prices, listed)
                ends.append(generation)
            watch(generation)

        unsent = False
        request = replace(request, notes=(*request.notes, *self._not_recorded(settings)))
        try:
            client = await self._client(settings)
            await client.create(request, enter, download=download, wait_if_limited=wait_if_limited)
        except CometError as error:
            unsent = is_unsent(error)
            if ends:  # a 429 that is not waited for is no end
                error.generation = ends[-1]
            raise
        finally:
            seat.leave(ends[-1] if ends else None, is_sent=not unsent)
        return ends[-1]

    async def create_all(
        self,
        requests: Sequence[ChatCompletionRequest],
        settings: Settings,
        watch: Callable[[tuple[Generation, ...]], None],
        seats: Sequence[Seat],
    ) -> list[Generation | CometError]:
        """Sends several requests at once; one that fails does not end the others.

        Args:
            requests: At least one.
            settings: The same for each.
            watch: Told of changes as `CometClient.create` does it, of all of them together.
            seats: Of the requests.

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

            return await self.create(requests[place], settings, take, seat=seats[place])

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
        known, name = self._models, settings.endpoint
        if name not in known:
            client = await self._client(settings)
            known[name] = await client.models()
        return known[name]

    async def prices(self, settings: Settings) -> Mapping[str, Price]:
        """The prices in force, by model: the user's, and those of the endpoint's public list."""
        listed: Mapping[str, Price] = {}
        if settings.base_url is not None:
            http, _ = await asyncio.to_thread(self._open, asyncio.get_running_loop(), settings)
            listed = await self._catalogue.fetch(http, settings.base_url)
        return {**listed, **settings.prices}

    def known_models(self, settings: Settings, patience: float) -> list[str]:
        """The ids for completion: none if they do not come within `patience` seconds, but later."""
        name = settings.endpoint
        job = self._listings.get(name)
        if job is None:
            job = self._listings[name] = Job(
                self.loop.loop,
                lambda _: self.models(settings),
                lambda: self._listings.pop(name, None),
            )
            job.start()
        try:
            return job.result() if job.wait(patience) else []
        except (CometError, asyncio.CancelledError):
            return []

    def prepare(self, settings: Settings) -> None:
        """Does what takes a first request 0.1 s, and the demo's 0.2 s, before it is made."""
        self._http_client(self.loop.loop)
        if settings.is_demo:
            from ..demo import server as _  # noqa: F401

    def forget_lists(self) -> None:
        """Has models and prices asked for again: somebody else answers, or they are recorded."""
        self._models, self._catalogue = {}, Catalogue()

    def close(self) -> None:
        """Ends what runs and closes connections; the session can be used again."""
        if self._process != os.getpid():
            return  # all of it is the parent's, and shared with it
        with self._lock:
            server, self._server = self._server, None
            clients, self._http = self._http, {}
            atexit.unregister(self._exit)
        for loop, http in clients.items():
            if loop.is_running():
                closing = asyncio.run_coroutine_threadsafe(http.aclose(), loop)
                # The kernel's loop closes it when this has returned.
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

    async def _client(self, settings: Settings) -> CometClient:
        loop = asyncio.get_running_loop()
        # Certificates and the demo's imports take 0.1 to 0.5 s: not on the loop.
        http, url = await asyncio.to_thread(self._open, loop, settings)
        if settings.api_key or (settings.replayed and settings.base_url):
            self._catalogue.begin(http, url)
        return CometClient(replace(settings, base_url=url), http, settings.endpoint)

    def _not_recorded(self, settings: Settings) -> list[str]:
        tape = self.tape
        if tape is None or settings.replayed or tape.endpoint == settings.endpoint:
            return []
        return [f"This is not recorded: {tape.path.name} is for {tape.endpoint}."]

    def _open(
        self, loop: asyncio.AbstractEventLoop, settings: Settings
    ) -> tuple[httpx.AsyncClient, str]:
        if settings.replayed:
            replay = self.replay
            if replay is None or replay.replayed.name != settings.replayed:
                raise RecordingError(
                    f"{settings.replayed}, is not being replayed here, so nothing was sent."
                )
            return new_http_client(ReplayTransport(replay)), replay.base_url
        http = self._http_client(loop)
        with self._lock:
            if settings.base_url is None and self._server is None:
                from ..demo import DemoServer

                server = DemoServer()
                server.start()
                self._server = server  # not one that did not start: the next call tries again
            url = settings.base_url or self._server.base_url
        tape = self.tape
        if tape and tape.endpoint == settings.endpoint:
            tape.hide(settings.api_key)
            http = new_http_client(RecordingTransport(http, tape))
        return http, url

    def _http_client(self, loop: asyncio.AbstractEventLoop) -> httpx.AsyncClient:
        with self._lock:
            if not self._http:
                atexit.register(self._exit)
            if loop not in self._http:
                self._http[loop] = new_http_client()
            return self._http[loop]


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
