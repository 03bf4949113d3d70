"""Which lines of the package each test runs, and how long it takes; kept between runs."""

import ast
import hashlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import coverage
import pytest

from .mutants import Mutant
from .running import ROOT, Tree

# Suites that start kernels, browsers or servers of others, or that read the code itself.
_LEFT_OUT = (
    "benchmarks", "browser", "kernel/real", "mutation", "proxy", "test_binder.py", "test_layout.py",
)  # fmt: skip


class Meter:
    """A plugin of pytest that writes into a file what each test ran, as JSON by test file."""

    def __init__(self, tree: Tree, out: Path) -> None:
        self._package = tree.package
        self._out = out
        self._seconds: dict[str, float] = {}
        self._failed: set[str] = set()
        self._coverage: Any = None

    def pytest_sessionstart(self) -> None:
        """Begins before any module of the package is imported."""
        self._coverage = coverage.Coverage(
            data_file=None, config_file=False, include=[f"{self._package}/*"]
        )
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """One test, with its fixtures."""
        self._coverage.switch_context(item.nodeid)
        began = time.perf_counter()
        outcome = yield
        self._seconds[item.nodeid] = time.perf_counter() - began
        return outcome

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that fails or is skipped kills nothing."""
        if not report.passed:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Writes the file."""
        self._coverage.stop()
        data = self._coverage.get_data()
        tests: dict[str, tuple[float, dict[str, list[int]]]] = {
            test: (seconds, {}) for test, seconds in self._seconds.items()
        }
        for name in data.measured_files():
            file = Path(name).relative_to(self._package).as_posix()
            for line, contexts in data.contexts_by_lineno(name).items():
                for test in filter(tests.get, contexts):
                    tests[test][1].setdefault(file, []).append(line)
        by_file: dict[str, Any] = defaultdict(dict)
        for test, measured in tests.items():
            if test not in self._failed:
                by_file[test.partition("::")[0]][test] = measured
        self._out.write_text(json.dumps(by_file))


class Measured:
    """What is known of all tests.

    Attributes:
        seconds: That each test takes.
    """

    def __init__(self, folder: Path, tree: Tree) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.seconds: dict[str, float] = {}
        self._lines: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._files: dict[str, list[str]] = defaultdict(list)
        self._importers = _importers(tree.package)
        for kept in _kept(folder, tree):
            for test, (seconds, lines) in json.loads(kept.read_text()).items():
                self.seconds[test] = seconds
                for file, numbers in lines.items():
                    self._files[file].append(test)
                    for number in numbers:
                        self._lines[file, number].append(test)

    def tests(self, mutant: Mutant, most: float) -> list[str]:
        """The tests of a mutant: those of its own file first, then of its room; the fastest first.

        What runs at import can be seen by all tests of the file and of those that import it.

        Args:
            mutant: The mutant.
            most: As many are taken as together take so many seconds; at least one.
        """
        own = f"/test_{Path(mutant.file).stem}.py::"
        if mutant.at_import:
            files = (mutant.file, *self._importers[mutant.file])
            found = {test for file in files for test in self._files[file]}
            # They may read a table of that file without running a line of it.
            found |= {test for test in self.seconds if own in test}
        else:
            found = {test for line in mutant.lines for test in self._lines[mutant.file, line]}
        folder = f"tests/{mutant.room}/"
        chosen: dict[str, list[str]] = defaultdict(list)
        for test in sorted(
            found,
            key=lambda test: (own not in test, not test.startswith(folder), self._order(test)),
        ):
            most -= self.seconds[test]
            if most < 0 and chosen:
                break
            chosen[test.partition("::")[0]].append(test)
        # Each file at once, for what its tests share.
        ordered = sorted(
            chosen, key=lambda file: (not file.startswith(folder), self._mean(chosen[file]))
        )
        return [test for file in ordered for test in chosen[file]]

    def _order(self, test: str) -> tuple[float, str]:
        return self.seconds[test], test

    def _mean(self, tests: Sequence[str]) -> float:
        return sum(map(self.seconds.__getitem__, tests)) / len(tests)


def _kept(folder: Path, tree: Tree) -> list[Path]:
    """A file of what was measured for each file of tests; what is missing is measured first."""
    base = _shape(sorted(ROOT.glob("comet_magic/**/*.py"))) + _helpers()
    kept = {}
    for path in sorted(ROOT.glob("tests/**/test_*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.removeprefix("tests/").startswith(_LEFT_OUT):
            digest = hashlib.sha256(base + name.encode() + path.read_bytes()).hexdigest()
            kept[name] = folder / f"{digest[:32]}.json"
    missing = [name for name, path in kept.items() if not path.exists()]
    if missing:
        print(f"measuring {len(missing)} files of tests …", flush=True)
        out = folder / "measured.json"
        out.unlink(missing_ok=True)
        code = tree.run(missing, Meter(tree, out), seconds=3600)
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            sys.exit(f"no test was run:\n{tree.output.read_text()}")
        measured = json.loads(out.read_text())
        for name in missing:
            kept[name].write_text(json.dumps(measured.get(name, {})))
    return list(kept.values())


def _helpers() -> bytes:
    """What tests share: their fixtures, fakes and data."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("tests/**/*")):
        name = path.relative_to(ROOT / "tests").as_posix()
        is_shared = not path.name.startswith("test_") and path.suffix != ".pyc"
        if is_shared and path.is_file() and not name.startswith(_LEFT_OUT):
            digest.update(name.encode() + path.read_bytes())
    return digest.digest()


def _shape(files: Sequence[Path]) -> bytes:
    """Where all statements are: as long as that stays, what was measured is right."""
    statements = [
        [
            (type(node).__name__, node.lineno)
            for node in ast.walk(tree)
            if isinstance(node, ast.stmt)
        ]
        for tree in (ast.parse(path.read_bytes()) for path in files)
    ]
    return repr(statements).encode()


def _importers(package: Path) -> dict[str, set[str]]:
    """The files that import a file, by its path in the package."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in package.rglob("*.py"):
        file = path.relative_to(package)
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom):
                module = (node.module or "").removeprefix("comet_magic.").split(".")
                folder = path.parents[node.level - 1] if node.level else package
                target = folder.joinpath(*module)
                for each in (target, *(target / alias.name for alias in node.names)):
                    if each.with_suffix(".py").is_file():
                        name = each.with_suffix(".py").relative_to(package)
                        found[name.as_posix()].add(file.as_posix())
    return found
