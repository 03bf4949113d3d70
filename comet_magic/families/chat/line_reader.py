"""Parses lines into facts, and separates progress reports from the model's own text."""

import re

from ..facts import Stage
from .block import JsonBlock, failure_of, is_failure, is_parameters
from .code_blocks import fence_behind_words
from .line_facts import Block, Identifier, LineFact, Note, Progress, Prose, Reason, Sign, Unfinished
from .links import LinkKind, bare_links, drop_unfinished, take_links
from .signs import is_failure_line
from .stages import identifier, is_note, percentages, reason, stage_of, status_line

# Some relays indent the whole answer by 16 blanks.
_QUOTE = re.compile(r"\s*+>[>\s]*")
# ```json, ```markdown title="x", ```{"prompt": …
_FENCE = re.compile(r"\s*+(`{3,}+|~{3,}+)((?:[^`{]|\{(?!\s*\"))*+)(\{.*)?$")
_RESULTS = {LinkKind.IMAGE, LinkKind.DOWNLOAD, LinkKind.VIDEO}
_ADDRESS = re.compile(r"\s*(?:https?://|data:)\S*\s*")
_WORD = re.compile(r"\w")
_GAP = [Prose(""), Prose("")]


class LineReader:
    """Parses lines. `facts` only grows, so its length identifies a point in time."""

    def __init__(self) -> None:
        self.facts: list[LineFact] = []
        self.block: JsonBlock | None = None
        self.fence = ""  # of the code block that contains the line
        self.closing = ""  # behind a block that was parsed, the fence that can follow it
        self.glued = ""  # behind words, the fence that will end what they began

    def twin(self) -> "LineReader":
        """Returns an independent reader in the same state, which shares the list of facts."""
        twin = LineReader()
        twin.facts = self.facts
        twin.block = self.block.copy() if self.block else None
        twin.fence, twin.closing, twin.glued = self.fence, self.closing, self.glued
        return twin

    @property
    def is_in_gap(self) -> bool:
        """Whether another blank line changes nothing, as two of them are kept of a million."""
        return not self.block and self.facts[-2:] == _GAP

    def read(self, line: str, *, is_whole: bool) -> None:
        """Parses a line; `is_whole` is False for a line that is still being written."""
        line = line.removesuffix("\r")
        if not line and self.is_in_gap:
            return
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
            self._read_text(line, is_whole=is_whole)

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

    def _read_text(self, line: str, *, is_whole: bool) -> None:
        quote = _QUOTE.match(line)
        prefix = quote[0] if quote else ""
        body = line[len(prefix) :]
        text, links = take_links(drop_unfinished(body))
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
            if bare and _ADDRESS.fullmatch(text):
                self.facts.append(Sign.RESULT)
                return
        self.facts.append(Prose(prefix + text if links else line))

    def _read_status(self, text: str, *, quoted: bool, is_whole: bool) -> bool:
        """Adds the facts of a progress line; returns whether `text` is one."""
        # A number at the end of an unfinished line may get another digit.
        numbers = percentages(text if is_whole else text.rstrip("0123456789"), quoted=quoted)
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


def _has_link(info: str) -> bool:
    """Returns whether the words behind a fence are a picture: ```![x](https://…)."""
    return "](" in info or "://" in info


def _ends_code(line: str, fence: str) -> bool:
    """Returns whether `line` ends with the closing fence, alone or glued to the last words."""
    line = line.strip()
    is_alone = not line.strip(fence[0])
    return line.endswith(fence) and (is_alone or line.count(fence) % 2 == 1)
