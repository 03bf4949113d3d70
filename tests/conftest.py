"""What all tests share: no key, no waiting, no file outside a temporary folder."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from comet_magic.demo import DemoServer, brush
from comet_magic.demo.families.chat.request import read_request
from comet_magic.demo.families.chat.scripting import write_scripts
from comet_magic.kernel import session
from comet_magic.settings import configuration

os.environ.update(COMET_DEMO_PACE="0", COMET_DISPLAY="final")
for name in ("COMETAPI_KEY", "COMETAPI_API_KEY", "COMETAPI_BASE_URL"):
    os.environ.pop(name, None)

# What a shell puts in the background has Ctrl-C ignored, and so would have all that tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Playwright comes with the `browser` extra; without it that folder cannot even be collected.
collect_ignore = [] if find_spec("playwright") else ["browser"]


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    """Environment variables are as they were, also those that tested code has set."""
    with patch.dict(os.environ):
        yield


@pytest.fixture(autouse=True)
def new_process(_environment: None) -> Iterator[None]:
    """Session, ledger, recording and configuration are new, whatever the test before it left.

    A folder whose tests share a session has a fixture of this name of its own.
    """
    forget_all()
    yield
    forget_all()


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(
    new_process: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _without_a_keyring(new_process: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration, "_keyring_key", lambda: None)


@pytest.fixture
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of this machine is in the environment."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def without_waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A request is sent again at once; the seconds that it would have waited."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr("comet_magic.client.retries.sleep", sleep)
    return waits


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoServer]:
    """One demo server for the whole run; it does not wait."""
    with DemoServer(pace=0) as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def _painted_once() -> Iterator[None]:
    """The demo servers of this process paint a prompt once: it gives the same picture each time."""
    with patch.object(brush, "painted", cache(brush.painted)):
        yield


@pytest.fixture
def fresh_session(new_process: None) -> session.Session:
    """The session of this process, new for the test and closed after it."""
    return session.current()


def forget_all() -> None:
    """Closes the session of this process, with what runs and is open in it, and makes a new one.

    Costs nothing worth mentioning where none was used: a session opens what it needs when it is
    needed.
    """
    session.current().close()
    session.renew()
    configuration.current.cache_clear()


@dataclass
class Heard:
    """What the demo servers of this process heard and said.

    Attributes:
        bodies: The requests as they came, as JSON.
        texts: The assistant's texts as they were sent, each the first choice's.
    """

    bodies: list[dict[str, Any]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def messages(self) -> Any:
        """Those of the last request."""
        return self.bodies[-1]["messages"]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Everything that is asked and answered from now on."""
    heard = Heard()

    def read(body: Any) -> Any:
        heard.bodies.append(json.loads(body))
        return read_request(body)

    async def write(*arguments: Any) -> Any:
        scripts = await write_scripts(*arguments)
        heard.texts.append(scripts[0].text)
        return scripts

    monkeypatch.setattr("comet_magic.demo.families.chat.routes.read_request", read)
    monkeypatch.setattr("comet_magic.demo.families.chat.routes.write_scripts", write)
    return heard
