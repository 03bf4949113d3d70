"""`comet.map` and `comet.amap`: many prompts, one call."""

import asyncio
import concurrent.futures
import inspect
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ParamSpec, Unpack

from ..api import prepare
from ..arguments import CALL_SETTINGS, Arguments, split, takes_arguments
from ..generation import Generation
from ..inputs import Inputs, read_images
from ..kernel.ledger import LedgerEntry
from ..kernel.session import Session, current
from ..media.archive import check_folder
from ..settings.key import hide_key
from ..settings.settings import Settings
from ..words import FLAG
from .bar import Bar
from .engine import Engine, Send
from .iterator import Batch, resume_file
from .journal import Journal
from .rows import check_prompts, count, read_rows
from .work import Delivery, Outcome, answered, perform, this_process

MOST_AT_ONCE = 1_000
# Files that a kernel keeps open besides the connections of a batch.
_OTHER_FILES = 100

_P = ParamSpec("_P")


@takes_arguments
def map(  # noqa: A001
    prompts: Iterable[Any],
    *,
    template: str | None = None,
    concurrency: int = 8,
    executor: concurrent.futures.Executor | None = None,
    resume: str | Path | None = None,
    ordered: bool = True,
    progress: bool = True,
    **arguments: Unpack[Arguments],
) -> Batch:
    """Asks for each of `prompts`, several at once, and yields a `Generation` for each.

    A row that fails does not end the batch: its `status` is not complete, `error` says why, and
    programs find `error_type`, `status_code` and `request_id`. A row with a wrong argument fails
    without being sent. The batch raises and ends early only where the other rows would fail in the
    same way: with a refused key, a spent budget, or an endpoint that fails ten rows in a row.

    A 429 holds all rows back for as long as it asks; then they go on slowly, and faster with each
    success. Pictures are kept on disk only: use `image.path` or `image.to_pil()`.

    Args:
        prompts: Read as results are taken, a few ahead. Each is a text, or a dict of arguments of
            `generate` with a `prompt`, or with `template` a dict of its values; also a table with
            named columns, such as a DataFrame.
        template: The prompt for each dict or row of a table: `"A {animal} in {place}"`. Braces
            are read as in a cell, but a name that a row has not, or has no value for (None, NaN),
            is an error of that row.
        model: For rows that do not say; by default the one in force.
        system: Likewise; a system message.
        images: Likewise; pictures that go with every prompt. They are read when this is called.
        history: Likewise; what went before.
        concurrency: Rows at once, 1 to 1000.
        executor: Does the work in place of this process, for example a `ProcessPoolExecutor`,
            Dask's `client.get_executor()` or ipyparallel's `client.executor()`. Its workers need
            the package and, in their own environment, `COMETAPI_KEY`; pictures are saved where
            they run. A row that a worker has begun goes on when the batch is cancelled.
        resume: A file that gets each result before it is yielded. A rerun with the same arguments
            yields what is in it and asks only for the rest; what failed is asked for again, and
            after a crash what was under way, at most `concurrency` rows.
        ordered: False yields results as they come.
        progress: Whether a progress bar is shown.
        download: Whether pictures are fetched and saved in `save_dir`.
        **options: As for `generate`, for rows that do not say.

    Raises:
        TypeError: An argument of the call is unknown or of the wrong type; nothing is sent.
        ValueError: One is out of its range, or the resume file belongs to another call or is in
            use; nothing is sent.
    """
    named, options = split(arguments)
    download, images = named.pop("download"), named["images"]
    check_prompts(prompts, template)
    _check_flags(ordered=ordered, progress=progress, download=download)
    pictures = read_images(images)
    ask, settings = prepare("x", **{**named, "images": pictures}, options=options)
    _check_concurrency(concurrency, settings)
    if executor is not None:
        _check_executor(executor, options, settings)
    if download:
        check_folder(settings.save_dir)
    delivery = Delivery(
        settings.is_demo, settings.api_key is not None, download, resume is not None
    )
    common = {
        **{name: value for name, value in options.items() if value is not None},
        **{name: value for name, value in named.items() if value is not None},
        **_in_force(settings, elsewhere=executor is not None),
        "model": ask.model,
    }
    journal = None
    if resume is not None:
        asked = {"model": ask.model, "system": named["system"], "endpoint": settings.endpoint}
        journal = Journal(resume_file(resume), {**asked, **ask.parameters})
    session = current()
    if executor is None:
        send = _send_here(delivery, images, pictures)
    else:
        send = _send_by(executor, delivery, session)
    return Batch(
        read_rows(prompts, template, common),
        Engine(
            send,
            concurrency,
            settings.max_retries + 1,
            journal,
            has_executor=executor is not None,
        ),
        session.loop,
        concurrency=concurrency,
        ordered=ordered,
        journal=journal,
        bar=Bar(count(prompts), shown=progress),
    )


