"""The notebooks are run as a reader without a key does it, but without waiting for the demo."""

import os

import pytest

# For their kernels, which are started before any fixture.
os.environ.update(COMET_DEMO_PACE="0", COMET_DISPLAY="final")
for name in ("COMETAPI_KEY", "COMETAPI_API_KEY", "COMETAPI_BASE_URL"):
    os.environ.pop(name, None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the cells of a notebook together and in their order, however the tests are shuffled."""
    files: dict[object, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    for path, cells in files.items():
        if str(path).endswith(".ipynb"):
            cells.sort(key=lambda cell: cell.cell_num)  # type: ignore[attr-defined]
    items[:] = [item for file in files.values() for item in file]
