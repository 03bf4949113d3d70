"""A canary for a key: whatever happens in a real kernel, it is nowhere to be read afterwards."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.client.scripted import data
from tests.faults.fault import GOOD, HE, JSON, QUOTED, START, said
from tests.faults.server import CLOSE, STALL, FaultServer, Step, chunk, whole
from tests.faults.test_pictures import PNG, shown
from tests.kernel.real.kernel import Kernel, clean_environment

from .conftest import StartKernel

# The mark would also be found in another spelling of the whole.
MARK = "canary8d1f"
KEY = f"sk-{MARK}-0123456789abcdef"
TOLD = QUOTED.replace("sk-canary-0123456789abcdef", KEY)
ERRORS: dict[str, list[Step]] = {
    **{str(status): [whole(status, said(TOLD), JSON)] for status in (400, 401, 403, 404, 429, 500)},
    "text": [whole(401, TOLD, "Content-Type: text/plain")],
    "page": [whole(200, f"<html><title>{TOLD}</title>", "Content-Type: text/html")],
    "redirect": [whole(302, "", f"Location: http://127.0.0.2/{KEY}")],
    "no-http": [f"{KEY} is not welcome\r\n\r\n".encode()],
    "in-stream": [START + chunk(HE + data({"error": {"message": TOLD}}))],
    "cut": [START + chunk(HE), CLOSE],
    "reset": [CLOSE],
}
_PREPARE = """
%load_ext comet_magic
import logging, pickle, traceback, sys
import comet_magic as comet
logging.basicConfig(filename="debug.log", level=logging.DEBUG)
for name in ("httpx", "httpcore", "comet_magic", "asyncio"):
    logging.getLogger(name).setLevel(logging.DEBUG)
def look(value):
    print(repr(value), str(value), getattr(value, "__dict__", {}))
    each = value
    while each is not None:
        print(vars(each))
        if getattr(each, "_request", None):
            print(each.request.headers.raw)
        each = each.__cause__ or each.__context__
    traceback.print_exception(value)
    open("error.pickle", "ab").write(pickle.dumps(value))
"""
_LOOK_AROUND = """
%config CometMagics
%comet
%comet usage
%who
%whos
print(_oh, In, Out, vars(), globals())
print([getattr(_comet, name) for name in _comet.__slots__])
print(pickle.dumps(_comet))
from comet_magic.kernel import session
from comet_magic.settings import configuration
settings = configuration.current().settings()
print(settings, vars(configuration.current()), vars(session.current()), pickle.dumps(settings))
get_ipython().history_manager.writeout_cache()
%history -g
"""


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """An endpoint that quotes the key wherever it can."""
    with FaultServer() as server:
        for name, steps in ERRORS.items():
            server.script(f"/{name}/v1/chat/completions", steps)
        server.script("/good/v1/chat/completions", [GOOD])
        server.script("/x.png", [whole(200, PNG)])
        server.script("/picture/v1/chat/completions", shown(f"{server.url}/x.png"))
        server.script("/stall/v1/chat/completions", [START + chunk(HE), STALL])
        yield server


def places(folder: Path, said: str) -> list[str]:
    """Where the key is: in what was said, or in a file but the one that it was put into."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != "key.txt"]
    assert files
    found = [str(file) for file in files if MARK.encode() in content(file)]
    return found + (["the outputs"] if MARK in said else [])


