"""What the text of an image model's answer says.

Models of this family write their parameters, stage, progress and results as Markdown. It is read
line by line: a line that is whole is read once, for good; the line that is still being written is
read when somebody asks, as if the text ended there. So the facts depend on the text alone and
never on how it was cut, and the work grows with the length of the text.
"""

import json
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any, TypeVar

from ...text import mended
from .line_facts import Block, Fact, Identifier, Note, Progress, Prose, Reason, Unfinished
from .line_reader import LineReader
from .links import Link, LinkKind, without_extension
from .stages import Stage

F = TypeVar("F", bound=Fact)

# Only whole escapes: of a `\\u00e9` that is cut nothing is taken.
_PROMPT_SO_FAR = re.compile(
    r'"(?:user_)?prompt"\s*:\s*"((?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+)'
)


class Transcript:
    """The facts in a text as far as it came. It does not change when the parser is fed on."""

    def __init__(self, reader: LineReader, pending: list[str]) -> None:
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

    @cached_property
    def _by_kind(self) -> dict[type, list[Any]]:
        """Sorted once: a frame asks for twenty kinds, and a long answer has thousands of facts."""
        kinds: dict[type, list[Any]] = {}
        for fact in self.facts:
            kinds.setdefault(type(fact), []).append(fact)
        return kinds

    def _all(self, kind: type[F]) -> list[F]:
        return self._by_kind.get(kind, [])

    @property
    def parameters(self) -> dict[str, Any]:
        """The block of parameters; empty if there is none, or it is not whole yet."""
        return next((fact.value for fact in self._all(Block)), {})

    @property
    def prompt(self) -> str | None:
        """The prompt as the model rewrote it; None if not given."""
        return _text(self.parameters.get("prompt") or self.parameters.get("user_prompt"))

    @property
    def ratio(self) -> str | None:
        """For example `3:2`; None if not given."""
        return _text(self.parameters.get("ratio") or self.parameters.get("aspect_ratio"))

    @cached_property
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

    @cached_property
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

    @cached_property
    def prose(self) -> str:
        """The model's own text as Markdown, without the protocol and the links to its results."""
        return _joined(fact.line for fact in self._all(Prose))

    @property
    def unfinished(self) -> str:
        """The part of the block of parameters that has arrived while it is being written."""
        return "\n".join(fact.text for fact in self._all(Unfinished))

    @property
    def draft(self) -> str:
        """The rewritten prompt as far as it is written, while its block is not whole."""
        match = _PROMPT_SO_FAR.search(self.unfinished)
        if not match:
            return ""
        try:
            return mended(str(json.loads(f'"{match[1]}"', strict=False)))
        except ValueError:
            return match[1]

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
        links = [link for link in self._all(Link) if link.kind is kind]
        if len(links) < 2:
            return links  # the hash of a picture that is written out takes a while
        found: dict[str, Link] = {}
        for link in links:
            found.setdefault(link.target, link)
        return list(found.values())


class TranscriptParser:
    """Reads a transcript in pieces, however it is cut.

    >>> parser = TranscriptParser()
    >>> _ = parser.feed("> 🏃 Progress 14...3")
    >>> parser.feed("7..[100](https://example.com/p.png)\\n").progress
    (14, 37, 100)
    """

    def __init__(self) -> None:
        self._reader = LineReader()
        self._pending: list[str] = []

    def feed(self, text: str) -> Transcript:
        """Takes the next piece and returns the facts so far, which cost nothing until asked for."""
        whole, newline, rest = text.rpartition("\n")
        if newline:
            end, *lines = whole.split("\n")
            # What is pending holds no line end. A single piece is not copied: it can be a picture.
            first = "".join([*self._pending, end] if end else self._pending)
            self._pending = [rest] if rest else []
            for line in (first, *lines):
                self._reader.read(line, is_whole=True)
        elif rest:
            self._pending.append(rest)
        return Transcript(self._reader, self._pending)

    def reread(self, text: str) -> Transcript:
        """Takes the line that is being written once more from its beginning, and what follows."""
        self._pending = []
        return self.feed(text)

    def close(self) -> Transcript:
        """The facts of the whole text: its last line is known to be whole."""
        return self.feed("\n")


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return str(value) if value else None


def _joined(lines: Iterable[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
