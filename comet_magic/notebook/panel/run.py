"""A request of a panel that runs in the background."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from ...errors import CometError
from ...families.ask import Ask
from ...generation import Generation, Status
from ...kernel.ledger import Seat
from ...kernel.loop import Job
from ...kernel.sending import blank, create
from ...kernel.session import current
from ...settings.settings import Settings
from ..cell import interrupted, last_state
from ..live import Clock
from .draft import Draft

# Seconds without news after which the clock is updated.
_TICK = 0.5


class Run:
    """One request, from its start to its end.

    Args:
        draft: As it was composed.
        ask: What is asked.
        settings: The settings in effect.
        changed: Called after each change on the loop: it must return at once.
        ended: Called at the end in a thread, before the future has its result.
        seat: Its seat in the budget.

    Attributes:
        draft: The draft.
        future: The future of the generation; cancelled if the run is stopped.
        latest: The newest state.
        announced: The last line for screen readers.
        seat: Its seat in the budget.
    """

    def __init__(
        self,
        draft: Draft,
        ask: Ask,
        settings: Settings,
        changed: Callable[["Run"], None],
        ended: Callable[["Run"], None],
        *,
        seat: Seat,
    ) -> None:
        self.draft = draft
        self.future: Future[Generation] = Future()
        self.latest = blank(ask, settings)
        self.announced = ""
        self.seat = seat
        self._ask, self._settings = ask, settings
        self._changed, self._ended = changed, ended
        self._clock = Clock((self.latest,))
        self._loop = current().loop.loop
        self._job: Job[Any, Generation] = Job(self._loop, self._work, self._end)
        self.future.add_done_callback(lambda future: self.stop() if future.cancelled() else None)

    def start(self) -> None:
        """Sends the request."""
        self._job.start()

    def stop(self) -> None:
        """Stops the request and closes its connection; what arrived is kept."""
        self._job.cancel()

    async def _work(self, _: object) -> Generation:
        ticking = asyncio.create_task(self._tick())
        try:
            return await create(current(), self._ask, self._settings, self._take, seat=self.seat)
        finally:
            ticking.cancel()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            self._take(None)

    def _take(self, generation: Generation | None) -> None:
        (self.latest,) = self._clock.take(None if generation is None else (generation,))
        if not self.latest.status.is_final:
            self._changed(self)

    def _end(self) -> None:
        self.seat.leave()  # it is still taken if the request was never sent
        # Observers may be slow, so they do not run on the loop.
        try:
            self._loop.run_in_executor(None, self._publish)
        except RuntimeError:  # the loop is being stopped
            self._publish()

    def _publish(self) -> None:
        error: Exception | None = None
        try:
            self.latest = self._job.result()
        except asyncio.CancelledError:
            self.latest = interrupted(self.latest)
        except CometError as caught:
            error, self.latest = caught, last_state(caught, self.latest)
        except Exception as caught:  # noqa: BLE001 - a bug of ours: the future raises it
            error = caught
            self.latest = replace(self.latest, status=Status.FAILED, error=str(caught))
        try:
            self._ended(self)
        finally:
            if error is not None:
                if self.future.set_running_or_notify_cancel():
                    self.future.set_exception(error)
            elif self.latest.status is Status.INTERRUPTED:
                self.future.cancel()
            elif self.future.set_running_or_notify_cancel():
                self.future.set_result(self.latest)
