"""Text that would run as a script if it were trusted: from a model, or from the prompt itself."""

import subprocess
import sys

import pytest
from playwright.sync_api import Page

from .conftest import OpenNotebook
from .lab import Lab
from .notebook import LOAD_IN_A_HURRY

# The demo repeats its prompt: in the text answer, and as the caption and alt text of the picture.
ATTACK = (
    '<script>window.hacked = "script"</script>'
    '<img src="x" onerror="window.hacked = 1"><svg onload="window.hacked = 2"></svg>'
    '"><b onmouseover="window.hacked = 3">bold</b> '
    "[link](javascript:window.hacked=4) ![picture](https://evil.example/p.png) "
    "[data](data:text/html,<script>window.hacked=5</script>) </figure></div><iframe src=x>"
)
# JupyterLab's own buttons stand beside what it renders.
_FOUND = """output => {
    const all = [...output.querySelectorAll(".jp-RenderedHTML *")];
    const values = name => all.map(one => one.getAttribute(name)).filter(Boolean);
    return {
        elements: all.map(one => one.tagName.toLowerCase()),
        handlers: all.flatMap(one => one.getAttributeNames()).filter(name => name.startsWith("on")),
        links: [...values("href"), ...values("src")],
    };
}"""


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-4o-image"])
def test_nothing_in_an_answer_runs(model: str, notebook: OpenNotebook) -> None:
    """In a trusted notebook markup in the answer is text: no element, no handler, no link."""
    opened = notebook([LOAD_IN_A_HURRY, f"%%comet {model}\n{ATTACK}"])

    opened.run_all()

    output = opened.output(1)
    assert opened.is_trusted(1)
    assert "window.hacked" in output.inner_text()
    assert "complete" in output.inner_text()
    for bold in output.get_by_text("bold").all():
        bold.hover()
    found = output.evaluate(_FOUND)
    assert found["elements"]
    assert not {"script", "svg", "iframe", "b"} & set(found["elements"])
    assert found["handlers"] == []
    allowed = ("data:image/jpeg;base64,", "data:image/png;base64,", "https://evil.example/p.png")
    assert [link for link in found["links"] if not link.startswith(allowed)] == []
    # The picture of the answer's Markdown is a link: a page that is opened must not call home.
    pictures = output.locator("img").evaluate_all("all => all.map(image => image.src.slice(0, 5))")
    assert pictures == (["data:"] if model == "gpt-4o-image" else [])
    assert opened.page.evaluate("window.hacked === undefined")


def test_nothing_runs_in_an_export(notebook: OpenNotebook, lab: Lab, page: Page) -> None:
    """The page that nbconvert makes shows the picture with its alt text, and runs nothing."""
    opened = notebook([LOAD_IN_A_HURRY, f"%%comet\n{ATTACK}"])
    opened.run_all()
    opened.save()
    command = [sys.executable, "-m", "nbconvert", "--to", "html", opened.path]
    subprocess.run(command, cwd=lab.root, check=True, capture_output=True, timeout=60)

    export = page.context.new_page()
    try:
        export.goto(opened.file.with_suffix(".html").as_uri(), wait_until="domcontentloaded")
        image = export.locator(".jp-OutputArea img")
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
        assert "onerror" in (image.get_attribute("alt") or "")
        assert export.evaluate("window.hacked === undefined")
    finally:
        export.close()
