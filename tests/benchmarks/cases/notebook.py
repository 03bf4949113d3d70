"""How much a saved notebook grows with each picture."""

import os
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from nbclient import NotebookClient

from ...kernel.real.kernel import clean_environment
from .. import wire
from ..report import Row
from ..run import Run, say
from ..server import raw_server

_PICTURES = 5


def measure(run: Run) -> list[Row]:
    """Bytes of the notebook as it is saved, less those of the same one without pictures."""
    with raw_server() as url:
        with_pictures = _saved(f"{url}/link/v1")
        say(".")
        without = _saved(f"{url}/text/9/0/v1")
    value = (with_pictures - without) / _PICTURES / 1e3
    original = len(wire.photo()) / 1e3
    return [
        Row("saved notebook", f"a PNG of {original:,.0f} kB in it", value, " kB", 300),
    ]


def _saved(url: str) -> int:
    code = ["%load_ext comet_magic"] + _PICTURES * [f"%%comet {wire.MODEL}\na photo"]
    nbformat: Any = import_module("nbformat")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in code])
    with tempfile.TemporaryDirectory() as folder:
        before = dict(os.environ)
        os.environ.update(clean_environment(Path(folder)), COMETAPI_BASE_URL=url)
        try:
            resources = {"metadata": {"path": folder}}
            NotebookClient(notebook, kernel_name="python3", resources=resources).execute()
        finally:
            os.environ.clear()
            os.environ.update(before)
    return len(nbformat.writes(notebook).encode())
