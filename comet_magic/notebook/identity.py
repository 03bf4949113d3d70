"""Which cell of a notebook runs, so that running it again can be told from running another."""

import uuid
from typing import Any

from ..kernel.conversation import CellRun


def run_of(shell: Any) -> CellRun:
    """The running cell, and this execution of it.

    JupyterLab, Notebook 7 and VS Code send the cell's id with each execution. Where none comes the
    cell is known by its text, and in a terminal, where nothing runs again, not at all.
    """
    get_parent = getattr(getattr(shell, "kernel", None), "get_parent", None)
    parent = get_parent("shell") if get_parent else {}
    execution = parent.get("header", {}).get("msg_id") or uuid.uuid4().hex
    cell = parent.get("metadata", {}).get("cellId") or parent.get("content", {}).get("code")
    return CellRun(str(cell) if cell else None, str(execution))
