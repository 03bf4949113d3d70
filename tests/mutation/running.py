"""Runs pytest in a copy of the tree, in a fork of this process."""

import gc
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from importlib import import_module
from importlib.util import cache_from_source, find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Each run is a fork that has these already: seconds that need not be spent again.
_PRELOADED = (
    "coverage", "httpx", "hypothesis", "IPython", "ipywidgets", "markdown_it", "nbformat", "numpy",
    "openai", "PIL.Image", "starlette.applications", "uvicorn",
)  # fmt: skip
_FIRST_FILES = 4
_OPTIONS = (
    "-q", "--tb=line", "-o", "addopts=", "-p", "no:cacheprovider", "-p", "no:randomly",
    "-p", "no:xdist", "--hypothesis-seed=0", "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip


class Chosen:
    """A plugin of pytest that runs these tests alone, in this order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._places = {test: place for place, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leaves out all other tests."""
        items[:] = [each for each in items if each.nodeid in self._places]
        items.sort(key=lambda each: self._places[each.nodeid])


class Tree:
    """A copy of the tree, in which files are changed and tests run."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tree"
        self.output = folder / "output.txt"
        left_out = shutil.ignore_patterns(".*", "__pycache__")
        shutil.copytree(ROOT, self.path, ignore=left_out)
        for name in filter(find_spec, _PRELOADED):
            import_module(name)

    def write(self, file: str, source: bytes) -> None:
        """Changes a file of the package, or changes it back."""
        path = self.path / "comet_magic" / file
        path.write_bytes(source)
        # It is told from its source by time and size, which may be the same.
        Path(cache_from_source(str(path))).unlink(missing_ok=True)

    def test(self, tests: Sequence[str], seconds: float, each: float) -> bool:
        """Whether these tests pass: all of them in `seconds`, one in `each`."""
        files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
        passed = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        # Most mutants are killed by the first files, and to read all of them takes long.
        return all(
            self.run([*part, "-x", f"--timeout={each:.0f}"], Chosen(tests), seconds) in passed
            for part in (files[:_FIRST_FILES], files[_FIRST_FILES:])
            if part
        )

    def run(self, arguments: Sequence[str], plugin: object, seconds: float) -> int | None:
        """Runs pytest; its exit code, or None if it takes longer than `seconds`."""
        gc.freeze()  # or a collection in the fork would copy all memory
        child = os.fork()
        if not child:
            self._become_pytest(arguments, plugin)
        deadline = time.monotonic() + seconds
        try:
            while time.monotonic() < deadline:
                ended, status = os.waitpid(child, os.WNOHANG)
                if ended:
                    child = 0
                    return os.waitstatus_to_exitcode(status)
                time.sleep(0.02)
            return None
        finally:
            if child:
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)

    def _become_pytest(self, arguments: Sequence[str], plugin: object) -> None:
        code = 70
        try:
            os.setsid()
            with self.output.open("wb") as output:
                os.dup2(output.fileno(), 1)
                os.dup2(output.fileno(), 2)
            os.chdir(self.path)
            os.environ["PYTHONPATH"] = sys.path[0] = str(self.path)
            for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
                del sys.modules[name]
            code = int(pytest.main([*_OPTIONS, *arguments], [plugin]))
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
