"""One choice of a generation as it grows: the facts that were told of it."""

from dataclasses import dataclass, field

from ..families.facts import (
    Details,
    Fact,
    Failed,
    Finished,
    Made,
    Percent,
    Revised,
    Stage,
    Staged,
    TaskId,
    Text,
)
from .value import TRANSITIONS, Status


@dataclass(slots=True)
class _Facts:
    """Facts of which there are several: those of the last look are replaced by the next."""

    percents: list[int] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)


class Choice:
    """What is known of one choice.

    Attributes:
        status: How far it is.
        error: Why it is not complete; None if it is, or goes on.
        finish_reason: As received; None while it goes on.
        text: The last `Text`.
        details: The last `Details`.
        revised_prompt: The prompt as the model rewrote it; None if it did not say.
        task_id: Of the work at the provider; None if not given.
    """

    def __init__(self) -> None:
        self.status = Status.QUEUED
        self.error: str | None = None
        self.finish_reason: str | None = None
        self.text = Text("", "")
        self.details = Details()
        self.revised_prompt: str | None = None
        self.task_id: str | None = None
        self._failure: str | None = None
        self._heard = _Facts()
        self._seen = _Facts()

    @property
    def progress(self) -> tuple[int, ...]:
        """Every percentage, in order."""
        return (*self._heard.percents, *self._seen.percents)

    @property
    def made(self) -> list[Made]:
        """Pictures, videos and sounds, in order."""
        return [*self._heard.made, *self._seen.made]

    def begin_look(self) -> None:
        """What the last look said is replaced by what is taken from now on."""
        self._seen = _Facts()

    def take(self, fact: Fact, *, is_seen: bool) -> None:
        """Takes a fact about this choice; `is_seen` says that it comes from a look."""
        match fact:
            case Finished(reason):
                self.finish_reason = reason or self.finish_reason
            case Text():
                self.text = fact
            case Staged(stage):
                self._reach(stage)
            case Percent(value):
                (self._seen if is_seen else self._heard).percents.append(value)
            case Made():
                (self._seen if is_seen else self._heard).made.append(fact)
            case Details():
                self.details = fact
            case Revised(prompt):
                self.revised_prompt = prompt
            case TaskId(id_):
                self.task_id = id_
            case Failed(reason):
                self._failure = reason

    def finish(self, missing: str | None) -> None:
        """It came to its end: it is complete, or failed if what was asked for is missing.

        Args:
            missing: What to say if nothing was made and no reason is known; None if nothing must.
        """
        error = self._failure or (missing if not self.made else None)
        self.end(Status.FAILED if error else Status.COMPLETE, error)

    def end(self, status: Status, error: str | None) -> None:
        """Ends in this status.

        Raises:
            RuntimeError: It has ended before.
        """
        if status not in TRANSITIONS[self.status]:
            raise RuntimeError(f"a generation that is {self.status} cannot become {status}")
        self.status, self.error = status, error

    def _reach(self, stage: Stage) -> None:
        if stage is not Stage.QUEUED and Status.GENERATING in TRANSITIONS[self.status]:
            self.status = Status.GENERATING
