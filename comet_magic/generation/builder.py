"""A generation as it grows: a fold over the chunks of its answer."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from ..families.chat.chunks import ChatCompletionChunk, ChatCompletionRequest, Usage
from ..families.models import medium_of
from ..media.images import GeneratedImage, GeneratedVideo, Media
from ..wire.log import WireLog
from ..wire.log_writer import LogWriter
from .choice import Choice
from .value import Generation, Status

_SEVERITY = {
    Status.COMPLETE: 0,
    Status.QUEUED: 1,
    Status.GENERATING: 2,
    Status.FAILED: 3,
    Status.INTERRUPTED: 4,
}


# Of answers that have not begun.
_MOST_PLACES = 30


class GenerationBuilder:
    """Folds the chunks of one answer into a `Generation`.

    Adding is cheap; the text is read when a snapshot is taken. Times are passed in.

    Args:
        request: What was asked.
        started: When.
        endpoint: Who was asked.
        replayed: The recording that answers in its place; empty if none does.
        recorder: Keeps what goes over the wire, for `Generation.inspect`.
    """

    def __init__(
        self,
        request: ChatCompletionRequest,
        started: datetime,
        endpoint: str,
        replayed: str = "",
        *,
        recorder: LogWriter | None = None,
    ) -> None:
        self.request = request
        self.request_id: str | None = None
        self.attempts = 1
        self.notes = list(request.notes)
        self._wanted = int(str(request.parameters.get("n", 1)))
        self._started = started
        self._endpoint = endpoint
        self._recorder = recorder
        self._replayed = replayed
        self._id = ""
        self._model = request.model
        self._usage: Usage | None = None
        self._revised_prompt: str | None = None
        self._choices = {0: Choice(medium_of(request.model))}
        self._running = {0}
        self._media: dict[str, Media] = {}
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
            if part.finish_reason:
                self._running.discard(part.index)
            if self._first_token is None and (part.text or part.images):
                self._first_token = elapsed
        if chunk.images:
            self._choices[0].outside += chunk.images
            self._running.discard(0)  # they come without choices, and without a finish reason
            self._revised_prompt = chunk.revised_prompt or self._revised_prompt
            if self._first_token is None:
                self._first_token = elapsed

    @property
    def has_ended(self) -> bool:
        """Whether every choice came to its end, or a picture came outside all choices."""
        return not self._running

    @property
    def has_all(self) -> bool:
        """Whether as many choices as were asked for have come to their end."""
        return self.has_ended and len(self._choices) >= self._wanted

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
        """It was stopped; what came is kept. Of several choices those that were whole stay so."""
        self._elapsed = elapsed
        # If all of them were, it was stopped while their pictures were fetched.
        some = not self.has_ended and len(self._choices) > 1
        for choice in self._choices.values():
            if choice.finish_reason and some:
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

    def set_media(self, item: Media) -> None:
        """Replaces a picture or video by what was made of its link."""
        self._media[item.url] = item

    def snapshot(self, elapsed: float | None = None) -> Generation:
        """The generation as far as it came; `elapsed` moves its clock on while it runs."""
        if elapsed is not None and not self._is_final:
            self._elapsed = elapsed
        choices = dict(self._choices)
        if not self._is_final:
            # Those that have not begun: a frame has their places from the start.
            for index in range(min(self._wanted, _MOST_PLACES)):
                choices.setdefault(index, Choice(medium_of(self.request.model)))
        exchange = self._recorder.exchange if self._recorder else None
        each = tuple(self._view(choices[index], exchange) for index in sorted(choices))
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
            choices=each,
        )

    def _end(self) -> Generation:
        self._is_final = True
        return self.snapshot()

    def _choice(self, index: int) -> Choice:
        if index not in self._choices:
            self._choices[index] = Choice(medium_of(self.request.model))
            self._running.add(index)
        return self._choices[index]

    def _view(self, choice: Choice, exchange: WireLog | None) -> Generation:
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
            videos=tuple(self._videos(choice, alt)),
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
            messages=self.request.messages,
            requested_model=self.request.model,
            exchange=exchange,
        )

    def _image(self, url: str, alt: str) -> GeneratedImage:
        known = self._media.get(url) if self._media else None
        return known if isinstance(known, GeneratedImage) else GeneratedImage.from_url(url, alt)

    def _videos(self, choice: Choice, alt: str) -> Iterable[GeneratedVideo]:
        for number, url in enumerate(choice.video_urls):
            known = self._media.get(url)
            if isinstance(known, GeneratedVideo):
                yield known
            else:
                poster = choice.transcript.posters[number : number + 1]
                still = GeneratedImage.from_url(poster[0], alt) if poster else None
                yield GeneratedVideo.from_url(url, alt, still)
