"""The running requests of a panel: starts, stops and announces them, and sums up their usage."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from ...families.ask import Ask
from ...generation import Generation
from ...kernel.ledger import LedgerEntry, Seat
from ...render import panel as html
from ...render import plain
from ...render.ledger import totals
from ...settings.settings import Settings
from .controls import Controls
from .draft import Draft
from .results import which
from .run import Run
from .tile import Entry
from .wall import Wall


class Runs:
    """The running requests of a panel, each with its entries on the wall.

    Args:
        controls: Makes the buttons and texts.
        wall: The wall of the panel.
        ended: Called with a run that has ended and with its entries, in a thread.

    Attributes:
        button: Stops all requests.
        status: The announcements for screen readers.
        usage: The usage of the requests that have ended.
    """

    def __init__(
        self, controls: Controls, wall: Wall, ended: Callable[[Run, list[Entry]], None]
    ) -> None:
        self._wall = wall
        self._ended = ended
        self._lock = threading.Lock()
        self._entries: dict[Run, list[Entry]] = {}
        self._ledger: list[LedgerEntry] = []
        self.button = controls.button(
            "Stop", self.stop, "comet-button", tooltip="Stop all running requests"
        )
        self.button.disabled = True
        self.status = controls.html(html.announcement(""), "comet-status")
        self.usage = controls.html()

    def start(self, draft: Draft, ask: Ask, settings: Settings, seat: Seat) -> "Future[Generation]":
        """Sends a request, which has a `seat` in the budget, and adds entries for its results."""
        run = Run(draft, ask, settings, self._changed, self._end, seat=seat)
        count = int(draft.options.get("n", 1))
        number = self._wall.next_number()
        entries = [Entry(number, run, choice, which(choice + 1, count)) for choice in range(count)]
        with self._lock:
            self._entries[run] = entries
            self.button.disabled = False
        self._wall.add(entries)
        self._announce(run)
        run.start()
        return run.future

    def stop(self) -> None:
        """Stops all requests and closes their connections; what arrived is kept."""
        with self._lock:
            runs = list(self._entries)
        for run in runs:
            run.stop()

    def _changed(self, run: Run) -> None:
        for entry in self._entries.get(run, ()):
            self._wall.paint(entry)
        self._announce(run)

    def _end(self, run: Run) -> None:
        with self._lock:
            entries = self._entries.pop(run)
            self.button.disabled = not self._entries
            self._ledger += [run.seat.entry] if run.seat.entry else []
            used = totals(self._ledger)
        self.usage.value = html.note(f"In this panel: {used}")
        self._announce(run)
        self._ended(run, entries)

    def _announce(self, run: Run) -> None:
        """Announces each stage once, without percentages."""
        line = plain.stage_line(replace(run.latest, percent=None))
        if line != run.announced:
            run.announced = line
            self.status.value = html.announcement(line)
