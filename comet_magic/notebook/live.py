"""The output of a cell while its generation runs, and at its end."""

import sys
import time
from dataclasses import replace
from typing import Any, Protocol, TextIO

from IPython.display import display

from ..generation import Generation
from ..render import final_bundles, live_bundle, plain, words
from ..text import one_line, printable, writable
from .frontend import is_console, only_collects

States = tuple[Generation, ...]


class Live(Protocol):
    """Where running generations are shown: one, or several models side by side."""

    def show(self, generations: States) -> None:
        """Shows a state in which at least one of them runs."""

    def finish(self, generations: States) -> None:
        """Shows the end; called once."""


def live_display(shell: Any, mode: str) -> Live:
    """The display that suits the front end.

    Args:
        shell: The running IPython shell.
        mode: `stream` or `final`; a terminal shows the text of both.
    """
    # Outside a kernel each update of a display would print again, in a console none would.
    if not hasattr(shell, "kernel") or is_console():
        return TerminalDisplay(sys.stdout)
    return FinalDisplay() if mode == "final" or only_collects(shell) else NotebookDisplay()


class NotebookDisplay:
    """One output that repaints in place; at the end the results stand there and below it."""

    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, generations: States) -> None:
        self._paint(live_bundle(*generations))

    def finish(self, generations: States) -> None:
        first, *others = final_bundles(*generations)
        self._paint(first)
        for bundle in others:
            display(bundle, raw=True)

    def _paint(self, bundle: dict[str, str]) -> None:
        if self._handle is None:
            # A new id for each run: two outputs with one id would both follow.
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)


class FinalDisplay:
    """The end only, in the same outputs: for what does not follow updates, such as nbval."""

    def show(self, generations: States) -> None:
        """Nothing yet."""

    def finish(self, generations: States) -> None:
        for bundle in final_bundles(*generations):
            display(bundle, raw=True)


class TerminalDisplay:
    """Text as it comes: each stage once, percentages on its line, tokens, then paths and usage.

    Of several models only the stages are told while they run: their words would mix. No escape
    codes: what is piped into a file reads the same.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._stages: dict[int, str] = {}
        self._percent: int | None = None
        self._answer = ""
        self._notes = 0
        self._in_line = False

    def show(self, generations: States) -> None:
        for place, generation in enumerate(generations):
            line = plain.stage_line(replace(generation, percent=None))
            if line != self._stages.get(place):
                self._line(line)
                self._stages[place] = line
        if len(generations) == 1:
            self._details(generations[0])

    def finish(self, generations: States) -> None:
        for generation in generations:
            said = plain.answer(generation)
            if len(generations) == 1:
                self._tokens(generation)
            if said and self._answer != said:
                self._line(said)
            for each in words.all_shown(generation):
                self._line(plain.picture(each, demo=generation.endpoint == "demo"))
            self._line(plain.ending(generation, reason=len(generations) > 1))
            self._line("")

    def _details(self, generation: Generation) -> None:
        percent = generation.percent
        if percent not in (None, self._percent) and words.stage(generation).endswith(" %"):
            self._write(f" {percent} %")
            self._percent = percent
        for note in generation.notes[self._notes :]:
            self._line(one_line(note))
        self._notes = len(generation.notes)
        self._tokens(generation)

    def _tokens(self, generation: Generation) -> None:
        """Writes what is new in the answer."""
        said = "" if generation.choices else printable(generation.answer)
        if said.startswith(self._answer) and said != self._answer:
            if not self._answer:
                self._line("")
            self._write(said[len(self._answer) :])
            self._answer = said

    def _line(self, text: str) -> None:
        """Writes `text` on a line of its own, which stays open for more."""
        if self._in_line:
            self._out.write("\n")
        self._in_line = False
        self._write(text)

    def _write(self, text: str) -> None:
        self._in_line = self._in_line or bool(text)
        self._out.write(writable(text, self._out))
        self._out.flush()


class Clock:
    """Moves the `elapsed` of running generations on while nothing new arrives."""

    def __init__(self, generations: States) -> None:
        self.latest = generations
        self._since = time.monotonic()

    def take(self, update: States | None) -> States:
        """The state to show: `update`, or the last one as it stands now."""
        now = time.monotonic()
        if update is not None:
            self.latest, self._since = update, now
            return update
        return tuple(
            each
            if each.status.is_final
            else replace(each, elapsed=each.elapsed + now - self._since)
            for each in self.latest
        )
