"""A real LiteLLM proxy in front of a demo server, set up by the README's own recipe."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

README = Path(__file__).parents[2] / "README.md"
REAL_KEY = "sk-real-0123456789abcdef"
ANSWERS = 3
A_MINUTE = 2
_START_SECONDS = 240.0
_MORE_MODELS = """\
  - model_name: "demo-error-*"
    litellm_params: {<<: *provider, model: openai/demo-error-*}
router_settings:"""


def find_litellm() -> str | None:
    """The proxy's command: `LITELLM` of the environment, beside this Python, or on the path."""
    beside = Path(sys.executable).with_name("litellm")
    return os.environ.get("LITELLM") or shutil.which(beside) or shutil.which("litellm")


def recipe(language: str, word: str) -> str:
    """The README's block of code in `language` that holds `word`."""
    blocks = re.findall(rf"\n```{language}\n(.*?)\n```", README.read_text("utf-8"), re.DOTALL)
    (found,) = [block for block in blocks if word in block]
    return str(found)


def key_of(student: str) -> str:
    """The key that a student of the tests has."""
    return f"sk-{student.lower()}-0123456789"


@contextmanager
def running_proxy(folder: Path, upstream: str, *students: str) -> Iterator[str]:
    """Starts the proxy and gives its base URL. It is the README's, but for a few values.

    Args:
        folder: An empty folder for its files.
        upstream: The base URL of the provider behind it.
        *students: Each has `ANSWERS` answers. One whose name begins with "Hasty" has `A_MINUTE`
            requests a minute, the others sixty.
    """
    config = _changed(recipe("yaml", "model_list"), "https://api.cometapi.com/v1", upstream)
    config = _changed(config, "router_settings:", _MORE_MODELS)
    keys = _changed(recipe("python", "litellm"), "ANSWERS = 20", f"ANSWERS = {ANSWERS}")
    limit = f'rpm_limit={A_MINUTE} if name.startswith("Hasty") else 60'
    keys = _changed(keys, "rpm_limit=6", limit)
    listed = {key_of(student): student for student in students}
    keys = re.sub(r"^STUDENTS = .*$", f"STUDENTS = {listed}", keys, flags=re.MULTILINE)
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    (folder / "class_keys.py").write_text(keys, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(find_litellm()), "--config", "config.yaml", "--host", "127.0.0.1"]
    log = folder / "proxy.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health/liveliness", process, log)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment() -> dict[str, str]:
    dropped = ("COMET", "LITELLM", "OPENAI", "DATABASE_URL", "PYTEST", "PYTHONWARNINGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | {
        "COMETAPI_KEY": REAL_KEY,
        "LITELLM_MASTER_KEY": f"sk-{secrets.token_hex(32)}",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # it would ask the internet for another one
    }


def _changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"the README's recipe has {old!r} {text.count(old)} times"
    return text.replace(old, new)


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(url, timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise RuntimeError(f"The proxy did not start:\n{log.read_text('utf-8', 'replace')[-3000:]}")
