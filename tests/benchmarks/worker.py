"""`python -m tests.benchmarks.worker CASE NAME ARGUMENT...`: one contestant, in its own process.

The case's module has a function `contestant(NAME, *arguments)` that prepares and returns what is
measured. Each line on the input measures it once; the line on the output is what it used.
"""

import contextlib
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Self

_ROOT = Path(__file__).parents[2]


def main() -> None:
    """Measures as often as it is asked to."""
    case, name, *arguments = sys.argv[1:]
    # Libraries print what they like; only figures go to the parent.
    with contextlib.redirect_stdout(sys.stderr):
        work: Callable[[], Any] = import_module(f".cases.{case}", __package__).contestant(
            name, *arguments
        )
        for _ in sys.stdin:
            gc.collect()
            base = _reset_peak()
            wall, cpu = time.perf_counter(), time.process_time()
            extra = work()
            figures = {
                "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu,
                "peak": _peak() - base, **(extra or {}),
            }  # fmt: skip
            print(json.dumps(figures), file=sys.__stdout__, flush=True)


def _reset_peak() -> int:
    """Forgets the peak of what went before; the bytes that are resident now."""
    Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> int:
    """Bytes that were resident at most since then."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


class Worker:
    """A contestant's process, seen from the benchmark; it ends with its `with` block."""

    def __init__(self, case: str, name: str, *arguments: object) -> None:
        self.name = name
        command = [sys.executable, "-m", "tests.benchmarks.worker", case, name]
        self._process = subprocess.Popen(
            [*command, *map(str, arguments)],
            cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._process.kill()
        self._process.communicate()

    def measure(self) -> dict[str, float]:
        """What one run used: seconds of `wall` and `cpu`, bytes of `peak`, and what it said."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"{self.name} has ended"
        figures: dict[str, float] = json.loads(line)
        return figures


if __name__ == "__main__":
    main()
