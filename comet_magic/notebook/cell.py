"""Running one `%%comet` cell: checked, sent, shown while it comes, bound to its variables."""

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
from .references import resolve

# Seconds without news after which the clock of a running output is moved on.
_TICK = 0.5
_OPTIONS = (
    "n", "temperature", "top_p", "max_tokens", "stop", "presence_penalty", "frequency_penalty",
    "logit_bias", "user", "stream", "save_dir",
)  # fmt: skip

Bind = Callable[[Any], None]
States = tuple[Generation, ...]


def run(shell: Any, options: Namespace, prompt: str, system: str | None, bind: Bind) -> None:
    """Sends the prompt to one model or several and shows the answers in the running cell.

    Args:
        shell: The running IPython shell.
        options: As parsed from the cell's first line.
        prompt: The cell's text, interpolated.
        system: The system message, interpolated.
        bind: Takes the generation at its end, whatever that is, before it is painted; of several
            models the list of them.

    Raises:
        ValueError: An option is wrong; nothing was sent. Also TypeError.
        BudgetError: It would go over a budget; nothing was sent.
        CometError: A generation failed; what came of it and of the others is shown and bound. Or
            the user was asked first, and did not say yes; nothing was sent.
        KeyboardInterrupt: Likewise.
    """
    conversation = current().conversation
    place = conversation.place(run_of(shell), goes_on=options.goes_on)
    chosen = {name: getattr(options, name) for name in _OPTIONS}
    images = read_images([resolve(word, shell.user_ns) for word in options.images or ()])
    # Not held before here: large pictures take a while, and nothing is on its way.
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
        asks, settings = [ask for ask, _ in prepared], prepared[0][1]
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
        clock = Clock(tuple(blank(ask, settings) for ask in asks))

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
        end(tuple(map(kept, ends, clock.latest)))
        if error := _error([ask.model for ask in asks], ends):
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


def kept(end: Generation | CometError, latest: Generation) -> Generation:
    """What is left of a generation that ended with `end`, or as `latest` shows it."""
    if isinstance(end, Generation):
        return end
    return end.generation or latest


def _error(models: Sequence[str], ends: Sequence[Generation | CometError]) -> CometError | None:
    """What the cell fails with: of several models an error that names those that failed."""
    failed = [
        (model, end) for model, end in zip(models, ends, strict=True) if isinstance(end, CometError)
    ]
    if not failed or len(ends) == 1:
        return failed[0][1] if failed else None
    said = [f"{len(failed)} of {len(ends)} models failed; what came is kept."]
    for model, error in failed[: 2 if len(failed) == 2 else 1]:
        said.append(f"{one_line(model, 100)}: {one_line(str(error), 200)}")
    if len(failed) > 2:
        said.append(f"Also {one_line(', '.join(model for model, _ in failed[1:]), 200)}.")
    summary = CometError("\n".join(said), generation=failed[0][1].generation)
    summary.__cause__ = failed[0][1]
    return summary


def interrupted(generation: Generation) -> Generation:
    """The last state, ended: the stream may not have had the time to say so itself."""
    if generation.status.is_final:
        return generation
    return replace(generation, status=Status.INTERRUPTED, error=INTERRUPTED)
