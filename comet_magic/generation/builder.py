"""Builds a generation from the facts of an answer."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from ..families.ask import Ask
from ..families.exchange import Exchange
from ..families.facts import Done, Fact, Finished, Grown, Made, Origin, SentError, Text, Used
from ..families.registry import medium_of
from ..media.audios import GeneratedAudio
from ..media.images import GeneratedImage
from ..media.kinds import Media
from ..media.medium import Medium
from ..media.videos import GeneratedVideo
from ..wire.log import WireLog
from ..wire.log_writer import LogWriter
from ..wire.usage import Usage
from .choice import Choice
from .made import Key, distinct, media_from
from .value import Generation, Status

_SEVERITY = {
    Status.COMPLETE: 0,
    Status.QUEUED: 1,
    Status.GENERATING: 2,
    Status.FAILED: 3,
    Status.INTERRUPTED: 4,
}
# Choices to show before they have begun.
_MOST_PLACES = 30


class GenerationBuilder:
    """Builds a `Generation` from the facts of one answer.

    Taking facts is cheap; the text is parsed when a snapshot is taken. The builder has no clock.

    Args:
        ask: The question.
        started: The time of the request.
        endpoint: The name of the endpoint.
        replayed: The name of the recording that is replayed; empty without one.
        base_url: The URL of the endpoint, to which relative addresses of results are joined.
        exchange: The exchange that reads the answer; None if nothing is sent.
        log: The log of the exchange, for `Generation.inspect`.

    Attributes:
        request_id: The provider's id of the request; None if not given.
        attempts: 1 and the number of retries; the calls of an exchange do not count.
        notes: Remarks for the user.
    """

    def __init__(
        self,
        ask: Ask,
        started: datetime,
        endpoint: str,
        replayed: str = "",
        *,
        base_url: str = "",
        exchange: Exchange | None = None,
        log: LogWriter | None = None,
    ) -> None:
        self.ask = ask
        self.request_id: str | None = None
        self.attempts = 1
        self.notes = list(ask.notes)
        self._messages = ask.messages
        self._medium = medium_of(ask.model)
        self._started = started
        self._endpoint = endpoint
        self._replayed = replayed
        self._base_url = base_url
        self._exchange = exchange
        self._log = log
        self._id = ""
        self._model = ask.model
        self._usage: Usage | None = None
        self._choices = {0: Choice()}
        self._running = {0}
        self._open = {0}  # choices of which more than usage may come
        self._media: dict[Key, Media] = {}
        self._has_grown = False
        self._first_token: float | None = None
        self._elapsed = 0.0
        self._is_closed = False
        self._is_final = False

    def take(self, facts: Iterable[Fact], elapsed: float) -> None:
        """Takes facts that arrived `elapsed` seconds after the start."""
        self._elapsed = elapsed
        for fact in facts:
            if type(fact) is not Grown or fact.choice not in self._choices:
                self._take(fact, from_look=False)
            else:
                self._has_grown = True  # that is all, and it comes with every token
            if self._first_token is None and isinstance(fact, Grown | Made | Text):
                self._first_token = elapsed

    @property
    def has_ended(self) -> bool:
        """Whether every choice has ended."""
        return not self._running

    @property
    def has_all(self) -> bool:
        """Whether as many choices as requested have ended."""
        return self.has_ended and len(self._choices) >= self.ask.wanted

    @property
    def is_open(self) -> bool:
        """Whether more text may come, though the choices have finish reasons."""
        return bool(self._open)

    @property
    def is_empty(self) -> bool:
        """Whether no text and no picture has arrived; a finish reason alone is no answer."""
        return self._first_token is None

    def close(self, *, is_whole: bool) -> None:
        """Ends the answer; `is_whole` is False for a cut answer."""
        self._is_closed = True
        if self._exchange:
            self._look(self._exchange.close(is_whole=is_whole))

    def finish(self, elapsed: float) -> Generation:
        """Ends a whole answer: each choice is complete, or failed if its result is missing."""
        self._elapsed = elapsed
        for choice in self._choices.values():
            self._finish(choice)
        return self._end()

    def interrupt(self, error: str, elapsed: float) -> Generation:
        """Ends a stopped answer and keeps what arrived. Choices that had ended stay complete."""
        self._stop(elapsed)
        # If all had ended, the stop came during the downloads, so all are interrupted.
        some = not self.has_ended
        for choice in self._choices.values():
            if choice.finish_reason and some:
                self._finish(choice)
            else:
                choice.end(Status.INTERRUPTED, error)
        return self._end()

    def fail(self, error: str, elapsed: float) -> Generation:
        """Ends with an error: there is no answer, or it reports a failure."""
        self._stop(elapsed)
        for choice in self._choices.values():
            choice.end(Status.FAILED, error)
        return self._end()

    def media(self) -> list[tuple[Key, Media]]:
        """Returns all results, each once, with their keys."""
        found: dict[Key, Media] = {}
        for choice in self._ordered():
            for key, item in self._made(choice):
                found.setdefault(key, item)
        return list(found.items())

    def set_media(self, key: Key, item: Media) -> None:
        """Replaces a result, for example after its download."""
        self._media[key] = item

    def snapshot(self, elapsed: float | None = None) -> Generation:
        """Returns the generation so far; `elapsed` updates its time while it runs."""
        if elapsed is not None and not self._is_final:
            self._elapsed = elapsed
        if self._has_grown and self._exchange:
            self._look(self._exchange.look())
        log = self._log.exchange if self._log else None
        each = tuple(self._view(choice, log) for choice in self._ordered())
        first = each[0]
        if len(each) == 1:
            return first
        worst = max(each, key=lambda choice: _SEVERITY[choice.status])
        return replace(
            first,
            status=worst.status,
            error=worst.error,
            images=tuple(image for choice in each for image in choice.images),
            videos=tuple(video for choice in each for video in choice.videos),
            audios=tuple(audio for choice in each for audio in choice.audios),
            choices=each,
        )

    def _ordered(self) -> list[Choice]:
        choices = dict(self._choices)
        if not self._is_final:
            # Add choices that have not begun, so that a frame has their places from the start.
            for index in range(min(self.ask.wanted, _MOST_PLACES)):
                choices.setdefault(index, Choice())
        return [choices[index] for index in sorted(choices)]

    def _look(self, facts: Iterable[Fact]) -> None:
        self._has_grown = False
        for choice in self._choices.values():
            choice.begin_look()
        for fact in facts:
            self._take(fact, from_look=True)

    def _take(self, fact: Fact, *, from_look: bool) -> None:
        if isinstance(fact, Grown):
            self._has_grown = True
            self._choice(fact.choice)
        elif isinstance(fact, Origin):
            self._id = self._id or fact.id
            self._model = fact.model or self._model
        elif isinstance(fact, Used):
            self._usage = fact.usage.after(self._usage)
        elif not isinstance(fact, SentError | Done):
            self._choice(fact.choice).take(fact, from_look=from_look)
            if isinstance(fact, Finished):
                self._running.discard(fact.choice)
                (self._open.discard if fact.is_last else self._open.add)(fact.choice)

    def _finish(self, choice: Choice) -> None:
        medium = choice.details.medium or self._medium
        missing = f"The model finished without a {medium.noun}."
        choice.finish(None if medium is Medium.TEXT else missing)

    def _stop(self, elapsed: float) -> None:
        self._elapsed = elapsed
        if not self._is_closed:
            self.close(is_whole=False)

    def _end(self) -> Generation:
        self._is_final = True
        return self.snapshot()

    def _choice(self, index: int) -> Choice:
        if index not in self._choices:
            self._choices[index] = Choice()
            self._running.add(index)
            self._open.add(index)
        return self._choices[index]

    def _view(self, choice: Choice, log: WireLog | None) -> Generation:
        made = [item for _, item in self._made(choice)]
        return Generation(
            id=self._id,
            model=self._model,
            prompt=self.ask.prompt,
            text=choice.text.text,
            answer=choice.text.answer,
            revised_prompt=choice.revised_prompt,
            ratio=choice.details.ratio,
            parameters=choice.details.parameters,
            task_id=choice.task_id,
            gen_ids=choice.details.gen_ids,
            status=choice.status,
            percent=choice.progress[-1] if choice.progress else None,
            progress=choice.progress,
            images=tuple(item for item in made if isinstance(item, GeneratedImage)),
            videos=tuple(item for item in made if isinstance(item, GeneratedVideo)),
            audios=tuple(item for item in made if isinstance(item, GeneratedAudio)),
            usage=self._usage,
            finish_reason=choice.finish_reason,
            request_id=self.request_id,
            started=self._started,
            elapsed=self._elapsed,
            time_to_first_token=self._first_token,
            error=choice.error,
            attempts=self.attempts,
            endpoint=self._endpoint,
            replayed=self._replayed,
            notes=tuple(self.notes),
            messages=self._messages,
            requested_model=self.ask.model,
            exchange=log,
            medium=choice.details.medium or self._medium,
        )

    def _made(self, choice: Choice) -> list[tuple[Key, Media]]:
        """Returns the results of a choice, each once, with downloads so far."""
        alt = choice.revised_prompt or self.ask.prompt
        made = choice.made
        if len(made) == 1 and not self._media:
            # Hashing a large data URI is slow, so skip it for a single result.
            return [(made[0].url or id(made[0]), media_from(made[0], alt, self._base_url))]
        found: dict[Key, Media] = {}
        for fact in made:
            key = fact.url or id(fact)
            if key not in found:
                found[key] = self._media.get(key) or media_from(fact, alt, self._base_url)
        return distinct(found)
