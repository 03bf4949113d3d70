"""The results of a panel as an ordinary output, which the saved notebook keeps."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from IPython import get_ipython
from IPython.display import display

from ...generation.gallery import Gallery
from ...render import panel as html
from ...render.gallery import gallery_text
from .results import Result

# Results in the output, which is stored in the notebook: about 300 kB.
_MOST = 12
_VIEW = "application/vnd.jupyter.widget-view+json"


class Pinned:
    """An output below each cell that shows the panel: the newest results, without widgets."""

    def __init__(self) -> None:
        # All outputs have the same id, so that an update reaches each of them.
        self._id = f"comet-{uuid4().hex}"
        self._is_shown = False
        self._bundle = _bundle([])

    def show_with(self, model_id: str) -> None:
        """Displays the panel in the running cell, and the output below it."""
        view = {"version_major": 2, "version_minor": 0, "model_id": model_id}
        bundle = {_VIEW: view, "text/plain": "A panel of comet_magic: run the cell to use it."}
        display(bundle, raw=True)
        display(self._bundle, raw=True, display_id=self._id)
        # Outside a kernel, each update would be printed again.
        self._is_shown = hasattr(get_ipython(), "kernel")

    def update(self, results: Sequence[Result]) -> None:
        """Shows the newest results; `results` are all, oldest first."""
        self._bundle = _bundle(results)
        if self._is_shown:
            display(self._bundle, raw=True, display_id=self._id, update=True)


def _bundle(results: Sequence[Result]) -> dict[str, str]:
    newest = [
        replace(result.cell, number=number)
        for number, result in reversed([*enumerate(results, 1)][-_MOST:])
    ]
    gallery = Gallery(tuple(newest), len(newest)) if newest else None
    return {
        "text/html": html.pinned(gallery, len(results)),
        "text/plain": gallery_text(gallery) if gallery else html.NOTHING_MADE,
    }
