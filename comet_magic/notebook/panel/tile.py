"""An entry of a panel, running or with its result, and the tile that shows it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from ...families.registry import medium_of
from ...generation.gallery import Cell
from ...media.audios import GeneratedAudio
from ...media.images import GeneratedImage
from ...media.kinds import Media
from ...media.medium import Medium
from ...render import panel as html
from ...render import words
from ...text import one_line
from .controls import Controls, focus
from .results import Result
from .run import Run

# Buttons that send a request: a second press before the first shows would send another one.
_ONCE = ("comet-link", "comet-waits")


@dataclass(eq=False)
class Entry:
    """One entry on the wall: a run, or a result after the run has ended.

    Attributes:
        number: The number of its request; a higher one is newer.
        run: The run; None if it has ended.
        choice: The index of its choice in the run.
        which: `2 of 3`; empty if there is only one.
        result: The result; None while the run is going.
    """

    number: int
    run: Run | None = None
    choice: int = 0
    which: str = ""
    result: Result | None = None

    @property
    def prompt(self) -> str:
        """The prompt of its request."""
        if self.result:
            return self.result.generation.prompt
        return self.run.draft.prompt if self.run else ""


@dataclass(frozen=True)
class Actions:
    """The actions of the buttons of a tile."""

    full: Callable[[Result], None]
    download: Callable[[Result], None]
    vary: Callable[[Result], None]
    resume: Callable[[Result], None]
    use: Callable[[Result], None]
    again: Callable[[Result], None]
    remove: Callable[[Entry], None]


class Tile:
    """The widgets of an entry.

    Attributes:
        entry: The entry that it shows.
        widget: The outermost widget.
    """

    def __init__(self, controls: Controls, actions: Actions, entry: Entry) -> None:
        self.entry = entry
        self._controls = controls
        self._actions = actions
        self._html = controls.html()
        self._buttons = controls.box(classes="comet-row comet-actions")
        self._below = controls.box(classes="comet-stack")
        wide = " comet-wide" if _is_text(entry) else ""
        # A layout of its own, for the order: the newest tile is added last and shown first.
        self.widget = widgets.Box(
            (self._html, self._buttons, self._below),
            layout=widgets.Layout(order=str(-entry.number)),
            _dom_classes=("comet-tile", *wide.split()),
        )
        self._is_running: bool | None = None
        self._is_closed = False
        self._painting = threading.Lock()
        self.paint()

    def paint(self) -> None:
        """Shows the current state of the entry."""
        with self._painting:
            if self._is_closed:
                return  # another thread had looked it up before: nobody would close its buttons
            result, run = self.entry.result, self.entry.run
            if result:
                self._html.value = html.ended(_loaded(result.cell), result.which)
            elif run:
                choices = run.latest.choices
                latest = (
                    choices[self.entry.choice] if self.entry.choice < len(choices) else run.latest
                )
                self._html.value = html.running(latest, self.entry.which)
            if self._is_running is not (result is None):
                self._is_running = result is None
                self._set_buttons(self._result_buttons() if result else self._stop_button())

    def focus(self) -> None:
        """Moves the keyboard focus to the first button."""
        if self._buttons.children:
            focus(self._buttons.children[0])

    def close(self) -> None:
        """Takes its widgets from the page."""
        with self._painting:
            self._is_closed = True
            self._controls.close(self.widget)

    def _set_buttons(self, buttons: list[Any]) -> None:
        before = self._buttons.children
        self._buttons.children = tuple(buttons)
        for button in before:
            self._controls.close(button)

    def _stop_button(self) -> list[Any]:
        run = self.entry.run
        if run is None or self.entry.choice:
            return []
        return [self._button("Stop", run.stop, "comet-button")]

    def _result_buttons(self) -> list[Any]:
        entry, actions, result = self.entry, self._actions, self.entry.result
        if result is None:
            return []
        media = result.cell.media
        made: list[Any] = []

        def add(text: str, act: Callable[[Result], None], tooltip: str = "", *classes: str) -> None:
            made.append(self._button(text, lambda: act(result), *classes, tooltip=tooltip))

        if media is not None and (media.data or media.path):
            text = "Open" if isinstance(media, GeneratedAudio) else "Full size"
            add(text, actions.full, "", "comet-link", "comet-open")
            add("Download", actions.download)
            add("Save as…", lambda _: self._ask_where(media))
            if result.cell.thumbnail and isinstance(media, GeneratedImage):
                add("Vary", actions.vary, "Ask for a variation of this picture", *_ONCE)
                tooltip = "Send this picture along with the next prompt"
                add("Use as input", actions.use, tooltip, *_ONCE)
        if result.can_try_again:
            add("Try again", actions.again, "", *_ONCE)
        if result.can_continue:
            tooltip = "Continue from this answer with the next prompt"
            add("Continue", actions.resume, tooltip, *_ONCE)
        made.append(
            self._button("Remove", lambda: actions.remove(entry), "comet-link", "comet-remove")
        )
        return made

    def _button(
        self, text: str, click: Callable[[], object], *classes: str, tooltip: str = ""
    ) -> Any:
        about = f"{tooltip or text}: {one_line(self.entry.prompt, 80)}"
        return self._controls.button(text, click, *(classes or ("comet-link",)), tooltip=about)

    def _ask_where(self, media: Media) -> None:
        place = media.path or Path(html.file_name(media))
        path = widgets.Text(
            value=words.shown_path(place.with_name(f"copy-of-{place.name}")),
            description="Save as",
            continuous_update=False,
            _dom_classes=("comet-field",),
        )
        problem = self._controls.html()
        self._show_below()

        def save() -> None:
            target = Path(path.value.strip()).expanduser()
            try:
                if not path.value.strip():
                    raise ValueError("write a file name")
                if target.is_file():
                    raise ValueError("there is a file of this name; write another one")
                saved = media.save(target)
            except (OSError, ValueError, RuntimeError) as error:
                why = error.strerror if isinstance(error, OSError) and error.strerror else error
                problem.value = html.problem(f"Not saved: {why}.")
                return
            self._show_below(self._controls.html(html.note(f"Saved as {words.shown_path(saved)}.")))

        row = self._controls.box(
            self._button("Save", save, "comet-button"),
            self._button("Cancel", self._show_below, "comet-link"),
            classes="comet-row",
        )
        self._show_below(path, row, problem)
        focus(path)

    def _show_below(self, *shown: Any) -> None:
        before = self._below.children
        self._below.children = shown
        for widget in before:
            self._controls.close(widget)


def _loaded(cell: Cell) -> Cell:
    """The cell with the bytes of a small sound, which its tile plays."""
    sound = cell.media
    return replace(cell, media=sound._loaded()) if isinstance(sound, GeneratedAudio) else cell


def _is_text(entry: Entry) -> bool:
    """Whether the entry is a text, which is as wide as the page."""
    if entry.result:
        cell = entry.result.cell
        return cell.media is None and bool(cell.generation.answer)
    return entry.run is not None and medium_of(entry.run.draft.model) is Medium.TEXT
