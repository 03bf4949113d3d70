"""`%load_ext`: in a fresh kernel, and as a whole process."""

import os
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from ...kernel.real.kernel import Kernel, clean_environment
from ..report import Row
from ..run import Figures, Run, median, ratio, say

# Names of the extension and of the package that brings it.
_PEERS = {"jupyter_ai_magics": "jupyter-ai-magics", "cellmage": "cellmage"}
_EXTENSIONS = {"comet_magic": "comet_magic", "a trivial one": "trivial", **{n: n for n in _PEERS}}
_MEASURED = """
import time
_wall, _cpu = time.perf_counter(), time.process_time()
get_ipython().run_line_magic("load_ext", {name!r})
print("took", time.perf_counter() - _wall, time.process_time() - _cpu)
"""


def measure(run: Run) -> list[Row]:
    """CPU time: of the line in a kernel that has just started, and of IPython with it and without.

    The same line is run once before in a kernel of its own, so that all bytecode is there.
    """
    return _in_a_kernel(run) + _as_a_process(run)


def _in_a_kernel(run: Run) -> list[Row]:
    names = [name for name in _EXTENSIONS if name not in _PEERS or _is_installed(_PEERS[name])]
    found: Figures = {name: [] for name in names}
    for number in range(run.rounds + 1):
        for name in names:
            figures = _loaded(_EXTENSIONS[name])
            if number:
                found[name].append(figures)
            say(".")
    work = "`%load_ext` in a fresh kernel"
    rows = [
        Row(work, "CPU", 1e3 * median(found, "comet_magic"), " ms", 10),
        Row(work, "the same, a trivial extension", 1e3 * median(found, "a trivial one"), " ms"),
    ]
    peers = [
        Row(work, f"times as fast as {name}", ratio(found, name, "comet_magic"), " ×", 100, True)
        for name in names[2:]
    ]
    return rows + peers


def _loaded(name: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "trivial.py").write_text("def load_ipython_extension(shell): pass\n")
        with Kernel(Path(folder), {"LITELLM_LOCAL_MODEL_COST_MAP": "True"}) as kernel:
            cell = kernel.run(_MEASURED.format(name=name), patience=120)
    words = next(
        (line.split() for line in cell.text.splitlines() if line.startswith("took ")), None
    )
    assert words, cell
    return {"wall": float(words[1]), "cpu": float(words[2])}


def _as_a_process(run: Run) -> list[Row]:
    lines = {"with": "%load_ext comet_magic", "bare": "pass"}
    found: Figures = {name: [] for name in lines}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(2 * run.rounds + 1):
            for name, line in lines.items():
                figures = _process(line, Path(folder))
                if number:
                    found[name].append(figures)
                say(".")
    work = "`ipython -c '%load_ext comet_magic'`, the whole process"
    return [Row(work, "CPU, bare `ipython`", ratio(found, "with", "bare"), " ×", 1.1)]


def _process(line: str, folder: Path) -> dict[str, float]:
    before = os.times()
    subprocess.run([sys.executable, "-m", "IPython", "--no-banner", "-c", line], check=True,
                   cwd=folder, env=clean_environment(folder))  # fmt: skip
    after = os.times()
    used = after.children_user + after.children_system
    return {"cpu": used - before.children_user - before.children_system}


def _is_installed(package: str) -> bool:
    try:
        return bool(distribution(package))
    except PackageNotFoundError:
        return False
