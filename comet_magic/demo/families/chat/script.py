"""The script of a choice: pieces of text and the moments at which they are sent."""

import hashlib
import json
from dataclasses import dataclass
from typing import Literal

Ending = Literal["done", "cut", "error"]


@dataclass(frozen=True, slots=True)
class Piece:
    """What one chunk adds to a choice.

    Attributes:
        due: Seconds from the start of the answer, at a pace of 1.
        text: Never cut inside a character; "" if there is an image.
        image: A data URI that is sent beside the text.
    """

    due: float
    text: str = ""
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that one choice sends, in order of time.

    Attributes:
        ending: `cut` closes the connection in the middle, `error` sends an error instead.
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
        """When the last piece is sent, at a pace of 1."""
        return self.pieces[-1].due if self.pieces else 0.0


class ScriptWriter:
    """Writes a script; every method moves the time on."""

    def __init__(self) -> None:
        self._now = 0.0
        self._pieces: list[Piece] = []

    def script(self, finish_reason: str = "stop", ending: Ending = "done") -> Script:
        """Return what was written."""
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
        """Write dots, each in a piece of its own and `each` seconds after the one before."""
        for _ in range(count):
            self.write(".", after=each)

    def spell(self, text: str, *, within: float = 1.0) -> None:
        """Write a text in pieces of one or two characters, as parameter blocks are sent."""
        widths = [1 + byte % 2 for byte in hashlib.sha256(text.encode()).digest()]
        pieces: list[str] = []
        start = 0
        while start < len(text):
            width = widths[len(pieces) % len(widths)]
            pieces.append(text[start : start + width])
            start += width
        for piece in pieces:
            self.write(piece, after=within / len(pieces))

    def block(self, fence: str, parameters: dict[str, object], *, after: str = "\n\n") -> None:
        """Write a parameter block: JSON in a Markdown fence, or bare if `fence` is empty."""
        block = json.dumps(parameters, ensure_ascii=False, indent=2)
        self.spell(f"{fence}\n{block}\n```{after}" if fence else f"{block}{after}")
