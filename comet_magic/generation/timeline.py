"""The facts in the log of an exchange, with their arrival times, and the phases between them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar
from urllib.parse import urlsplit

from ..families.exchange import Exchange, Pause
from ..families.facts import (
    Done,
    Fact,
    Failed,
    Finished,
    Grown,
    Made,
    Percent,
    SentError,
    Staged,
    TaskId,
    Used,
)
from ..media.addresses import short_url
from ..text import one_line
from ..wire.body import Body, is_json
from ..wire.events import Event, EventReader, is_event_stream
from ..wire.failure import failure_from_body
from ..wire.log import Attempt, Piece, WireLog
from ..wire.usage import Usage, in_words

T = TypeVar("T")

# Names of phases, by kind and text of their first moment; an empty text matches any.
_PHASES = {
    ("sent", ""): "waiting",
    ("error", ""): "after an error",
    ("first text", ""): "answering",
    ("stage", "queued"): "queued",
    ("stage", "generating"): "generating",
}
# A phase takes at least this many seconds.
_MOMENT = 0.001
# Moments to keep per kind; a hostile answer could have thousands.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Moment:
    """One fact with its arrival time.

    Attributes:
        at: Seconds since the generation began.
        kind: `sent`, `answered`, `first text`, `parameters`, `stage`, `progress`, `id`, a
            `LinkKind`, `reason`, `finish`, `usage`, `error`, or `done`.
        text: The content, on one line.
        choice: The number of the choice, from 0.
    """

    at: float
    kind: str
    text: str
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Phase:
    """A named period, in seconds since the generation began."""

    name: str
    start: float
    end: float


def events(attempt: Attempt) -> list[tuple[float, Event | Body]]:
    """Returns the kept events of an answer, or its body, with their arrival times.

    Leaves out events without data, and possibly incomplete ones.
    """
    stretches = attempt.stretches
    body = b"".join([piece for pieces in stretches for _, piece in pieces])
    if not body.strip():
        return []
    if not is_event_stream(body):
        whole = Body(body, dict(attempt.answer_headers).get("content-type", "").lower())
        is_half = body.lstrip()[:1] in (b"{", b"[") and not is_json(whole.text)
        return [] if is_half else [(stretches[-1][-1][0], whole)]
    found = [_events(pieces) for pieces in stretches]
    for before, after in pairwise(found):
        # Next to a gap an event may be incomplete.
        if before and not before[-1][1].is_whole and not is_json(before[-1][1].data or ""):
            del before[-1]
        if after and not is_json(after[0][1].data or ""):
            del after[0]
    return [(at, event) for some in found for at, event in some if event.data is not None]


def moments(log: WireLog, exchange: Exchange) -> tuple[Moment, ...]:
    """Returns the facts in all answers, in the order of arrival.

    Args:
        log: The log; parts that were not kept give no facts.
        exchange: A new exchange of the same family, which reads the answers again.
    """
    found: list[Moment] = []
    reader = _Reader(exchange)
    for number, attempt in enumerate(log.attempts, 1):
        count = len(log.attempts)
        what = f"{attempt.method} {urlsplit(attempt.url).path}"
        again = f", request {number} of {count}" if count > 1 else ""
        found.append(Moment(attempt.sent, "sent", what + again))
        if attempt.answered is not None:
            content_type = dict(attempt.answer_headers).get("content-type", "")
            text = f"{attempt.status} {content_type}".strip()
            found.append(Moment(attempt.answered, "answered", text))
        found += reader.read(attempt)
    limit: Counter[str] = Counter()
    return tuple(moment for moment in found if _counted(limit, moment.kind) <= _MOST)


def phases(found: Sequence[Moment], end: float) -> tuple[Phase, ...]:
    """Returns the consecutive phases from the first request to `end`, in seconds."""
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
    """Reads the answers again, and lists the new facts after each event."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._is_asked = False
        self._begun: set[int] = set()
        self._usage: Usage | None = None

    def read(self, attempt: Attempt) -> Iterator[Moment]:
        """Returns the moments of one answer."""
        if attempt.status is not None and not 200 <= attempt.status < 300:
            lines = attempt.lines
            message = failure_from_body("\n".join(line.text for line in lines)).message
            if lines:
                yield Moment(lines[-1].at, "error", one_line(message))
            return
        self._advance()
        for at, heard in events(attempt):
            self._is_asked = False
            facts = list(self._exchange.hear(heard))
            yield from self._moments(at, facts)
            if any(isinstance(fact, Done) for fact in facts):
                return  # the client stops here, too

    def _advance(self) -> None:
        """Takes the steps of the exchange up to the call that got this answer."""
        while not self._is_asked:
            self._is_asked = not isinstance(self._exchange.next(), Pause)

    def _moments(self, at: float, facts: Sequence[Fact]) -> Iterator[Moment]:
        for fact in facts:
            if isinstance(fact, SentError):
                yield Moment(at, "error", one_line(fact.failure.message))
            elif isinstance(fact, Grown) and fact.text and fact.choice not in self._begun:
                self._begun.add(fact.choice)
                yield Moment(at, "first text", one_line(fact.text, 60), fact.choice)
        if any(isinstance(fact, Grown | Finished) for fact in facts):
            for mention in self._exchange.mentions():
                yield Moment(at, mention.kind, one_line(mention.text), mention.choice)
        for fact in facts:
            if moment := self._moment(at, fact):
                yield moment

    def _moment(self, at: float, fact: Fact) -> Moment | None:
        found: tuple[str, str] | None = None
        match fact:
            case Staged(stage):
                found = "stage", str(stage)
            case Percent(value):
                found = "progress", f"{value} %"
            case TaskId(id_):
                found = "id", f"task_id {id_}"
            case Made(medium, url):
                # How many is not known: the log leaves most of them out.
                found = str(medium), short_url(url) or "its bytes"
            case Finished(reason) if reason:
                found = "finish", one_line(reason, 60)
            case Failed(reason):
                found = "reason", one_line(reason)
            case Used(usage) if usage != self._usage:
                self._usage = usage
                found = "usage", in_words(usage)
            case Done():
                found = "done", "[DONE]"
        return Moment(at, *found, getattr(fact, "choice", 0)) if found else None


def _events(pieces: Sequence[Piece]) -> list[tuple[float, Event]]:
    reader = EventReader()
    found = [(at, event) for at, piece in pieces for event in reader.feed(piece)]
    return found + [(pieces[-1][0], event) for event in reader.close()] if pieces else []


def _counted(counter: Counter[T], key: T) -> int:
    counter[key] += 1
    return counter[key]
