"""One choice of a generation while it grows."""

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
    """Facts of a look, which the next look replaces, or facts that were heard."""

    percents: list[int] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    prompt: str | None = None
    task_id: str | None = None


class Choice:
    """The facts about one choice.

    Attributes:
        status: The status.
        error: Why it failed or was interrupted; None otherwise.
        finish_reason: The reason as received; None while the choice continues.
        text: The last `Text`.
        details: The last `Details`.
    """

    def __init__(self) -> None:
        self.status = Status.QUEUED
        self.error: str | None = None
        self.finish_reason: str | None = None
        self.text = Text("", "")
        self.details = Details()
        self._failure: str | None = None
        self._heard = _Facts()
        self._seen = _Facts()

    @property
    def progress(self) -> tuple[int, ...]:
        """All percentages, in order."""
        return (*self._heard.percents, *self._seen.percents)

    @property
    def made(self) -> list[Made]:
        """Pictures, videos and sounds, in order."""
        return [*self._heard.made, *self._seen.made]

    @property
    def revised_prompt(self) -> str | None:
        """The prompt as rewritten by the model; None if not given."""
        return self._seen.prompt or self._heard.prompt

    @property
    def task_id(self) -> str | None:
        """The provider's id of the task; None if not given."""
        return self._seen.task_id or self._heard.task_id

    def begin_look(self) -> None:
        """Forgets the facts of the last look, as the next look replaces them."""
        self._seen = _Facts()

    def take(self, fact: Fact, *, from_look: bool) -> None:
        """Takes a fact about this choice; `from_look` is True for facts of a look."""
        facts = self._seen if from_look else self._heard
        match fact:
            case Finished(reason):
                self.finish_reason = reason or self.finish_reason
            case Text():
                self.text = fact
            case Staged(stage):
                self._reach(stage)
            case Percent(value):
                facts.percents.append(value)
            case Made():
                facts.made.append(fact)
            case Details():
                self.details = fact
            case Revised(prompt):
                facts.prompt = prompt
            case TaskId(id_):
                facts.task_id = id_
            case Failed(reason):
                self._failure = reason

    def finish(self, missing: str | None) -> None:
        """Ends a whole choice: complete, or failed if its result is missing.

        Args:
            missing: The error if there is no result and no known reason; None for text models.
        """
        error = self._failure or (missing if not self.made else None)
        self.end(Status.FAILED if error else Status.COMPLETE, error)

    def end(self, status: Status, error: str | None) -> None:
        """Sets the final status.

        Raises:
            RuntimeError: The choice has ended before.
        """
        if status not in TRANSITIONS[self.status]:
            raise RuntimeError(f"a generation that is {self.status} cannot become {status}")
        self.status, self.error = status, error

    def _reach(self, stage: Stage) -> None:
        if stage is not Stage.QUEUED and Status.GENERATING in TRANSITIONS[self.status]:
            self.status = Status.GENERATING
