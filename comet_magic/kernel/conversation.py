"""Conversations: what `history` takes, and the exchanges of a kernel that `-c` goes on from."""

import base64
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from ..families.chat.chunks import SYSTEM_ROLES, Message
from ..families.turns import check_messages
from ..generation import Generation, Status
from ..media.images import GeneratedImage

History = Generation | Sequence[Generation] | Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Turn:
    """A message of the user and its answer: what is kept of a generation to go on from it.

    Attributes:
        model: That was asked.
        system: The system messages that it was asked with; may be empty.
        turn: The message and the answer.
    """

    model: str
    system: tuple[Message, ...]
    turn: tuple[Message, ...]

    @classmethod
    def of(cls, generation: Generation) -> Self:
        """The exchange of a generation, without the turns before it.

        Raises:
            ValueError: Nothing can follow it.
        """
        *earlier, prompt = generation.messages
        system = tuple(message for message in earlier if message["role"] in SYSTEM_ROLES)
        return cls(generation.requested_model, system, (prompt, _answer(generation)))


def messages_of(history: History | None) -> tuple[Message, ...]:
    """The messages that `history` stands for, oldest first.

    Args:
        history: A `Generation`: all that it was asked with, and its answer. Several: the turn of
            each, in order, with the system message of the last. Or messages. None: none.

    Raises:
        TypeError: It is none of these.
        ValueError: A generation is not complete or says nothing, or a message cannot be sent.
    """
    if history is None:
        return ()
    if isinstance(history, Generation):
        return (*history.messages, _answer(history))
    if isinstance(history, str | bytes | Mapping) or not isinstance(history, Iterable):
        raise TypeError(
            "history must be a Generation, or a list of Generations or messages, "
            f"not {type(history).__name__}"
        )
    items = list(history)
    generations = [item for item in items if isinstance(item, Generation)]
    if not generations:
        return check_messages(items)
    if len(generations) < len(items):
        raise TypeError("history must hold Generations or messages, not both")
    return _joined([Turn.of(generation) for generation in generations])


def model_of(history: History | None) -> str | None:
    """The model that the last answer in `history` was asked of; None if it does not say."""
    last = history[-1] if isinstance(history, Sequence) and history else history
    return last.requested_model if isinstance(last, Generation) else None


@dataclass(frozen=True, slots=True)
class CellRun:
    """One execution of one cell.

    Attributes:
        cell: What tells the cell from others, the same when it runs again; None: nothing does.
        execution: What tells this execution from others of the same cell.
    """

    cell: str | None
    execution: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the conversation of a kernel a cell stands.

    Attributes:
        run: The execution of the cell.
        before: What it goes on from, oldest first, with the execution that asked it.
    """

    run: CellRun
    before: tuple[tuple[CellRun, Turn], ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages so far."""
        return _joined([exchange for _, exchange in self.before])

    @property
    def model(self) -> str | None:
        """The model that was asked last; None if nothing was."""
        return self.before[-1][1].model if self.before else None


class Conversation:
    """The exchanges of one kernel, each going on from the one before. Any thread may call it."""

    def __init__(self) -> None:
        self._chain: tuple[tuple[CellRun, Turn], ...] = ()
        self._lock = threading.Lock()

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages so far."""
        return _joined([exchange for _, exchange in self._chain])

    def place(self, run: CellRun, *, goes_on: bool) -> Place:
        """Where `run` stands: at the beginning, or if it goes on behind the last exchange.

        A cell that runs again stands where it stood: the later turns answered to what is replaced.

        Raises:
            ValueError: There is nothing to go on from.
        """
        if not goes_on:
            return Place(run)
        chain = self._chain
        for at, (earlier, _) in enumerate(chain):
            # A cell that asks several times, in a loop, goes on from itself.
            if run.cell is not None and earlier.cell == run.cell and earlier != run:
                if at == 0:
                    raise ValueError(
                        "-c has nothing to continue: this cell began the conversation, and running "
                        "it again starts over. Write -c in a cell below it."
                    )
                return Place(run, chain[:at])
        if not chain:
            raise ValueError(
                "-c has nothing to continue: no %%comet cell was completed in this kernel. "
                "Run one without -c first."
            )
        return Place(run, chain)

    def enter(self, place: Place, *generations: Generation) -> None:
        """Makes what was asked at `place` the last exchange.

        Args:
            place: Where it was asked.
            *generations: Of several models that were asked at once the first one counts that
                anything can follow; if there is none, nothing changes.
        """
        for generation in generations:
            try:
                last = Turn.of(generation)
            except ValueError:
                continue
            with self._lock:
                self._chain = (*place.before, (place.run, last))
            return

    def forget(self) -> int:
        """Drops all exchanges and says how many there were."""
        with self._lock:
            chain, self._chain = self._chain, ()
        return len(chain)


def _joined(exchanges: Sequence[Turn]) -> tuple[Message, ...]:
    system = exchanges[-1].system if exchanges else ()
    return (*system, *(message for exchange in exchanges for message in exchange.turn))


def _answer(generation: Generation) -> Message:
    """The assistant's message, its text unchanged: links in it are how a service finds a picture.

    Pictures that came outside the text go with it as parts.
    """
    first = generation.choices[0] if generation.choices else generation
    if generation.status is not Status.COMPLETE:
        raise ValueError(f"a generation that is {generation.status} cannot be continued")
    outside = [link for image in first.images if (link := _outside(image, first.text))]
    if not first.text and not outside:
        raise ValueError("a generation without an answer cannot be continued")
    if not outside:
        return {"role": "assistant", "content": first.text}
    parts: list[dict[str, object]] = [{"type": "text", "text": first.text}] if first.text else []
    parts += [{"type": "image_url", "image_url": {"url": url}} for url in outside]
    return {"role": "assistant", "content": parts}


def _outside(image: GeneratedImage, text: str) -> str:
    """The link of a picture that `text` does not hold; empty if it does, or if there is none."""
    if image.url.startswith("data:") and image.url.endswith("…"):
        # Out of a resume file: inline pictures are cut there, in the text too, and are on disk.
        with suppress(OSError):
            data = base64.b64encode(image.read() or b"").decode()
            return f"data:{image.media_type};base64,{data}" if data else ""
        return ""
    return "" if image.url in text else image.url
