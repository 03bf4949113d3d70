"""The panel as an app: `notebooks/panel.ipynb` in Voilà."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .lab import running_voila
from .panel import PanelOnPage

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "panel.ipynb"


@pytest.fixture
def app(tmp_path: Path, lab_page: Page) -> Iterator[PanelOnPage]:
    """The panel in a page of its own."""
    environment = {"COMET_DEMO_PACE": "0.3", "HOME": str(tmp_path)}
    with running_voila(tmp_path / "voila", NOTEBOOK, environment) as url:
        page = lab_page.context.new_page()
        page.set_viewport_size({"width": 1000, "height": 900})
        try:
            page.goto(url, timeout=60_000)
            yield PanelOnPage(page, page)
        finally:
            page.close()


def test_the_panel_works_in_voila(app: PanelOnPage) -> None:
    """Generate, stop, upload, full size and 320 pixels; nothing is there twice."""
    app.prompt.fill("A kitten")
    app.prompt.press("Control+Enter")
    app.pictures(1)
    expect(app.page.locator(".comet-pinned:visible")).to_have_count(0)
    app.root.locator(".comet-place > img").click()
    dialog = app.page.get_by_role("dialog", name="Picture in full size")
    expect(dialog.locator(".comet-large img")).to_be_visible()
    app.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    app.ask("A kitten", "demo-error-slow")
    app.button("Stop", app.tiles.nth(1)).click()
    expect(app.tiles.nth(1)).to_contain_text("interrupted")
    assert app.violations() == []
    app.be_wide(320)
    assert app.too_wide() == []
