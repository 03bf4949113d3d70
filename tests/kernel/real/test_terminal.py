"""IPython without a notebook: text in a terminal and in a pipe."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.faults.server import FaultServer

from .kernel import clean_environment, holds_within
from .states import STATES, unreachable

IPYTHON = [sys.executable, "-m", "IPython", "--TerminalInteractiveShell.term_title=False"]
# Its numbers go back to 2 with each test, and a history wants them to grow.
_NO_HISTORY = "--HistoryManager.enabled=False"
# Back to the state of an IPython that has just loaded the extension.
_RESET = (
    "__import__('os').environ.pop('COMETAPI_BASE_URL', None); ip = get_ipython(); "
    "ip.run_line_magic('unload_ext', 'comet_magic'); ip.config.pop('CometMagics', None); "
    "ip.run_line_magic('reset', '-f'); ip = get_ipython(); "
    "ip.run_line_magic('load_ext', 'comet_magic'); ip.execution_count = 1"
)
CELL = "get_ipython().run_cell_magic('comet', '{}', 'A cute kitten')\n"


def piped(folder: Path, model: str = "") -> "subprocess.CompletedProcess[str]":
    """What a cell of a script writes into pipes."""
    script = Path(folder, "script.ipy")
    script.write_text(f"%load_ext comet_magic\n{CELL.format(model)}", encoding="utf-8")
    return subprocess.run(
        [*IPYTHON, script.name],
        cwd=folder,
        env=clean_environment(folder) | {"PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


class LentTerminal:
    """Lends one IPython in a pseudo-terminal to test after test: as new each time, at prompt 2."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._child: Any = None

    def get(self) -> Any:
        """It, with the extension loaded and nothing set."""
        if self._child is None or not self._is_reset():
            self.close()
            self._child = import_module("pexpect").spawn(
                IPYTHON[0],
                [*IPYTHON[1:], "--simple-prompt", "--no-banner", "--colors=NoColor", _NO_HISTORY],
                cwd=str(self._folder),
                env=clean_environment(self._folder) | {"COMET_DEMO_PACE": "1", "TERM": "xterm"},
                encoding="utf-8",
                timeout=20,
            )
            self._child.expect(r"In \[1\]: ")
            self._child.sendline("%load_ext comet_magic")
            self._child.expect(r"In \[2\]: ")
        return self._child

    def close(self) -> None:
        """Ends it."""
        if self._child is not None:
            self._child.close(force=True)

    def _is_reset(self) -> bool:
        self._child.sendline(_RESET)
        try:
            # IPython 7 counts a line when it has run, others before.
            if self._child.expect([r"In \[1\]: ", r"In \[2\]: "], timeout=5) == 0:
                self._child.sendline("pass")
                self._child.expect(r"In \[2\]: ", timeout=5)
        except import_module("pexpect").ExceptionPexpect:
            return False
        return True


@pytest.fixture(scope="module")
def _lent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LentTerminal]:
    if os.name == "nt":
        pytest.skip("there are no pseudo-terminals on Windows")
    lent = LentTerminal(tmp_path_factory.mktemp("terminal"))
    yield lent
    lent.close()


@pytest.fixture
def terminal(_lent: LentTerminal) -> Any:
    """An interactive IPython at a human pace, in a pseudo-terminal."""
    return _lent.get()


def test_a_script_writes_text_into_a_pipe(tmp_path: Path) -> None:
    """Stages, the path of the saved picture and the usage; no escape codes, nothing on stderr."""
    ended = piped(tmp_path)
    assert ended.returncode == 0
    assert "\x1b" not in ended.stdout
    assert "<" not in ended.stdout
    assert "gpt-4o-image (demo): queued\n" in ended.stdout
    saved = re.search(r"comet_images/\S+\.png", ended.stdout)
    assert saved
    assert Path(tmp_path, saved[0]).stat().st_size > 1000
    assert "complete" in ended.stdout
    assert "tokens" in ended.stdout
    assert ended.stderr == ""


def test_a_script_ends_with_the_error(tmp_path: Path) -> None:
    """A failed generation fails the script, in few lines and without a stack."""
    ended = piped(tmp_path, "demo-error-401")
    assert ended.returncode == 1
    said = ended.stdout + ended.stderr
    assert "AuthenticationError: 401" in said
    assert "Traceback" not in said
    assert "comet_magic/" not in said


def test_a_terminal_shows_tokens_as_they_come(terminal: Any) -> None:
    """The answer is written once, in the order it came, and ends with its usage."""
    terminal.sendline(CELL.format("gpt-4o-mini").strip())
    terminal.expect("Hello|speaking|wrote")
    terminal.expect("complete")
    terminal.expect(r"In \[3\]: ")
    assert "tokens" in terminal.before
    assert "\x1b" not in terminal.before


