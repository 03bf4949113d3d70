"""A generation as a value: the question and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Unpack

from .. import hooks
from ..families.messages import Message
from ..hooks import Displayed
from ..media.audios import GeneratedAudio
from ..media.images import GeneratedImage
from ..media.kinds import Media
from ..media.medium import Medium
from ..media.videos import GeneratedVideo
from ..wire.log import WireLog
from ..wire.usage import Usage
from .inspection import Inspection


class Status(StrEnum):
    """The status of a generation. The last three are final."""

    QUEUED = "queued"
    GENERATING = "generating"
    COMPLETE = "complete"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        """Whether no other status can follow."""
        return not TRANSITIONS[self]


_FINAL = {Status.COMPLETE, Status.FAILED, Status.INTERRUPTED}
# The statuses that may follow each status. While the answer grows, others are ignored: a second
# task of an answer is queued after the first has begun. At the end, another status is a bug.
TRANSITIONS: Mapping[Status, set[Status]] = {
    Status.QUEUED: {Status.GENERATING, *_FINAL},
    Status.GENERATING: _FINAL,
    Status.COMPLETE: set(),
    Status.FAILED: set(),
    Status.INTERRUPTED: set(),
}


# `Generation.error` when the user stopped it.
INTERRUPTED = "It was stopped before its end. The request may still be charged."


@dataclass(frozen=True, slots=True)
class Generation(Displayed):
    """One answer of a model, complete or partial.

    Attributes:
        id: The id of the completion as received; empty if not given.
        model: The model that answered; the requested one until the answer names it.
        prompt: The prompt as sent.
        text: The whole text as received.
        answer: The model's own words as Markdown: `text` without progress and links to results.
            For a text model the whole text.
        revised_prompt: The prompt as rewritten by the model; None if not given.
        ratio: The aspect ratio, for example `3:2`; None if not given.
        parameters: The parsed block of parameters in the answer; empty if there is none.
        task_id: The provider's id of the task; None if not given.
        gen_ids: The provider's ids of the finished pictures.
        status: The status.
        percent: The last percentage received, 0 to 100; None before the first.
        progress: All percentages received, in order.
        images: The pictures, in order, each once.
        videos: The videos, in order, each once.
        usage: The usage as received, for all choices together; None if not received.
        finish_reason: The reason as received: `stop`, `length`, `content_filter` …; None if not
            received.
        request_id: The provider's id of the request, for support; None if not given.
        started: The time of the request, with time zone.
        elapsed: Seconds from the start to the last byte, without downloads.
        time_to_first_token: Seconds to the first text; None before it.
        error: Why the generation failed or was interrupted; None otherwise.
        attempts: 1 and the number of retries.
        endpoint: The endpoint's host name, or `demo`.
        notes: Remarks for the user: a failed download, a wait before a retry.
        choices: A generation for each choice if there are several, else empty. The other fields
            are those of the first choice, except that `images`, `videos` and `audios` include all
            choices, and the status is complete only if all choices are.
        messages: The messages as sent. With `text` they form the conversation so far.
        requested_model: The requested model; `model` may be the provider's name for it.
        error_type: The class name of the error, for example `RateLimitError`; None without one.
        status_code: The HTTP status of the error; None if it has none.
        cost: The estimated cost in US dollars; None if the complete price is unknown.
        cost_source: The source of the price: `your prices` or `the price list`; empty without a
            cost.
        exchange: The log of the exchange, for `inspect`; None if it was not kept.
        replayed: The replayed recording, such as `lesson.jsonl, recorded 2026-11-25`; empty
            without one.
        medium: What the model makes: `image`, `video`, `audio` or `text`.
        audios: The sounds, in order, each once.
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
    medium: Medium = Medium.TEXT
    audios: tuple[GeneratedAudio, ...] = ()

    @property
    def media(self) -> tuple[Media, ...]:
        """All results: pictures, then videos, then sounds."""
        return (*self.images, *self.videos, *self.audios)

    def edit(
        self,
        prompt: str,
        *,
        model: str | None = None,
        system: str | None = None,
        images: Any = (),
        download: bool = True,
        **options: "Unpack[hooks.Options]",
    ) -> "Generation":
        """Requests a change: `generate` with this generation as its history.

        Args:
            prompt: The change, for example `make it night`.
            model: The model; by default the one requested for this generation.
            system: The system message; by default that of this generation.
            images: Pictures to send; see `generate`.
            download: Whether to fetch and save the results.
            **options: See `generate`.

        Raises:
            ValueError: This generation is not complete, so it cannot be continued.
            CometError: See `generate`.
        """
        return hooks.generate(
            prompt,
            history=self,
            model=model,
            system=system,
            images=images,
            download=download,
            **options,
        )

    def inspect(self) -> Inspection:
        """Returns the request, the lines of the answer with their times, the facts in them, and a
        timeline. The result displays itself.

        It does not contain the key. It is empty for results of `comet.map`.
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
        """Returns a copy that needs little memory: without the bytes of saved files, and without
        the log of the exchange."""
        return replace(
            self,
            exchange=None,
            images=tuple(image.on_disk() for image in self.images),
            videos=tuple(video.on_disk() for video in self.videos),
            audios=tuple(sound.on_disk() for sound in self.audios),
            choices=tuple(choice.on_disk() for choice in self.choices),
        )

    def _loaded(self) -> "Generation":
        return replace(
            self,
            images=tuple(image._loaded() for image in self.images),
            audios=tuple(sound._loaded() for sound in self.audios),
        )

    def __repr__(self) -> str:
        parts = [self.model, str(self.status)]
        counts = {
            "image": len(self.images),
            "video": len(self.videos),
            "sound": len(self.audios),
        }
        parts += [f"{n} {noun}{'' if n == 1 else 's'}" for noun, n in counts.items() if n]
        parts += [f"{len(self.text):,} characters"] if self.text else []
        return f"<Generation {', '.join(parts)}, {self.elapsed:.1f} s>"
