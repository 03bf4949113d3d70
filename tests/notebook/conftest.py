"""A fresh IPython shell for each test, whose output is kept."""

import atexit
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from comet_magic.demo import DemoServer
from comet_magic.kernel.session import Session


class Shell:
    """A shell with the extension loaded, pointed at the demo server.

    Attributes:
        ip: The `InteractiveShell`.
    """

    def __init__(self, ip: Any, capsys: pytest.CaptureFixture[str]) -> None:
        self.ip = ip
        self._capsys = capsys

    def run(self, code: str) -> Any:
        """Runs a cell and returns IPython's result; what it printed so far is dropped."""
        self._capsys.readouterr()
        return self.ip.run_cell(code)

    def printed(self) -> str:
        """What the last cell printed, to both streams."""
        out, error = self._capsys.readouterr()
        return out + error

    def said(self, code: str) -> str:
        """What a cell prints."""
        self.run(code)
        return self.printed()

    @property
    def bundles(self) -> list[dict[str, Any]]:
        """What was displayed, updates included."""
        return list(self.ip.display_pub.outputs)


@pytest.fixture
def shell(
    demo: DemoServer,
    fresh_session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Shell]:
    """A shell for one test."""
    monkeypatch.setenv("COMETAPI_BASE_URL", demo.base_url)
    monkeypatch.setitem(os.environ, "IPYTHONDIR", str(tmp_path / "ipython"))
    config = Config()
    config.HistoryManager.enabled = False
    ip = InteractiveShell.instance(config=config)
    ip.display_pub = CapturingDisplayPublisher()
    ip.run_line_magic("load_ext", "comet_magic")
    yield Shell(ip, capsys)
    if "comet_magic" in ip.extension_manager.loaded:
        ip.run_line_magic("unload_ext", "comet_magic")
    InteractiveShell.clear_instance()
    # It would collect garbage once for every shell that there was: a minute.
    atexit.unregister(ip.atexit_operations)
