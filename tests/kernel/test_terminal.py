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

from .kernel import clean_environment
from .states import STATES

IPYTHON = [sys.executable, "-m", "IPython", "--TerminalInteractiveShell.term_title=False"]
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


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Any]:
    """An interactive IPython at a human pace, in a pseudo-terminal."""
    if os.name == "nt":
        pytest.skip("there are no pseudo-terminals on Windows")
    child = import_module("pexpect").spawn(
        IPYTHON[0],
        [*IPYTHON[1:], "--simple-prompt", "--no-banner", "--colors=NoColor"],
        cwd=str(tmp_path),
        env=clean_environment(tmp_path) | {"COMET_DEMO_PACE": "1", "TERM": "xterm"},
        encoding="utf-8",
        timeout=20,
    )
    child.expect(r"In \[1\]: ")
    child.sendline("%load_ext comet_magic")
    child.expect(r"In \[2\]: ")
    yield child
    child.close(force=True)


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


@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
@pytest.mark.parametrize("name", ["headers", "tokens", "picture", "retry"])
def test_ctrl_c_in_each_state(terminal: Any, name: str, times: int) -> None:
    """The connection is closed, what came is kept, and a second Ctrl-C changes nothing."""
    state = STATES[name]
    with FaultServer() as server:
        terminal.sendline(f"%env COMETAPI_BASE_URL={state.play(server)}")
        terminal.expect(r"In \[3\]: ")
        terminal.sendline(CELL.format(f"{state.model} -o kept").strip())
        terminal.expect("o o o" if name == "tokens" else state.shows)
        assert state.is_reached(server)
        since = time.monotonic()
        for _ in range(times):
            terminal.sendintr()
        terminal.expect("interrupted")
        terminal.expect("KeyboardInterrupt")
        terminal.expect(r"In \[4\]: ")
        assert time.monotonic() - since < 3
        assert server.is_quiet()
        assert len([each for each in server.requests if each.method == "POST"]) == 1
        if state.closes:
            assert server.requests[-1].connection.closed_by == "client"
        terminal.sendline("kept is _comet, str(kept.status), kept.text[:4]")
        terminal.expect_exact(f"(True, 'interrupted', {state.text[:4]!r}"[:-2])
