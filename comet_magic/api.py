"""The Python functions: `generate`, `agenerate`, `stream`, `models` and `usage`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Unpack

from .arguments import CALL_SETTINGS, OPTIONS, Arguments, CallSettings, split, takes_arguments
from .families.ask import Ask
from .families.compose import compose
from .families.turns import limited
from .generation import Generation
from .inputs import read_images
from .kernel.conversation import History, messages_of, model_of
from .kernel.sending import create
from .kernel.session import current
from .settings import configuration
from .settings.key import hide_key
from .settings.settings import Settings


@takes_arguments
def generate(prompt: str, **arguments: Unpack[Arguments]) -> Generation:
    """Asks a model and returns its complete answer.

    Args:
        prompt: The user's message; it is sent unchanged.
        model: The id of the model; by default that of the last generation in `history`, else the
            configured one, `gpt-4o-image`.
        system: A system message; by default the one in `history`, if there is one.
        images: One or more pictures to edit or to ask about: paths, http(s) links, data URIs,
            bytes, PIL images, arrays, matplotlib figures, `GeneratedImage`s or `Generation`s.
            Links are sent unchanged. Other pictures are encoded again: upright, without metadata,
            with at most 2048 pixels on the longer side and 3.75 MB.
        history: The conversation to continue. A `Generation` stands for its whole conversation;
            several stand for one turn each, in order; or a list of messages with `role` and
            `content`. At most `history_turns` turns and 20 MB are sent; a note gives the number.
        download: Whether to fetch the results and save them in `save_dir`.
        **options: Request parameters such as `n` or `temperature`, and settings; see
            `comet_magic.arguments.Options`.

    Raises:
        CometError: The generation failed; `generation` contains what arrived.
        TypeError: An option is unknown or has the wrong type; nothing was sent.
        ValueError: An option is out of range; nothing was sent.
        KeyboardInterrupt: The user stopped it; the request was cancelled.
    """
    ask, settings, download = _prepared(prompt, arguments)
    session = current()
    return session.loop.run(lambda: create(session, ask, settings, download=download))


@takes_arguments
async def agenerate(prompt: str, **arguments: Unpack[Arguments]) -> Generation:
    """`generate` for asyncio. The caller's loop is not blocked."""
    ask, settings, download = _prepared(prompt, arguments)
    session = current()
    work = create(session, ask, settings, download=download)
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, session.loop.loop))


@takes_arguments
async def stream(prompt: str, **arguments: Unpack[Arguments]) -> AsyncIterator[Generation]:
    """Yields the generation while it grows, at most `repaints` times a second. The last is final.

    Leaving the loop early cancels the request. Arguments and errors: see `generate`.
    """
    ask, settings, download = _prepared(prompt, arguments)
    session, here = current(), asyncio.get_running_loop()
    newest: list[Generation] = []
    changed = asyncio.Event()

    def take(generation: Generation) -> None:
        newest[:] = [generation]
        changed.set()

    def watch(generation: Generation) -> None:
        # `asyncio.run` may have closed the caller's loop before the last call.
        with suppress(RuntimeError):
            here.call_soon_threadsafe(take, generation)

    work = create(session, ask, settings, watch, download=download)
    running = asyncio.run_coroutine_threadsafe(work, session.loop.loop)
    future = asyncio.wrap_future(running)
    future.add_done_callback(lambda _: changed.set())
    try:
        while not future.done():
            await changed.wait()
            changed.clear()
            if newest and not newest[0].status.is_final:
                yield newest.pop()
        yield await future
    finally:
        # Not `future`: it would need one more step of the caller's loop to tell the other one, and
        # nest_asyncio's `asyncio.run` takes none.
        running.cancel()


def models(**options: Unpack[CallSettings]) -> list[str]:
    """Returns the ids of the endpoint's models, which are fetched once per session.

    Args:
        **options: Settings such as `base_url` and `api_key`.

    Raises:
        CometError: The list is not available.
    """
    hide_key(options)
    session = current()
    settings = configuration.current().settings(**options)
    return session.loop.run(lambda: session.lists.models(settings))


def usage() -> list[dict[str, Any]]:
    """Returns the usage since this process started: `pandas.DataFrame(usage())`.

    `%reload_ext comet_magic` resets it.

    Returns:
        A dict of JSON values for each ended generation, oldest first: `started` (ISO 8601, UTC),
        `model`, `endpoint`, `status`, `pictures`, `total_tokens` (as received), `elapsed`
        (seconds), `cost` (US dollars, by price list); `counted_tokens` and `counted_cost`, which
        count against a budget, and `is_estimate`: whether a part of these two was not received.
        `status` is that of the generation, or `not sent` if there was no connection. Unknown
        values are None.
    """
    return [entry.record() for entry in current().ledger]


def _prepared(prompt: str, arguments: Arguments) -> tuple[Ask, Settings, bool]:
    """What `prepare` gives for the arguments of a call, and whether pictures are downloaded."""
    named, options = split(arguments)
    download = named.pop("download")
    ask, settings = prepare(prompt, **named, options=options)
    return ask, settings, download


def prepare(
    prompt: str,
    *,
    model: str | None,
    system: str | None,
    images: Any,
    history: History | None,
    options: Any,
) -> tuple[Ask, Settings]:
    """Returns the validated question and settings for the arguments of a call."""
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
    ask = compose(
        prompt,
        model=model,
        system=system,
        images=pictures.urls,
        history=earlier,
        notes=(*notes, *pictures.notes),
        **parameters,
    )
    return ask, settings
