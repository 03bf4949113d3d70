"""The results of a panel as an ordinary output, which stays in the notebook when it is saved."""

from collections.abc import Sequence
from typing import Any

from IPython.display import display

from ...gallery import Gallery
from ...render import panel as html
from ...render.gallery import gallery_text
from .results import Result

# A notebook holds what it shows: these are about 300 kB.
_MOST = 12
_VIEW = "application/vnd.jupyter.widget-view+json"


class Pinned:
    """Outputs below the cells that show a panel: no widget, but the newest results."""

    def __init__(self) -> None:
        self._handles: list[Any] = []
        self._bundle = _bundle([])

    def show_with(self, model_id: str) -> None:
        """Displays the panel in the running cell, and what stays of it below."""
        view = {"version_major": 2, "version_minor": 0, "model_id": model_id}
        bundle = {_VIEW: view, "text/plain": "The panel of comet_magic: run the cell to use it."}
        display(bundle, raw=True)
        handle = display(self._bundle, raw=True, display_id=True)
        if handle is not None:  # there is none outside a kernel
            self._handles.append(handle)

    def update(self, results: Sequence[Result]) -> None:
        """Shows the newest results; `results` are all, oldest first."""
        self._bundle = _bundle(results)
        for handle in self._handles:
            handle.update(self._bundle, raw=True)


def _bundle(results: Sequence[Result]) -> dict[str, str]:
    newest = [result.cell for result in reversed(results[-_MOST:])]
    gallery = Gallery(tuple(newest), len(newest)) if newest else None
    return {
        "text/html": html.pinned(gallery, len(results)),
        "text/plain": gallery_text(gallery) if gallery else "",
    }
