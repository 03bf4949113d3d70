"""The colours of the light and the land: what belongs together at each hour."""

from dataclasses import dataclass

from comet_magic.demo.painting.colours import Colour


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours that go together.

    Attributes:
        sky: From the top of the sky to the horizon.
        sun: Of the sun, or of the moon at night, and of the glow around it.
        far: Of the farthest hill.
        near: Of the nearest ground.
        water: Of water at the horizon and at the near edge.
        cloud: Of clouds in the light.
        air: The light that lies over things.
        haze: How much of it.
        dark: Whether windows are lit and stars are out.
    """

    sky: tuple[Colour, Colour, Colour]
    sun: Colour
    far: Colour
    near: Colour
    water: tuple[Colour, Colour]
    cloud: Colour
    air: Colour = (255, 244, 226)
    haze: float = 0.04
    dark: bool = False
