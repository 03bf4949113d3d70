"""What a first cell needs is loaded in the background, before there is one."""

import subprocess
import sys

_LOADED = """
import sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "comet_magic")
[magics] = [item for item in shell.configurables if type(item).__name__ == "CometMagics"]
print("httpx" in sys.modules)
magics.warm_up.join()
print("comet_magic.notebook.cell" in sys.modules, "comet_magic.demo.server" in sys.modules)
"""


def test_a_first_cell_finds_its_modules_loaded() -> None:
    """Not by `%load_ext` itself, and without any cell; those of the demo too, as it will answer."""
    said = subprocess.run(
        [sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.splitlines()[-2:] == ["False", "True True"], said
