"""The easel: one canvas with its light and its moment, for all that paints scenery."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import pi, sin

from comet_magic.demo.painting.colours import Colour
from comet_magic.demo.painting.dice import dice
from comet_magic.demo.painting.palette import Palette
from comet_magic.demo.painting.paths import Point
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.scene import Scene


@dataclass(frozen=True, slots=True)
class Easel:
    """What scenery is painted on. The unit is the height of the picture.

    Attributes:
        pen: Its origin is the top left corner, y is 1 at the bottom.
        wide: The x of the right edge.
        scene: What to paint.
        palette: Colours of the light.
        seed: Seed of all chance.
        time: The moment of the film, from 0 to 1.
        side: The x where the hero stands, as a share of the width; lights go to the other side.
    """

    pen: Pen
    wide: float
    scene: Scene
    palette: Palette
    seed: str
    time: float
    side: float

    @property
    def unit(self) -> float:
        """The size of things: 1 in a square, less in a tall picture, where they must fit."""
        return float(min(1.0, self.wide) ** 0.85)

    @property
    def flat(self) -> Pen:
        """The pen without the light of the hour, for colours that are the palette's own."""
        return self.pen.in_light(self.pen.air, 0.0) if self.pen.haze < 1 else self.pen

    def lay(self, path: Sequence[Point], colour: Colour, to: Colour) -> None:
        """Fill a layer of the land; cut from paper, it throws a shadow on the one behind."""
        if self.scene.style == "papercut":
            for reach in (0.022, 0.016, 0.011, 0.006, 0.003):
                shadow = [(x + reach * 0.4, y - reach) for x, y in path]
                self.flat.fill(shadow, (30, 20, 50), alpha=0.085, line=False)
            self.flat.fill(path, colour)
            return
        self.flat.fill(path, colour, to)

    def chance(self, name: str) -> random.Random:
        """Return the random source for one part of the picture."""
        return dice(self.seed, name)

    def sway(self, rounds: int = 1, offset: float = 0.0) -> float:
        """Return a swing from -1 to 1 that is 0 in the still picture and ends where it began."""
        return sin(2 * pi * (self.time * rounds + offset)) - sin(2 * pi * offset)
