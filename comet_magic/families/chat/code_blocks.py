"""Finds the blocks of code in a Markdown text: what stands in them is shown, and never fetched.

Follows CommonMark (https://spec.commonmark.org/0.31.2/), and takes a few more things for code that
models write and people read as code: lines between a fence behind words and its end, a fence in a
list item whose lines are not indented, and `<pre>`.
"""

import re
from dataclasses import dataclass

_QUOTE = 0  # the width of a quote among containers; a list item has the width of its marker
_MARKER = re.compile(r"([-+*]|\d{1,9}[.)])([ \t]+|$)")
_FIRST_MARKERS = ("-", "+", "*", "1.", "1)")
_RULE = re.compile(r"(?:\*[ \t]*+){3,}+$|(?:-[ \t]*+){3,}+$|(?:_[ \t]*+){3,}+$")
_HEADING = re.compile(r"#{1,6}(?:[ \t]|$)|=+[ \t]*$")
# ```{python}, ```markdown title="x", ~~~
_FENCE = re.compile(r"(`{3,}+)[^`]*$|(~{3,}+)")
_FENCE_ALONE = re.compile(r"(`{3,}|~{3,})[ \t]*$")
# Here is the code: ```python
_FENCE_BEHIND_WORDS = re.compile(r"(?<!`)(`{3,})[ \t]*[\w+#.-]*[ \t]*$")
_RAW = re.compile(r"<(pre|script|style|textarea)\b", re.IGNORECASE)
_INDENTED = 4
# Nobody nests deeper. Each line is compared with every open container.
_MOST_CONTAINERS = 30


@dataclass(frozen=True, slots=True)
class MarkdownLine:
    """What a line is.

    Attributes:
        text: The line without the markers of quotes and lists around it.
        is_code: Whether it belongs to a block of code.
        is_quoted: Whether it has the mark of a quote.
        goes_on: Whether it continues the paragraph of the line before it.
    """

    text: str
    is_code: bool = False
    is_quoted: bool = False
    goes_on: bool = False