def test_jupyter_console_shows_text_as_it_comes(tmp_path: Path) -> None:
    """It shows no updates of a display, so it gets the text of a terminal: answer, path, error."""
    if os.name == "nt":
        pytest.skip("there are no pseudo-terminals on Windows")
    child = import_module("pexpect").spawn(
        sys.executable,
        ["-m", "jupyter_console", "--simple-prompt", "--ZMQTerminalInteractiveShell.banner="],
        cwd=str(tmp_path),
        env=clean_environment(tmp_path) | {"TERM": "dumb"},
        encoding="utf-8",
        timeout=60,
    )
    try:
        child.expect(r"In \[1\]: ")
        child.sendline("%load_ext comet_magic")
        child.expect(r"In \[2\]: ")
        child.sendline(CELL.format("gpt-4o-mini").strip())
        child.expect(r"In \[3\]: ")
        assert child.before.count("You wrote:") == 1
        child.sendline(CELL.format("").strip())
        child.expect(r"In \[4\]: ")
        assert re.search(r"queued\r?\n.*comet_images/\S+\.png", child.before, re.DOTALL)
        child.sendline(CELL.format("demo-error-401").strip())
        child.expect(r"In \[5\]: ")
        assert "AuthenticationError: 401" in child.before
        assert "Traceback" not in child.before
    finally:
        child.close(force=True)


def test_ctrl_c_in_a_terminal(terminal: Any) -> None:
    """Ctrl-C ends the cell with a short error, and IPython goes on."""
    terminal.sendline(CELL.format("demo-error-slow").strip())
    terminal.expect("kitten, in")
    terminal.sendintr()
    terminal.expect("interrupted")
    terminal.expect("KeyboardInterrupt")
    terminal.expect(r"In \[3\]: ")
    assert len(terminal.before.splitlines()) <= 5
    terminal.sendline("str(_comet.status)")
    terminal.expect("'interrupted'")


def test_a_terminal_is_asked_before_it_pays(terminal: Any) -> None:
    """A no is an error in few lines; with Ctrl-C as the answer nothing is sent either."""
    with FaultServer() as server:
        terminal.sendline(f"%env COMETAPI_BASE_URL={server.url}/v1")
        terminal.expect(r"In \[3\]: ")
        terminal.sendline("%config CometMagics.confirm = True")
        terminal.expect(r"In \[4\]: ")
        terminal.sendline(CELL.format("").strip())
        terminal.expect_exact("[y/N] ")
        terminal.sendline("n")
        terminal.expect("CometError: Not sent, as you said.")
        terminal.expect(r"In \[5\]: ")
        terminal.sendline(CELL.format("").strip())
        terminal.expect_exact("[y/N] ")
        terminal.sendintr()
        terminal.expect("KeyboardInterrupt: nothing was sent")
        terminal.expect(r"In \[6\]: ")
        assert not [each for each in server.requests if each.method == "POST"]


twice = pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])


def ctrl_c(terminal: Any, times: int, within: float = 1.0) -> None:
    """The cell of the third prompt ends in time, and says so in few lines."""
    since = time.monotonic()
    for _ in range(times):
        terminal.sendintr()
    terminal.expect("interrupted")
    terminal.expect("KeyboardInterrupt")
    terminal.expect(r"In \[4\]: ")
    assert time.monotonic() - since < within


@twice
@pytest.mark.parametrize("name", STATES)
def test_ctrl_c_in_each_state(terminal: Any, name: str, times: int) -> None:
    """The connection is closed, what came is kept, and a second Ctrl-C changes nothing."""
    state = STATES[name]
    with FaultServer() as server:
        terminal.sendline(f"%env COMETAPI_BASE_URL={state.play(server)}")
        terminal.expect(r"In \[3\]: ")
        terminal.sendline(CELL.format(f"{state.model} -o kept").strip())
        terminal.expect("o o o" if name == "tokens" else state.shows)
        assert state.is_reached(server)
        ctrl_c(terminal, times, state.within)
        assert server.is_quiet()
        assert len([each for each in server.requests if each.method == "POST"]) == 1
        if state.closes:
            assert server.requests[-1].connection.closed_by == "client"
        terminal.sendline("kept is _comet, str(kept.status), kept.text[:4]")
        terminal.expect_exact(f"(True, 'interrupted', {state.text[:4]!r}"[:-2])


@twice
@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse where the queue is full")
def test_ctrl_c_while_it_connects(terminal: Any, times: int) -> None:
    """The connection that was being made is given up, and not tried again."""
    with unreachable() as (base_url, tried):
        terminal.sendline(f"%env COMETAPI_BASE_URL={base_url}")
        terminal.expect(r"In \[3\]: ")
        terminal.sendline(CELL.format("-o kept").strip())
        terminal.expect("queued")
        assert holds_within(5, lambda: tried() == 1)
        ctrl_c(terminal, times)
        assert tried() == 0
        terminal.sendline("kept is _comet, str(kept.status)")
        terminal.expect_exact("(True, 'interrupted')")
