"""The functions: what the cell magic does, without a display."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Unpack

from .arguments import CALL_SETTINGS, OPTIONS, Arguments, CallSettings, split, takes_arguments
from .families.chat.chunks import ChatCompletionRequest
from .families.turns import limited
from .generation import Generation
from .inputs import read_images
from .kernel.conversation import History, messages_of, model_of
from .kernel.session import current
from .settings import configuration
from .settings.key import hide_key
from .settings.settings import Settings


@takes_arguments
def generate(prompt: str, **arguments: Unpack[Arguments]) -> Generation:
    """Asks the model and returns its whole answer.

    Args:
        prompt: Sent unchanged as the user's message.
        model: The id of the model; by default the one of the generation that `history` ends with,
            else the one in force, `gpt-4o-image`.
        system: A system message; by default the one in `history`, if there is one.
        images: A picture that goes with the prompt, to be changed or spoken about, or a list of
            them: paths, http(s) links, data URIs, bytes, PIL images, arrays, matplotlib figures,
            `GeneratedImage`s or `Generation`s. Links are sent as they are; all else is encoded
            anew, at most 2048 pixels long and 3.75 MB large, upright, and without metadata.
        history: What went before. A `Generation`: all that it was asked with, and its answer.
            Several: the turn of each, in order. Or messages with `role` and `content`. A note says
            how many turns are sent: the last `history_turns`, and 20 MB at most.
        download: Whether pictures are fetched and saved in `save_dir`.
        **options: Request parameters such as `n` or `temperature`, and settings; all of them are in
            `comet_magic.arguments.Options`.

    Raises:
        CometError: With the `generation` as far as it came.
        TypeError: An unknown option or one of the wrong type; nothing is sent.
        ValueError: An option out of its range; nothing is sent.
        KeyboardInterrupt: The request is cancelled and its connection closed.
    """
    request, settings, download = _prepared(prompt, arguments)
    session = current()
    return session.loop.run(lambda: session.create(request, settings, download=download))


@takes_arguments
async def agenerate(prompt: str, **arguments: Unpack[Arguments]) -> Generation:
    """`generate` for asyncio: the caller's loop goes on meanwhile."""
    request, settings, download = _prepared(prompt, arguments)
    session = current()
    work = session.create(request, settings, download=download)
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, session.loop.loop))


@takes_arguments
async def stream(prompt: str, **arguments: Unpack[Arguments]) -> AsyncIterator[Generation]:
    """Yields the generation as it grows, at most `repaints` times a second; the last is final.

    Leaving the loop early cancels the request. Arguments and errors are those of `generate`.
    """
    request, settings, download = _prepared(prompt, arguments)
    session, here = current(), asyncio.get_running_loop()
    newest: list[Generation] = []
    changed = asyncio.Event()

    def take(generation: Generation) -> None:
        newest[:] = [generation]
        changed.set()

    def watch(generation: Generation) -> None:
        # `asyncio.run` can have closed the caller's loop before the end is told.
        with suppress(RuntimeError):
            here.call_soon_threadsafe(take, generation)

    work = session.create(request, settings, watch, download=download)
    future = asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, session.loop.loop))
    future.add_done_callback(lambda _: changed.set())
    try:
        while not future.done():
            await changed.wait()
            changed.clear()
            if newest and not newest[0].status.is_final:
                yield newest.pop()
        yield await future
    finally:
        future.cancel()


def models(**options: Unpack[CallSettings]) -> list[str]:
    """The ids of the endpoint's models; asked for once in a session.

    Args:
        **options: Settings such as `base_url` and `api_key`.

    Raises:
        CometError: They could not be listed.
    """
    hide_key(options)
    session = current()
    settings = configuration.current().settings(**options)
    return session.loop.run(lambda: session.models(settings))


def usage() -> list[dict[str, Any]]:
    """What was used since this process started: `pandas.DataFrame(usage())`.

    `%reload_ext comet_magic` begins anew.

    Returns:
        A dict for each generation that has ended, oldest first, of values that JSON holds:
        `started` (ISO 8601, UTC), `model`, `endpoint`, `status`, `pictures`, `total_tokens`,
        `elapsed` (seconds), `cost` (US dollars, estimated). `status` is that of the generation,
        or `not sent` if there was no connection. What is not known is None.
    """
    return [entry.record() for entry in current().ledger]


def _prepared(prompt: str, arguments: Arguments) -> tuple[ChatCompletionRequest, Settings, bool]:
    """What `prepare` gives for the arguments of a call, and whether pictures are downloaded."""
    named, options = split(arguments)
    download = named.pop("download")
    request, settings = prepare(prompt, **named, options=options)
    return request, settings, download


def prepare(
    prompt: str,
    *,
    model: str | None,
    system: str | None,
    images: Any,
    history: History | None,
    options: Any,
) -> tuple[ChatCompletionRequest, Settings]:
    """The request and the settings for the arguments of a call, both checked."""
    hide_key(options)
    chosen = {name: value for name, value in options.items() if name in CALL_SETTINGS}
    parameters = {name: value for name, value in options.items() if name not in CALL_SETTINGS}
    settings = configuration.current().settings(**chosen)
    if unknown := sorted(options.keys() - OPTIONS.keys()):
        raise TypeError(f"unknown option {unknown[0]!r}; known are {', '.join(sorted(OPTIONS))}")
    pictures = read_images(images)
    earlier, notes = limited(messages_of(history), settings.history_turns)
    if model is None:
        model = model_of(history) or settings.model
    request = ChatCompletionRequest.from_prompt(
        prompt,
        model=model,
        system=system,
        images=pictures.urls,
        history=earlier,
        notes=(*notes, *pictures.notes),
        **parameters,
    )
    return request, settings
