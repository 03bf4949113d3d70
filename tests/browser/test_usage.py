"""`%comet usage` as a reader of the page sees it."""

from .conftest import OpenDocument, OpenNotebook
from .notebook import LOAD_IN_A_HURRY

SETTINGS = """%config CometMagics.prices = {'gpt-4o-mini': {'per_request': 0.02}}
%config CometMagics.budget_cost = 1.0"""
CELL = "%%comet gpt-4o-mini\nHello"


def test_the_ledger_is_readable_everywhere(notebook: OpenNotebook, document: OpenDocument) -> None:
    """Two amounts are no formula, the bar is as long as its share; also if it is not trusted."""
    opened = notebook([LOAD_IN_A_HURRY, SETTINGS, CELL, CELL, "%comet usage"])
    opened.run_all()
    saved = opened.save()
    saved["metadata"]["from"] = "another computer"

    again = document(saved)

    assert not again.is_trusted(4)
    again.page.wait_for_timeout(500)  # formulas are set a moment after the text
    for each in (opened, again):
        output = each.output(4)
        assert "Budget: $0.04 of $1.00" in output.inner_text()
        assert output.locator("mjx-container").count() == 0
        assert output.locator("progress").evaluate("bar => bar.value") == 4
        assert output.locator("tbody tr").count() == 2
        columns = output.locator("figure > div > div").all()
        heights = [box["height"] for box in (column.bounding_box() for column in columns) if box]
        assert heights == [56, 56]
