"""What the text of an image model's answer says.

Models of this family write their parameters, stage, progress and results as Markdown. It is read
line by line: a line that is whole is read once, for good; the line that is still being written is
read when somebody asks, as if the text ended there. So the facts depend on the text alone and
never on how it was cut, and the work grows with the length of the text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from .block import JsonBlock, is_failure, is_parameters
from .failure import failure_from_json
from .links import Link, LinkKind, bare_links, drop_unfinished, take_links, without_extension
from .stages import Stage, identifier, is_note, percentages, reason, stage_of, status_line


@dataclass(frozen=True, slots=True)
class Parameters:
    """The block of parameters, as parsed."""

    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Progress:
    """One percentage, 0 to 100."""

    percent: int


@dataclass(frozen=True, slots=True)
class Identifier:
    """An id line: `name` is `id`, `task id`, `gen_id` …"""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A line of the model's own text, links to its results taken out."""

    line: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the generation failed, in the transcript's words."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A quoted line that belongs to the protocol but says nothing that is used."""

    text: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A block of parameters that is still being written."""

    text: str


Fact = Parameters | Progress | Identifier | Prose | Reason | Note | Unfinished | Stage | Link
F = TypeVar("F", bound=Fact)

_QUOTE = re.compile(r"\s{0,8}>[>\s]*")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})\s*[\w+-]*\s*$")
_ADDRESS = re.compile(r"\s*(?:https?://|data:)\S*\s*")


class Transcript:
    """The facts in a text as far as it came. It does not change when the parser is fed on."""

    def __init__(self, reader: "_LineReader", pending: list[str]) -> None:
        self._reader = reader.twin()
        self._known = len(reader.facts)
        self._pending = (pending, len(pending))

    @cached_property
    def facts(self) -> list[Fact]:
        """All facts in the order of the text; the last line counts as far as it is written."""
        reader = self._reader.twin()
        reader.facts = reader.facts[: self._known]
        pending, count = self._pending
        reader.read("".join(pending[:count]), is_whole=False)
        reader.finish()
        return reader.facts

    def _all(self, kind: type[F]) -> list[F]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    @property
    def parameters(self) -> dict[str, Any]:
        """The block of parameters; empty if there is none, or it is not whole yet."""
        return next((fact.value for fact in self._all(Parameters)), {})

    @property
    def prompt(self) -> str | None:
        """The prompt as the model rewrote it; None if not given."""
        return _text(self.parameters.get("prompt") or self.parameters.get("user_prompt"))

    @property
    def ratio(self) -> str | None:
        """For example `3:2`; None if not given."""
        return _text(self.parameters.get("ratio") or self.parameters.get("aspect_ratio"))

    @property
    def progress(self) -> tuple[int, ...]:
        """Every percentage, in order, as often as it was named."""
        return tuple(fact.percent for fact in self._all(Progress))

    @property
    def task_id(self) -> str | None:
        """The id of the generation at the provider; None if not given."""
        names = (fact for fact in self._all(Identifier) if not fact.name.startswith("gen"))
        return next((fact.value for fact in names), None)

    @property
    def gen_ids(self) -> tuple[str, ...]:
        """Ids of finished pictures, each once."""
        named = [fact.value for fact in self._all(Identifier) if fact.name.startswith("gen")]
        alts = [link.label for link in self._links(LinkKind.IMAGE) if link.label[:4] == "gen_"]
        return tuple(dict.fromkeys(named + alts))

    @property
    def stage(self) -> Stage | None:
        """The last stage named; None before the first."""
        return next(reversed(self._all(Stage)), None)

    @property
    def videos(self) -> tuple[str, ...]:
        """Addresses of the videos, in order, each once."""
        return tuple(link.url for link in self._links(LinkKind.VIDEO))

    @property
    def posters(self) -> tuple[str, ...]:
        """The still pictures of a video reply: there the Markdown image is only the poster."""
        return self._pictures if self.videos else ()

    @property
    def images(self) -> tuple[str, ...]:
        """Addresses of the final pictures, in order, each once.

        The Markdown images; if there are none, the download links; if there are none, bare
        addresses; if there are none of these either, the preview.
        """
        return () if self.videos else self._pictures

    @property
    def markdown_images(self) -> tuple[str, ...]:
        """Those of `images` that are written as pictures, and not taken from other links."""
        return () if self.videos else tuple(link.url for link in self._links(LinkKind.IMAGE))

    @property
    def _pictures(self) -> tuple[str, ...]:
        for kind in (LinkKind.IMAGE, LinkKind.DOWNLOAD, LinkKind.BARE, LinkKind.PREVIEW):
            links = self._links(kind)
            if kind is LinkKind.BARE and self.prose:
                # "See https://…/policies" is no picture; an answer that is an address alone is.
                links = [link for link in links if not without_extension(link.url)]
            if links:
                return tuple(link.url for link in links)
        return ()

    def alt(self, url: str) -> str:
        """The alt text that the picture at `url` was given; may be empty."""
        return next((link.label for link in self._all(Link) if link.url == url), "")

    @property
    def prose(self) -> str:
        """The model's own text as Markdown, without the protocol and the links to its results."""
        return _joined(fact.line for fact in self._all(Prose))

    @property
    def unfinished(self) -> str:
        """The part of the block of parameters that has arrived while it is being written."""
        return "\n".join(fact.text for fact in self._all(Unfinished))

    @property
    def is_generation(self) -> bool:
        """Whether the text follows the protocol of a picture or video being made."""
        with_stage = self.parameters and self.stage
        return bool(self.progress or self.task_id or with_stage or self.stage is Stage.FAILED)

    @property
    def failed(self) -> bool:
        """Whether the text itself says that the generation failed."""
        return self.stage is Stage.FAILED and not self._pictures and not self.videos

    @property
    def reason(self) -> str | None:
        """Why there is no picture: the text that is left; None if nothing is, or there is one."""
        if self._pictures or self.videos:
            return None
        said = _joined(
            fact.text if isinstance(fact, Reason) else fact.line
            for fact in self.facts
            if isinstance(fact, Reason | Prose)
        )
        return said or _joined(fact.text for fact in self._all(Note)) or None

    @property
    def partial(self) -> bool:
        """Whether the text stops in mid-generation."""
        if self.stage in (Stage.COMPLETE, Stage.FAILED) or self._pictures or self.videos:
            return False
        return bool(self.unfinished or self.stage or self.progress)

    def _links(self, kind: LinkKind) -> list[Link]:
        """The links of a kind, one for each file they lead to."""
        found = {link.target: link for link in reversed(self._all(Link)) if link.kind is kind}
        return list(reversed(found.values()))


