"""Parses the text of a model that writes text, where only Markdown images are no text."""

import re
from bisect import bisect_right

from ...media.addresses import is_data_uri
from .code_blocks import CodeBlocks, MarkdownLine
from .code_spans import code_spans
from .line_facts import LineFact, Prose, Sign
from .links import Link, LinkKind
from .markup import take_links
from .signs import is_status

# The beginning of ![alt](…), with one pair of brackets in the alt text; and its end. The
# quantifiers are possessive, because the address can be a data URI of 30 MB.
_BEGIN = re.compile(r"!\[(?:[^\[\]]|\[[^\[\]]*+\])*+\]\(|<img\b")
_IMAGE_END = re.compile(r"[^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)*+\)")
_TAG_END = re.compile(r"[^<>]*+>")
# A longer paragraph is taken apart: it is parsed for every frame while it grows.
_MOST_LINES = 300
_BLANK = Prose("")
_HOLE = "\x00"  # in place of a picture
_EMPTY_LINK = re.compile(r"\[\x00\]\([^()\s]*+\)")  # [![badge](…)](…)
_WORD = re.compile(r"[^\W_]")
_NUMBER = re.compile(r"\s*\d{1,9}[.)]")


class PlainReader:
    """Parses lines like `LineReader`; everything but pictures stays as it was written.

    A paragraph is parsed at its end, because inline code can span lines.
    """

    def __init__(self) -> None:
        self.facts: list[LineFact] = []
        self._code = CodeBlocks()
        self._paragraph: list[str] = []
        self._skips_blank = False  # between two blank lines stood only a picture

    def twin(self) -> "PlainReader":
        """Returns an independent reader in the same state, which shares the list of facts."""
        twin = PlainReader()
        twin.facts = self.facts
        twin._code = self._code.copy()
        twin._paragraph = self._paragraph.copy()
        twin._skips_blank = self._skips_blank
        return twin

    @property
    def is_in_gap(self) -> bool:
        """Whether another blank line changes nothing, as two of them are kept of a million."""
        return (
            not self._code.is_open and not self._paragraph and self.facts[-2:] == [_BLANK, _BLANK]
        )

    def read(self, line: str, *, is_whole: bool) -> None:
        """Parses a line; the same whether it is still being written or not."""
        line = line.removesuffix("\r")
        if not line and self.is_in_gap:
            return
        found = self._code.feed(line)
        if not found.goes_on or len(self._paragraph) >= _MOST_LINES:
            self.finish()
        self._read(line, found)

    def finish(self) -> None:
        """Parses the rest as if the text ended here."""
        lines, self._paragraph = self._paragraph, []
        text = "\n".join(lines)
        pictures = _pictures(text)
        if not pictures:
            self.facts += [Prose(line) for line in lines]
            return
        is_after_blank = self.facts[-1:] in ([], [_BLANK])
        kept, end = [], 0
        for begin, stop, picture in pictures:
            kept += [text[end:begin], _HOLE]
            self.facts.append(picture)
            end = stop
        rest = [_filled(line) for line in "".join([*kept, text[end:]]).split("\n")]
        self.facts += [Prose(line) for line in rest if line]
        self._skips_blank = is_after_blank and not any(rest)

    def _read(self, line: str, found: MarkdownLine) -> None:
        if found.is_code:
            self.facts.append(Prose(line, is_code=True))
        elif not line or line.isspace():
            if not self._skips_blank:
                self.facts.append(_BLANK)
            self._skips_blank = False
        else:
            if found.is_quoted and is_status(found.text):
                self.facts.append(Sign.STATUS)
            self._paragraph.append(line)


def _filled(line: str) -> str:
    """Returns a line without its holes; empty if only a list marker, bold signs … are left."""
    if _HOLE not in line:
        return line
    line = _EMPTY_LINK.sub("", line).replace(_HOLE, "").rstrip()
    return line if _WORD.search(_NUMBER.sub("", line, count=1)) else ""


def _pictures(paragraph: str) -> list[tuple[int, int, Link]]:
    """Returns the pictures of a paragraph outside its inline code, each with its place."""
    found: list[tuple[int, int, Link]] = []
    if "![" not in paragraph and "<img" not in paragraph:
        return found
    spans = code_spans(paragraph)
    at = 0
    while begin := _BEGIN.search(paragraph, at):
        at = begin.end()
        if _is_in(spans, begin.start()) or _is_in(spans, at - 1):
            continue
        is_tag = begin[0] == "<img"
        if end := _end_of_tag(paragraph, at) if is_tag else _end_of_image(paragraph, at):
            _, links = take_links(paragraph[begin.start() : end], tidy=False)
            # A tag with an address is HTML that somebody asked for; one with bytes is a picture.
            picture = next((link for link in links if link.kind is LinkKind.IMAGE), None)
            if picture and (not is_tag or is_data_uri(picture.url)):
                at = end
                found.append((begin.start(), end, picture))
    return found


def _is_in(spans: list[tuple[int, int]], place: int) -> bool:
    index = bisect_right(spans, (place, len(spans)))
    return index > 0 and place < spans[index - 1][1]


def _end_of_image(text: str, at: int) -> int:
    if text.startswith("data:", at):  # a regular expression is ten times slower
        return text.find(")", at) + 1
    end = _IMAGE_END.match(text, at)
    return end.end() if end else 0


def _end_of_tag(text: str, at: int) -> int:
    end = _TAG_END.match(text, at)
    return end.end() if end else 0
