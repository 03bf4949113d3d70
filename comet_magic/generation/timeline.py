"""What an exchange says, fact by fact, with the time at which each of them had arrived."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from ..families.chat.chunks import ChatCompletionChunk, Usage
from ..families.chat.line_facts import Block, Fact, Identifier, Progress, Reason
from ..families.chat.links import Link
from ..families.chat.reading import is_json, read_chunk
from ..families.chat.stages import Stage
from ..families.chat.transcript import TranscriptParser
from ..families.models import Medium
from ..media.addresses import short_url
from ..text import one_line
from ..wire.failure import failure_from_body
from ..wire.log import Attempt, Line, WireLog

T = TypeVar("T")

_DONE = "[DONE]"
_FIELDS = ("data", "event", "id", "retry", ":")
# The line that is being written is read at each event: one that is longer holds no protocol.
_LONGEST_LINE = 4_000
# By kind and text of the moment with which each begins; an empty text is any.
_PHASES = {
    ("sent", ""): "waiting",
    ("error", ""): "after an error",
    ("first text", ""): "answering",
    ("stage", "queued"): "queued",
    ("stage", "generating"): "generating",
}
# Seconds that are no phase.
_MOMENT = 0.001
# Of one kind in one answer; a hostile one could have thousands.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Moment:
    """One fact, and when it was known.

    Attributes:
        at: Seconds since the generation began.
        kind: `sent`, `answered`, `first text`, `parameters`, `stage`, `progress`, `id`, a
            `LinkKind`, `reason`, `finish`, `usage`, `error`, or `done`.
        text: What it says, on one line.
        choice: Which choice it is about, from 0.
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


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream, or a whole JSON body.

    Attributes:
        at: When it was whole.
        data: The text of its `data` lines.
        is_whole: False where a part of it may be missing.
    """

    at: float
    data: str
    is_whole: bool = True


def events(attempt: Attempt) -> list[Event]:
    """The events in the lines that were kept; of an answer in one piece that piece."""
    lines = attempt.lines
    if not _is_stream(lines):
        text = "\n".join(line.text for line in lines)
        return [Event(lines[-1].at, text)] if text.strip() else []
    return list(_events(lines))


def moments(exchange: WireLog, medium: Medium | None) -> tuple[Moment, ...]:
    """The facts of all requests in the order in which they came.

    Args:
        exchange: As it was kept; what was not kept says nothing.
        medium: What the model was asked for; a text model's words are not read as a protocol.
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
    """What was waited for, one after the other, from the first request to `end` in seconds."""
    began: list[tuple[float, str]] = []
    for moment in found:
        name = _PHASES.get((moment.kind, moment.text)) or _PHASES.get((moment.kind, ""))
        if name and moment.choice == 0 and (not began or began[-1][1] != name):
            began.append((moment.at, name))
    starts = [at for at, _ in began]
    ends = [*starts[1:], max(end, starts[-1])] if starts else []
    whole = [Phase(name, at, until) for (at, name), until in zip(began, ends, strict=True)]
    # Of an answer in one piece all but the waiting took no time.
    return tuple([phase for phase in whole if phase.end - phase.start >= _MOMENT] or whole[:1])


class _Reader:
    """Reads one answer as it came, and notes what is new after each event."""

    def __init__(self, medium: Medium | None) -> None:
        self._medium = medium
        self._parsers: dict[int, TranscriptParser] = {}
        self._unread: dict[int, str] = {}
        self._seen: Counter[tuple[int, str]] = Counter()
        self._usage: Usage | None = None

    def read(self, attempt: Attempt) -> Iterator[Moment]:
        lines = attempt.lines
        if attempt.status is not None and not 200 <= attempt.status < 300:
            said = failure_from_body("\n".join(line.text for line in lines)).message
            if lines:
                yield Moment(lines[-1].at, "error", one_line(said))
            return
        for event in events(attempt):
            yield from self._event(event)

    def _event(self, event: Event) -> Iterator[Moment]:
        if event.data.strip() == _DONE:
            yield Moment(event.at, "done", _DONE)
            return
        if event.data.startswith(":"):
            return  # a comment that a gateway made an event of
        chunk = read_chunk(event.data)
        if chunk.error and not event.is_whole and not is_json(event.data):
            return  # not the endpoint's error: it was cut, by the connection or by us
        if chunk.error:
            yield Moment(event.at, "error", one_line(chunk.error.message))
        yield from self._choices(chunk, event.at)
        for url in chunk.images:
            yield Moment(event.at, "image", short_url(url))
        if chunk.usage and chunk.usage != self._usage:
            self._usage = chunk.usage
            counts = (chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
            parts = " + ".join(f"{count:,}" for count in counts if count is not None)
            total = chunk.usage.total_tokens
            if total is not None:
                parts = f"{parts} = {total:,}" if parts else f"{total:,}"
            yield Moment(event.at, "usage", f"{parts} tokens")

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
            said = _said(fact)
            if said is None:
                continue
            kind = (index, said[0])
            counted[kind] += 1
            if counted[kind] > self._seen[kind]:
                self._seen[kind] = counted[kind]
                yield Moment(at, said[0], one_line(said[1]), index)


def _said(fact: Fact) -> tuple[str, str] | None:
    """The kind and the words of a fact; None for prose and what is not certain yet."""
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


def _events(lines: Iterable[Line]) -> Iterator[Event]:
    """By https://html.spec.whatwg.org/multipage/server-sent-events.html, as far as it is used."""
    data: list[Line] = []
    is_ping = False
    for line in lines:
        text = line.text.removeprefix("\ufeff")
        if text.startswith("data:") or (text.startswith('{"') and not data):
            data.append(line)
        elif text.removeprefix("event:").strip() == "ping":
            is_ping = True
        elif not text:
            if data and not is_ping:
                yield _event(data)
            data, is_ping = [], False
    if data and not is_ping:
        yield _event(data)


def _event(lines: Sequence[Line]) -> Event:
    # Some write a JSON body in the place of an event.
    values = [
        line.text if line.text.startswith("{") else line.text.partition(":")[2].removeprefix(" ")
        for line in lines
    ]
    return Event(lines[-1].at, "\n".join(values), all(line.is_whole for line in lines))


def _is_stream(lines: Sequence[Line]) -> bool:
    first = next((line.text for line in lines if line.text.strip("\ufeff \t")), "")
    return first.lstrip("\ufeff \t").startswith(_FIELDS)


def _counted(counter: Counter[T], key: T) -> int:
    counter[key] += 1
    return counter[key]
