"""Identifies the running cell, to tell a rerun of it from another cell."""

import uuid
from typing import Any

from ..kernel.conversation import CellRun


def run_of(shell: Any) -> CellRun:
    """The running cell, and its current execution.

    JupyterLab, Notebook 7 and VS Code send the id of the cell with each execution. Without an id
    its text identifies a cell. In a terminal nothing does, and nothing is run again.
    """
    get_parent = getattr(getattr(shell, "kernel", None), "get_parent", None)
    parent = get_parent("shell") if get_parent else {}
    execution = parent.get("header", {}).get("msg_id") or uuid.uuid4().hex
    cell = parent.get("metadata", {}).get("cellId") or parent.get("content", {}).get("code")
    return CellRun(str(cell) if cell else None, str(execution))
