"""The saved outputs where there is no JupyterLab: in bare frames and on paper."""

import json
from html import escape
from importlib import import_module
from typing import Any

import pytest
from playwright.sync_api import Page

from .conftest import OpenNotebook
from .notebook import LOAD_IN_A_HURRY

nbconvert: Any = import_module("nbconvert")
nbformat: Any = import_module("nbformat")

CELLS = [
    "%%comet\nA cute kitten",
    "%%comet gpt-4o-image gpt-4o-mini\nA red boat",
    "%%comet gpt-4o-mini\nSee [the manual](https://example.com)",
]
# The lowest contrast of any text on the page, as WCAG counts it, and which text that is.
LOWEST = """background => {
    const light = channel => ((channel / 255 + .055) / 1.055) ** 2.4;
    const bright = ([r, g, b]) => .2126 * light(r) + .7152 * light(g) + .0722 * light(b);
    const numbers = text => text.match(/[\\d.]+/g).map(Number);
    let lowest = [99, ""];
    for (const element of document.querySelectorAll("body *")) {
        const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!own) continue;
        let opacity = 1;
        for (let up = element; up; up = up.parentElement) opacity *= getComputedStyle(up).opacity;
        const ink = numbers(getComputedStyle(element).color).slice(0, 3)
            .map((channel, place) => opacity * channel + (1 - opacity) * background[place]);
        const [dark, pale] = [bright(ink), bright(background)].sort((one, other) => one - other);
        const contrast = (pale + .05) / (dark + .05);
        if (contrast < lowest[0]) lowest = [contrast, element.textContent];
    }
    return lowest;
}"""


@pytest.mark.parametrize(
    ("paper", "ink"),
    [((255, 255, 255), "#202124"), ((30, 30, 30), "#d4d4d4")],
    ids=["light", "dark"],
)
def test_a_frame_without_jupyters_styles_can_be_read(
    notebook: OpenNotebook, page: Page, paper: tuple[int, int, int], ink: str
) -> None:
    """As in Colab and VS Code, each output in a frame of its own: 4.5:1, and pictures with alt."""
    opened = notebook([LOAD_IN_A_HURRY, *CELLS])
    opened.run_all()
    outputs = [html for number in (1, 2, 3) for html in opened.html_outputs(number)]
    frames = "".join(
        f'<iframe sandbox="allow-scripts" style="width:600px;height:700px" srcdoc="{escape(each)}">'
        "</iframe>"
        for each in [
            f"<body style='background:rgb{paper};color:{ink}'>{html}</body>" for html in outputs
        ]
    )
    assert page.context.browser is not None
    with page.context.browser.new_context() as context:
        bare = context.new_page()
        bare.set_content(frames)
        shown = bare.frames[1:]
        assert len(shown) == len(outputs) >= 4
        for frame in shown:
            contrast, text = frame.evaluate(LOWEST, list(paper))
            assert contrast >= 4.5, text
        alts = [frame.locator("img").get_attribute("alt") for frame in (shown[0], shown[2])]
        assert "kitten" in str(alts[0])
        assert "boat" in str(alts[1])


def test_a_pdf_of_the_page_holds_the_pictures(notebook: OpenNotebook, page: Page) -> None:
    """nbconvert's page, printed: all pictures are on it, and none is cut by the edge of a sheet."""
    opened = notebook([LOAD_IN_A_HURRY, *CELLS])
    opened.run_all()
    saved = nbformat.reads(json.dumps(opened.save()), 4)
    html, _ = nbconvert.HTMLExporter().from_notebook_node(saved)
    assert page.context.browser is not None
    with page.context.browser.new_context() as context:
        paper = context.new_page()
        paper.set_content(html, wait_until="load")
        printed = paper.pdf(format="A4")
        paper.emulate_media(media="print")
        paper.set_viewport_size({"width": 718, "height": 1047})  # of an A4 sheet, in CSS pixels
        boxes = [image.bounding_box() for image in paper.locator("figure img").all()]
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Subtype /Image") == 2
    assert len(boxes) == 2
    for box in boxes:
        assert box is not None
        assert box["x"] + box["width"] <= 718
