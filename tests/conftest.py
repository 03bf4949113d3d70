"""What all tests share: no key, no waiting, no file outside a temporary folder."""

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from comet_magic import configuration, session
from comet_magic.demo import DemoServer

# For the kernels of the notebooks, too: they are started before any fixture.
os.environ.update(COMET_DEMO_PACE="0", COMET_DISPLAY="final")
for name in ("COMETAPI_KEY", "COMETAPI_API_KEY", "COMETAPI_BASE_URL"):
    os.environ.pop(name, None)

# Playwright comes with the `browser` extra; without it that folder cannot even be collected.
collect_ignore = [] if find_spec("playwright") else ["browser"]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _without_a_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration, "_keyring_key", lambda: None)


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoServer]:
    """One demo server for the whole run; it does not wait."""
    with DemoServer(pace=0) as server:
        yield server


@pytest.fixture
def fresh_session() -> Iterator[session.Session]:
    """The session of this process, new for the test and closed after it."""
    yield session.current()
    session.current().close()
    session.current.cache_clear()
    configuration.current.cache_clear()
