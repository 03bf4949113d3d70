"""Parses the text of an image model's answer.

These models write their parameters, stage, progress and results as Markdown. A complete line is
parsed once. The line that is still being written is parsed on demand, as if the text ended there.
So the facts depend only on the text and not on its cuts, and the time is linear in its length.
"""

import json
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any, TypeVar

from ...media.medium import Medium
from ...text import mended
from ..facts import Stage
from .line_facts import Block, Identifier, LineFact, Note, Progress, Prose, Reason, Sign, Unfinished
from .line_reader import LineReader
from .links import Link, LinkKind
from .plain_reader import PlainReader
from .results import Results, results
from .thoughts import without_thoughts

F = TypeVar("F", bound=LineFact)

# Match only complete escapes, and no part of an unfinished `\\u00e9`.
_PROMPT_SO_FAR = re.compile(
    r'"(?:user_)?prompt"\s*:\s*"((?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+)'
)


class Transcript:
    """The facts in a text so far. It does not change when the parser gets more text."""

    def __init__(
        self, reader: LineReader | PlainReader, pending: list[str], medium: Medium
    ) -> None:
        self._medium = medium
        self._reader = reader.twin()
        self._known = len(reader.facts)
        self._pending = (pending, len(pending))

    @cached_property
    def facts(self) -> list[LineFact]:
        """All facts in the order of the text, including those of an unfinished last line."""
        return self.read(is_whole=False)

    def read(self, *, is_whole: bool) -> list[LineFact]:
        """Returns all facts in order; `is_whole` is True if the last line is finished."""
        reader = self._reader.twin()
        reader.facts = reader.facts[: self._known]
        pending, count = self._pending
        reader.read("".join(pending[:count]), is_whole=is_whole)
        reader.finish()
        return reader.facts

    @property
    def settled(self) -> int:
        """The number of facts from complete lines, which more text does not change."""
        return self._known

    @cached_property
    def _by_kind(self) -> dict[type, list[Any]]:
        """Groups the facts once: a frame reads twenty kinds, and a long text has thousands."""
        kinds: dict[type, list[Any]] = {}
        for fact in without_thoughts(self.facts):
            kinds.setdefault(type(fact), []).append(fact)
        return kinds

    def _all(self, kind: type[F]) -> list[F]:
        return self._by_kind.get(kind, [])

    @property
    def parameters(self) -> dict[str, Any]:
        """The block of parameters; empty if there is none, or if it is not complete yet."""
        return next((fact.value for fact in self._all(Block)), {})

    @property
    def prompt(self) -> str | None:
        """The prompt as rewritten by the model; None if not given."""
        return _text(self.parameters.get("prompt") or self.parameters.get("user_prompt"))

    @property
    def ratio(self) -> str | None:
        """The aspect ratio, for example `3:2`; None if not given."""
        return _text(self.parameters.get("ratio") or self.parameters.get("aspect_ratio"))

    @cached_property
    def progress(self) -> tuple[int, ...]:
        """All percentages, in order, with repetitions."""
        return tuple(fact.percent for fact in self._all(Progress))

    @property
    def task_id(self) -> str | None:
        """The provider's id of the task; None if not given."""
        names = (fact for fact in self._all(Identifier) if not fact.name.startswith("gen"))
        return next((fact.value for fact in names), None)

    @property
    def gen_ids(self) -> tuple[str, ...]:
        """The ids of finished pictures, each once."""
        named = [fact.value for fact in self._all(Identifier) if fact.name.startswith("gen")]
        links = (link for link in self._all(Link) if link.kind is LinkKind.IMAGE)
        alts = [link.label for link in links if link.label[:4] == "gen_"]
        return tuple(dict.fromkeys(named + alts))

    @property
    def stage(self) -> Stage | None:
        """The last stage; None before the first."""
        return next(reversed(self._all(Stage)), None)

    @property
    def videos(self) -> tuple[str, ...]:
        """The addresses of videos, in order, each once."""
        return self.results.videos

    @property
    def images(self) -> tuple[str, ...]:
        """The addresses of the final pictures, in order, each once.

        The Markdown images; without these the download links; without these bare addresses;
        without these the preview.
        """
        return self.results.images

    @cached_property
    def markdown_images(self) -> tuple[str, ...]:
        """The pictures that are written as Markdown images, without other links."""
        links = (link.url for link in self._all(Link) if link.kind is LinkKind.IMAGE)
        return tuple(dict.fromkeys(links))

    @property
    def links(self) -> list[Link]:
        """All links, in order."""
        return self._all(Link)

    @cached_property
    def results(self) -> Results:
        """The pictures, videos and posters among the links."""
        return results(self.links, self._medium, has_prose=bool(self.prose))

    @property
    def _has_results(self) -> bool:
        return bool(self.results.urls)

    def alt(self, url: str) -> str:
        """Returns the alt text of the picture at `url`; may be empty."""
        return next((link.label for link in self._all(Link) if link.url == url), "")

    @cached_property
    def prose(self) -> str:
        """The model's own text as Markdown, without progress and links to results."""
        return _joined(fact.line for fact in self._all(Prose))

    def prose_beside(self, results: Iterable[str]) -> str:
        """Returns `prose` with the links that have turned out to be none of the results."""
        known = frozenset(results)
        return _joined(fact.beside(known) for fact in self._all(Prose))

    @property
    def unfinished(self) -> str:
        """The unfinished block of parameters; empty if there is none."""
        return "\n".join(fact.text for fact in self._all(Unfinished))

    @property
    def draft(self) -> str:
        """The rewritten prompt so far, while its block is unfinished."""
        match = _PROMPT_SO_FAR.search(self.unfinished)
        if not match:
            return ""
        try:
            return mended(str(json.loads(f'"{match[1]}"', strict=False)))
        except ValueError:
            return match[1]

    @property
    def statuses(self) -> int:
        """The number of quoted lines that report the stage or progress of a picture or video."""
        return self._all(Sign).count(Sign.STATUS)

    @property
    def has_result(self) -> bool:
        """Whether a line holds what a request for a picture or video gets, or got refused."""
        return bool(self.parameters) or Sign.RESULT in self._all(Sign)

    @property
    def failed(self) -> bool:
        """Whether the text reports a failure."""
        return self.stage is Stage.FAILED and not self._has_results

    @property
    def reason(self) -> str | None:
        """Why there is no result: the rest of the text. None if there is a result, or no text."""
        if self._has_results:
            return None
        words = _joined(
            fact.text if isinstance(fact, Reason) else fact.line
            for fact in without_thoughts(self.facts)
            if isinstance(fact, Reason | Prose)
        )
        return words or _joined(fact.text for fact in self._all(Note)) or None

    @property
    def partial(self) -> bool:
        """Whether the text stops in the middle of a generation."""
        if self.stage in (Stage.COMPLETE, Stage.FAILED) or self._has_results:
            return False
        return bool(self.unfinished or self.stage or self.progress)