def _for_asyncio(begin: Callable[_P, Batch]) -> Callable[_P, AsyncIterator[Generation]]:
    def amap(*prompts: _P.args, **arguments: _P.kwargs) -> AsyncIterator[Generation]:
        """`map` for asyncio: `async for`, with the same arguments; the caller's loop goes on.

        `prompts` are read in a thread. Arguments are checked at once, as by `map`.
        """
        hide_key(arguments)
        return _each(begin(*prompts, **arguments))

    shown = inspect.signature(begin).replace(return_annotation=AsyncIterator[Generation])
    setattr(amap, "__signature__", shown)  # noqa: B010 - functions do not declare it
    amap.__qualname__ = "amap"
    return amap


amap = _for_asyncio(map)


async def _each(batch: Batch) -> AsyncIterator[Generation]:
    try:
        while (generation := await asyncio.to_thread(next, batch, None)) is not None:
            yield generation
    finally:
        await asyncio.to_thread(batch.close)


def _in_force(settings: Settings, *, elsewhere: bool) -> dict[str, Any]:
    """The call's settings for every row, so that no row looks for the key again."""
    found = {name: getattr(settings, name) for name in CALL_SETTINGS}
    if elsewhere:
        found["save_dir"] = settings.save_dir.absolute()
        del found["api_key"]  # a worker finds its own
    return {name: value for name, value in found.items() if value is not None}


def _send_here(delivery: Delivery, images: Any, pictures: Inputs) -> Send:
    async def send(arguments: Mapping[str, Any]) -> Outcome:
        if images is not None and arguments.get("images") is images:
            # Encoded once for all rows: a photo takes a third of a second.
            arguments = {**arguments, "images": pictures}
        return await answered(arguments, delivery)

    return send


def _send_by(executor: concurrent.futures.Executor, delivery: Delivery, session: Session) -> Send:
    submitting = asyncio.Lock()
    batch = uuid.uuid4().hex

    async def send(arguments: Mapping[str, Any]) -> Outcome:
        # One at a time: not every executor may be used by several threads at once. In a thread:
        # some executors pickle the work, or start a process, before they return.
        async with submitting:
            ticket = f"{batch}-{uuid.uuid4().hex}"
            submit = partial(executor.submit, perform, arguments, delivery, ticket)
            future = await asyncio.to_thread(submit)
        outcome = await asyncio.wrap_future(future)
        if outcome.process != this_process() and outcome.generation.endpoint:
            session.ledger.enter(LedgerEntry.of(outcome.generation))
        return outcome

    return send


def _check_flags(**flags: object) -> None:
    for name, value in flags.items():
        FLAG.check(name, value)


def _check_executor(executor: object, options: Mapping[str, Any], settings: Settings) -> None:
    if not callable(getattr(executor, "submit", None)):
        raise TypeError(
            "executor must be a concurrent.futures.Executor, "
            f"with a submit method, not {type(executor).__name__}"
        )
    if options.get("api_key") is not None:
        raise ValueError(
            "api_key is not sent to an executor's workers: set COMETAPI_KEY in their environment"
        )
    if limits := settings.budget.limits():
        raise ValueError(
            f"{', '.join(limits)} cannot be enforced by an executor's workers, "
            "which do not know of each other: run this batch without an executor"
        )
    if current().tape or current().replay:
        raise ValueError(
            "a recording or a replay covers this process only: run this batch without an executor"
        )


def _check_concurrency(concurrency: object, settings: Settings) -> None:
    wanted = f"concurrency must be a whole number from 1 to {MOST_AT_ONCE}, not {concurrency!r}"
    if isinstance(concurrency, bool) or not isinstance(concurrency, int):
        raise TypeError(wanted)
    if not 1 <= concurrency <= MOST_AT_ONCE:
        raise ValueError(wanted)
    if not find_spec("resource"):
        return
    import resource

    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    # With the demo, this process also holds the server's end of each connection.
    needed = concurrency * (2 if settings.is_demo else 1) + _OTHER_FILES
    if allowed not in (resource.RLIM_INFINITY, -1) and needed > allowed:
        raise ValueError(
            f"concurrency {concurrency} needs about {needed:,} open files, and {allowed:,} are "
            f"allowed here. Use {max(1, concurrency * allowed // needed)}, "
            "or raise the limit (ulimit -n)"
        )
