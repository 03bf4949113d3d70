"""HTML as a value. Text becomes HTML here and nowhere else, and it is escaped on the way.

The styles are inline, and no meaning hangs on `role` or `aria-*`: a notebook that is not trusted
loses style sheets and both. Colours are JupyterLab's variables, or inherited where there are none.
"""

from html import escape

from ..text import printable

# A browser's own blue cannot be read on a dark page, and a frame of Colab's has no variables.
LINK = "color:var(--jp-content-link-color,inherit);text-decoration:underline"
_VOID = {"img", "br", "source"}


class Html(str):
    """Text that is HTML already: made by this file and the Markdown renderer, never by hand."""

    __slots__ = ()


Content = str | Html | None


def tag(name: str, *content: Content, style: str = "", **attributes: str | float | None) -> Html:
    """An element. Plain text in `content` and all attributes are escaped; None is left out.

    >>> tag("p", "1 < 2", title='"')
    '<p title="&quot;">1 &lt; 2</p>'
    """
    if style:
        attributes = {"style": style, **attributes}
    opening = name + "".join(
        f' {key.strip("_").replace("_", "-")}="{_escaped(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{opening}>")
    return Html(f"<{opening}>{joined(*content)}</{name}>")


def joined(*content: Content) -> Html:
    """The content one after the other; plain text is escaped."""
    return Html(
        "".join(part if isinstance(part, Html) else _plain(part) for part in content if part)
    )


def link(text: str, url: str) -> Html:
    """A link that opens in another tab; only its text if `url` is not http(s)."""
    if not url.startswith(("http://", "https://")):
        return joined(text)
    return tag("a", text, href=url, target="_blank", rel="noopener noreferrer", style=LINK)


def _plain(text: str) -> str:
    """Escaped; and JupyterLab sets what stands between two dollar signs of a text as a formula."""
    text = _escaped(text)
    return text.replace("$", "<span>$</span>") if text.count("$") > 1 else text


def _escaped(text: str) -> str:
    return escape(printable(text))
