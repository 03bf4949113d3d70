"""The looks of one copy of a thing: its colour, its chance, its moment."""

import random
from dataclasses import dataclass
from math import pi, sin

from comet_magic.demo.painting.colours import Colour
from comet_magic.demo.painting.dice import dice


@dataclass(frozen=True, slots=True)
class Guise:
    """How one copy of a thing looks.

    Attributes:
        colour: The main colour that the prompt gives it, if any.
        seed: Seed of its chance; copies of a thing have different ones.
        time: The moment of the film, from 0 to 1.
        dark: Whether it is night, so that windows are lit.
        snowy: Whether snow lies on roofs and branches.
        flying: Whether it is in the air, though it could stand.
    """

    colour: Colour | None = None
    seed: str = ""
    time: float = 0.0
    dark: bool = False
    snowy: bool = False
    flying: bool = False

    def of(self, *usual: Colour) -> Colour:
        """Return the colour from the prompt, or else one of the usual ones."""
        return self.colour or self.chance("colour").choice(usual)

    def chance(self, name: str) -> random.Random:
        """Return the random source for one part of the thing."""
        return dice(self.seed, name)

    def sway(self, rounds: int = 1, offset: float = 0.0) -> float:
        """Return a swing from -1 to 1 that is 0 in the still picture and ends where it began."""
        return sin(2 * pi * (self.time * rounds + offset)) - sin(2 * pi * offset)
