"""A text and the moments at which its pieces are written."""

import hashlib
import json
from dataclasses import dataclass
from typing import Literal

Ending = Literal["done", "cut", "error"]


@dataclass(frozen=True, slots=True)
class Piece:
    """What one chunk adds to a choice.

    Attributes:
        at: Seconds from the start of the answer, at a pace of 1.
        text: Never cut inside a character; "" if there is an image.
        image: A data URI that is sent beside the text.
    """

    at: float
    text: str = ""
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """All that one choice says, in order of time.

    Attributes:
        ending: `cut` closes the connection without a word, `error` sends an error instead.
    """

    pieces: tuple[Piece, ...]
    finish_reason: str = "stop"
    ending: Ending = "done"

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def images(self) -> tuple[str, ...]:
        """Every image that is sent beside the text."""
        return tuple(piece.image for piece in self.pieces if piece.image)

    @property
    def seconds(self) -> float:
        """When the last piece is written."""
        return self.pieces[-1].at if self.pieces else 0.0


class Pen:
    """Writes a script; every method moves the time on."""

    def __init__(self) -> None:
        self._now = 0.0
        self._pieces: list[Piece] = []

    def script(self, finish_reason: str = "stop", ending: Ending = "done") -> Script:
        """Give what was written."""
        return Script(tuple(self._pieces), finish_reason, ending)

    def write(self, text: str, *, after: float = 0.05) -> None:
        """Write a text in one piece, `after` seconds from now."""
        self._now += after
        self._pieces.append(Piece(self._now, text))

    def show(self, image: str, *, after: float = 0.05) -> None:
        """Send an image beside the text."""
        self._now += after
        self._pieces.append(Piece(self._now, image=image))

    def dots(self, count: int, *, each: float) -> None:
        """Write dots, one a piece."""
        for _ in range(count):
            self.write(".", after=each)

    def spell(self, text: str, *, within: float = 1.0) -> None:
        """Write a text in pieces of one or two characters, as parameter blocks come."""
        widths = [1 + byte % 2 for byte in hashlib.sha256(text.encode()).digest()]
        pieces: list[str] = []
        at = 0
        while at < len(text):
            width = widths[len(pieces) % len(widths)]
            pieces.append(text[at : at + width])
            at += width
        for piece in pieces:
            self.write(piece, after=within / len(pieces))

    def block(self, fence: str, parameters: dict[str, object], *, after: str = "\n\n") -> None:
        """Write a parameter block; without a fence the JSON stands bare."""
        block = json.dumps(parameters, ensure_ascii=False, indent=2)
        self.spell(f"{fence}\n{block}\n```{after}" if fence else f"{block}{after}")
