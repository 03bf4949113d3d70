"""A panel on a page, of JupyterLab or of Voilà, as its user finds it."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

_SERIOUS = ("serious", "critical")
# All that is wider than its place, if anything is: fields scroll in themselves.
_TOO_WIDE = """root => [root, ...root.querySelectorAll("*")]
    .filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
        && !["INPUT", "TEXTAREA"].includes(one.tagName)
        && ["visible", "auto", "scroll"].includes(getComputedStyle(one).overflowX)
        && getComputedStyle(one).display !== "inline"
        && !one.closest(".comet-status"))
    .map(one => `${one.tagName}.${one.className}: ${one.scrollWidth} in ${one.clientWidth}`)"""
_WATCH = """(panel, id) => {
    const seen = window[id] = [];
    const look = () => {
        const tile = panel.querySelector(".comet-tile");
        if (tile) {
            const bar = tile.querySelector("progress");
            const image = tile.querySelector("img");
            seen.push({
                bar: bar ? (bar.hasAttribute("value") ? bar.value : -1) : null,
                clock: tile.querySelector(".comet-clock")?.textContent ?? "",
                height: Math.round(tile.getBoundingClientRect().height),
                picture: Boolean(image && image.complete && image.naturalWidth),
            });
        }
        if (seen.length < 3000) requestAnimationFrame(look);
    };
    look();
}"""


class PanelOnPage:
    """The first panel in a part of a page.

    Attributes:
        page: The page.
        root: The panel.
        prompt: Its prompt field.
        model: Its model field.
        tiles: What stands in its gallery, oldest first.
    """

    def __init__(self, page: Page, place: Locator | Page) -> None:
        self.page = page
        self.root = place.locator(".comet-panel")
        self.root.wait_for(timeout=30_000)
        page.locator(".comet-panel.comet-scripted").wait_for()
        self.prompt = self.root.get_by_label("Prompt")
        self.model = self.root.get_by_label("Model")
        self.tiles = self.root.locator(".comet-tile")

    def button(self, text: str, place: Locator | None = None) -> Locator:
        """The first button of this text."""
        return (place or self.root).get_by_role("button", name=text, exact=True).first

    def ask(self, prompt: str, model: str = "") -> None:
        """Writes what is asked and presses Generate."""
        if model:
            self.model.fill(model)
        self.prompt.fill(prompt)
        self.button("Generate").click()

    def pictures(self, count: int) -> None:
        """Waits until there are so many pictures in the gallery."""
        self.root.locator(".comet-place > img").nth(count - 1).wait_for(timeout=30_000)

    def watch(self) -> None:
        """Notes what is seen of the oldest tile at every repaint of the page."""
        self.root.evaluate(_WATCH, "cometSeen")

    def seen(self) -> list[dict[str, Any]]:
        """What was noted until now."""
        found: list[dict[str, Any]] = self.page.evaluate("window.cometSeen")
        return found

    def be_wide(self, width: int) -> None:
        """Makes the window such that the panel has about so many pixels, and no more."""
        # The margins of a page depend on its own width, and it takes a while to follow.
        for _ in range(20):
            now = round(self.root.evaluate("one => one.getBoundingClientRect().width"))
            if width - 8 < now <= width:
                return
            window = self.page.viewport_size
            assert window
            self.page.set_viewport_size(
                {"width": window["width"] + width - now, "height": window["height"]}
            )
            self.page.wait_for_timeout(300)
        raise AssertionError(f"the panel is {now} pixels wide")

    def too_wide(self) -> list[str]:
        """What does not fit into its width."""
        found: list[str] = self.root.evaluate(_TOO_WIDE)
        return found

    def violations(self) -> list[str]:
        """The rules of accessibility that it breaks seriously, by axe-core."""
        found = Axe().run(self.page, context=".comet-panel").response["violations"]
        return [
            f"{one['id']}: {node['html'][:200]} {node['failureSummary'][:200]}"
            for one in found
            if one["impact"] in _SERIOUS
            for node in one["nodes"]
        ]
