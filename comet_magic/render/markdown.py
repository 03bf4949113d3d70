"""A model's text as HTML: Markdown without raw HTML, and with an allow-list for links."""

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

from ..text import end_without_bytes, printable, visible, without_bytes
from .formulas import add_formulas
from .html import LINK, Html, joined, tag

# A longer text is not rendered while it streams: only its end is shown, as plain text.
LONGEST_LIVE = 12_000
# Only the end of such a text is searched for base64. If each frame searched all of it, the time for
# all frames would grow with the square of its length.
_SEARCHED = 10 * LONGEST_LIVE
# A browser takes a minute to lay out 5 MB of Markdown, and twice this many characters of nothing
# but links would delay the end of a stopped cell by a second. `Generation.text` has all of it.
LONGEST = 100_000
# An address, for example: it would make a table wider than the page.
_LONG_WORD = re.compile(r"\S{25}")
# The one element that models write: it is the only way to break a line in a table.
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# The keys of the parser's cache are positions in the text; this one holds its last bracket.
_LAST_BRACKET = -1
_ALLOWED = ("http://", "https://", "mailto:")


def markdown(text: str) -> Html:
    """`text` as HTML; markup, scripts and event handlers in it are shown as text."""
    text = without_bytes(text)
    if len(text) > LONGEST:
        cut = tag("p", tag("em", f"The first {LONGEST:,} of {len(text):,} characters."))
        return joined(markdown(text[:LONGEST]), cut)
    # Twice, because an entity such as `&#x202e;` becomes a character while it is rendered.
    return Html(printable(_parser().render(visible(text))))


def live_markdown(text: str) -> Html:
    """`text` while it grows: as Markdown if it is short, else its end as plain text."""
    end = end_without_bytes(text, _SEARCHED) if len(text) > _SEARCHED else ""
    text = end if len(end) > LONGEST_LIVE else without_bytes(text)
    if len(text) <= LONGEST_LIVE:
        return markdown(text)
    return tag("div", "… " + text[-2_000:], style="white-space:pre-wrap")


@functools.cache
def _parser() -> MarkdownIt:
    # Like "js-default" with tables and strikethrough, but without linkifier and raw HTML.
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 30})
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
    """Drops the empty texts of a table, which fills up short rows with thousands of empty cells."""
    state.tokens = [token for token in state.tokens if token.content or token.type != "inline"]


def _if_closed(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """`rule` before the last `]` of the text; behind it, each `[` would be tried 30 levels deep."""

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
    """A link: the kernel fetches pictures and shows them itself, and a page must not call home."""
    token = tokens[index]
    return tag(
        "a", token.content or "picture", href=str(token.attrGet("src")), target="_blank",
        rel="noopener noreferrer", style=LINK,
    )  # fmt: skip


def _formula(renderer: RendererHTML, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    return escapeHtml(tokens[index].content)


def _text(renderer: RendererHTML, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    """Text; its dollar signs begin no formula, see `html`."""
    return escapeHtml(tokens[index].content).replace("$", "<span>$</span>")


def _open_table(renderer: RendererHTML, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    # The page wraps long links anywhere; in a table that would cut every word. A table scrolls.
    tokens[index].attrSet("style", "overflow-wrap:break-word")
    return renderer.renderToken(tokens, index, *rest)


def _open_cell(renderer: RendererHTML, tokens: Sequence[Token], index: int, *rest: Any) -> str:
    token, text = tokens[index], tokens[index + 1].content
    if text:
        # JupyterLab aligns the cells of tables in outputs to the right.
        style = str(token.attrGet("style") or "text-align:left")
        if _LONG_WORD.search(text):
            style += ";min-width:9em;overflow-wrap:anywhere"
        token.attrSet("style", style)
    return renderer.renderToken(tokens, index, *rest)
