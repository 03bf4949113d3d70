"""Parses lines into facts, and separates progress reports from the model's own text."""

import re
from itertools import zip_longest

from ..facts import Stage
from .block import JsonBlock, failure_of, is_failure, is_parameters
from .code_blocks import fence_behind_words
from .held_lines import HeldLines
from .line_facts import (
    Block,
    Identifier,
    LineFact,
    Note,
    Progress,
    Prose,
    Reason,
    Sign,
    Thinking,
    Unfinished,
)
from .links import Link, LinkKind
from .markup import bare_links, drop_unfinished, is_address, take_links
from .signs import is_failure_line
from .stages import identifier, is_note, percentages, reason, stage_of, status_line, work_done

# Some relays indent the whole answer by 16 blanks.
_QUOTE = re.compile(r"\s*+>[>\s]*")
# ```json, ```markdown title="x", ```{"prompt": …
_FENCE = re.compile(r"\s*+(`{3,}+|~{3,}+)((?:[^`{]|\{(?!\s*\"))*+)(\{.*)?$")
_RESULTS = {LinkKind.IMAGE, LinkKind.DOWNLOAD, LinkKind.VIDEO, LinkKind.PLAYER}
_WORD = re.compile(r"\w")
_THOUGHT = re.compile(r"(<[/]?(?:think|thinking|thought|thoughts|reasoning)>)", re.IGNORECASE)
_GAP = [Prose(""), Prose("")]