def content(file: Path) -> bytes:
    """What is in a file; nothing in one that has gone, as the journal of IPython's history does."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def everything(kernel: Kernel) -> str:
    """All that the kernel ever said for any cell."""
    cells = kernel._cells.values()
    said = [[cell.reply, *([one.data, one.frames] for one in cell.outputs)] for cell in cells]
    return json.dumps(said, default=str)


@pytest.mark.parametrize("source", ["environment", "login", "argument"])
def test_the_key_is_nowhere_in_a_notebook(
    start_kernel: StartKernel, server: FaultServer, tmp_path: Path, source: str
) -> None:
    """Not in an output, a traceback, a variable, a log, the history, a pickle or a saved file."""
    kernel = start_kernel(**({"COMETAPI_KEY": KEY} if source == "environment" else {}))
    (tmp_path / "key.txt").write_text(KEY)
    kernel.run(_PREPARE)
    kernel.run("%config CometMagics.max_retries = 0")
    kernel.run(f"%config CometMagics.base_url = '{server.url}/good/v1'")
    assert "Recording to" in kernel.run("%comet record all").text
    if source == "login":
        assert "used from now on" in kernel.answer("%comet login", KEY).text
    argument = 'api_key=open("key.txt").read(), ' if source == "argument" else ""

    def ask(path: str) -> None:
        url = f"{server.url}/{path}/v1"
        kernel.run(f"%config CometMagics.base_url = {url!r}")
        if not argument:
            kernel.run("%%comet\nHi")
            kernel.run("%tb")
        call = f'comet.generate("Hi", {argument}model="gpt-4o-image")'
        kernel.run(call)
        kernel.run("%tb")
        kernel.run(f"try:\n    {call}\nexcept comet.CometError as error:\n    look(error)")

    for mode in ("Verbose", "Context", "Plain"):
        kernel.run(f"%xmode {mode}")
        for path in ERRORS if mode == "Verbose" else ("401", "reset"):
            ask(path)
    ask("picture")
    assert list((tmp_path / "comet_images").glob("*.png"))
    kernel.run(f"%config CometMagics.base_url = '{server.url}/stall/v1'")
    stopped = kernel.send(
        f'comet.generate("Hi", {argument}model="m")' if argument else "%%comet\nHi"
    )
    assert server.wait_until(lambda: any(each.stalls for each in server.connections), 10)
    kernel.interrupt()
    assert kernel.wait(stopped).ename == "KeyboardInterrupt"
    kernel.run("%tb")
    kernel.run(f"%config CometMagics.base_url = '{server.url}/picture/v1'")
    kernel.run(f'_comet = comet.generate("Hi", {argument}model="gpt-4o-image")')
    around = kernel.run(_LOOK_AROUND)
    assert around.status == "ok", around
    kernel.complete("%%comet ")
    kernel.complete("%comet ")
    sent = {
        request.header("authorization") for request in server.requests if request.method == "POST"
    }
    assert sent == {f"Bearer {KEY}"}
    assert "recorded to all.jsonl" in kernel.run("%comet record stop").text
    recorded = (tmp_path / "all.jsonl").read_text(encoding="utf-8")
    # It was quoted by each kind of error, and the recording is not an empty one.
    assert recorded.count("[key]") >= len(ERRORS) - 2
    assert places(tmp_path, everything(kernel)) == []


def test_the_key_is_not_in_an_executed_notebook(server: FaultServer, tmp_path: Path) -> None:
    """Saved by nbclient with its outputs and errors."""
    nbformat: Any = import_module("nbformat")
    sources = ["%load_ext comet_magic\n%config CometMagics.max_retries = 0", "%xmode Verbose"]
    for name in ("picture", *ERRORS):
        url = f"{server.url}/{name}/v1"
        sources += [f"%config CometMagics.base_url = {url!r}", "%%comet\nHi", "%tb", "_comet"]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    path = tmp_path / "notebook.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    command = ["nbconvert", "--to", "notebook", "--execute", "--inplace", "--allow-errors"]
    done = subprocess.run(
        [sys.executable, "-m", "jupyter", *command, path.name],
        cwd=tmp_path,
        env={**clean_environment(tmp_path), "COMETAPI_KEY": KEY},
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    saved = path.read_text(encoding="utf-8")
    assert "AuthenticationError" in saved
    assert "image/png" in saved or "image/jpeg" in saved
    assert places(tmp_path, saved + done.stdout + done.stderr) == []


def test_a_key_that_is_typed_is_not_shown(tmp_path: Path) -> None:
    """`%comet login` in a terminal has no echo, and the history holds the command alone."""
    if os.name == "nt":
        pytest.skip("there are no pseudo-terminals on Windows")
    said = io.StringIO()
    terminal = import_module("pexpect").spawn(
        sys.executable,
        ["-m", "IPython", "--simple-prompt", "--no-banner", "--colors=NoColor"],
        cwd=str(tmp_path),
        env={**clean_environment(tmp_path), "TERM": "xterm"},
        encoding="utf-8",
        timeout=20,
    )
    terminal.logfile_read = said
    for line, answer in (
        ("%load_ext comet_magic", "In .2"),
        ("%comet login", "API key: "),
        (KEY, "used from now on"),
        ("%comet", "key from %comet login"),
        ("%history -g", "comet login"),
        ("exit()", "$"),
    ):
        terminal.sendline(line)
        terminal.expect(answer)
    terminal.expect(import_module("pexpect").EOF)
    terminal.close()
    assert "API key:" in said.getvalue()
    assert places(tmp_path, said.getvalue()) == []
    assert b"comet login" in (tmp_path / ".ipython/profile_default/history.sqlite").read_bytes()
