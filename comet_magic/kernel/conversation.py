"""Conversations: what `history` accepts, and the turns of a kernel that `-c` continues."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from ..families.messages import SYSTEM_ROLES, Message, message
from ..families.turns import check_messages
from ..generation import Generation, Status
from ..media.addresses import data_uri, is_data_uri
from ..media.images import GeneratedImage

History = Generation | Sequence[Generation] | Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the user and its answer: all of a generation that a next turn needs.

    Attributes:
        model: The model that was asked.
        system: The system messages sent with it; may be empty.
        turn: The message and the answer.
    """

    model: str
    system: tuple[Message, ...]
    turn: tuple[Message, ...]

    @classmethod
    def of(cls, generation: Generation) -> Self:
        """The turn of a generation, without those before it.

        Raises:
            ValueError: The generation is incomplete or empty, so nothing can follow it.
        """
        *earlier, prompt = generation.messages
        system = tuple(message for message in earlier if message["role"] in SYSTEM_ROLES)
        return cls(generation.requested_model, system, (prompt, _answer(generation)))


def messages_of(history: History | None) -> tuple[Message, ...]:
    """The messages that `history` stands for, oldest first.

    Args:
        history: A `Generation`: the messages sent with it, and its answer. Several: the turn of
            each, in order, with the system message of the last. Or messages. None: no messages.

    Raises:
        TypeError: `history` is none of these.
        ValueError: A generation is incomplete or empty, or a message cannot be sent.
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
    """The model asked for the last answer in `history`; None if `history` does not say."""
    last = history[-1] if isinstance(history, Sequence) and history else history
    return last.requested_model if isinstance(last, Generation) else None


@dataclass(frozen=True, slots=True)
class CellRun:
    """One execution of one cell.

    Attributes:
        cell: Identifies the cell, also when it runs again; None if the front end sends no id.
        execution: Identifies this execution among others of the same cell.
    """

    cell: str | None
    execution: str


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a cell in the conversation of its kernel.

    Attributes:
        run: The execution of the cell.
        before: The earlier turns, oldest first, each with the execution that asked it.
    """

    run: CellRun
    before: tuple[tuple[CellRun, Turn], ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages of all turns so far."""
        return _joined([turn for _, turn in self.before])

    @property
    def model(self) -> str | None:
        """The model of the last turn; None if there is none."""
        return self.before[-1][1].model if self.before else None


class Conversation:
    """The turns of one kernel, each following the one before. Any thread may call it."""

    def __init__(self) -> None:
        self._chain: tuple[tuple[CellRun, Turn], ...] = ()
        self._lock = threading.Lock()

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages of all turns so far."""
        return _joined([turn for _, turn in self._chain])

    def place(self, run: CellRun, *, goes_on: bool) -> Place:
        """The place of `run`: at the beginning, or after the last turn if it goes on.

        A cell that runs again keeps its place. The later turns are dropped: they answered what it
        now replaces.

        Raises:
            ValueError: There is no turn to continue.
        """
        if not goes_on:
            return Place(run)
        chain = self._chain
        for at, (earlier, _) in enumerate(chain):
            # A cell that asks several times, in a loop, continues its own turns.
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
        """Adds a turn at `place`, and drops those that stood after it.

        Args:
            place: Where it was asked.
            *generations: One for each model that was asked at once. The first one that can be
                continued becomes the turn; if none can, nothing changes.
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
        """Drops all turns and returns how many there were."""
        with self._lock:
            chain, self._chain = self._chain, ()
        return len(chain)


def _joined(turns: Sequence[Turn]) -> tuple[Message, ...]:
    system = turns[-1].system if turns else ()
    return (*system, *(message for each in turns for message in each.turn))


def _answer(generation: Generation) -> Message:
    """The assistant's message. Its text is unchanged: services find a picture by the link in it.

    Pictures that came outside the text follow as parts.
    """
    first = generation.choices[0] if generation.choices else generation
    if generation.status is not Status.COMPLETE:
        raise ValueError(f"a generation that is {generation.status} cannot be continued")
    outside = [link for image in first.images if (link := _outside(image, first.text))]
    if not first.text and not outside:
        raise ValueError("a generation without an answer cannot be continued")
    return message("assistant", first.text, outside)


def _outside(image: GeneratedImage, text: str) -> str:
    """The link of a picture that `text` does not hold; empty if it does, or if there is none."""
    if is_data_uri(image.url) and image.url.endswith("…"):
        # A resume file cuts inline pictures, in the text too; their bytes are on disk.
        with suppress(OSError):
            data = image.read()
            return data_uri(image.media_type, data) if data else ""
        return ""
    # The text may hold it relative to the endpoint, or without the head of a data URI.
    held = image.url.partition(",")[2] if is_data_uri(image.url) else urlsplit(image.url).path
    return "" if held.strip("/ ") and held in text else image.url
