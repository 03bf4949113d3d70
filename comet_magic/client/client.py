"""One endpoint: asks it, follows the answer, fetches the pictures."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import httpx

from ..errors import (
    APIConnectionError,
    APITimeoutError,
    CometError,
    GenerationError,
    RateLimitError,
    StreamError,
)
from ..families.chat.chunks import ChatCompletionRequest
from ..generation import INTERRUPTED, Generation, GenerationBuilder, Status
from ..media.images import Media
from ..settings.settings import Settings
from ..text import lines, one_line
from ..wire.log_writer import LogWriter
from .collect import Collector
from .endpoint import USER_AGENT, Endpoint
from .failures import in_brackets, web_page_error
from .following import Follower
from .pulse import Pulse
from .retries import TryAgain, retried

Watcher = Callable[[Generation], None]

# An answer can hold ten thousand links. More are fetched only if more were asked for.
_MOST_MEDIA = 100


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
        self._endpoint = Endpoint(settings, http)

    async def create(
        self,
        request: ChatCompletionRequest,
        watch: Watcher = lambda generation: None,
        *,
        download: bool = True,
        wait_if_limited: bool = True,
    ) -> Generation:
        """Sends `request` and returns the finished generation.

        Args:
            request: Sent once; again only where that cannot be charged twice.
            watch: Told of changes, at most `settings.repaints` times a second, and of the end,
                also when this is cancelled. Called on the event loop: it must return at once.
            download: Whether pictures and videos are fetched and saved.
            wait_if_limited: False raises a 429 at once and does not tell `watch` of it: the
                caller waits, with all its other requests, and sends this one again.

        Raises:
            CometError: With the generation as far as it came.
        """
        began = time.monotonic()
        key = self._endpoint.key
        recorder = LogWriter(
            request.body(), lambda: time.monotonic() - began, key.blot_out if key else None
        )
        builder = GenerationBuilder(
            request,
            datetime.now().astimezone(),
            self._label,
            replayed=self._settings.replayed,
            recorder=recorder,
        )
        pulse = Pulse(
            lambda: watch(builder.snapshot(time.monotonic() - began)), 1 / self._settings.repaints
        )
        follower = Follower(
            self._endpoint,
            builder,
            recorder,
            pulse=pulse,
            silence=self._settings.timeout,
            began=began,
        )
        error: CometError | None = None
        try:
            try:
                await follower.follow(self._settings.max_retries, wait_if_limited=wait_if_limited)
            except CometError as caught:
                error = caught
            ended = time.monotonic() - began
            builder.close(is_whole=error is None)
            if download:
                await self._fetch(builder, pulse)
        except asyncio.CancelledError:
            builder.close(is_whole=False)
            if download:
                await self._keep(builder)
            watch(builder.interrupt(INTERRUPTED, time.monotonic() - began))
            raise
        finally:
            pulse.stop()
        generation = _end(builder, error, ended)
        if error is None and generation.status is not Status.COMPLETE:
            why = "\n".join(lines(generation.error or "", most=2))
            what = f"{one_line(generation.model, 100)} made no picture"
            error = GenerationError(f"{what}{in_brackets(generation.request_id)}.\n{why}")
        if error is not None:
            generation = _told(generation, error)
        if wait_if_limited or not isinstance(error, RateLimitError):
            watch(generation)
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
            try:
                return await self._list()
            except APITimeoutError:
                raise
            except APIConnectionError as error:
                # A list costs nothing: neither is it asked for only once, nor may it be charged.
                what = str(error).split("\n")[0]
                broken = APIConnectionError(f"{what}\nTry again later, or check the base URL.")
                raise TryAgain(broken, "no connection") from error

        return await retried(ask, self._settings.max_retries + 1)

    async def _list(self) -> list[str]:
        async with self._endpoint.response("GET", "models") as response:
            with self._endpoint.mapped():
                text = (await response.aread()).decode(errors="replace")
            try:
                return [str(item["id"]) for item in response.json()["data"]]
            except (ValueError, KeyError, TypeError) as error:
                raise web_page_error(response, text, self._endpoint.key) from error

    async def _fetch(self, builder: GenerationBuilder, pulse: Pulse) -> None:
        generation = builder.snapshot()
        media: list[Media] = [*generation.images, *generation.videos]
        most = max(_MOST_MEDIA, int(str(builder.request.parameters.get("n", 1))))
        if len(media) > most:
            builder.notes.append(
                f"The first {most} of {len(media):,} pictures are fetched; "
                "the links of the others are in its images."
            )
            media = media[:most]
        if media:
            pulse.change()
            builder.notes += await self._collector.collect(
                media, provenance(generation), generation.started, builder.set_media
            )

    async def _keep(self, builder: GenerationBuilder) -> None:
        """Of an answer that is being stopped: the pictures that it holds itself."""
        held = [
            image
            for image in builder.snapshot().images
            if image.data is None and image.url.startswith("data:")
        ]
        if held:
            await self._collector.unpack(held[:_MOST_MEDIA], builder.set_media)

    @property
    def _collector(self) -> Collector:
        return Collector(self._http, self._settings, self._endpoint.name)


def _end(builder: GenerationBuilder, error: CometError | None, elapsed: float) -> Generation:
    if error is None:
        return builder.finish(elapsed)
    if isinstance(error, StreamError) and not builder.is_empty:
        return builder.interrupt(str(error), elapsed)
    return builder.fail(str(error), elapsed)


def _told(generation: Generation, error: CometError) -> Generation:
    """The generation with what can be read of its error by programs."""
    return replace(
        generation,
        error_type=type(error).__name__,
        status_code=getattr(error, "status_code", None),
        request_id=generation.request_id or getattr(error, "request_id", None),
    )


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
        "software": USER_AGENT,
        **({"replayed": generation.replayed} if generation.replayed else {}),
    }
