"""The model's own text as HTML: Markdown with raw HTML off and links allow-listed."""

import functools
from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from ..text import printable
from .html import Html, joined, tag

# Rendered while it streams in; beyond this only its end is shown until it is whole.
LONGEST_LIVE = 12_000
# Markdown of 5 MB takes the browser a minute to lay out; the whole is in `Generation.text`.
LONGEST = 200_000
_ALLOWED = ("http://", "https://", "mailto:")


def markdown(text: str) -> Html:
    """`text` rendered; markup, scripts and event handlers in it are shown as the text they are."""
    if len(text) > LONGEST:
        cut = tag("p", tag("em", f"The first {LONGEST:,} of {len(text):,} characters."))
        return joined(markdown(text[:LONGEST]), cut)
    return Html(_parser().render(printable(text)))


def live_markdown(text: str) -> Html:
    """`text` while it grows: rendered if it is short, else its end as plain text."""
    if len(text) <= LONGEST_LIVE:
        return markdown(text)
    return tag("div", "… " + text[-2_000:], style="white-space:pre-wrap")


@functools.cache
def _parser() -> MarkdownIt:
    # "js-default" without its linkifier: tables and strikethrough, and never raw HTML.
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 30})
    parser.enable(["table", "strikethrough"])
    parser.validateLink = lambda url: url.strip().lower().startswith(_ALLOWED)  # type: ignore[method-assign]
    parser.add_render_rule("image", _picture_as_link)
    parser.add_render_rule("link_open", _open_link)
    return parser


def _open_link(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: Any,
    env: MutableMapping[str, Any],
) -> str:
    tokens[index].attrSet("target", "_blank")
    tokens[index].attrSet("rel", "noopener noreferrer")
    return renderer.renderToken(tokens, index, options, env)


def _picture_as_link(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: Any,
    env: MutableMapping[str, Any],
) -> str:
    """Pictures are fetched by the kernel and shown beside the text; a page must not call home."""
    token = tokens[index]
    return tag(
        "a", token.content or "picture", href=str(token.attrGet("src")), target="_blank",
        rel="noopener noreferrer",
    )  # fmt: skip
