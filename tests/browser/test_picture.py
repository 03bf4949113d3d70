"""A `%%comet` cell that asks for a picture, as a reader of the page sees it."""

import json
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from .conftest import OpenDocument, OpenNotebook
from .notebook import LOAD, LOAD_IN_A_HURRY, Frame, Notebook

PROMPT = "A cute kitten sitting on a cloud, cartoon style"
CELL = f"%%comet\n{PROMPT}"
HANDLERS = ("onerror", "onload", "onclick", "onmouseover", "ontoggle", "onfocus")


def picture(output: Locator) -> dict[str, Any]:
    """What the page knows of the one picture in `output`, and the caption that is read below it."""
    found: dict[str, Any] = output.locator("img").evaluate(
        """async image => {
            await image.decode();
            const caption = image.closest("figure").querySelector("figcaption > div");
            return {
                width: image.naturalWidth, alt: image.alt, source: image.src.slice(0, 11),
                shown: image.getBoundingClientRect().width, caption: caption.textContent,
            };
        }"""
    )
    return found


def watched(notebook: Notebook, number: int) -> list[Frame]:
    """Runs a cell to its end; what was seen of it meanwhile, each state once."""
    notebook.record(number)
    notebook.wait()
    frames = notebook.frames()
    return [frames[0], *(after for before, after in pairwise(frames) if after != before)]


def test_progress_is_seen_and_replaced_by_the_picture(notebook: OpenNotebook) -> None:
    """The bar moves from indeterminate to 100, the stage says so, and then only the result is left.

    The picture has its caption as its alt text, and the summary says that it is the demo's.
    """
    opened = notebook([LOAD, CELL, "'below'"])
    opened.run(0)

    frames = watched(opened, 1)

    bars = [frame.bar for frame in frames if frame.bar is not None]
    assert bars[0] == -1
    assert len(set(bars)) > 3
    assert bars == sorted(bars)
    stages = " ".join(frame.stage for frame in frames)
    assert "queued" in stages
    assert "generating" in stages
    assert any(frame.stage == f"generating {frame.bar:.0f} %" for frame in frames if frame.bar)
    output = opened.output(1)
    assert output.locator("progress").count() == 0
    seen = picture(output)
    assert seen["width"] > 300
    assert seen["alt"] == seen["caption"]
    assert "kitten" in seen["alt"]
    assert seen["source"] == "data:image/"
    text = output.inner_text()
    assert "complete" in text
    assert "gpt-4o-image" in text
    assert "demo" in text
    assert "tokens" in text
    assert "comet_images/" in text


def test_nothing_jumps_when_the_picture_comes(notebook: OpenNotebook) -> None:
    """The cell below stays where it is, give or take two lines, from the last frame to the end.

    Between the two a page may be painted that has the picture and not yet its summary.
    """
    opened = notebook([LOAD, CELL, "'below'"])
    opened.run(0)

    frames = watched(opened, 1)

    last = max(index for index, frame in enumerate(frames) if frame.bar is not None)
    assert frames[-1].picture
    assert abs(frames[-1].top - frames[last].top) < 40
    assert max(abs(frame.top - frames[last].top) for frame in frames[last:]) < 80
    # While it runs only the revised prompt takes its place.
    running = [frame.top for frame in frames if frame.bar is not None]
    assert max(running) - min(running) < 80
    assert running == sorted(running)


def test_saved_notebook_shows_the_same_without_being_run(
    notebook: OpenNotebook, document: OpenDocument
) -> None:
    """Opened again, picture and summary are there; the HTML has no scripts and no style sheets."""
    opened = notebook([LOAD_IN_A_HURRY, CELL])
    opened.run_all()
    text = opened.output(1).inner_text()
    saved = opened.save()
    before = picture(opened.output(1))

    again = document(saved)

    assert again.save()["cells"][1]["execution_count"] == 2
    assert picture(again.output(1)) == before
    assert again.output(1).inner_text() == text
    for html in again.html_outputs(1):
        assert html
        assert not [word for word in ("<script", "<style", *HANDLERS) if word in html.lower()]


def test_untrusted_notebook_shows_the_same(notebook: OpenNotebook, document: OpenDocument) -> None:
    """From another computer, where the notebook is not trusted, nothing that matters is lost."""
    opened = notebook([LOAD_IN_A_HURRY, CELL])
    opened.run_all()
    text = opened.output(1).inner_text()
    before = picture(opened.output(1))
    saved = opened.save()
    saved["metadata"]["from"] = "another computer"

    again = document(saved)

    assert not again.is_trusted(1)
    assert picture(again.output(1)) == before
    assert again.output(1).inner_text() == text


def test_several_pictures_stand_in_columns_and_are_numbered(notebook: OpenNotebook) -> None:
    """Three pictures of one answer are one output, side by side, each with its caption below."""
    opened = notebook([LOAD_IN_A_HURRY, f"%%comet -n 3\n{PROMPT}"])
    opened.run_all()

    output = opened.output(1)

    assert output.locator("img").count() == 3
    assert len(opened.html_outputs(1)) == 2
    boxes = [image.bounding_box() for image in output.locator("img").all()]
    assert boxes[0] is not None
    for number, box in enumerate(boxes):
        assert box is not None
        assert box["width"] == boxes[0]["width"] <= 320
        assert box["y"] == boxes[0]["y"] or number == 2
        assert f"{number + 1} of 3" in output.locator("figcaption").nth(number).inner_text()


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param(CELL, id="picture"),
        pytest.param(f"%%comet -n 2\n{PROMPT}", id="two-pictures"),
        pytest.param("%%comet\n" + "An endless library under a mountain. " * 30, id="long-prompt"),
        pytest.param(f"%%comet gpt-4o-image gpt-4o-mini\n{PROMPT}", id="two-models"),
        pytest.param("%%comet gpt-4o-mini\n" + "Pneumono" * 60, id="text"),
        pytest.param("%%comet demo-error-401\nA kitten", id="error"),
        pytest.param("%%comet demo-error-no-picture\nA kitten", id="no-picture"),
        pytest.param("%%comet sora-2\nA paper boat", id="video"),
    ],
)
def test_narrow_page_needs_no_sideways_scrolling(
    cell: str, notebook: OpenNotebook, page: Page
) -> None:
    """In 300 pixels nothing is cut off, the details of the usage line included."""
    opened = notebook([LOAD_IN_A_HURRY, cell])
    opened.run_all()
    output = opened.output(1)
    output.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    measured = output.locator(".jp-OutputArea-output").first
    # The margins of JupyterLab differ from version to version.
    margins = 1280 - int(measured.evaluate("output => output.clientWidth"))
    page.set_viewport_size({"width": margins + 300, "height": 900})
    page.wait_for_function("output => output.clientWidth < 400", arg=measured.element_handle())

    sizes = output.locator(".jp-OutputArea-output").evaluate_all(
        """outputs => outputs.flatMap(output => [output, ...output.querySelectorAll("div, figure")])
            .map(box => [box.scrollWidth, box.clientWidth])"""
    )

    assert all(inner <= outer for inner, outer in sizes), json.dumps(sizes)
