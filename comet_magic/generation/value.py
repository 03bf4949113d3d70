"""A generation as a value: what was asked, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from .. import hooks
from ..families.chat.chunks import Message, Usage
from ..hooks import Displayed
from ..media.images import GeneratedImage, GeneratedVideo
from ..wire.log import WireLog
from .inspection import Inspection


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
        return not TRANSITIONS[self]


_FINAL = {Status.COMPLETE, Status.FAILED, Status.INTERRUPTED}
# What may follow what. A status that is not in the set of the one before it is ignored while
# the answer grows (a second task of one answer is queued after the first has begun), and is a
# mistake of ours at the end.
TRANSITIONS: Mapping[Status, set[Status]] = {
    Status.QUEUED: {Status.GENERATING, *_FINAL},
    Status.GENERATING: _FINAL,
    Status.COMPLETE: set(),
    Status.FAILED: set(),
    Status.INTERRUPTED: set(),
}


# What `Generation.error` says when the user stopped it.
INTERRUPTED = "It was stopped before its end. The request may still be charged."


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
        messages: The request's messages, as sent: with `text` they are the conversation so far.
        requested_model: The one that was asked; `model` may be the provider's own name for it.
        error_type: The name of the error that was raised for it, for example `RateLimitError`;
            None if none was.
        status_code: The HTTP status of that error; None if it had none.
        cost: In US dollars, estimated when it ended; None if no price is known for all of it.
        cost_source: By what: `your prices` or `the price list`; empty without a cost.
        exchange: What went over the wire, for `inspect`; None where it was not kept.
        replayed: The recording that it came from, such as `lesson.jsonl, recorded 2026-11-25`;
            empty if the endpoint was asked.
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
    messages: tuple[Message, ...] = field(default=(), repr=False)
    requested_model: str = field(default="", repr=False)
    error_type: str | None = None
    status_code: int | None = None
    cost: float | None = None
    cost_source: str = ""
    exchange: WireLog | None = field(default=None, repr=False, compare=False)
    replayed: str = ""

    def edit(self, prompt: str, **options: Any) -> "Generation":
        """Asks for a change: `generate` that goes on from here, with the same model.

        Args:
            prompt: What is to be changed, for example `make it night`.
            **options: As for `generate`, `model` among them.

        Raises:
            ValueError: This generation is not complete, so nothing can follow it.
            CometError: As `generate`.
        """
        return hooks.generate(prompt, history=self, **options)

    def inspect(self) -> Inspection:
        """What happened on the wire: the request, the answer's lines with their times, the facts
        that were read out of them, and a timeline. It displays itself.

        The key is not in it. Results of `comet.map` have kept none of it.
        """
        return Inspection(
            model=self.requested_model or self.model,
            endpoint=self.endpoint,
            status=str(self.status),
            elapsed=self.elapsed,
            usage=self.usage,
            error=self.error,
            exchange=self.exchange,
        )

    def on_disk(self) -> "Generation":
        """This generation without what takes memory: the bytes of pictures that were saved (see
        `GeneratedImage`), and what went over the wire."""
        return replace(
            self,
            exchange=None,
            images=tuple(image.on_disk() for image in self.images),
            choices=tuple(choice.on_disk() for choice in self.choices),
        )

    def _with_pictures(self) -> "Generation":
        return replace(self, images=tuple(image._with_pictures() for image in self.images))

    def __repr__(self) -> str:
        parts = [self.model, str(self.status)]
        counts = {"image": len(self.images), "video": len(self.videos)}
        parts += [f"{n} {noun}{'' if n == 1 else 's'}" for noun, n in counts.items() if n]
        parts += [f"{len(self.text):,} characters"] if self.text else []
        return f"<Generation {', '.join(parts)}, {self.elapsed:.1f} s>"
