"""Runs one `%%comet` cell: checks, sends, shows the answer as it arrives, binds the variables."""

import asyncio
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from ..api import prepare
from ..errors import CometError, short_interrupt
from ..families.ask import Ask
from ..generation import INTERRUPTED, Generation, Status
from ..inputs import read_images
from ..kernel.interrupts import HeldInterrupt
from ..kernel.ledger import Seat
from ..kernel.loop import Job
from ..kernel.nested_job import NestedJob
from ..kernel.sending import admit, blank, create_all
from ..kernel.session import current
from ..media.archive import check_folder
from ..settings.settings import Settings
from ..text import one_line
from .consent import ask, needs_consent, question
from .identity import run_of
from .live import Clock, Live, live_display
from .options import CELL_WORDS
from .references import resolve

# Seconds without news after which the clock of a running output is updated.
_TICK = 0.5

Bind = Callable[[Any], None]
States = tuple[Generation, ...]


def run(shell: Any, options: Namespace, prompt: str, system: str | None, bind: Bind) -> None:
    """Sends the prompt to one model or several and shows the answers in the running cell.

    Args:
        shell: The running IPython shell.
        options: As parsed from the cell's first line.
        prompt: The text of the cell, interpolated.
        system: The system message, interpolated.
        bind: Binds the generation when it has ended, in whatever way, before it is shown; with
            several models, the list of them.

    Raises:
        ValueError: An option is wrong; nothing was sent. Also TypeError.
        BudgetError: It would exceed a budget; nothing was sent.
        CometError: A generation failed; what arrived of it and of the others is shown and bound.
            Or the user was asked first and did not agree; nothing was sent.
        KeyboardInterrupt: The cell was interrupted; what arrived is shown and bound.
    """
    conversation = current().conversation
    place = conversation.place(run_of(shell), goes_on=options.goes_on)
    chosen = {name: getattr(options, name) for name in CELL_WORDS}
    images = read_images([resolve(word, shell.user_ns) for word in options.images or ()])
    # Not held earlier: reading large pictures takes a while, and nothing has been sent.
    with HeldInterrupt() as interrupt, ExitStack() as left:
        prepared = [
            prepare(
                prompt,
                model=model,
                system=system,
                images=images,
                history=place.messages,
                options=chosen,
            )
            for model in options.models or (place.model,)
        ]
        asks, settings = [asked for asked, _ in prepared], prepared[0][1]
        if options.save_dir is not None:
            check_folder(settings.save_dir)
        session = current()
        seats = session.loop.run(lambda: admit(session, asks, settings))
        for seat in seats:
            left.callback(seat.leave)
        if needs_consent(settings):
            with interrupt.let_through():
                ask(shell, question([seat.need for seat in seats], settings))
        job = _job(asks, settings, seats)
        interrupt.call(job.cancel)
        live = live_display(shell, settings.display_mode)
        clock = Clock(tuple(blank(asked, settings) for asked in asks))

        def end(states: States) -> None:
            conversation.enter(place, *states)
            bind(list(states) if options.models[1:] else states[0])
            live.finish(states)

        try:
            _watch(job, clock, live, interrupt)
            ends: list[Generation | CometError] = job.result()
        except (KeyboardInterrupt, asyncio.CancelledError) as stop:
            clock.take(job.close())
            end(tuple(map(interrupted, clock.latest)))
            raise short_interrupt() from stop
        end(tuple(map(last_state, ends, clock.latest)))
        if error := _error([asked.model for asked in asks], ends):
            raise error


def _job(asks: Sequence[Ask], settings: Settings, seats: Sequence[Seat]) -> Any:
    session = current()

    def work(watch: Any) -> Any:
        return create_all(session, asks, settings, watch, seats)

    return NestedJob(work) if settings.event_loop == "kernel" else Job(session.loop.loop, work)


def _watch(job: Any, clock: Clock, live: Live, interrupt: HeldInterrupt) -> None:
    live.show(clock.latest)
    with job:
        for update in job.updates(_TICK):
            states = clock.take(update)
            if interrupt.came:
                break
            if not all(state.status.is_final for state in states):
                live.show(states)


def last_state(end: Generation | CometError, latest: Generation) -> Generation:
    """The generation that ended with `end`; `latest` if the error has none."""
    if isinstance(end, Generation):
        return end
    return end.generation or latest


def _error(models: Sequence[str], ends: Sequence[Generation | CometError]) -> CometError | None:
    """The error of the cell; with several models, one that names those that failed."""
    failed = [
        (model, end) for model, end in zip(models, ends, strict=True) if isinstance(end, CometError)
    ]
    if not failed or len(ends) == 1:
        return failed[0][1] if failed else None
    message = [f"{len(failed)} of {len(ends)} models failed; what arrived is kept."]
    for model, error in failed[: 2 if len(failed) == 2 else 1]:
        message.append(f"{one_line(model, 100)}: {one_line(str(error), 200)}")
    if len(failed) > 2:
        message.append(f"Also {one_line(', '.join(model for model, _ in failed[1:]), 200)}.")
    summary = CometError("\n".join(message), generation=failed[0][1].generation)
    summary.__cause__ = failed[0][1]
    return summary


def interrupted(generation: Generation) -> Generation:
    """The last state, marked as interrupted unless the stream ended by itself."""
    if generation.status.is_final:
        return generation
    return replace(generation, status=Status.INTERRUPTED, error=INTERRUPTED)
