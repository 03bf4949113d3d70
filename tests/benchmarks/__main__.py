"""`python -m tests.benchmarks`: this package beside its peers, on this machine, in one run.

Prints progress on the error output, and at the end the README's table. Ratios are medians of what
was measured in turns. Peers that are not installed are left out: the extra `bench` has them all.
"""

import argparse
import os
import sys
import tempfile
import time
import traceback
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from .report import Row, machine, others, plot, table
from .run import Run, say

CASES = (
    "burst", "paced", "inline", "transcript", "load", "first_cell", "repaint", "live", "tls",
    "photo", "streams", "notebook",
)  # fmt: skip


def main() -> None:
    """Runs the cases that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=CASES, default=CASES, metavar="CASE",
                        help=f"of {', '.join(CASES)}")  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="one round of small sizes")
    parser.add_argument("--rounds", type=int, default=5, help="default: 5")
    parser.add_argument("--out", type=Path, help="folder for table and plot; default: a new one")
    options = parser.parse_args()
    # A user has the bytecode of all packages on disk.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    run = Run(1, 20) if options.quick else Run(options.rounds)
    rows: list[Row] = []
    failed: list[str] = []
    for name in options.only:
        began = time.monotonic()
        say(f"{name} ")
        try:
            rows += import_module(f".cases.{name}", __package__).measure(run)
        except Exception:  # noqa: BLE001
            # The others are still worth their minutes.
            failed.append(name)
            traceback.print_exc()
        say(f" {time.monotonic() - began:.0f} s\n")
    text = f"{table(rows)}\n\n{machine()}\n\nAlso measured:\n{others(rows)}\n"
    print(text)
    out = options.out or Path(tempfile.mkdtemp(prefix="comet_magic-benchmarks-"))
    out.mkdir(parents=True, exist_ok=True)
    (out / "table.md").write_text(text)
    if find_spec("matplotlib"):
        plot(rows, out / "plot.png")
    say(f"in {out}\n")
    if failed:
        sys.exit(f"not measured, see above: {', '.join(failed)}")
    sys.exit(any(row.is_met is False for row in rows) and not options.quick)


if __name__ == "__main__":
    main()
