"""A real kernel in a folder of its own, and what its cells said."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from types import TracebackType
from typing import Any, Self

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

# Nothing in these tests takes so long; a machine that is busy may.
PATIENCE = 30.0


@dataclass(eq=False)
class Output:
    """One output of a cell, as it stands.

    Attributes:
        kind: `display_data`, `execute_result`, `stream` or `error`.
        data: The MIME bundle; of a stream its name and text.
        display_id: None if it cannot be updated.
        frames: Every bundle that stood here, with the moment it came; the last is `data`.
    """

    kind: str
    data: dict[str, Any]
    display_id: str | None = None
    frames: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its plain text."""
        return str(self.data.get("text/plain") or self.data.get("text", ""))


@dataclass(eq=False)
class Cell:
    """One execute request and everything that came back for it.

    Attributes:
        outputs: As a notebook would save them, updates applied.
        reply: The content of the execute reply, once it is there.
        idle: Whether the kernel has said that it is done with it.
        started: When the kernel began with it, in seconds of `time.monotonic`; 0 before.
        ended: When it was done with it.
    """

    msg_id: str
    outputs: list[Output] = field(default_factory=list)
    reply: dict[str, Any] = field(default_factory=dict)
    idle: bool = False
    started: float = 0.0
    ended: float = 0.0

    @property
    def status(self) -> str:
        """`ok`, `error` or `aborted`."""
        return str(self.reply.get("status", ""))

    @property
    def error(self) -> dict[str, Any]:
        """Its error output, or its reply: a `UsageError` has only that."""
        shown = [output.data for output in self.outputs if output.kind == "error"]
        return shown[-1] if shown else self.reply

    @property
    def ename(self) -> str:
        """The name of the error that it ended with; empty if none."""
        return str(self.error.get("ename", ""))

    @property
    def traceback(self) -> list[str]:
        """The lines that a notebook shows for its error."""
        return "\n".join(self.error.get("traceback", [])).splitlines()

    @property
    def bundles(self) -> list[Output]:
        """Its rich outputs, without streams and error."""
        return [output for output in self.outputs if output.kind == "display_data"]

    @property
    def text(self) -> str:
        """All of its plain text, errors left out."""
        return "\n".join(output.text for output in self.outputs if output.kind != "error")

    def __str__(self) -> str:
        end = self.status or ("no reply" if self.idle else "running")
        return f"{end}, {self.ename or 'no error'}: {self.text[-500:]}"


