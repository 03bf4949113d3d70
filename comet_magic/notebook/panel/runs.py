"""What runs in a panel: how it is started, stopped and told, and what it used in the end."""

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
    """The requests of a panel that are under way, each with its places in the gallery.

    Args:
        controls: Makes the buttons and texts.
        wall: The gallery.
        ended: Told of each end and of the places that were kept for it, in a thread of its own.

    Attributes:
        button: Stops all of them.
        status: What a screen reader is told.
        usage: What those that have ended used.
    """

    def __init__(
        self, controls: Controls, wall: Wall, ended: Callable[[Run, list[Entry]], None]
    ) -> None:
        self._wall = wall
        self._ended = ended
        self._lock = threading.Lock()
        self._places: dict[Run, list[Entry]] = {}
        self._ledger: list[LedgerEntry] = []
        self.button = controls.button(
            "Stop", self.stop, "comet-button", tooltip="Stop everything that runs"
        )
        self.button.disabled = True
        self.status = controls.html(html.announcement(""), "comet-status")
        self.usage = controls.html()

    def start(self, draft: Draft, ask: Ask, settings: Settings, seat: Seat) -> "Future[Generation]":
        """Sends the request, which has its `seat` in the budget, and keeps places for its end."""
        run = Run(draft, ask, settings, self._changed, self._end, seat=seat)
        count = int(draft.options.get("n", 1))
        number = self._wall.next_number()
        entries = [Entry(number, run, place, which(place + 1, count)) for place in range(count)]
        with self._lock:
            self._places[run] = entries
            self.button.disabled = False
        self._wall.add(entries)
        self._announce(run)
        run.start()
        return run.future

    def stop(self) -> None:
        """Ends them and closes their connections; what came is kept."""
        with self._lock:
            runs = list(self._places)
        for run in runs:
            run.stop()

    def _changed(self, run: Run) -> None:
        for entry in self._places.get(run, ()):
            self._wall.paint(entry)
        self._announce(run)

    def _end(self, run: Run) -> None:
        with self._lock:
            places = self._places.pop(run)
            self.button.disabled = not self._places
            self._ledger.append(LedgerEntry.of(run.latest))
            said = totals(self._ledger)
        self.usage.value = html.note(f"In this panel: {said}")
        self._announce(run)
        self._ended(run, places)

    def _announce(self, run: Run) -> None:
        """Says a new stage, once, and not each percentage."""
        line = plain.stage_line(replace(run.latest, percent=None))
        if line != run.announced:
            run.announced = line
            self.status.value = html.announcement(line)
