"""A notebook open in JupyterLab, driven through the application and not through its menus."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from .lab import Lab

LOAD = "%load_ext comet_magic"
# Where only the end counts: the demo server is started by the first cell that asks it.
LOAD_IN_A_HURRY = f"%env COMET_DEMO_PACE=0\n{LOAD}"
_SCRIPT = Path(__file__).with_name("driver.js")
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a reader saw of a cell at one repaint of the page.

    Attributes:
        bar: The value of the progress bar; -1 if it is indeterminate, None if there is none.
        stage: The text of the stage; empty without one.
        top: Where the cell below begins, in pixels.
        picture: Whether a picture is shown.
        text: All that can be read below its input.
    """

    bar: float | None
    stage: str
    top: float
    picture: bool
    text: str


class Notebook:
    """The notebook that is open; cells are counted from 0."""

    def __init__(self, page: Page, lab: Lab, path: str) -> None:
        self.page = page
        self.lab = lab
        self.path = path

    @property
    def file(self) -> Path:
        """Where it is saved."""
        return self.lab.root / self.path

    def cell(self, number: int) -> Locator:
        """A cell of the notebook."""
        return self.page.locator(
            f".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell[data-comet='{number}']"
        )

    def output(self, number: int) -> Locator:
        """Everything below the input of a cell."""
        self._call("mark")
        return self.cell(number).locator(".jp-OutputArea")

    def start(self, number: int) -> None:
        """Runs a cell without waiting for it."""
        self._call("start", number)

    def run(self, number: int) -> None:
        """Runs a cell, and waits until the kernel is idle and its outputs are on the page."""
        self._call("run", number)

    def wait(self) -> None:
        """Waits for the cell that was started last."""
        self._call("wait")

    def run_all(self) -> None:
        """Runs the cells until one fails."""
        self._call("runAll")

    def record(self, number: int) -> None:
        """Runs a cell and notes what is seen of it at every repaint of the page."""
        self._call("record", number)

    def frames(self) -> list[Frame]:
        """What was recorded until now."""
        return [Frame(**frame) for frame in self._call("frames")]

    def edit(self, number: int) -> None:
        """Puts the cursor at the end of a cell."""
        self._call("edit", number)

    def interrupt(self) -> None:
        """Interrupts the kernel."""
        self._call("interrupt")

    def restart(self) -> None:
        """Restarts the kernel, and waits until it is idle."""
        self._call("restart")

    def execute(self, command: str, arguments: dict[str, Any] | None = None) -> Any:
        """Executes a command of the application."""
        return self._call("execute", [command, arguments or {}])

    def save(self) -> dict[str, Any]:
        """Saves it, and gives what is in the file."""
        self._call("save")
        saved: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
        return saved

    def html_outputs(self, number: int) -> list[str]:
        """The HTML that is saved for a cell, one string an output."""
        outputs = self.save()["cells"][number]["outputs"]
        return ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]

    def is_trusted(self, number: int) -> bool:
        """Whether the outputs of a cell are shown as they are."""
        return bool(self._call("isTrusted", number))

    def _call(self, name: str, argument: Any = None) -> Any:
        return self.page.evaluate(f"argument => window.comet.{name}(argument)", argument)


def open_notebook(page: Page, lab: Lab, cells: Sequence[str]) -> Notebook:
    """Writes a notebook under a name that was never used, and opens it with its kernel idle."""
    return open_document(page, lab, document(cells))


def open_document(page: Page, lab: Lab, content: dict[str, Any]) -> Notebook:
    """The same for a notebook that has its outputs already."""
    path = f"notebook-{next(_numbers)}.ipynb"
    (lab.root / path).write_text(json.dumps(content), encoding="utf-8")
    page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    page.evaluate("path => window.comet.open(path)", path)
    return Notebook(page, lab, path)


def document(cells: Sequence[str]) -> dict[str, Any]:
    """What is in the file of a notebook with these cells."""
    return {
        "cells": [
            {
                "cell_type": "code", "id": f"cell-{number}", "metadata": {}, "source": source,
                "outputs": [], "execution_count": None,
            }
            for number, source in enumerate(cells)
        ],
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }  # fmt: skip
