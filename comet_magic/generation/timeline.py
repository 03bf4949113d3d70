"""Reads the facts out of what was kept of the wire, each with the time when it was known."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar
from urllib.parse import urlsplit

from ..families.chat.chunks import ChatCompletionChunk, Usage
from ..families.chat.line_facts import Block, Fact, Identifier, Progress, Reason
from ..families.chat.links import Link
from ..families.chat.reading import is_end, is_filler, is_json, read_event
from ..families.chat.stages import Stage
from ..families.chat.transcript import TranscriptParser
from ..families.models import Medium
from ..media.addresses import short_url
from ..text import one_line
from ..wire.events import Event, EventReader, is_event_stream
from ..wire.failure import failure_from_body
from ..wire.log import Attempt, Piece, WireLog

T = TypeVar("T")

# An unfinished line is read at each event. A longer one is no line of the protocol.
_LONGEST_LINE = 4_000
# The phases by the moment with which they begin: its kind and its text; an empty text is any.
_PHASES = {
    ("sent", ""): "waiting",
    ("error", ""): "after an error",
    ("first text", ""): "answering",
    ("stage", "queued"): "queued",
    ("stage", "generating"): "generating",
}
# Seconds; a shorter stretch is no phase.
_MOMENT = 0.001
# Moments of one kind that are kept; a hostile answer could have thousands.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Moment:
    """One fact and the time when it was known.

    Attributes:
        at: Seconds since the generation began.
        kind: `sent`, `answered`, `first text`, `parameters`, `stage`, `progress`, `id`, a
            `LinkKind`, `reason`, `finish`, `usage`, `error`, or `done`.
        text: The fact in words, on one line.
        choice: The choice that it is about, from 0.
    """

    at: float
    kind: str
    text: str
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of time with a name, in seconds since the generation began."""

    name: str
    start: float
    end: float


def events(attempt: Attempt) -> list[tuple[float, Event]]:
    """The events that were kept, each with the time when it was complete; fillers are left out.

    A JSON body is one event.
    """
    stretches = attempt.stretches
    body = b"".join([piece for pieces in stretches for _, piece in pieces])
    if not body.strip():
        return []
    if not is_event_stream(body):
        text = body.decode("utf-8-sig", errors="replace")
        return [(stretches[-1][-1][0], Event("", text, len(body), is_whole=len(stretches) == 1))]
    found = [_events(pieces) for pieces in stretches]
    for before, after in pairwise(found):
        # Beside a gap there may be halves of events.
        if before and not before[-1][1].is_whole and not _is_certain(before[-1][1]):
            del before[-1]
        if after and not _is_certain(after[0][1]):
            del after[0]
    return [each for some in found for each in some if not is_filler(each[1])]


def moments(exchange: WireLog, medium: Medium | None) -> tuple[Moment, ...]:
    """The facts of all requests in the order in which they came.

    Args:
        exchange: What was kept of the wire.
        medium: What the model makes; None for text, which is not read as a protocol.
    """
    found: list[Moment] = []
    for number, attempt in enumerate(exchange.attempts, 1):
        count = len(exchange.attempts)
        what = f"{attempt.method} {urlsplit(attempt.url).path}"
        again = f", request {number} of {count}" if count > 1 else ""
        found.append(Moment(attempt.sent, "sent", what + again))
        if attempt.answered is not None:
            said = dict(attempt.answer_headers).get("content-type", "")
            found.append(Moment(attempt.answered, "answered", f"{attempt.status} {said}".strip()))
        found += _Reader(medium).read(attempt)
    limit: Counter[str] = Counter()
    return tuple(moment for moment in found if _counted(limit, moment.kind) <= _MOST)


def phases(found: Sequence[Moment], end: float) -> tuple[Phase, ...]:
    """The phases one after the other, from the first request to `end` in seconds."""
    began: list[tuple[float, str]] = []
    for moment in found:
        name = _PHASES.get((moment.kind, moment.text)) or _PHASES.get((moment.kind, ""))
        if name and moment.choice == 0 and (not began or began[-1][1] != name):
            began.append((moment.at, name))
    starts = [at for at, _ in began]
    ends = [*starts[1:], max(end, starts[-1])] if starts else []
    whole = [Phase(name, at, until) for (at, name), until in zip(began, ends, strict=True)]
    # If the answer came in one piece, only the waiting took time.
    return tuple([phase for phase in whole if phase.end - phase.start >= _MOMENT] or whole[:1])