class Kernel:
    """A kernel of the running Python, watched from outside; it ends with its `with` block.

    Args:
        folder: Where it runs; its settings are kept there too.
        environment: Variables on top of a clean environment.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._environment = {**clean_environment(folder), **environment}
        # The kernel of this very Python, whatever kernels are installed.
        self._manager = KernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
        self._cells: dict[str, Cell] = {}

    def __enter__(self) -> Self:
        self._log = (self.folder / "kernel.log").open("wb")
        try:
            self._manager.start_kernel(
                cwd=str(self.folder), env=self._environment, stdout=self._log, stderr=self._log
            )
            self._client = self._manager.blocking_client()
            self._client.start_channels()
            self._client.wait_for_ready(timeout=PATIENCE)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if hasattr(self, "_client"):
            self._client.stop_channels()
        if self._manager.has_kernel:
            self._manager.shutdown_kernel(now=True)
        self._manager.context.destroy(linger=0)
        self._log.close()

    def send(self, code: str, *, stop_on_error: bool = False, cell_id: str | None = None) -> Cell:
        """Queues a cell and returns at once.

        Args:
            cell_id: Of the cell, as JupyterLab sends it along; None as front ends that send none.
            stop_on_error: Whether an error in it aborts the cells queued behind it, as in
                notebooks.
        """
        if cell_id is None:
            msg_id = self._client.execute(code, stop_on_error=stop_on_error)
        else:
            content = {"code": code, "silent": False, "stop_on_error": stop_on_error}
            metadata = {"cellId": cell_id, "deletedCells": []}
            message = self._client.session.msg("execute_request", content, metadata=metadata)
            self._client.shell_channel.send(message)
            msg_id = message["header"]["msg_id"]
        cell = self._cells[msg_id] = Cell(msg_id)
        return cell

    def run(self, code: str, patience: float = PATIENCE, *, cell_id: str | None = None) -> Cell:
        """Runs a cell to its end.

        ipykernel 6 aborts what is sent within a moment of an error: that is sent again.
        """
        deadline = time.monotonic() + patience
        while True:
            cell = self.wait(self.send(code, cell_id=cell_id), patience)
            if cell.status != "aborted" or time.monotonic() > deadline:
                return cell

    @property
    def cells(self) -> list[Cell]:
        """All that were sent, in order."""
        return list(self._cells.values())

    def value(self, expression: str) -> str:
        """What a Python expression is in the kernel, as its `repr`."""
        cell = self.run(f"{expression}\n")
        assert cell.status == "ok", cell.reply
        return cell.outputs[-1].text

    def wait(self, cell: Cell, patience: float = PATIENCE) -> Cell:
        """Returns when the cell's reply and all of its outputs are there."""
        return self.until(cell, lambda one: one.idle and bool(one.reply), patience)

    def until(self, cell: Cell, holds: Callable[[Cell], bool], patience: float = PATIENCE) -> Cell:
        """Reads what the kernel says until something holds of a cell."""
        deadline = time.monotonic() + patience
        while not holds(cell):
            assert time.monotonic() < deadline, f"not within {patience:g} s: {cell}"
            self._take()
        return cell

    def answer(self, code: str, text: str, *, prompt: str | None = None) -> Cell:
        """Runs a cell that asks for a line, without an echo or with this `prompt`; types `text`."""
        msg_id = self._client.execute(code, allow_stdin=True, stop_on_error=False)
        cell = self._cells[msg_id] = Cell(msg_id)
        asked = self._client.get_stdin_msg(timeout=PATIENCE)["content"]
        assert asked["password"] if prompt is None else asked["prompt"] == prompt, asked
        self._client.input(text)
        return self.wait(cell)

    def interrupted_question(self, code: str) -> Cell:
        """Runs a cell that asks for a line, and interrupts it there."""
        msg_id = self._client.execute(code, allow_stdin=True, stop_on_error=False)
        cell = self._cells[msg_id] = Cell(msg_id)
        self._client.get_stdin_msg(timeout=PATIENCE)
        self.interrupt()
        return self.wait(cell)

    def unanswered(self, code: str) -> Cell:
        """Runs a cell for a front end that cannot ask, as those are that run whole notebooks."""
        msg_id = self._client.execute(code, allow_stdin=False, stop_on_error=False)
        cell = self._cells[msg_id] = Cell(msg_id)
        return self.wait(cell)

    def interrupt(self) -> None:
        """What the stop button of a notebook does."""
        self._manager.interrupt_kernel()

    def restart(self, *, now: bool = True) -> None:
        """What the restart button does; without `now` it asks the kernel to end first."""
        self._client.stop_channels()
        self._manager.restart_kernel(now=now)
        self._client = self._manager.blocking_client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=PATIENCE)

    def complete(self, code: str) -> list[str]:
        """The completions at the end of `code`."""
        msg_id = self._client.complete(code)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            message = self._client.get_shell_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == msg_id:
                return [str(match) for match in message["content"]["matches"]]
            self._take_reply(message)
        raise AssertionError("no completions came")

    def _take(self) -> None:
        """Takes in the next messages; waits a moment for one."""
        for read, take in (
            (self._client.get_iopub_msg, self._take_output),
            (self._client.get_shell_msg, self._take_reply),
        ):
            try:
                take(read(timeout=0.05 if take == self._take_output else 0))
            except Empty:
                pass

    def _take_reply(self, message: dict[str, Any]) -> None:
        cell = self._cells.get(message["parent_header"].get("msg_id", ""))
        if cell and message["msg_type"] == "execute_reply":
            cell.reply = message["content"]

    def _take_output(self, message: dict[str, Any]) -> None:
        cell = self._cells.get(message["parent_header"].get("msg_id", ""))
        if cell is None:
            return
        now, kind, content = time.monotonic(), message["msg_type"], message["content"]
        if kind == "status":
            cell.started = cell.started or now
            cell.idle, cell.ended = content["execution_state"] == "idle", now
        elif kind == "stream":
            last = cell.outputs[-1] if cell.outputs else None
            if last and last.kind == "stream" and last.data["name"] == content["name"]:
                last.data["text"] += content["text"]
            else:
                cell.outputs.append(Output(kind, dict(content)))
        elif kind == "update_display_data":
            # An update is for every output with this id, whichever cell it stands in.
            for output in (each for one in self._cells.values() for each in one.outputs):
                if output.display_id == content["transient"]["display_id"]:
                    output.data = content["data"]
                    output.frames.append((now, content["data"]))
        elif kind in ("display_data", "execute_result"):
            display_id = content.get("transient", {}).get("display_id")
            first = [(now, content["data"])]
            cell.outputs.append(Output(kind, content["data"], display_id, first))
        elif kind == "error":
            cell.outputs.append(Output(kind, dict(content)))


# Back to the state of a kernel that has just loaded the extension.
_RESET = """
import os
%unload_ext comet_magic
get_ipython().config.pop("CometMagics", None)
os.environ.update(COMET_DEMO_PACE="0")
for name in ("COMETAPI_BASE_URL", "COMETAPI_KEY", "COMET_DISPLAY"):
    os.environ.pop(name, None)
%reset -f
%load_ext comet_magic
"""


class LentKernel:
    """Lends one kernel to test after test: as new each time, another one if a test broke it."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._running = ExitStack()
        self._kernel: Kernel | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._running.close()

    def get(self) -> Kernel:
        """The kernel, with the extension loaded and nothing set."""
        if self._kernel and _is_reset(self._kernel):
            return self._kernel
        self._running.close()
        self._kernel = self._running.enter_context(Kernel(self._folders.mktemp("kernel"), {}))
        assert _is_reset(self._kernel)
        return self._kernel


def _is_reset(kernel: Kernel) -> bool:
    try:
        return kernel.run(_RESET, patience=5).status == "ok"
    except AssertionError:
        return False


def holds_within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether `condition` comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def clean_environment(folder: Path) -> dict[str, str]:
    """The environment of a user who has set nothing: no keys, settings of its own in `folder`."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COMET", "JUPYTER", "IPYTHON", "JPY_", "PYTEST"))
    }
    folders = {
        name: str(folder / ".jupyter")
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    return {
        **kept,
        **folders,
        "IPYTHONDIR": str(folder / ".ipython"),
        "COMET_DEMO_PACE": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}",
    }
