"""Sends one row: on this session's loop, or in the process where an executor runs `perform`."""

import asyncio
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from ..api import prepare
from ..arguments import split
from ..client.create import with_error
from ..errors import AuthenticationError, CometError, RateLimitError
from ..families.ask import Ask
from ..generation import Generation, GenerationBuilder
from ..kernel.sending import create
from ..kernel.session import current
from ..settings import configuration
from ..words import FLAG
from .stored import to_json

_NO_KEY = (
    "The executor's worker found no key.\n"
    "Set COMETAPI_KEY in the environment of the executor's workers."
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the rows of a batch are sent: what they share besides their arguments. Holds no key.

    Attributes:
        is_demo: Whether the demo answers, whatever the settings of the worker say.
        needs_key: Whether a key is sent. An executor's worker finds it in its own settings.
        download: Whether pictures are fetched and saved; a row may say otherwise.
        is_saved: Whether results go to a resume file. An executor's worker then makes the JSON,
            since it has the pictures on its disk.
    """

    is_demo: bool
    needs_key: bool
    download: bool
    is_saved: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one row.

    Attributes:
        generation: Complete, failed or interrupted. Its saved pictures are on disk only.
        json: The generation for the resume file, if a worker made it; else None.
        retry_after: The wait that a 429 asked for, in seconds.
        process: Name of the process that sent the row.
    """

    generation: Generation
    json: Mapping[str, Any] | None = None
    retry_after: float | None = None
    process: str = ""


def this_process() -> str:
    """A name for this process, unique in a cluster."""
    return f"{platform.node()}:{os.getpid()}"


def perform(arguments: Mapping[str, Any], delivery: Delivery, ticket: str) -> Outcome:
    """Sends one row and waits for the answer: the function that an executor runs.

    Args:
        arguments: Arguments of `generate`. The key comes from the settings of this process.
        delivery: The same for all rows.
        ticket: Different for each call, since Dask runs equal calls only once.

    Returns:
        The outcome, also of a row that failed.
    """
    outcome = current().loop.run(lambda: answered(arguments, delivery))
    return replace(outcome, json=to_json(outcome.generation)) if delivery.is_saved else outcome


async def answered(arguments: Mapping[str, Any], delivery: Delivery) -> Outcome:
    """Sends one row. Its errors are part of the outcome and are not raised."""
    rest = {"download": delivery.download, **arguments}
    prompt = rest.pop("prompt")
    try:
        named, options = split(rest)
        download = named.pop("download")
        prepared = partial(prepare, prompt, **named, options=options)
        # Reading, scaling and encoding pictures would block the loop.
        heavy = named["images"] is not None or named["history"] is not None
        ask, settings = await asyncio.to_thread(prepared) if heavy else prepared()
        FLAG.check("download", download)
    except (TypeError, ValueError, OSError) as error:
        return ended(failed(arguments, error))
    if delivery.is_demo:
        settings = replace(settings, base_url=None, api_key=None, key_source="")
    elif delivery.needs_key and settings.api_key is None:
        return ended(failed(arguments, AuthenticationError(_NO_KEY)))
    session = current()
    sending = create(session, ask, settings, download=download, wait_if_limited=False)
    try:
        return ended(await sending)
    except CometError as error:
        retry_after = error.retry_after if isinstance(error, RateLimitError) else None
        generation = error.generation or failed(arguments, error)
        return ended(generation, retry_after)
    except OSError as error:
        return ended(failed(arguments, error))


def ended(generation: Generation, retry_after: float | None = None) -> Outcome:
    """The outcome of a row whose generation has ended."""
    return Outcome(generation.on_disk(), None, retry_after, this_process())


def failed(arguments: Mapping[str, Any], error: BaseException) -> Generation:
    """The generation of a row that could not be sent, or that got no answer."""
    prompt = arguments.get("prompt")
    text = prompt if isinstance(prompt, str) else repr(prompt)[:1000]
    model = str(arguments.get("model") or configuration.current().settings().model)
    builder = GenerationBuilder(Ask(text, model), datetime.now().astimezone(), "")
    generation = builder.fail(str(error) or type(error).__name__, 0.0)
    return with_error(generation, error)
