"""What was measured: rows with their bars, as a Markdown table and as a plot."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = (
    "httpx", "ipython", "ipykernel", "Pillow", "openai", "litellm", "aiohttp",
    "jupyter-ai-magics", "cellmage",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes:
        work: What was done.
        against: What it is compared with, and how.
        value: As measured, a median.
        unit: Written after it.
        bar: What it has to be; None for a figure without one.
        at_least: Whether it has to be as large as the bar, and not as small.
    """

    work: str
    against: str
    value: float
    unit: str
    bar: float | None = None
    at_least: bool = False

    @property
    def used(self) -> float:
        """How much of its bar it takes: 1 is just met."""
        assert self.bar is not None
        if self.at_least:
            return self.bar / max(self.value, 1e-9)
        return max(self.value, 1e-3) / max(self.bar, 1e-3)

    @property
    def is_met(self) -> bool | None:
        """Whether the bar is met; None without one."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.at_least else self.value <= self.bar


def machine() -> str:
    """What it was measured on, and with which versions."""
    cores = len(Path("/proc/cpuinfo").read_text().split("processor\t:")) - 1
    model = next(
        (
            line.partition(": ")[2]
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    found = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{model}, {cores} cores, {platform.system()}; {python}, {', '.join(found)}"


def table(rows: Sequence[Row]) -> str:
    """The README's table: the rows that have a bar."""
    lines = ["| work | against | measured | bar | met |", "|---|---|---|---|---|"]
    for row in rows:
        if row.bar is not None:
            bar = f"{'≥' if row.at_least else '≤'} {_number(row.bar)}{row.unit}"
            met = "yes" if row.is_met else "**no**"
            measured = f"{_number(row.value)}{row.unit}"
            lines.append(f"| {row.work} | {row.against} | {measured} | {bar} | {met} |")
    return "\n".join(lines)


def others(rows: Sequence[Row]) -> str:
    """The rows that have none, a line each."""
    lines = [
        f"{row.work}; {row.against}: {_number(row.value)}{row.unit}"
        for row in rows
        if row.bar is None
    ]
    return "\n".join(lines)


def plot(rows: Sequence[Row], path: Path) -> None:
    """Draws how much of its bar each row takes."""
    pyplot = import_module("matplotlib.pyplot")
    shown = [row for row in rows if row.bar is not None][::-1]
    figure, axes = pyplot.subplots(figsize=(9, 0.42 * len(shown) + 1.2), layout="constrained")
    colours = ["#2e7d32" if row.is_met else "#d32f2f" for row in shown]
    axes.barh([f"{row.work}: {row.against}" for row in shown], [row.used for row in shown],
              color=colours)  # fmt: skip
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xscale("log")
    axes.set_xlabel("part of its bar that it takes (left of the line: met)")
    axes.tick_params(axis="y", labelsize=8)
    figure.savefig(path, dpi=120)


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:.0f}"
