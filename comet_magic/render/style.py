"""The style of all outputs.

Fonts are JupyterLab's variables, with fallbacks. Borders have plain colours that are visible on
light and dark pages: in an untrusted notebook JupyterLab removes variables from borders.
"""

from .html import Content, Html, tag

# The page's own text colour, so it is readable (7:1) on any theme, with or without variables.
MUTED = "opacity:.75"
LINE = "rgba(128,128,128,.4)"
SURFACE = "rgba(128,128,128,.14)"
RADIUS = "border-radius:6px"
# A preview of 768 pixels is shown 512 pixels wide, so that it is sharp on dense screens.
DENSITY = 1.5
WIDEST = 512
# The width of one of several columns: a narrow notebook fits two, a wide one three.
COLUMN = 300

_UI = "font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:13px;line-height:1.5"
# `anywhere` suits tables better, but an untrusted notebook keeps only the first of the two.
_WRAP = "overflow-wrap:break-word;overflow-wrap:anywhere"
_PROSE = (
    "font-family:var(--jp-content-font-family,system-ui,sans-serif);"
    "font-size:var(--jp-content-font-size1,14px);line-height:var(--jp-content-line-height,1.6)"
)


def page(*parts: Content, wide: bool = False) -> Html:
    """The outermost element of every output; a wide one fills the width of the page."""
    width = "" if wide else ";max-width:48em"
    return tag("div", *parts, style=f"{_UI}{width};{_WRAP}")


def grid(*cells: Content, column: int = COLUMN, at_least: int = 1) -> Html:
    """The cells side by side, each `column` pixels wide, as many in a row as fit.

    In a narrow notebook they shrink until `at_least` of them fit in a row. This is no CSS grid:
    an untrusted notebook loses the columns of one.
    """
    most = f";max-width:{100 // at_least - 4}%" if at_least > 1 else ""  # the other 4 % are the gap
    cell = f"flex:0 1 {column}px;min-width:0{most}"
    row = "display:flex;flex-wrap:wrap;align-items:flex-start;gap:16px"
    return tag("div", *(tag("div", content, style=cell) for content in cells), style=row)


def prose(*parts: Content) -> Html:
    """A model's text, styled like a Markdown cell."""
    return tag("div", *parts, style=f"{_PROSE};margin:0 0 8px;overflow-x:auto")


def aside(*parts: Content, colour: str) -> Html:
    """An error or a note, with a line of `colour` at its side."""
    style = f"margin:4px 0;padding:2px 0 2px 10px;border-left:3px solid {colour}"
    return tag("div", *parts, style=f"{style};white-space:pre-wrap")
