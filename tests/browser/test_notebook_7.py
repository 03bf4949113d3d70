"""The same in Notebook 7, by mouse and keyboard."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .lab import Lab, running_lab
from .notebook import LOAD, document

IDLE = """() => {
    const session = window.jupyterapp?.shell.currentWidget?.sessionContext;
    return session?.isReady && session.session?.kernel?.status === "idle";
}"""


@pytest.fixture(scope="module")
def notebook_7(tmp_path_factory: pytest.TempPathFactory, lab_page: Page) -> Iterator[Lab]:
    """A running Notebook 7."""
    folder = tmp_path_factory.mktemp("notebook_7")
    with running_lab(folder, {"COMET_DEMO_PACE": "0.5"}, "notebook") as running:
        yield running


def test_a_picture_an_error_and_an_interrupt(notebook_7: Lab, lab_page: Page) -> None:
    """The bar is seen and replaced by the picture; an error is short; `I, I` stops a cell."""
    cells = [
        LOAD,
        "%%comet\nA cute kitten",
        "%%comet demo-error-401\nA kitten",
        "%%comet demo-error-slow\nA kitten",
    ]
    path = Path(notebook_7.root, "cells.ipynb")
    path.write_text(json.dumps(document(cells)), encoding="utf-8")
    assert lab_page.context.browser is not None
    with lab_page.context.browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{notebook_7.url}/notebooks/{path.name}")
        shown = page.locator(".jp-Notebook .jp-CodeCell")
        expect(shown).to_have_count(4, timeout=60_000)
        page.wait_for_function(IDLE)
        shown.nth(0).click()
        page.keyboard.press("Shift+Enter")
        expect(shown.nth(0).locator(".jp-InputPrompt")).to_contain_text("1", timeout=30_000)

        page.keyboard.press("Shift+Enter")
        shown.nth(1).locator("progress").wait_for(state="attached")
        picture = shown.nth(1).locator("figure img")
        picture.wait_for()
        assert "kitten" in str(picture.get_attribute("alt"))
        expect(shown.nth(1)).to_contain_text("complete")
        assert shown.nth(1).locator("progress").count() == 0

        page.keyboard.press("Shift+Enter")
        expect(shown.nth(2)).to_contain_text("AuthenticationError: 401", timeout=20_000)
        expect(shown.nth(2)).not_to_contain_text("Traceback")

        page.keyboard.press("Shift+Enter")
        shown.nth(3).locator("progress").wait_for(state="attached")
        page.keyboard.press("Escape")
        page.keyboard.press("i")
        page.keyboard.press("i")
        expect(shown.nth(3)).to_contain_text("interrupted", timeout=20_000)
        expect(shown.nth(3)).to_contain_text("KeyboardInterrupt")
