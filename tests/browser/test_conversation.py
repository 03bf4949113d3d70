"""Going on with `-c` in JupyterLab, which tells the kernel which cell it runs."""

from playwright.sync_api import expect

from .conftest import OpenNotebook
from .notebook import LOAD_IN_A_HURRY


def test_a_cell_is_known_by_its_id(notebook: OpenNotebook) -> None:
    """Of two cells with one text each has its own turn, and replaces it when it runs again."""
    more = "%%comet -c\nGo on"
    opened = notebook([LOAD_IN_A_HURRY, "%%comet gpt-4o-mini\nHello", more, more])
    for number in (0, 1, 2, 3, 3):
        opened.run(number)
    expect(opened.output(2)).to_contain_text("with 1 earlier turn")
    expect(opened.output(3)).to_contain_text("with 2 earlier turns")
    opened.run(2)
    expect(opened.output(2)).to_contain_text("with 1 earlier turn")