class _Reader:
    """Reads one answer event by event, and tells what is new after each."""

    def __init__(self, medium: Medium | None) -> None:
        self._medium = medium
        self._parsers: dict[int, TranscriptParser] = {}
        self._unread: dict[int, str] = {}
        self._seen: Counter[tuple[int, str]] = Counter()
        self._usage: Usage | None = None

    def read(self, attempt: Attempt) -> Iterator[Moment]:
        if attempt.status is not None and not 200 <= attempt.status < 300:
            lines = attempt.lines
            said = failure_from_body("\n".join(line.text for line in lines)).message
            if lines:
                yield Moment(lines[-1].at, "error", one_line(said))
            return
        for at, event in events(attempt):
            if is_end(event):
                yield Moment(at, "done", (event.data or "").strip())
                return  # the client reads no further either
            if chunk := read_event(event):
                yield from self._chunk(chunk, at)

    def _chunk(self, chunk: ChatCompletionChunk, at: float) -> Iterator[Moment]:
        if chunk.error:
            yield Moment(at, "error", one_line(chunk.error.message))
        yield from self._choices(chunk, at)
        for url in chunk.images:
            yield Moment(at, "image", short_url(url))
        if chunk.usage and chunk.usage != self._usage:
            self._usage = chunk.usage
            counts = (chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
            parts = " + ".join(f"{count:,}" for count in counts if count is not None)
            total = chunk.usage.total_tokens
            if total is not None:
                parts = f"{parts} = {total:,}" if parts else f"{total:,}"
            yield Moment(at, "usage", f"{parts} tokens")

    def _choices(self, chunk: ChatCompletionChunk, at: float) -> Iterator[Moment]:
        for part in chunk.choices:
            index = part.index
            if part.text and index not in self._parsers:
                self._parsers[index] = TranscriptParser()
                yield Moment(at, "first text", one_line(part.text, 60), index)
            if part.text and self._medium:
                yield from self._facts(index, part.text, at, is_whole=part.whole)
            for url in part.images:
                yield Moment(at, "image", short_url(url), index)
            if part.finish_reason:
                if index in self._parsers and self._medium:
                    yield from self._facts(index, "\n", at, is_whole=True)
                yield Moment(at, "finish", one_line(part.finish_reason, 60), index)

    def _facts(self, index: int, text: str, at: float, *, is_whole: bool) -> Iterator[Moment]:
        rest = self._unread.get(index, "")
        end = text.rfind("\n")
        self._unread[index] = text[end + 1 :] if end >= 0 else rest + text
        transcript = self._parsers[index].feed(text)
        if end < 0 and len(self._unread[index]) > _LONGEST_LINE and not is_whole:
            return
        counted: Counter[tuple[int, str]] = Counter()
        for fact in transcript.facts:
            said = _kind_and_text(fact)
            if said is None:
                continue
            kind = (index, said[0])
            counted[kind] += 1
            if counted[kind] > self._seen[kind]:
                self._seen[kind] = counted[kind]
                yield Moment(at, said[0], one_line(said[1]), index)


def _kind_and_text(fact: Fact) -> tuple[str, str] | None:
    """The kind and the text of a fact; None for prose and for what is not certain yet."""
    said: tuple[str, str] | None = None
    match fact:
        case Block(value):
            said = "parameters", json.dumps(value, ensure_ascii=False)
        case Stage():
            said = "stage", str(fact)
        case Progress(percent):
            said = "progress", f"{percent} %"
        case Identifier(name, value):
            said = "id", f"{name} {value}"
        case Link(kind, _, url):
            said = str(kind), short_url(url)
        case Reason(text):
            said = "reason", text
    return said


def _events(pieces: Sequence[Piece]) -> list[tuple[float, Event]]:
    reader = EventReader()
    found = [(at, event) for at, piece in pieces for event in reader.feed(piece)]
    return found + [(pieces[-1][0], event) for event in reader.close()]


def _is_certain(event: Event) -> bool:
    """Whether an event beside a gap is certainly no half of one."""
    return is_end(event) or is_json(event.data or "")


def _counted(counter: Counter[T], key: T) -> int:
    counter[key] += 1
    return counter[key]
