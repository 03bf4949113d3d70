"""Makes the widgets of a panel: plain ipywidgets that share layout and style."""

import itertools
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from ...render import panel as html
from ...render.html import Html

_HIDDEN = "comet-hidden"


class Controls:
    """Makes widgets; the style sheet of `render.panel` defines their looks.

    Buttons and texts share layout and style, which would otherwise be two more widgets each, in
    the kernel and on the page.

    Attributes:
        answers: A hidden widget that tells the script which presses were handled.
    """

    def __init__(self) -> None:
        self._shared: dict[type, dict[str, Any]] = {}
        self._presses = itertools.count(1)
        self.answers = self.html(html.answered(0), "comet-hidden")

    def button(
        self, text: str, click: Callable[[], object], *classes: str, tooltip: str = ""
    ) -> Any:
        """A button with a text, and with `tooltip` for more.

        With the class `comet-waits`, it ignores a second press until the first one was handled.
        """
        made = self._make(widgets.Button, classes, description=text, tooltip=tooltip or text)

        def press(_: object) -> None:
            try:
                click()
            finally:
                if "comet-waits" in classes:
                    self.answers.value = html.answered(next(self._presses))

        made.on_click(press)
        return made

    def html(self, value: Html | None = None, *classes: str) -> Any:
        """A widget that shows HTML."""
        return self._make(widgets.HTML, classes, value=value or "")

    def box(self, *children: Any, classes: str = "") -> Any:
        """A box; the style sheet arranges its children."""
        return self._make(widgets.Box, ("comet-box", *classes.split()), children=children)

    def close(self, widget: Any) -> None:
        """Closes a widget and its children, but not the layout and style that others share."""
        for child in getattr(widget, "children", ()):
            self.close(child)
        shared = [each for names in self._shared.values() for each in names.values()]
        for own in (getattr(widget, name) for name in _looks(widget)):
            if not any(own is each for each in shared):
                own.close()
        widget.close()

    def close_shared(self) -> None:
        """Closes the shared layouts and styles."""
        for names in self._shared.values():
            for each in names.values():
                each.close()

    def _make(self, kind: Any, classes: tuple[str, ...], **arguments: Any) -> Any:
        made = kind(_dom_classes=classes, **self._shared.get(kind, {}), **arguments)
        self._shared.setdefault(kind, {name: getattr(made, name) for name in _looks(made)})
        return made


def show(widget: Any, *, is_shown: bool) -> None:
    """Shows or hides a widget."""
    (widget.remove_class if is_shown else widget.add_class)(_HIDDEN)


def focus(widget: Any) -> None:
    """Moves the keyboard focus to a widget; ipywidgets 7 cannot do that."""
    if hasattr(widget, "focus"):
        widget.focus()


def _looks(widget: Any) -> list[str]:
    return [name for name in ("layout", "style") if widget.has_trait(name)]