class CodeBlocks:
    """Tells of each line whether it is code: fenced or indented, also in lists and quotes."""

    def __init__(self) -> None:
        self._containers: list[int] = []  # quotes and list items around the line
        self._fence = ""  # of the block of code that is open, or its closing tag
        self._column = 0  # of that fence, in the innermost quote
        self._in_paragraph = False

    def copy(self) -> "CodeBlocks":
        """Returns an independent copy."""
        twin = CodeBlocks()
        twin._containers = self._containers.copy()
        twin._fence, twin._column = self._fence, self._column
        twin._in_paragraph = self._in_paragraph
        return twin

    @property
    def is_open(self) -> bool:
        """Whether the next line can belong to a block of code that has begun."""
        return bool(self._fence)

    def feed(self, line: str) -> MarkdownLine:
        """Takes the next line, and returns what it is."""
        if self._fence and self._is_in_fence(line):
            return MarkdownLine(line, is_code=True)
        depth, rest = self._inside(line)
        is_blank = not rest or rest.isspace()
        if depth < len(self._containers):
            if self._in_paragraph and not is_blank and not _starts_block(rest):
                return MarkdownLine(rest, goes_on=True)
            del self._containers[depth:]
            self._in_paragraph = False
        if not is_blank:
            rest = self._enter(rest)
            is_blank = not rest or rest.isspace()
        is_quoted = _QUOTE in self._containers
        if is_blank:
            self._in_paragraph = False
            return MarkdownLine("", is_quoted=is_quoted)
        column = _indentation(rest)
        if column >= _INDENTED and not self._in_paragraph:
            return MarkdownLine(rest, is_code=True)
        text = rest.lstrip(" \t")
        if column < _INDENTED and self._opens_fence(text, column):
            return MarkdownLine(text, is_code=True)
        is_alone = column < _INDENTED and bool(_HEADING.match(text) or _RULE.match(text))
        goes_on = self._in_paragraph and not is_alone
        self._in_paragraph = not is_alone
        if glued := fence_behind_words(text):
            self._open(glued, column)
        return MarkdownLine(text, is_quoted=is_quoted, goes_on=goes_on)

    def _is_in_fence(self, line: str) -> bool:
        """Returns whether `line` belongs to the open fence, and closes it behind its last line."""
        for _ in range(self._containers.count(_QUOTE)):
            if not line.lstrip(" \t").startswith(">"):
                self._fence = ""
                return False
            line = _after_quote(line)
        if self._fence[0] == "/":
            if self._fence in line.lower():
                self._fence = ""
        elif closing := _FENCE_ALONE.match(line.lstrip(" \t")):
            is_same = closing[1].startswith(self._fence)
            if is_same and _indentation(line) < self._column + _INDENTED:
                self._fence = ""
        return True

    def _opens_fence(self, text: str, column: int) -> bool:
        if fence := _FENCE.match(text):
            self._open(fence[1] or fence[2], column)
            return True
        if tag := _RAW.match(text):
            end = f"/{tag[1].lower()}>"
            self._open("" if end in text.lower() else end, column)
            return True
        return False

    def _open(self, fence: str, column: int) -> None:
        """Begins a block of code, at a column in the innermost container."""
        self._fence = fence
        self._in_paragraph = False
        self._column = column
        for width in reversed(self._containers):
            if width == _QUOTE:
                break
            self._column += width

    def _inside(self, line: str) -> tuple[int, str]:
        """Returns how many open containers have the line in them, and its text in these."""
        depth = 0
        for width in self._containers:
            column = _indentation(line)
            if width == _QUOTE:
                if column >= _INDENTED or not line.lstrip(" \t").startswith(">"):
                    break
                line = _after_quote(line)
            elif column >= width:
                line = _dedented(line, column - width)
            elif line and not line.isspace():
                break
            depth += 1
        return depth, line

    def _enter(self, line: str) -> str:
        """Opens the containers that begin in `line`, and returns the text in them."""
        while len(self._containers) < _MOST_CONTAINERS:
            column = _indentation(line)
            if column >= _INDENTED:
                break
            text = line.lstrip(" \t")
            if text.startswith(">"):
                self._containers.append(_QUOTE)
                line = _after_quote(line)
            elif (marker := _MARKER.match(text)) and self._begins_item(text, marker):
                spaces = _indentation(marker[2] + "x")
                # A marker with more space behind it begins with a block of indented code.
                kept = spaces if 1 <= spaces <= _INDENTED else 1
                self._containers.append(column + len(marker[1]) + kept)
                line = _dedented(text[len(marker[1]) :], spaces - kept)
            else:
                break
            self._in_paragraph = False
        return line

    def _begins_item(self, text: str, marker: re.Match[str]) -> bool:
        """Returns whether the marker is one; in a paragraph `2026.` is only the end of a year."""
        if self._in_paragraph and (marker.end() == len(text) or marker[1] not in _FIRST_MARKERS):
            return False
        return not _RULE.match(text)


def fence_behind_words(text: str) -> str:
    """Returns the fence at the end of a line of text; empty if there is none."""
    last = text.rfind("```")
    if last <= 0 or text.count("```") % 2 == 0:  # Use ```x```
        return ""
    glued = _FENCE_BEHIND_WORDS.search(text, max(0, last - 20))
    return glued[1] if glued else ""


def _starts_block(text: str) -> bool:
    column = _indentation(text)
    text = text[:200].lstrip(" \t")
    return column < _INDENTED and bool(
        text.startswith(">")
        or _MARKER.match(text)
        or _FENCE.match(text)
        or _HEADING.match(text)
        or _RULE.match(text)
    )


def _indentation(line: str) -> int:
    """Returns the column of the first character that is no blank; tabs go to each fourth."""
    if not line.startswith((" ", "\t")):
        return 0
    blanks = line[: len(line) - len(line.lstrip(" \t"))]
    return len(blanks.expandtabs(_INDENTED))


def _dedented(line: str, column: int) -> str:
    """Returns `line` with its text in this column."""
    return " " * column + line.lstrip(" \t")


def _after_quote(line: str) -> str:
    """Returns what follows the mark of a quote and a blank."""
    text = line.lstrip(" \t")[1:]
    return text.removeprefix(" ")