class LineReader:
    """Parses lines. `facts` only grows, so its length identifies a point in time."""

    def __init__(self) -> None:
        self.held = HeldLines()
        self.facts: list[LineFact] = []
        self.block: JsonBlock | None = None
        self.fence = ""  # of the code block that contains the line
        self.closing = ""  # behind a block that was parsed, the fence that can follow it
        self.glued = ""  # behind words, the fence that will end what they began

    def twin(self) -> "LineReader":
        """Returns an independent reader in the same state, which shares the list of facts."""
        twin = LineReader()
        twin.held = self.held.copy()
        twin.facts = self.facts
        twin.block = self.block.copy() if self.block else None
        twin.fence, twin.closing, twin.glued = self.fence, self.closing, self.glued
        return twin

    @property
    def is_in_gap(self) -> bool:
        """Whether another blank line changes nothing, as two of them are kept of a million."""
        return not self.block and not self.held and self.facts[-2:] == _GAP

    def read(self, line: str, *, is_whole: bool) -> None:
        """Parses a line; `is_whole` is False for a line that is still being written."""
        line = line.removesuffix("\r")
        if not line and self.is_in_gap:
            return
        if not self.held:
            self._read_line(line, is_whole=is_whole)
            return
        given_up, joined = self.held.join(line)
        self._read_all(given_up)
        if joined is not None:
            self._read_line(joined, is_whole=is_whole)

    def _read_line(self, line: str, *, is_whole: bool) -> None:
        if self._closes(line):
            return
        if self.block:
            self._read_block(self.block, line, is_whole=is_whole)
        elif self.fence:
            self.facts.append(Prose(line, is_code=True))
            if _ends_code(line, self.fence):
                self.fence = ""
        elif (opening := _FENCE.match(line)) and not _has_link(opening[2]):
            self.block = JsonBlock(opening=line[: opening.end(2)], fence=opening[1])
            if opening[3]:  # ```{"prompt": …
                self._read_block(self.block, opening[3], is_whole=is_whole)
        elif line.lstrip().startswith("{"):
            self._read_block(JsonBlock(), line, is_whole=is_whole)
        else:
            if glued := fence_behind_words(line):
                self.glued = glued
                line = line[: line.rindex(glued)].rstrip()
            if not (is_whole and self.held.hold(line)):
                self._read_with_thoughts(line, is_whole=is_whole)

    def _closes(self, line: str) -> bool:
        """Returns whether `line` is a closing fence, which would look like the opening of code."""
        if line and not line.isspace() and (self.closing or self.glued):
            start = line.lstrip()
            found = self.closing and start.startswith(self.closing)
            self.closing = ""
            if found or (self.glued and start.rstrip() == self.glued):
                self.glued = ""
                return True
        return False

    def finish(self) -> None:
        """Parses the rest as if the text ended here."""
        self._read_all(self.held.give_up())
        if self.block and self.block.lines:
            text = "\n".join(self.block.lines)
            if "](" in text and not self.block.fence:
                self._give_up(self.block)
            else:
                self.facts.append(Unfinished(text))

    def _read_block(self, block: JsonBlock, line: str, *, is_whole: bool) -> None:
        self.block = block
        if block.is_broken_by(line):
            self._give_up(block)
            self.read(line, is_whole=is_whole)
            return
        rest = block.feed(line)
        if rest is None:
            return
        value = block.value() or {}
        if is_parameters(value):
            self.facts.append(Block(value))
        if is_failure(value):
            why = failure_of(value)
            self.facts += [Stage.FAILED, Sign.RESULT, *([Reason(why.message)] if why else [])]
        elif not is_parameters(value):
            self._give_up(block)
            return
        self.block = None
        self.closing = block.fence or "```"
        if rest.strip():
            self.read(rest.lstrip(), is_whole=is_whole)

    def _give_up(self, block: JsonBlock) -> None:
        """Handles a block that is not parameters: keeps code, and parses other lines as text."""
        self.block = None
        if block.fence:
            self.fence = block.fence
            self.facts += [Prose(line, is_code=True) for line in (block.opening, *block.lines)]
        else:
            for line in block.lines:
                self._read_text(line, is_whole=True)

    def _read_all(self, lines: list[str]) -> None:
        for line in lines:
            self._read_with_thoughts(line, is_whole=True)

    def _read_with_thoughts(self, line: str, *, is_whole: bool) -> None:
        """Parses a line of text, and the tags around thoughts in it."""
        if "<" not in line:
            self._read_text(line, is_whole=is_whole)
            return
        parts = _THOUGHT.split(line)
        for text, tag in zip_longest(parts[::2], parts[1::2]):
            if text or len(parts) == 1:
                self._read_text(text, is_whole=is_whole or tag is not None)
            if tag:
                self.facts.append(Thinking(begins="/" not in tag))

    def _read_text(self, line: str, *, is_whole: bool) -> None:
        quote = _QUOTE.match(line)
        prefix = quote[0] if quote else ""
        body = line[len(prefix) :]
        text, links = take_links(drop_unfinished(body), is_whole=is_whole)
        self.facts += links
        if any(link.kind in _RESULTS for link in links) and not _WORD.search(text):
            self.facts.append(Sign.RESULT)
        if not text.strip():
            if not links and not quote:
                self.facts.append(Prose(""))
            return
        status = status_line(text)
        if status is not None and self._read_status(status, quoted=bool(quote), is_whole=is_whole):
            if is_failure_line(status) or any(link.kind is LinkKind.PREVIEW for link in links):
                self.facts.append(Sign.RESULT)
            return
        if links and not _WORD.search(text):
            return  # the `|` between two links
        if is_whole or not text[-1:].isalnum():
            bare = bare_links(text)
            self.facts += bare
            if bare and is_address(text):
                self.facts.append(Sign.RESULT)
                return
        if not links:
            text, _ = take_links(body)
        self.facts.append(_prose(prefix + text, line, links))

    def _read_status(self, text: str, *, quoted: bool, is_whole: bool) -> bool:
        """Adds the facts of a progress line; returns whether `text` is one."""
        # A number at the end of an unfinished line may get another digit.
        known = text if is_whole else text.rstrip("0123456789")
        numbers = percentages(known, quoted=quoted)
        if numbers is None:
            numbers = work_done(known)
        if numbers is not None:
            self.facts += [Progress(number) for number in numbers]
        elif found := identifier(text):
            if is_whole:
                self.facts.append(Identifier(*found))
        elif why := reason(text, quoted=quoted):
            self.facts += [Stage.FAILED, Reason(why)]
        elif stage := stage_of(text, quoted=quoted):
            self.facts.append(stage)
        elif quoted and (is_note(text) or not is_whole):
            self.facts.append(Note(text))
        else:
            return False
        return True


def _prose(line: str, written: str, links: list[Link]) -> Prose:
    """Returns a line of text, whose links may turn out to be no results."""
    # HTML as written would be seen as its tags.
    if not links or "<" in written or not all(link.is_judged_by_label for link in links):
        return Prose(line)
    return Prose(line, written=written, urls=tuple(link.url for link in links))


def _has_link(info: str) -> bool:
    """Returns whether the words behind a fence are a picture: ```![x](https://…)."""
    return "](" in info or "://" in info


def _ends_code(line: str, fence: str) -> bool:
    """Returns whether `line` ends with the closing fence, alone or glued to the last words."""
    line = line.strip()
    is_alone = not line.strip(fence[0])
    return line.endswith(fence) and (is_alone or line.count(fence) % 2 == 1)