class TranscriptParser:
    """Parses a transcript in pieces, wherever it is cut.

    >>> parser = TranscriptParser()
    >>> _ = parser.feed("> 🏃 Progress 14...3")
    >>> parser.feed("7..[100](https://example.com/p.png)\\n").progress
    (14, 37, 100)

    Args:
        reader: Parses the lines; without it they are those of a model that makes pictures.
        medium: What the model makes; text if nothing is known of it.
    """

    def __init__(
        self, reader: LineReader | PlainReader | None = None, medium: Medium = Medium.IMAGE
    ) -> None:
        self._medium = medium
        self._reader = reader or LineReader()
        self._pending: list[str] = []

    def feed(self, text: str) -> Transcript:
        """Takes the next piece and returns the facts so far, which are computed on demand."""
        whole, newline, rest = text.rpartition("\n")
        if newline:
            end, *lines = whole.split("\n")
            # `_pending` contains no line end. Do not copy a single piece: it can be a picture.
            first = "".join([*self._pending, end] if end else self._pending)
            self._pending = [rest] if rest else []
            is_in_gap = False
            for line in (first, *lines):
                if line or not is_in_gap:
                    self._reader.read(line, is_whole=True)
                    is_in_gap = not line and self._reader.is_in_gap
        elif rest:
            self._pending.append(rest)
        return Transcript(self._reader, self._pending, self._medium)

    def reread(self, text: str) -> Transcript:
        """Takes the unfinished line again from its beginning, with the text that follows."""
        self._pending = []
        return self.feed(text)

    def close(self) -> Transcript:
        """Ends the text, so that its last line counts as complete, and returns all facts."""
        return self.feed("\n")


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return str(value) if value else None


def _joined(lines: Iterable[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
