"""One kernel lent to test after test, fresh ones where a test needs them, and slow servers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from comet_magic.demo import DemoServer

from .kernel import Kernel, LentKernel

StartKernel = Callable[..., Kernel]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder starts real kernels."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.kernel)


@pytest.fixture(scope="session")
def _lent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LentKernel]:
    with LentKernel(tmp_path_factory) as lent:
        yield lent


@pytest.fixture
def kernel(_lent: LentKernel) -> Kernel:
    """A kernel with the extension loaded and nothing set; its demo answers without waiting."""
    return _lent.get()


@pytest.fixture
def start_kernel(tmp_path: Path) -> Iterator[StartKernel]:
    """Starts kernels for this test alone; they end with it."""
    with ExitStack() as running:
        yield lambda **environment: running.enter_context(Kernel(tmp_path, environment))


@pytest.fixture(scope="session")
def _slow_server() -> Iterator[DemoServer]:
    with DemoServer(pace=1) as server:
        yield server


@pytest.fixture
def slow_server(kernel: Kernel, _slow_server: DemoServer) -> DemoServer:
    """The endpoint of `kernel`: a server here that answers in three seconds or more."""
    kernel.run(f"%env COMETAPI_BASE_URL={_slow_server.base_url}")
    return _slow_server
