"""A JupyterLab or a Voilà of its own, on a free port of this machine."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_START_SECONDS = 60.0
_STOP_SECONDS = 15.0
_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    # A save that nobody asked for would change what a test reads.
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}


@dataclass(frozen=True, slots=True)
class Lab:
    """A running JupyterLab.

    Attributes:
        url: Of the server, without a slash at the end.
        root: The folder that it shows; notebooks and pictures are written there.
    """

    url: str
    root: Path


@contextmanager
def running_lab(
    folder: Path, environment: Mapping[str, str], application: str = "jupyterlab"
) -> Iterator[Lab]:
    """A JupyterLab that shares nothing with the user's: settings, kernels, history, trust.

    Args:
        folder: An empty folder for all it writes.
        environment: Variables for it and its kernels, besides the folders.
        application: `notebook` is Notebook 7.
    """
    for plugin, settings in _SETTINGS.items():
        package, _, name = plugin.partition(":")
        path = folder / "settings" / package / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), encoding="utf-8")
    root = folder / "root"
    root.mkdir(parents=True)
    command = [
        application, "--expose-app-in-browser", "--no-browser",
        "--allow-root", "--ip=127.0.0.1", "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", "--PasswordIdentityProvider.hashed_password=",
        "--LabApp.news_url=None", "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        f"--ServerApp.root_dir={root}",
    ]  # fmt: skip
    with _running(command, "/api/status", root, _environment(folder) | dict(environment)) as url:
        yield Lab(url, root)


@contextmanager
def running_voila(folder: Path, notebook: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """The address of a notebook as Voilà shows it; each visit has a kernel of its own.

    Args:
        folder: An empty folder for all it writes.
        notebook: The file.
        environment: Variables for it and its kernels, besides the folders.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = ["voila", str(notebook), "--no-browser", "--Voila.ip=127.0.0.1"]
    with _running(
        command, "/voila/static/", folder, _environment(folder) | dict(environment)
    ) as url:
        yield url


@contextmanager
def _running(
    command: list[str], path: str, folder: Path, environment: Mapping[str, str]
) -> Iterator[str]:
    """A server at work in `folder`, which answers at `path`, and where it is."""
    port = _free_port()
    log = folder.parent / f"{command[0]}.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", *command, f"--port={port}"],
            env=environment, cwd=folder, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url + path, server, log)
        yield url
    finally:
        server.terminate()  # it ends its kernels before it goes
        try:
            server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _environment(folder: Path) -> dict[str, str]:
    dropped = ("COMETAPI_", "COMET_", "JUPYTER", "PYTEST_", "PYTHONWARNINGS")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    own = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    return kept | {name: str(folder / place) for name, place in own.items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with opener.open(url, timeout=2):
                return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{log.stem} did not start:\n{log.read_text()[-3000:]}")
