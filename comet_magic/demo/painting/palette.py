"""The colours of the light and the land: what belongs together at each hour."""

from dataclasses import dataclass

from comet_magic.demo.painting.colours import Colour


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours that go together.

    Attributes:
        sky: Colours from the top of the sky to the horizon.
        sun: Colour of the sun, or at night of the moon, and of its glow.
        far: Colour of the farthest hill.
        near: Colour of the nearest ground.
        water: Colours of water at the horizon and at the near edge.
        cloud: Colour of clouds in the light.
        air: Colour of the light that lies over things.
        haze: Share of that light, from 0 to 1.
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
