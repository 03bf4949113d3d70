"""What all outputs look like.

Fonts are JupyterLab's variables, with what to do where there are none. Borders are plain colours
that show on light and dark: JupyterLab takes variables out of a border of an untrusted notebook.
"""

from .html import Content, Html, tag

# Of the page's own colour, so that it is readable (7:1) on any theme, with variables or without.
MUTED = "opacity:.75"
LINE = "rgba(128,128,128,.4)"
SURFACE = "rgba(128,128,128,.14)"
RADIUS = "border-radius:6px"
# Previews have 768 pixels for 512 of the page, so that they are sharp on dense screens.
DENSITY = 1.5
WIDEST = 512
# Of each of several side by side: two fit into a narrow notebook, three into a wide one.
COLUMN = 300

_UI = "font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:13px;line-height:1.5"
# The second is better at tables; an untrusted notebook keeps only the first.
_WRAP = "overflow-wrap:break-word;overflow-wrap:anywhere"
_PROSE = (
    "font-family:var(--jp-content-font-family,system-ui,sans-serif);"
    "font-size:var(--jp-content-font-size1,14px);line-height:var(--jp-content-line-height,1.6)"
)


def page(*parts: Content, wide: bool = False) -> Html:
    """The outermost element of every output; a wide one takes all the room there is."""
    width = "" if wide else ";max-width:48em"
    return tag("div", *parts, style=f"{_UI}{width};{_WRAP}")


def grid(*cells: Content, column: int = COLUMN, at_least: int = 1) -> Html:
    """The cells side by side, each `column` pixels wide, as many in a row as there is room for.

    In a narrow notebook they become smaller, so that `at_least` of them stand in a row.

    Columns of one width and not a CSS grid: an untrusted notebook loses a grid's columns.
    """
    most = f";max-width:{100 // at_least - 4}%" if at_least > 1 else ""  # the rest is the gap
    cell = f"flex:0 1 {column}px;min-width:0{most}"
    row = "display:flex;flex-wrap:wrap;align-items:flex-start;gap:16px"
    return tag("div", *(tag("div", content, style=cell) for content in cells), style=row)


def prose(*parts: Content) -> Html:
    """A model's own words, set like a Markdown cell."""
    return tag("div", *parts, style=f"{_PROSE};margin:0 0 8px;overflow-x:auto")


def aside(*parts: Content, colour: str) -> Html:
    """Something to notice, with a line of `colour` at its side; its words say what it is."""
    style = f"margin:4px 0;padding:2px 0 2px 10px;border-left:3px solid {colour}"
    return tag("div", *parts, style=f"{style};white-space:pre-wrap")
