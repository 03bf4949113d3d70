"""One endpoint: asks it, follows the answer, fetches the pictures."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, aclosing, asynccontextmanager, suppress
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version

import httpx

from ..errors import (
    APIConnectionError,
    APITimeoutError,
    CometError,
    GenerationError,
    StreamError,
)
from ..generation import INTERRUPTED, Generation, GenerationBuilder, Status
from ..media import Media
from ..protocol.chat import ChatCompletionChunk, ChatCompletionRequest
from ..protocol.failure import failure_from_body
from ..settings import Settings
from ..text import lines, one_line
from .collect import Collector
from .events import Answer, WebPageError, beginning, json_body
from .failures import (
    is_transient,
    mapped,
    request_id_of,
    sent_error,
    status_error,
    web_page_error,
)
from .pulse import Pulse
from .retries import TryAgain, retried, retry_after

Watcher = Callable[[Generation], None]

# Seconds that usage and `[DONE]` are waited for once every choice has come to its end.
_LAST_WORDS = 5.0
_USER_AGENT = f"comet_magic/{version('comet_magic')}"


def new_http_client() -> httpx.AsyncClient:
    """The one connection pool of a kernel: building one costs 70 ms for its certificates.

    It sends no key by itself and follows no redirect. Waiting for a connection is no failure.
    """
    loopback = {f"all://{host}": None for host in ("localhost", "127.0.0.1", "[::1]")}
    return httpx.AsyncClient(
        headers={"User-Agent": _USER_AGENT},
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
        timeout=httpx.Timeout(30.0, pool=None),  # for downloads; the endpoint has its own
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # none is kept or sent
        mounts=loopback,  # a proxy for the internet does not lead to this machine
    )


class CometClient:
    """Talks to the endpoint that `settings` name.

    Args:
        settings: Must name a base URL.
        http: Shared by all clients of a kernel.
        label: Who answers, for people: the host, or `demo`.
    """

    def __init__(self, settings: Settings, http: httpx.AsyncClient, label: str) -> None:
        self._settings = settings
        self._http = http
        self._label = label
        self._url = httpx.URL(settings.base_url or "")
        self._host = self._url.netloc.decode()
        self._timeout = httpx.Timeout(settings.timeout, connect=settings.connect_timeout, pool=None)

    async def create(
        self,
        request: ChatCompletionRequest,
        watch: Watcher = lambda generation: None,
        *,
        download: bool = True,
    ) -> Generation:
        """Sends `request` and returns the finished generation.

        Args:
            request: Sent once; again only where that cannot be charged twice.
            watch: Told of changes, at most `settings.repaints` times a second, and of the end,
                also when this is cancelled. Called on the event loop: it must return at once.
            download: Whether pictures and videos are fetched and saved.

        Raises:
            CometError: With the generation as far as it came.
        """
        builder = GenerationBuilder(request, datetime.now().astimezone(), self._label)
        began = time.monotonic()
        pulse = Pulse(
            lambda: watch(builder.snapshot(time.monotonic() - began)), 1 / self._settings.repaints
        )
        error: CometError | None = None
        try:
            try:
                await self._follow(request, builder, pulse, began)
            except CometError as caught:
                error = caught
            ended = time.monotonic() - began
            builder.close(is_whole=error is None)
            if download:
                await self._fetch(builder, pulse)
        except asyncio.CancelledError:
            watch(builder.interrupt(INTERRUPTED, time.monotonic() - began))
            raise
        finally:
            pulse.stop()
        generation = _end(builder, error, ended)
        watch(generation)
        if error is None and generation.status is not Status.COMPLETE:
            why = "\n".join(lines(generation.error or "", most=2))
            error = GenerationError(f"{one_line(generation.model, 100)} made no picture.\n{why}")
        if error is not None:
            error.generation = generation
            raise error
        return generation

    async def models(self) -> list[str]:
        """The ids of the endpoint's models, in its order.

        Raises:
            CometError: They could not be listed.
        """

        async def ask(_: int) -> list[str]:
            async with self._response("GET", "models") as response:
                with self._mapped():
                    text = (await response.aread()).decode(errors="replace")
                try:
                    return [str(item["id"]) for item in response.json()["data"]]
                except (ValueError, KeyError, TypeError) as error:
                    raise web_page_error(response, text, self._settings.api_key) from error

        return await retried(ask, self._settings.max_retries + 1)

    async def _follow(
        self, request: ChatCompletionRequest, builder: GenerationBuilder, pulse: Pulse, began: float
    ) -> None:
        """Feeds the whole answer to `builder`."""
        body = json_body(request.body())

        def announce(note: str) -> None:
            builder.notes.append(note)
            pulse.change()

        async def ask(number: int) -> None:
            builder.attempts = number
            async with self._response("POST", "chat/completions", body) as response:
                builder.request_id = request_id_of(response, self._settings.api_key)
                await self._read(response, builder, pulse, began)

        await retried(ask, self._settings.max_retries + 1, announce)

    async def _read(
        self,
        response: httpx.Response,
        builder: GenerationBuilder,
        pulse: Pulse,
        began: float,
    ) -> None:
        answer = Answer(response)
        try:
            with self._mapped():
                await self._take(answer, builder, pulse, began)
        except WebPageError as error:
            # Not from `error`, which holds the page as it came, the key included if it is in it.
            raise web_page_error(response, error.args[0], self._settings.api_key) from None
        except APITimeoutError as error:
            if not builder.has_ended:
                raise StreamError(
                    f"The answer stopped: nothing came for {self._settings.timeout:g} s.\n"
                    "%config CometMagics.timeout raises the time."
                ) from error
        except APIConnectionError as error:
            if not builder.has_ended:
                cause = error.__cause__
                broken = isinstance(cause, httpx.DecodingError)
                why = one_line(str(cause), 200) if broken else "the connection broke"
                raise StreamError(f"The answer was cut: {why}.\nWhat arrived is kept.") from error
        if not answer.is_whole and not builder.has_ended:
            raise StreamError("The answer was cut: it ended early.\nWhat arrived is kept.")

    async def _take(
        self, answer: Answer, builder: GenerationBuilder, pulse: Pulse, began: float
    ) -> None:
        def take(chunk: ChatCompletionChunk) -> None:
            builder.add(chunk, time.monotonic() - began)
            if chunk.error:
                builder.request_id = chunk.error.request_id or builder.request_id
                raise sent_error(chunk.error, self._host, self._settings.api_key)
            pulse.change()

        async with aclosing(answer.chunks()) as chunks:
            async for chunk in chunks:
                take(chunk)
                if builder.has_all:
                    break
            # The answer is whole. Usage and [DONE] follow at once, if they follow at all.
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST_WORDS):
                    async for chunk in chunks:
                        take(chunk)

    @asynccontextmanager
    async def _response(
        self, method: str, path: str, body: bytes | None = None
    ) -> AsyncIterator[httpx.Response]:
        """The successful response to one request.

        Raises:
            TryAgain: The request may be sent again.
            CometError: It may not.
        """
        # These do not show the key when an error reporter stores the variables of this frame.
        headers = httpx.Headers({"Accept": "text/event-stream, application/json"})
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self._settings.api_key:
            headers["Authorization"] = self._settings.api_key.header()
        request = self._http.build_request(
            method, f"{self._url}/{path}", content=body, headers=headers, timeout=self._timeout
        )
        try:
            with self._mapped():
                response = await self._http.send(request, stream=True)
        except APIConnectionError as error:
            # Nothing was written yet: this alone is safe to repeat.
            if isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout):
                raise TryAgain(error, "no connection") from error
            raise
        try:
            if not response.is_success:
                await self._raise_status(response)
            yield response
        finally:
            await response.aclose()

    async def _raise_status(self, response: httpx.Response) -> None:
        text = await beginning(response)
        error = status_error(response, text, self._settings.api_key)
        if is_transient(response.status_code, failure_from_body(text)):
            raise TryAgain(error, str(response.status_code), retry_after(response))
        raise error

    async def _fetch(self, builder: GenerationBuilder, pulse: Pulse) -> None:
        generation = builder.snapshot()
        media: list[Media] = [*generation.images, *generation.videos]
        if media:
            pulse.change()
            collector = Collector(self._http, self._settings, self._url.host)
            kept, notes = await collector.collect(media, provenance(generation), generation.started)
            builder.set_media(kept)
            builder.notes += notes

    def _mapped(self) -> AbstractContextManager[None]:
        settings = self._settings
        return mapped(self._host, settings.timeout, settings.connect_timeout, settings.api_key)


def _end(builder: GenerationBuilder, error: CometError | None, elapsed: float) -> Generation:
    if error is None:
        return builder.finish(elapsed)
    if isinstance(error, StreamError) and not builder.is_empty:
        return builder.interrupt(str(error), elapsed)
    return builder.fail(str(error), elapsed)


def provenance(generation: Generation) -> dict[str, object]:
    """What a saved picture was made from; goes into its sidecar and its PNG text."""
    return {
        "prompt": generation.prompt,
        "revised_prompt": generation.revised_prompt,
        "model": generation.model,
        "parameters": dict(generation.parameters),
        "id": generation.id,
        "task_id": generation.task_id,
        "gen_ids": list(generation.gen_ids),
        "request_id": generation.request_id,
        "created": generation.started.astimezone(UTC).isoformat(timespec="seconds"),
        "endpoint": generation.endpoint,
        "software": _USER_AGENT,
    }
