"""One real proxy for all tests of this folder: it takes ten seconds and more to start."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from comet_magic.demo import DemoServer

from .proxy import find_litellm, running_proxy

STUDENTS = ("Anna", "Ben", "Cleo", "Dan", "Eva", "Hasty", "Hasty Ida", "Hasty Jo")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the proxy."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.proxy)
            item.add_marker(pytest.mark.timeout(300))  # on a busy machine it starts in a minute


@pytest.fixture(scope="package")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of the proxy; the provider behind it is a demo at a quick pace."""
    if find_litellm() is None:
        if os.environ.get("COMET_CI") == "1":
            pytest.fail("no litellm, and with COMET_CI=1 there must be one")
        pytest.skip('no litellm: pip install "litellm[proxy]", or say where it is with LITELLM=…')
    folder = tmp_path_factory.mktemp("proxy")
    with DemoServer(pace=0.3) as demo, running_proxy(folder, demo.base_url, *STUDENTS) as url:
        yield url
