"""Creates one generation: follows its exchange, fetches the results, and reports the end."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from ..errors import CometError, GenerationError, RateLimitError, StreamError
from ..families.ask import Ask
from ..families.registry import family_of
from ..generation import INTERRUPTED, Generation, GenerationBuilder, Status
from ..media.addresses import is_data_uri
from ..media.medium import Medium
from ..settings.key import ApiKey
from ..text import all_without_bytes, lines, one_line
from ..wire.log_writer import LogWriter
from .collect import collect, unpack
from .endpoint import Endpoint
from .failures import in_brackets, reason_of, without_key
from .follow import Follower
from .http import USER_AGENT
from .pulse import Pulse

E = TypeVar("E", bound=BaseException)

Watcher = Callable[[Generation], None]

# An answer can contain ten thousand links. Fetch more than this only on request.
_MOST_MEDIA = 100


async def create(
    endpoint: Endpoint,
    ask: Ask,
    watch: Watcher = lambda generation: None,
    *,
    download: bool = True,
    wait_if_limited: bool = True,
) -> Generation:
    """Sends a question and returns the finished generation.

    Args:
        endpoint: The endpoint.
        ask: The question. It is repeated only if it cannot be charged twice.
        watch: A function that gets a snapshot after changes, at most `settings.repaints` times a
            second, and the final generation, also on cancellation. It runs on the event loop and
            must return at once.
        download: Whether to fetch and save pictures, videos and sounds.
        wait_if_limited: False raises a 429 at once without calling `watch`. The caller then pauses
            all its requests and repeats this one.

    Raises:
        CometError: The generation failed; the error has the generation so far.
    """
    began = time.monotonic()
    exchange = family_of(ask.model).begin(ask)
    key = endpoint.key
    log = LogWriter(lambda: time.monotonic() - began, key.blot_out if key else None)
    builder = GenerationBuilder(
        ask,
        datetime.now().astimezone(),
        endpoint.label,
        endpoint.settings.replayed,
        base_url=endpoint.settings.base_url or "",
        exchange=exchange,
        log=log,
    )
    pulse = Pulse(
        lambda: watch(builder.snapshot(time.monotonic() - began)), 1 / endpoint.settings.repaints
    )
    follower = Follower(exchange, endpoint, builder, log, pulse, began, wait_if_limited)
    try:
        error = await _followed(follower)
        ended = time.monotonic() - began
        error = _close(builder, error, key)
        if download:
            await _fetch(endpoint, builder, pulse)
        generation = _without_key(_end(builder, error, ended), key)
    except asyncio.CancelledError as stopped:
        _close(builder, stopped, key)
        if download:
            await _unpack(endpoint, builder)
        watch(builder.interrupt(INTERRUPTED, time.monotonic() - began))
        await follower.cancel()
        raise
    except Exception as unforeseen:
        _close(builder, unforeseen, key)
        elapsed = time.monotonic() - began
        if not _is_answered(log):
            if log.exchange.attempts:  # it may have arrived, so it counts
                watch(builder.fail(reason_of(unforeseen, key), elapsed))
            raise
        error = _unread(unforeseen, key)
        generation = _end(builder, error, elapsed)
    finally:
        pulse.stop()
    if error is None and generation.status is not Status.COMPLETE:
        error = _nothing_made(generation)
    if error is None:
        watch(generation)
        return generation
    error.generation = generation = with_error(generation, error)
    if wait_if_limited or not isinstance(error, RateLimitError):
        watch(generation)
    raise error


def with_error(generation: Generation, error: BaseException) -> Generation:
    """Returns the generation with the class, status and request id of its error."""
    return replace(
        generation,
        error_type=type(error).__name__,
        status_code=getattr(error, "status_code", None),
        request_id=generation.request_id or getattr(error, "request_id", None),
    )


def provenance(generation: Generation) -> dict[str, object]:
    """Returns the origin of a result, for its sidecar file and its PNG metadata."""
    made_from = {
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
    return {name: all_without_bytes(value) for name, value in made_from.items()}


async def _followed(follower: Follower) -> CometError | None:
    """Follows the exchange to its end, and returns the error that ended it.

    Raises:
        Exception: Something unforeseen, before an answer began.
    """
    try:
        await follower.follow()
    except CometError as error:
        return error
    except Exception as error:
        if not _is_answered(follower.log):
            raise
        return _unread(error, follower.endpoint.key)
    return None


def _is_answered(log: LogWriter) -> bool:
    return any(attempt.status is not None for attempt in log.exchange.attempts)


def _close(
    builder: GenerationBuilder, error: E | None, key: ApiKey | None
) -> E | StreamError | None:
    """Ends the answer, and returns its error."""
    try:
        builder.close(is_whole=error is None)
    except Exception as caught:  # noqa: BLE001 - what was read before is kept
        return error or _unread(caught, key)
    return error


def _unread(error: Exception, key: ApiKey | None) -> StreamError:
    """Returns the error for an answer that something unforeseen broke off; `error` is its cause."""
    why = reason_of(error, key)
    unread = StreamError(f"The answer could not be read: {why}.\nWhat arrived is kept.")
    unread.__cause__ = error
    return unread


def _end(builder: GenerationBuilder, error: CometError | None, elapsed: float) -> Generation:
    if error is None:
        return builder.finish(elapsed)
    if isinstance(error, StreamError) and not builder.is_empty:
        return builder.interrupt(str(error), elapsed)
    return builder.fail(str(error), elapsed)


def _without_key(generation: Generation, key: ApiKey | None) -> Generation:
    """Hides the key in the errors, which quote the model: `Invalid key sk-… for this model`."""
    if not generation.error:
        return generation
    choices = tuple(_without_key(choice, key) for choice in generation.choices)
    return replace(generation, error=without_key(key, generation.error), choices=choices)


def _nothing_made(generation: Generation) -> GenerationError:
    why = "\n".join(lines(generation.error or "", most=2))
    is_text = generation.medium is Medium.TEXT
    what = "wrote nothing" if is_text else f"made no {generation.medium.noun}"
    head = f"{one_line(generation.model, 100)} {what}"
    return GenerationError(f"{head}{in_brackets(generation.request_id)}.\n{why}")


async def _fetch(endpoint: Endpoint, builder: GenerationBuilder, pulse: Pulse) -> None:
    made = builder.media()
    most = max(_MOST_MEDIA, builder.ask.wanted)
    if len(made) > most:
        builder.notes.append(
            f"The first {most} of {len(made):,} pictures are fetched; "
            "the links of the others are in its images."
        )
        made = made[:most]
    if made:
        pulse.change()
        generation = builder.snapshot()
        builder.notes += await collect(
            endpoint, made, provenance(generation), generation.started, builder.set_media
        )


async def _unpack(endpoint: Endpoint, builder: GenerationBuilder) -> None:
    """Decodes the inline pictures of a cancelled answer."""
    held = [
        (key, item) for key, item in builder.media() if item.data is None and is_data_uri(item.url)
    ]
    if held:
        await unpack(endpoint, held[:_MOST_MEDIA], builder.set_media)
