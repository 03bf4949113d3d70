"""Running one `%%comet` cell: checked, sent, shown while it comes, bound to its variables."""

import asyncio
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..api import prepare
from ..archive import check_folder
from ..errors import CometError, short_interrupt
from ..generation import INTERRUPTED, Generation, GenerationBuilder, Status
from ..kernel_loop import NestedJob
from ..protocol.chat import ChatCompletionRequest
from ..runtime import Job, uninterrupted
from ..session import current
from ..settings import Settings
from .live import Clock, Live, live_display
from .references import resolve

# Seconds without news after which the clock of a running output is moved on.
_TICK = 0.5
_OPTIONS = (
    "n", "temperature", "top_p", "max_tokens", "stop", "presence_penalty", "frequency_penalty",
    "logit_bias", "user", "stream", "save_dir",
)  # fmt: skip

Bind = Callable[[Generation], None]


def run(shell: Any, options: Namespace, prompt: str, system: str | None, bind: Bind) -> None:
    """Sends the prompt and shows the answer in the running cell.

    Args:
        shell: The running IPython shell.
        options: As parsed from the cell's first line.
        prompt: The cell's text, interpolated.
        system: The system message, interpolated.
        bind: Takes the generation at its end, whatever that is, before it is painted.

    Raises:
        ValueError: An option is wrong; nothing was sent. Also TypeError.
        CometError: The generation failed; what came of it is shown and bound.
        KeyboardInterrupt: Likewise.
    """
    chosen = {name: getattr(options, name) for name in _OPTIONS}
    images = [resolve(word, shell.user_ns) for word in options.images or ()]
    request, settings = prepare(
        prompt, model=options.model, system=system, images=images, history=None, options=chosen
    )
    if options.save_dir is not None:
        check_folder(settings.save_dir)
    job = _job(request, settings)
    live = live_display(shell, settings.display_mode)
    started = datetime.now().astimezone()
    clock = Clock(GenerationBuilder(request, started, settings.endpoint).snapshot())

    def end(generation: Generation) -> None:
        bind(generation)
        live.finish(generation)

    try:
        _watch(job, clock, live)
        end(job.result())
    except CometError as error:
        end(error.generation or clock.latest)
        raise
    except (KeyboardInterrupt, asyncio.CancelledError) as stop:
        with uninterrupted():
            clock.take(job.close())
            end(_interrupted(clock.latest))
        raise short_interrupt() from stop


def _job(request: ChatCompletionRequest, settings: Settings) -> Any:
    session = current()
    if settings.event_loop == "kernel":
        return NestedJob(lambda watch: session.create(request, settings, watch))
    return Job(session.loop.loop, lambda watch: session.create(request, settings, watch))


def _watch(job: Any, clock: Clock, live: Live) -> None:
    live.show(clock.latest)
    with job:
        for update in job.updates(_TICK):
            state = clock.take(update)
            if not state.status.is_final:
                live.show(state)


def _interrupted(generation: Generation) -> Generation:
    """The last state, ended: the stream may not have had the time to say so itself."""
    if generation.status.is_final:
        return generation
    return replace(generation, status=Status.INTERRUPTED, error=INTERRUPTED)