class TranscriptParser:
    """Reads a transcript in pieces, however it is cut.

    >>> parser = TranscriptParser()
    >>> _ = parser.feed("> 🏃 Progress 14...3")
    >>> parser.feed("7..[100](https://example.com/p.png)\\n").progress
    (14, 37, 100)
    """

    def __init__(self) -> None:
        self._reader = _LineReader()
        self._pending: list[str] = []

    def feed(self, text: str) -> Transcript:
        """Takes the next piece and returns the facts so far, which cost nothing until asked for."""
        whole, newline, rest = text.rpartition("\n")
        if newline:
            self._pending.append(whole)
            for line in "".join(self._pending).split("\n"):
                self._reader.read(line, is_whole=True)
            self._pending = [rest] if rest else []
        elif rest:
            self._pending.append(rest)
        return Transcript(self._reader, self._pending)

    def close(self) -> Transcript:
        """The facts of the whole text: its last line is known to be whole."""
        return self.feed("\n")


class _LineReader:
    """Turns lines into facts. `facts` is only appended to, so a length marks a point in time."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.block: JsonBlock | None = None
        self.fence = ""  # of the code that the line stands in
        self.closing = False  # a fenced block was read, its closing fence was not

    def twin(self) -> "_LineReader":
        """A reader in the same state that goes on from here on its own, sharing the facts."""
        twin = _LineReader()
        twin.facts = self.facts
        twin.block = self.block.copy() if self.block else None
        twin.fence, twin.closing = self.fence, self.closing
        return twin

    def read(self, line: str, *, is_whole: bool) -> None:
        line = line.removesuffix("\r")
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
        """Reads what is left as if the text ended here."""
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
            self.facts.append(Parameters(value))
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
        """The block is no parameters: code stays code, other lines are read as lines."""
        self.block = None
        if block.fence:
            self.fence = block.fence
            self.facts += [Prose(line) for line in (block.opening, *block.lines)]
        else:
            for line in block.lines:
                self._read_text(line, is_whole=True)

    def _read_text(self, line: str, *, is_whole: bool) -> None:
        quote = _QUOTE.match(line)
        mark = quote[0] if quote else ""
        body = line[len(mark) :]
        text, links = take_links(body if is_whole else drop_unfinished(body))
        self.facts += links
        if not text.strip():
            if not links and not quote:
                self.facts.append(Prose(""))
            return
        status = status_line(text)
        if status is not None and self._read_status(status, quoted=bool(quote), is_whole=is_whole):
            return
        if links and not re.search(r"\w", text):
            return  # the `|` between two links
        if is_whole or not text[-1:].isalnum():
            bare = bare_links(text)
            self.facts += bare
            if bare and _ADDRESS.fullmatch(text):
                return
        self.facts.append(Prose(mark + text if links else line))

    def _read_status(self, text: str, *, quoted: bool, is_whole: bool) -> bool:
        """Whether `text` is a line of the protocol; its facts are added."""
        # The next digit of a number at the end may be on its way.
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


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return str(value) if value else None


def _joined(lines: Iterable[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
