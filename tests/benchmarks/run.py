"""How a case measures: contestants in processes of their own, in turns, and medians of ratios."""

import statistics
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec

from .report import Row
from .worker import Worker

Figures = dict[str, list[dict[str, float]]]
_MODULES = {"openai": "openai", "litellm": "litellm", "aiohttp": "aiohttp"}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command.

    Attributes:
        rounds: Times that each contestant is measured.
        scale: What sizes are divided by: 1, or more for a quick look.
    """

    rounds: int = 5
    scale: int = 1

    def takes_part(self, name: str) -> bool:
        """Whether a contestant is installed."""
        module = _MODULES.get(name.partition(",")[0])
        return not module or find_spec(module) is not None

    def measure(self, case: str, names: Sequence[str], *arguments: object) -> Figures:
        """What each contestant used, round by round, all in turns so that load hits all alike."""
        found: Figures = {name: [] for name in names if self.takes_part(name)}
        with ExitStack() as stack:
            workers = [stack.enter_context(Worker(case, name, *arguments)) for name in found]
            for worker in workers:
                worker.measure()  # imports and connections are there after it
            for _ in range(self.rounds):
                for worker in workers:
                    found[worker.name].append(worker.measure())
                    say(".")
        return found

    def measure_fresh(self, case: str, names: Sequence[str], *arguments: object) -> Figures:
        """The same with a new process for each: memory that an earlier round left is in no peak."""
        found: Figures = {name: [] for name in names if self.takes_part(name)}
        for _ in range(self.rounds):
            for name in found:
                with Worker(case, name, *arguments) as worker:
                    found[name].append(worker.measure())
                say(".")
        return found


def ratio(figures: Figures, name: str, other: str, key: str = "cpu") -> float:
    """The median of what `name` took of `other` in each round."""
    pairs = zip(figures[name], figures[other], strict=True)
    return statistics.median(ours[key] / theirs[key] for ours, theirs in pairs)


def openai_rows(figures: Figures, work: str, bar: float) -> list[Row]:
    """CPU time beside the openai SDK: the bar is for whichever of its clients is the faster."""
    ratios = {
        name: ratio(figures, "comet_magic", name)
        for name in ("openai", "openai, async")
        if name in figures
    }
    rows = [Row(work, f"CPU, {name}", value, " ×") for name, value in ratios.items()]
    if ratios:
        rows.insert(0, Row(work, "CPU, the faster openai client", max(ratios.values()), " ×", bar))
    return rows


def median(figures: Figures, name: str, key: str = "cpu") -> float:
    """The median of one figure."""
    return statistics.median(each[key] for each in figures[name])


def say(text: str) -> None:
    """Progress, on the error output: the table alone is on the other one."""
    print(text, end="", file=sys.stderr, flush=True)
