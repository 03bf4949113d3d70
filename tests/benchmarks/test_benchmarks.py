"""The benchmark command runs; what it measures is asked of no machine here."""

import subprocess
import sys
from pathlib import Path

import pytest

from .report import Row, table

ROOT = Path(__file__).parents[2]


def test_the_command_measures_and_prints_a_table(tmp_path: Path) -> None:
    """Small sizes, one round, and whichever peers are installed."""
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", "--out", str(tmp_path)]
    done = subprocess.run(
        [*command, "--only", "burst", "transcript", "photo"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("|")][2:]
    assert {"CPU, raw socket", "time, Pillow alone"} <= {row.split(" | ")[1] for row in rows}
    assert (tmp_path / "table.md").read_text().strip() == done.stdout.strip()


@pytest.mark.parametrize(
    ("value", "at_least", "met"),
    [(0.2, False, "yes"), (0.3, False, "**no**"), (0.3, True, "yes"), (0.2, True, "**no**")],
)
def test_a_bar_is_met_from_its_own_side(value: float, at_least: bool, met: str) -> None:
    """At most the bar, or at least."""
    row = Row("work", "a peer", value, " ×", 0.25, at_least=at_least)
    assert table([row]).endswith(f"{'≥' if at_least else '≤'} 0.25 × | {met} |")
