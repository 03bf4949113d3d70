"""One row, sent and answered: on the session's loop, or wherever an executor runs `perform`."""

import asyncio
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..api import prepare
from ..errors import AuthenticationError, CometError, RateLimitError
from ..families.chat.chunks import ChatCompletionRequest
from ..generation import Generation, GenerationBuilder
from ..kernel.session import current
from ..settings import configuration
from .stored import to_json

_NO_KEY = (
    "There is no key where this row was worked on.\n"
    "Set COMETAPI_KEY in the environment of the executor's workers."
)


@dataclass(frozen=True, slots=True)
class Way:
    """How all rows of a batch are sent, besides their arguments. Holds no key.

    Attributes:
        is_demo: The demo answers, whatever is set where the work is done.
        is_keyed: A key is to be sent; where an executor works, it has to be found there.
        download: Whether pictures are fetched and saved, where the row does not say.
        is_kept: Whether the results go into a resume file, for which an executor's worker reads
            the pictures where it saved them.
    """

    is_demo: bool
    is_keyed: bool
    download: bool
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a row.

    Attributes:
        generation: Complete, failed or interrupted; its saved pictures are on disk alone.
        kept: For the resume file, made where the pictures are; None if that is here.
        retry_after: What a 429 asked to wait, in seconds.
        place: The process that did it.
    """

    generation: Generation
    kept: Mapping[str, Any] | None = None
    retry_after: float | None = None
    place: str = ""


def here() -> str:
    """A name for this process."""
    return f"{platform.node()}:{os.getpid()}"


def perform(arguments: Mapping[str, Any], way: Way, ticket: str) -> Outcome:
    """Sends one row and waits for its answer; what an executor runs. Errors are outcomes.

    Args:
        arguments: Of `generate`; the key is found in the settings of the process that this is.
        way: The same for all rows.
        ticket: Another one for each call. Dask gives equal calls the same result.
    """
    outcome = current().loop.run(lambda: answered(arguments, way))
    return replace(outcome, kept=to_json(outcome.generation)) if way.is_kept else outcome


async def answered(arguments: Mapping[str, Any], way: Way) -> Outcome:
    """Sends one row; what goes wrong with it is its outcome and not raised."""
    rest = dict(arguments)
    prompt, model = rest.pop("prompt"), rest.pop("model", None)
    named = {name: rest.pop(name, None) for name in ("system", "images", "history")}
    download = rest.pop("download", way.download)

    def prepared() -> Any:
        images = () if named["images"] is None else named["images"]
        return prepare(prompt, model=model, **{**named, "images": images}, options=rest)

    try:
        # Pictures are read, scaled and encoded, which takes a while.
        heavy = named["images"] is not None or named["history"] is not None
        request, settings = await asyncio.to_thread(prepared) if heavy else prepared()
        if not isinstance(download, bool):
            raise TypeError(f"download must be True or False, not {download!r}")
    except (TypeError, ValueError, OSError) as error:
        return ended(failed(arguments, error))
    if way.is_demo:
        settings = replace(settings, base_url=None, api_key=None, key_source="")
    elif way.is_keyed and settings.api_key is None:
        return ended(failed(arguments, AuthenticationError(_NO_KEY)))
    work = current().create(request, settings, download=download, wait_if_limited=False)
    try:
        return ended(await work)
    except CometError as error:
        retry_after = error.retry_after if isinstance(error, RateLimitError) else None
        generation = error.generation or failed(arguments, error)
        return ended(generation, retry_after)
    except OSError as error:
        return ended(failed(arguments, error))


def ended(generation: Generation, retry_after: float | None = None) -> Outcome:
    """The outcome for a generation that has ended."""
    return Outcome(generation.on_disk(), None, retry_after, here())


def failed(arguments: Mapping[str, Any], error: BaseException) -> Generation:
    """The generation of a row that could not be sent, or of which nothing came back."""
    prompt = arguments.get("prompt")
    text = prompt if isinstance(prompt, str) else repr(prompt)[:1000]
    model = str(arguments.get("model") or configuration.current().settings().model)
    request = ChatCompletionRequest(model, ({"role": "user", "content": text},))
    builder = GenerationBuilder(request, datetime.now().astimezone(), "")
    generation = builder.fail(str(error) or type(error).__name__, 0.0)
    return replace(
        generation,
        error_type=type(error).__name__,
        status_code=getattr(error, "status_code", None),
        request_id=getattr(error, "request_id", None),
    )
