"""Parses lines into facts, and separates progress reports from the model's own text."""

import re

from ...wire.failure import failure_from_json
from ..facts import Stage
from .block import JsonBlock, is_failure, is_parameters
from .line_facts import Block, Identifier, LineFact, Note, Progress, Prose, Reason, Unfinished
from .links import bare_links, drop_unfinished, take_links
from .stages import identifier, is_note, percentages, reason, stage_of, status_line

_QUOTE = re.compile(r"\s{0,8}>[>\s]*")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})\s*[\w+-]*\s*$")
_ADDRESS = re.compile(r"\s*(?:https?://|data:)\S*\s*")
_WORD = re.compile(r"\w")
_GAP = [Prose(""), Prose("")]


class LineReader:
    """Parses lines. `facts` only grows, so its length identifies a point in time."""

    def __init__(self) -> None:
        self.facts: list[LineFact] = []
        self.block: JsonBlock | None = None
        self.fence = ""  # of the code block that contains the line
        self.closing = False  # a fenced block has ended, its closing fence is still to come

    def twin(self) -> "LineReader":
        """Returns an independent reader in the same state, which shares the list of facts."""
        twin = LineReader()
        twin.facts = self.facts
        twin.block = self.block.copy() if self.block else None
        twin.fence, twin.closing = self.fence, self.closing
        return twin

    @property
    def is_in_gap(self) -> bool:
        """Whether a blank line would change nothing: a million of them are one gap."""
        return not self.block and self.facts[-2:] == _GAP

    def read(self, line: str, *, is_whole: bool) -> None:
        """Parses a line; `is_whole` is False for a line that is still being written."""
        line = line.removesuffix("\r")
        if not line and self.is_in_gap:
            return
        if self.closing and line.strip():
            self.closing = False
            if line.lstrip().startswith(("```", "~~~")):
                return
        if self.block:
            self._read_block(self.block, line, is_whole=is_whole)
        elif self.fence:
            self.facts.append(Prose(line))
            if line.strip() == self.fence:
                self.fence = ""
        elif opening := _FENCE.match(line):
            self.block = JsonBlock(opening=line, fence=opening[1])
        elif line.lstrip().startswith("{"):
            self._read_block(JsonBlock(), line, is_whole=is_whole)
        else:
            self._read_text(line, is_whole=is_whole)

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
        value = block.value()
        if value is not None and is_parameters(value):
            self.facts.append(Block(value))
        elif value is not None and is_failure(value):
            why = failure_from_json({**value, "status": None})
            self.facts += [Stage.FAILED, Reason(why.message)] if why else [Stage.FAILED]
        else:
            self._give_up(block)
            return
        self.block = None
        self.closing = bool(block.fence)
        if rest.strip():
            self.read(rest.lstrip(), is_whole=is_whole)

    def _give_up(self, block: JsonBlock) -> None:
        """Handles a block that is not parameters: keeps code, and parses other lines as text."""
        self.block = None
        if block.fence:
            self.fence = block.fence
            self.facts += [Prose(line) for line in (block.opening, *block.lines)]
        else:
            for line in block.lines:
                self._read_text(line, is_whole=True)

    def _read_text(self, line: str, *, is_whole: bool) -> None:
        quote = _QUOTE.match(line)
        prefix = quote[0] if quote else ""
        body = line[len(prefix) :]
        text, links = take_links(drop_unfinished(body))
        self.facts += links
        if not text.strip():
            if not links and not quote:
                self.facts.append(Prose(""))
            return
        status = status_line(text)
        if status is not None and self._read_status(status, quoted=bool(quote), is_whole=is_whole):
            return
        if links and not _WORD.search(text):
            return  # the `|` between two links
        if is_whole or not text[-1:].isalnum():
            bare = bare_links(text)
            self.facts += bare
            if bare and _ADDRESS.fullmatch(text):
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
