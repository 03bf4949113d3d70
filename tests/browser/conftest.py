"""One JupyterLab and one page for all browser tests: opening either takes seconds."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from .chromium import find_chromium, open_page
from .lab import Lab, running_lab
from .notebook import Notebook, open_document, open_notebook

OpenNotebook = Callable[[Sequence[str]], Notebook]
OpenDocument = Callable[[dict[str, Any]], Notebook]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Of the package and not of the session: Playwright's loop would be in the way of asyncio tests.
@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A running JupyterLab whose kernels use the demo, at a quick pace."""
    if find_chromium() is None:
        if os.environ.get("COMET_CI") == "1":
            pytest.fail("no Chromium, and with COMET_CI=1 there must be one")
        pytest.skip("no Chromium: install it, or say where it is with CHROMIUM=…")
    with running_lab(tmp_path_factory.mktemp("lab"), {"COMET_DEMO_PACE": "0.3"}) as running:
        yield running


@pytest.fixture(scope="package")
def lab_page(lab: Lab) -> Iterator[Page]:
    """The page that shows it."""
    with open_page(lab) as page:
        yield page


@pytest.fixture
def page(lab_page: Page) -> Page:
    """The page, at its usual size and in the light theme."""
    lab_page.set_viewport_size({"width": 1280, "height": 900})
    return lab_page


@pytest.fixture
def notebook(page: Page, lab: Lab) -> OpenNotebook:
    """Opens a new notebook with these cells."""
    return lambda cells: open_notebook(page, lab, cells)


@pytest.fixture
def document(page: Page, lab: Lab) -> OpenDocument:
    """Opens a copy of a notebook, given as what is in its file."""
    return lambda content: open_document(page, lab, content)
