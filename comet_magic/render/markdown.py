"""The model's own text as HTML: Markdown with raw HTML off and links allow-listed."""

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.token import Token

from ..text import printable
from .formulas import add_formulas
from .html import LINK, Html, joined, tag

# Rendered while it streams in; beyond this only its end is shown until it is whole.
LONGEST_LIVE = 12_000
# Markdown of 5 MB takes the browser a minute to lay out; twice as much as this, if all of it is
# links, would hold the end of a stopped cell up for a second. The whole is in `Generation.text`.
LONGEST = 100_000
# Such as an address, for which a table would become wider than a page.
_LONG_WORD = re.compile(r"\S{25}")
# The one element that models write: in a table there is no other way to begin a new line.
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# Where a parser's cache, whose keys are places in a text, has the last bracket of it.
_LAST_BRACKET = -1
_ALLOWED = ("http://", "https://", "mailto:")


def markdown(text: str) -> Html:
    """`text` rendered; markup, scripts and event handlers in it are shown as the text they are."""
    if len(text) > LONGEST:
        cut = tag("p", tag("em", f"The first {LONGEST:,} of {len(text):,} characters."))
        return joined(markdown(text[:LONGEST]), cut)
    # Once more at the end: an entity such as `&#x202e;` has become the character by then.
    return Html(printable(_parser().render(printable(text))))


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
    add_formulas(parser)
    parser.core.ruler.after("block", "empty_cells", _drop_empty)
    parser.inline.ruler.at("link", _if_closed(link))
    parser.inline.ruler.at("image", _if_closed(image))
    parser.inline.ruler.before("autolink", "line_break", _line_break)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("link_open", _open_link)
    parser.add_render_rule("formula", _formula)
    parser.add_render_rule("text", _text)
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("th_open", _open_cell)
    parser.add_render_rule("td_open", _open_cell)
    return parser


def _drop_empty(state: StateCore) -> None:
    """A table fills short rows up with thousands of empty cells, whose text need not be parsed."""
    state.tokens = [token for token in state.tokens if token.content or token.type != "inline"]


def _if_closed(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """`rule` where a bracket closes later on; elsewhere it would try each `[` 30 levels deep."""

    def find(state: StateInline, silent: bool) -> bool:
        last = state.cache.get(_LAST_BRACKET)
        if last is None:
            last = state.cache[_LAST_BRACKET] = state.src.rfind("]")
        return state.pos < last and rule(state, silent)

    return find


def _line_break(state: StateInline, silent: bool) -> bool:
    match = _BREAK.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = match.end()
    return True


def _open_link(renderer: RendererHTML, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    tokens[index].attrSet("target", "_blank")
    tokens[index].attrSet("rel", "noopener noreferrer")
    tokens[index].attrSet("style", LINK)
    return renderer.renderToken(tokens, index, *rest)


def _image(renderer: RendererHTML, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    """Pictures are fetched by the kernel and shown beside the text; a page must not call home."""
    token = tokens[index]
    return tag(
        "a", token.content or "picture", href=str(token.attrGet("src")), target="_blank",
        rel="noopener noreferrer", style=LINK,
    )  # fmt: skip


def _formula(renderer: RendererHTML, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    return escapeHtml(tokens[index].content)


def _text(renderer: RendererHTML, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    """What is no formula is not set as one; see `html`."""
    return escapeHtml(tokens[index].content).replace("$", "<span>$</span>")


def _open_table(renderer: RendererHTML, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    # It scrolls sideways if it must. What the page has for links would cut every word of a table.
    tokens[index].attrSet("style", "overflow-wrap:break-word")
    return renderer.renderToken(tokens, index, *rest)


def _open_cell(renderer: RendererHTML, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    token, text = tokens[index], tokens[index + 1].content
    if text:
        # JupyterLab sets the tables of outputs to the right, as numbers are.
        style = str(token.attrGet("style") or "text-align:left")
        if _LONG_WORD.search(text):
            style += ";min-width:9em;overflow-wrap:anywhere"
        token.attrSet("style", style)
    return renderer.renderToken(tokens, index, *rest)
