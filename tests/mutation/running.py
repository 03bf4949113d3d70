"""Runs tests in a copy of the tree, for one mutant after the other."""

import gc
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import cache_from_source, find_spec
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn, Self

import pytest

from .swapping import Functions

ROOT = Path(__file__).parents[2]
# Each run is a fork that has these already: seconds that need not be spent again.
_PRELOADED = (
    "coverage", "httpx", "hypothesis", "IPython", "ipywidgets", "markdown_it", "nbformat", "numpy",
    "openai", "PIL.Image", "starlette.applications", "uvicorn",
)  # fmt: skip
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


class Parked:
    """A plugin of pytest that has collected all tests, and runs some of them in forks.

    A fork gets a changed file by new code in its functions: nothing is imported or collected again.
    """

    def __init__(self, asked: Connection) -> None:
        self._asked = asked

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        """Answers requests until there are no more; a fork leaves, and runs its tests."""
        items = {each.nodeid: each for each in session.items}
        functions = Functions()
        gc.freeze()  # or a collection in a fork would copy all memory
        self._asked.send(None)
        session.items = []
        process = os.getpid()
        while request := _received(self._asked):
            path, old, new, tests, seconds = request
            child = os.fork()
            if not child:
                os.setsid()
                _take_for_own(process)
                if not functions.swap(path, old, new):
                    os._exit(_UNSWAPPED)
                session.items = [items[test] for test in tests if test in items]
                break
            self._asked.send(_ended(child, seconds))
        return (yield)


_UNSWAPPED = 71
_NO_TEST = pytest.ExitCode.NO_TESTS_COLLECTED


class Tree:
    """A copy of the tree, in which files are changed and tests run. A context manager."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tree"
        self.package = self.path / "comet_magic"
        self.output = folder / "output.txt"
        shutil.copytree(ROOT, self.path, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        for name in filter(find_spec, _PRELOADED):
            import_module(name)
        self._parked: Connection | None = None
        self._child = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the parked process."""
        if self._parked:
            self._parked.close()  # it reads the end, and leaves
            os.waitpid(self._child, 0)

    def park(self, files: Sequence[str]) -> None:
        """Collects the tests of these files once, for `test`."""
        self._parked, asked = Pipe()
        self._child = os.fork()
        if not self._child:
            self._parked.close()
            self._become_pytest(["-x", *files], Parked(asked))
        asked.close()  # so that the end of the child ends the wait
        try:
            self._parked.recv()
        except EOFError:
            sys.exit(f"the tests cannot be collected:\n{self.output.read_text()}")

    def test(
        self, file: str, new: bytes, tests: Sequence[str], seconds: float, *, at_import: bool
    ) -> bool | None:
        """Whether tests pass in `seconds` while a file of the package is another.

        None if none of them was run, as another parameter has another name.

        Args:
            file: The path in the package.
            new: Its bytes.
            tests: The tests.
            seconds: For all of them.
            at_import: Whether what has changed runs when the file is imported.
        """
        path = self.package / file
        old = path.read_bytes()
        _write(path, new)
        code: int | None = _UNSWAPPED
        if self._parked and not at_import:
            self._parked.send((str(path), old, new, tests, seconds))
            code = self._parked.recv()
        if code == _UNSWAPPED:
            files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
            # Most mutants are killed by the first files, and to import all of them takes long.
            for part in (files[:4], files[4:]):
                if part and (found := self.run(["-x", *part], Chosen(tests), seconds)) != _NO_TEST:
                    code = found
                if code not in (_UNSWAPPED, _NO_TEST, pytest.ExitCode.OK):
                    break
        _write(path, old)
        return None if code in (_UNSWAPPED, _NO_TEST) else code == pytest.ExitCode.OK

    def run(self, arguments: Sequence[str], plugin: object, seconds: float) -> int | None:
        """Runs pytest; its exit code, or None if it takes longer than `seconds`."""
        child = os.fork()
        if not child:
            os.setsid()
            self._become_pytest(arguments, plugin)
        return _ended(child, seconds)

    def _become_pytest(self, arguments: Sequence[str], plugin: object) -> NoReturn:
        code = 70
        try:
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


def _received(asked: Connection) -> tuple[str, bytes, bytes, Sequence[str], float] | None:
    """The next request; None if there are no more."""
    try:
        request: tuple[str, bytes, bytes, Sequence[str], float] = asked.recv()
    except EOFError:
        return None
    return request


def _take_for_own(process: int) -> None:
    """Lets the package take this fork for the process that has imported it: for no fork."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "comet_magic":
            for variable, value in list(vars(module).items()):
                if type(value) is int and value == process:
                    setattr(module, variable, os.getpid())


def _ended(child: int, seconds: float) -> int | None:
    """The exit code of a child; None if it had to be killed. Ends all that it started."""
    deadline = time.monotonic() + seconds
    code = None
    while code is None and time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
        else:
            time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if code is None:
        os.waitpid(child, 0)
    return code


def _write(path: Path, source: bytes) -> None:
    path.write_bytes(source)
    # It is told from its source by time and size, which may be the same.
    Path(cache_from_source(str(path))).unlink(missing_ok=True)
