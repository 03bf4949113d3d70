"""HTML as a value. Only this file turns text into HTML, and it escapes all of it.

Styles are inline, and nothing depends on `role` or `aria-*`: an untrusted notebook loses style
sheets and these attributes. Colours are JupyterLab's variables; without them they are inherited.
"""

from html import escape

from ..text import printable, visible

# The browser's blue is unreadable on a dark page, and the frames of Colab have no variables.
LINK = "color:var(--jp-content-link-color,inherit);text-decoration:underline"
# Attributes that can hold a picture or a sound.
_ADDRESSES = {"src", "href", "poster"}


class Html(str):
    """A string of HTML. Only this file and the Markdown renderer make one."""

    __slots__ = ()


Content = str | Html | None


def tag(name: str, *content: Content, style: str = "", **attributes: str | float | None) -> Html:
    """An HTML element. Plain text in `content` and all attributes are escaped; None is left out.

    >>> tag("p", "1 < 2", title='"')
    '<p title="&quot;">1 &lt; 2</p>'
    """
    if style:
        attributes = {"style": style, **attributes}
    opening = name + "".join(
        f' {key.strip("_").replace("_", "-")}="{_attribute(key, str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name == "img":
        return Html(f"<{opening}>")
    return Html(f"<{opening}>{joined(*content)}</{name}>")


def joined(*content: Content) -> Html:
    """The content joined; plain text is escaped."""
    return Html(
        "".join(part if isinstance(part, Html) else _plain(part) for part in content if part)
    )


def link(text: str, url: str) -> Html:
    """A link that opens in a new tab; only its text if `url` is not http(s)."""
    if not url.startswith(("http://", "https://")):
        return joined(text)
    return tag("a", text, href=url, target="_blank", rel="noopener noreferrer", style=LINK)


def _plain(text: str) -> str:
    """Escapes text, and its dollar signs too: JupyterLab takes `$…$` for a formula."""
    text = escape(printable(text))
    return text.replace("$", "<span>$</span>") if text.count("$") > 1 else text


def _attribute(name: str, value: str) -> str:
    return escape(visible(value) if name in _ADDRESSES else printable(value))
