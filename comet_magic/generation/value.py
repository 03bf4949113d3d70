"""A generation as a value: the request, and all that was received for it."""

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
    """The state of a generation. The last three are final."""

    QUEUED = "queued"
    GENERATING = "generating"
    COMPLETE = "complete"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        """Whether the status cannot change any more."""
        return not TRANSITIONS[self]


_FINAL = {Status.COMPLETE, Status.FAILED, Status.INTERRUPTED}
# The statuses that may follow each status. While the answer grows any other status is ignored:
# a second task of one answer is queued after the first has begun. At the end it is a bug.
TRANSITIONS: Mapping[Status, set[Status]] = {
    Status.QUEUED: {Status.GENERATING, *_FINAL},
    Status.GENERATING: _FINAL,
    Status.COMPLETE: set(),
    Status.FAILED: set(),
    Status.INTERRUPTED: set(),
}


# `Generation.error` after an interrupt by the user.
INTERRUPTED = "It was stopped before its end. The request may still be charged."


@dataclass(frozen=True, slots=True)
class Generation(Displayed):
    """An answer of a model, complete or partial.

    Attributes:
        id: The id of the completion, as received; empty if there was none.
        model: The model that answered; the requested one until the answer names it.
        prompt: The prompt as sent.
        text: The whole text as received.
        answer: The model's own words as Markdown: `text` without the progress protocol and the
            links to its pictures. For a text model the same as `text`.
        revised_prompt: The prompt as the model rewrote it; None if not received.
        ratio: The aspect ratio, for example `3:2`; None if not received.
        parameters: The parsed block of parameters in the answer; empty if there is none.
        task_id: The id of the task at the provider; None if not received.
        gen_ids: The provider's ids of the finished pictures.
        status: A `Status`.
        percent: The last percentage received, 0 to 100; None before the first.
        progress: All percentages received, in order.
        images: Pictures in order, without duplicates.
        videos: Videos in order, without duplicates.
        usage: Token counts of all choices; None if not received.
        finish_reason: As received: `stop`, `length`, `content_filter` …; None if not received.
        request_id: The id to quote to the provider; None if not received.
        started: The time of the request, with its time zone.
        elapsed: Seconds from `started` to the last byte, without downloads.
        time_to_first_token: Seconds from `started` to the first text; None before it.
        error: Why it is not complete, in words; None if it is, or has not ended.
        attempts: The number of requests; more than one after retries.
        endpoint: The host that answered, or `demo`.
        notes: Messages for the user: a failed download, a wait before a retry.
        choices: A `Generation` for each choice if there are several, else empty. The fields
            above are those of the first choice, but `images`, `videos` and `audios` hold those
            of all choices, and the status is complete only if all choices are.
        messages: The messages of the request, as sent; with `text` the conversation so far.
        requested_model: The model that was requested; `model` may be the provider's name for it.
        error_type: The class name of the error that was raised, for example `RateLimitError`;
            None if none was.
        status_code: The HTTP status of that error; None if it had none.
        cost: Estimated US dollars; None if no known price covers all that was used.
        cost_source: Whose price that is: `your prices` or `the price list`; empty without a cost.
        exchange: What went over the wire, for `inspect`; None if it was not kept.
        replayed: The recording it was replayed from, such as `lesson.jsonl, recorded 2026-11-25`;
            empty if the endpoint was asked.
        audios: Sounds in order, without duplicates.
        medium: What the model makes: `image`, `video`, `audio` or `text`.
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
        """The exchange on the wire: the request, the lines of the answer with their times, the
        facts read from them, and a timeline. It displays itself.

        It never holds the key. Results of `comet.map` keep nothing of the exchange.
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
        """This generation without what takes memory: the bytes of saved files, and the exchange
        on the wire."""
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
