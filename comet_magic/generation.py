"""A generation: what was asked, what came of it, and how it grows from the chunks of a stream."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from .displays import Displayed
from .media import GeneratedImage, GeneratedVideo
from .protocol.chat import ChatCompletionChunk, ChatCompletionRequest, ChunkChoice, Usage
from .protocol.models import Medium, medium_of
from .protocol.stages import Stage
from .protocol.transcript import Transcript, TranscriptParser


class Status(StrEnum):
    """How far a generation is. The last three are final."""

    QUEUED = "queued"
    GENERATING = "generating"
    COMPLETE = "complete"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return not _NEXT[self]


_FINAL = {Status.COMPLETE, Status.FAILED, Status.INTERRUPTED}
# What may follow what. A status that is not in the set of the one before it is ignored while
# the answer grows (a second task of one answer is queued after the first has begun), and is a
# mistake of ours at the end.
_NEXT: Mapping[Status, set[Status]] = {
    Status.QUEUED: {Status.GENERATING, *_FINAL},
    Status.GENERATING: _FINAL,
    Status.COMPLETE: set(),
    Status.FAILED: set(),
    Status.INTERRUPTED: set(),
}


@dataclass(frozen=True, slots=True)
class Generation(Displayed):
    """One answer of a model, whole or as far as it came.

    Attributes:
        id: Of the completion, as received; empty if there was none.
        model: That answered; the one that was asked until the answer names it.
        prompt: As sent.
        text: As received, whole.
        answer: The model's own words as Markdown: `text` without the progress protocol and the
            links to its pictures. For a text model all of it.
        revised_prompt: The prompt as the model rewrote it; None if it did not say.
        ratio: For example `3:2`; None if the model did not say.
        parameters: The block of parameters in the answer, parsed; empty if there is none.
        task_id: Of the task at the provider; None if not given.
        gen_ids: Of the finished pictures, as the provider names them.
        status: A `Status`.
        percent: The last percentage received, 0 to 100; None if none was.
        progress: Every percentage received, in order.
        images: In order, each once.
        videos: In order, each once.
        usage: As received; None if it was not. With several choices it is that of all of them.
        finish_reason: As received: `stop`, `length`, `content_filter` …; None if it was not.
        request_id: What to quote to the provider; None if not given.
        started: When the request was made, with its time zone.
        elapsed: Seconds since then, up to the last byte; downloads not included.
        time_to_first_token: Seconds to the first text; None before it.
        error: Why it is not complete, in words; None if it is, or is not finished.
        attempts: Requests that were made; more than one after a retry.
        endpoint: Who answered: the host's name, or `demo`.
        notes: What the user should know: a download that failed, a wait before a retry.
        choices: One such value for each choice if there are several, else empty. The fields
            above are the first choice's, but `images` and `videos` hold those of all of them,
            and the status is complete only if it is so for each.
    """

    id: str
    model: str
    prompt: str
    text: str
    answer: str
    revised_prompt: str | None
    ratio: str | None
    parameters: Mapping[str, Any]
    task_id: str | None
    gen_ids: tuple[str, ...]
    status: Status
    percent: int | None
    progress: tuple[int, ...]
    images: tuple[GeneratedImage, ...]
    videos: tuple[GeneratedVideo, ...]
    usage: Usage | None
    finish_reason: str | None
    request_id: str | None
    started: datetime
    elapsed: float
    time_to_first_token: float | None
    error: str | None = None
    attempts: int = 1
    endpoint: str = ""
    notes: tuple[str, ...] = ()
    choices: tuple["Generation", ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        parts = [self.model, str(self.status)]
        parts += [f"{len(self.images)} images"] if self.images else []
        parts += [f"{len(self.videos)} videos"] if self.videos else []
        parts += [f"{len(self.text):,} characters"] if self.text else []
        return f"<Generation {', '.join(parts)}, {self.elapsed:.1f} s>"


class GenerationBuilder:
    """Folds the chunks of one answer into a `Generation`.

    Adding is cheap; the text is read when a snapshot is taken. Times are passed in.

    Args:
        request: What was asked.
        started: When.
        endpoint: Who was asked.
    """

    def __init__(self, request: ChatCompletionRequest, started: datetime, endpoint: str) -> None:
        self.request = request
        self.request_id: str | None = None
        self.attempts = 1
        self.notes: list[str] = []
        self._started = started
        self._endpoint = endpoint
        self._id = ""
        self._model = request.model
        self._usage: Usage | None = None
        self._revised_prompt: str | None = None
        self._choices = {0: _Choice(medium_of(request.model))}
        self._media: dict[str, GeneratedImage | GeneratedVideo] = {}
        self._first_token: float | None = None
        self._elapsed = 0.0
        self._is_final = False

    def add(self, chunk: ChatCompletionChunk, elapsed: float) -> None:
        """Takes one chunk, `elapsed` seconds after the request was made."""
        if chunk.id and not self._id:
            self._id = chunk.id
        if chunk.model:
            self._model = chunk.model
        if chunk.usage:
            self._usage = chunk.usage
        self._elapsed = elapsed
        for part in chunk.choices:
            self._choice(part.index).add(part)
            if self._first_token is None and (part.text or part.images):
                self._first_token = elapsed
        if chunk.images:
            self._choices[0].outside += chunk.images
            self._revised_prompt = chunk.revised_prompt or self._revised_prompt
            if self._first_token is None:
                self._first_token = elapsed

    @property
    def has_ended(self) -> bool:
        """Whether every choice came to its end, or a picture came outside all choices."""
        choices = self._choices.values()
        return all(choice.finish_reason for choice in choices) or bool(self._choices[0].outside)

    @property
    def is_empty(self) -> bool:
        """Whether nothing of an answer has arrived."""
        return self._first_token is None and not any(
            choice.finish_reason for choice in self._choices.values()
        )

    def close(self, *, is_whole: bool) -> None:
        """No more text comes; `is_whole` says that it was not cut, so its last line is one."""
        for choice in self._choices.values():
            choice.close(is_whole=is_whole)

    def finish(self, elapsed: float) -> Generation:
        """The answer is whole: each choice is complete, or failed if its picture is missing."""
        self._elapsed = elapsed
        for choice in self._choices.values():
            choice.finish()
        return self._end()

    def interrupt(self, error: str, elapsed: float) -> Generation:
        """The answer ended early; what came is kept. Choices that were whole stay so."""
        self._elapsed = elapsed
        for choice in self._choices.values():
            if choice.finish_reason and len(self._choices) > 1:
                choice.finish()
            else:
                choice.end(Status.INTERRUPTED, error)
        return self._end()

    def fail(self, error: str, elapsed: float) -> Generation:
        """No answer came, or one that says that it failed."""
        self._elapsed = elapsed
        for choice in self._choices.values():
            choice.end(Status.FAILED, error)
        return self._end()

    def set_media(self, media: Iterable[GeneratedImage | GeneratedVideo]) -> None:
        """Replaces pictures and videos by what was made of their links."""
        self._media |= {item.url: item for item in media}

    def snapshot(self, elapsed: float | None = None) -> Generation:
        """The generation as far as it came; `elapsed` moves its clock on while it runs."""
        if elapsed is not None and not self._is_final:
            self._elapsed = elapsed
        several = len(self._choices) > 1
        each = tuple(self._view(self._choices[index]) for index in sorted(self._choices))
        first = each[0]
        if not several:
            return first
        worst = max(each, key=lambda choice: _SEVERITY[choice.status])
        return replace(
            first,
            status=worst.status,
            error=worst.error,
            images=tuple(image for choice in each for image in choice.images),
            videos=tuple(video for choice in each for video in choice.videos),
            choices=each,
        )

    def _end(self) -> Generation:
        self._is_final = True
        return self.snapshot()

    def _choice(self, index: int) -> "_Choice":
        if index not in self._choices:
            self._choices[index] = _Choice(medium_of(self.request.model))
        return self._choices[index]

    def _view(self, choice: "_Choice") -> Generation:
        choice.read()
        facts = choice.transcript
        revised = facts.prompt or self._revised_prompt
        alt = revised or self.request.prompt
        return Generation(
            id=self._id,
            model=self._model,
            prompt=self.request.prompt,
            text=choice.text,
            answer=choice.answer,
            revised_prompt=revised,
            ratio=facts.ratio,
            parameters=facts.parameters,
            task_id=facts.task_id,
            gen_ids=facts.gen_ids,
            status=choice.status,
            percent=facts.progress[-1] if facts.progress else None,
            progress=facts.progress,
            images=tuple(self._image(url, alt) for url in choice.image_urls),
            videos=tuple(self._videos(facts, alt)),
            usage=self._usage,
            finish_reason=choice.finish_reason,
            request_id=self.request_id,
            started=self._started,
            elapsed=self._elapsed,
            time_to_first_token=self._first_token,
            error=choice.error,
            attempts=self.attempts,
            endpoint=self._endpoint,
            notes=tuple(self.notes),
        )

    def _image(self, url: str, alt: str) -> GeneratedImage:
        known = self._media.get(url)
        return known if isinstance(known, GeneratedImage) else GeneratedImage.from_url(url, alt)

    def _videos(self, facts: Transcript, alt: str) -> Iterable[GeneratedVideo]:
        for number, url in enumerate(facts.videos):
            known = self._media.get(url)
            if isinstance(known, GeneratedVideo):
                yield known
            else:
                poster = facts.posters[number : number + 1]
                still = GeneratedImage.from_url(poster[0], alt) if poster else None
                yield GeneratedVideo.from_url(url, alt, still)


_SEVERITY = {
    Status.COMPLETE: 0,
    Status.QUEUED: 1,
    Status.GENERATING: 2,
    Status.FAILED: 3,
    Status.INTERRUPTED: 4,
}
_STATUS_OF = {
    Stage.QUEUED: Status.QUEUED,
    Stage.GENERATING: Status.GENERATING,
    Stage.COMPLETE: Status.GENERATING,  # the text says so; the stream has yet to end
    Stage.FAILED: Status.GENERATING,
}
# An unfinished line that is longer holds a picture: reading it again at each snapshot would cost
# more than all the rest, and there is nothing in it to show.
_LONGEST_LIVE_LINE = 50_000


class _Choice:
    """One choice as it grows."""

    def __init__(self, medium: Medium | None) -> None:
        self.medium = medium
        self.status = Status.QUEUED
        self.error: str | None = None
        self.finish_reason: str | None = None
        self.outside: tuple[str, ...] = ()
        self.text = ""
        self._new: list[str] = []
        self._length = 0
        self._line = 0
        self._parser = TranscriptParser()
        self.transcript = self._parser.feed("")

    def add(self, part: ChunkChoice) -> None:
        text = part.text
        if part.whole and self._length:
            # Some gateways repeat the whole message in their last chunk.
            self._join()
            text = text.removeprefix(self.text)
        if text:
            self._new.append(text)
            self._length += len(text)
        if part.images:
            self.outside += part.images
        if part.finish_reason:
            self.finish_reason = part.finish_reason

    def read(self) -> None:
        """Brings text, transcript and status up to what was added."""
        new = self._join()
        if new:
            end = new.rfind("\n") + 1
            self._line = len(new) - end + (0 if end else self._line)
            transcript = self._parser.feed(new)
            if self._line <= _LONGEST_LIVE_LINE:
                self.transcript = transcript
        if self.status.is_final or not self.text:
            return
        stage = self.transcript.stage
        status = _STATUS_OF[stage] if stage else Status.GENERATING
        if self.transcript.unfinished and not stage:
            status = Status.QUEUED  # the parameters are being written; the work is yet to come
        if status in _NEXT[self.status]:
            self.status = status

    def close(self, *, is_whole: bool) -> None:
        self.read()
        self.transcript = self._parser.close() if is_whole else self._parser.feed("")

    def finish(self) -> None:
        facts = self.transcript
        if self.image_urls or facts.videos:
            self.end(Status.COMPLETE, None)
        elif self.medium or facts.is_generation:
            what = "video" if self.medium is Medium.VIDEO else "picture"
            reason = facts.reason or facts.unfinished
            self.end(Status.FAILED, reason or f"The model finished without a {what}.")
        else:
            self.end(Status.COMPLETE, None)

    def end(self, status: Status, error: str | None) -> None:
        self.read()
        if status not in _NEXT[self.status]:
            raise RuntimeError(f"a generation that is {self.status} cannot become {status}")
        self.status, self.error = status, error

    @property
    def image_urls(self) -> tuple[str, ...]:
        """Pictures outside the text come first; a preview in the text is then only a preview."""
        inside = self.transcript.markdown_images if self.outside else self.transcript.images
        return tuple(dict.fromkeys((*self.outside, *inside)))

    @property
    def answer(self) -> str:
        facts = self.transcript
        if not (self.medium or facts.is_generation or self.image_urls or facts.videos):
            return self.text
        return "\n\n".join(part for part in (facts.prose, facts.unfinished) if part)

    def _join(self) -> str:
        new = "".join(self._new)
        if new:
            self._new.clear()
            self.text += new
        return new
