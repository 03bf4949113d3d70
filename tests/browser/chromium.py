"""The browser, as its distribution packages it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from .lab import Lab

_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
    # A page that asks anybody but this machine gets no answer.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip


def find_chromium() -> Path | None:
    """`CHROMIUM` of the environment, else the system's Chromium; None if there is none."""
    named = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    return Path(named) if Path(named).exists() else None


@contextmanager
def open_page(lab: Lab, scale: float = 1) -> Iterator[Page]:
    """A page that shows `lab`, its sidebars closed, with `scale` screen pixels to one of CSS."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=_ARGUMENTS, chromium_sandbox=False
        )
        try:
            # Of a context of its own: only such a one can open a second page.
            page = browser.new_context(device_scale_factor=scale).new_page()
            page.set_default_timeout(20_000)
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(f"{lab.url}/lab")
            page.wait_for_function("window.jupyterapp !== undefined", timeout=60_000)
            page.evaluate("window.jupyterapp.restored.then(() => null)")
            page.evaluate(
                "window.jupyterapp.commands.execute('application:toggle-left-area').then(() => 0)"
            )
            yield page
        finally:
            browser.close()
