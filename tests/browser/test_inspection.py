"""An inspection that was saved: its plot stands in a notebook that is not trusted, too."""

from typing import Any

import pytest
from playwright.sync_api import Page

from comet_magic.render import mimebundle
from tests.render.test_inspection import SCRIPT, look

from .conftest import OpenDocument

# Of the elements with a colour of their own: what is drawn.
_DRAWN = """output => [...output.querySelectorAll(".jp-RenderedHTML div")].map(one => ({
    colour: one.style.backgroundColor, width: one.offsetWidth, height: one.offsetHeight,
})).filter(one => one.colour)"""


def saved() -> dict[str, Any]:
    """A notebook with an inspection in it, as it was saved elsewhere."""
    output = {"output_type": "display_data", "data": mimebundle(look(SCRIPT)), "metadata": {}}
    cell = {
        "cell_type": "code", "id": "cell-0", "metadata": {}, "source": "_comet.inspect()",
        "outputs": [output], "execution_count": 1,
    }  # fmt: skip
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": spec}  # without one JupyterLab asks for it
    return {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


@pytest.mark.parametrize("width", [1280, 420], ids=["wide", "narrow"])
def test_the_plot_is_drawn_where_nothing_is_trusted(
    width: int, document: OpenDocument, page: Page
) -> None:
    """Its columns have widths and heights, its phases share the width, and nothing sticks out."""
    page.set_viewport_size({"width": width, "height": 900})
    opened = document(saved())
    output = opened.output(0)
    assert not opened.is_trusted(0)
    drawn = output.evaluate(_DRAWN)
    assert all(one["width"] >= 1 and one["height"] >= 1 for one in drawn)
    phases = [one for one in drawn if one["colour"].startswith("rgba(128")]
    assert [round(one["width"] / phases[1]["width"]) for one in phases] == [2, 1, 4]
    events = [one for one in drawn if one["colour"] == "rgb(66, 133, 244)"]
    assert [one["height"] for one in events] == [44] * 5
    progress = [one["height"] for one in drawn if one["colour"] == "rgb(230, 124, 20)"]
    assert (len(progress), progress[0] < 10, progress[-1]) == (28, True, 44)
    assert output.evaluate("one => one.scrollWidth <= one.clientWidth")
