"""Things to hold, to wear and to love: a hat, a heart, an umbrella, and chess."""

from math import cos, pi, sin

from comet_magic.demo.painting.colours import WHITE, Colour, brightness, darken, lighten
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, heart, mirrored, oval
from comet_magic.demo.painting.pen import Pen


def hat(pen: Pen, guise: Guise) -> None:
    """Draw a top hat with a ribbon; its brim is about 1.6 units wide."""
    felt = guise.of((62, 56, 84), (196, 72, 70), (64, 120, 140))
    pen.fill(oval(0, -0.06, 0.78, 0.13), darken(felt, 0.2), darken(felt, 0.4))
    crown = curve([(-0.44, -0.06), (-0.46, -0.5), (-0.5, -0.92)], closed=False)
    pen.fill(
        [*crown, *[(-x, y) for x, y in reversed(crown)]], lighten(felt, 0.12), darken(felt, 0.1)
    )
    pen.fill(oval(0, -0.92, 0.5, 0.1), lighten(felt, 0.22))
    band = (236, 176, 84) if brightness(felt) < 0.6 else (70, 62, 90)
    pen.fill(
        [
            (-0.452, -0.3),
            (0.452, -0.3),
            (0.44, -0.09),
            *oval(0, -0.09, 0.44, 0.05, start=0, end=180),
            (-0.44, -0.09),
        ],
        band,
        darken(band, 0.14),
        line=False,
    )


def heart_(pen: Pen, guise: Guise) -> None:
    """Draw a glossy heart that beats."""
    red = guise.of((226, 68, 84), (240, 110, 130))
    beat = 1 + 0.05 * guise.sway(2)
    pen.glow(0, -0.5, 0.85, lighten(red, 0.5), 0.55)
    body = pen.at(0, -0.48, beat)
    shape = heart(0, 0, 0.5)
    body.fill(shape, lighten(red, 0.16), darken(red, 0.14))
    body.fill(oval(0.2, 0.14, 0.42, 0.5), darken(red, 0.4), alpha=0.14, inside=shape)
    body.fill(oval(-0.25, -0.2, 0.09, 0.14, turn=32), WHITE, alpha=0.55, inside=shape)


def chess(pen: Pen, guise: Guise) -> None:
    """Draw a chess knight, a pawn and a king on a piece of the board."""
    light = guise.of((246, 228, 196))
    dark = (84, 62, 70)
    for row in range(2):
        for column in range(8):
            x, y = -0.8 + 0.2 * column, -0.03 + 0.07 * row
            pen.fill(
                box(x, y, x + 0.2, y + 0.07), light if (row + column) % 2 else dark, line=False
            )
    _pawn(pen.at(-0.5, 0.02, 0.72), light)
    _king(pen.at(0.48, 0.0, 1.0), dark)
    knight = pen.at(-0.02, 0.05, 0.95)
    _plinth(knight, light)
    neck = curve([(0.17, -0.14), (0.24, -0.42), (0.2, -0.68), (0.07, -0.85)], closed=False)
    ears = [(0.03, -0.97), (-0.02, -0.86), (-0.06, -0.94), (-0.1, -0.82)]
    nose = curve(
        [(-0.1, -0.82), (-0.26, -0.66), (-0.38, -0.54), (-0.36, -0.45), (-0.26, -0.43)],
        closed=False,
    )
    chest = curve(
        [(-0.26, -0.43), (-0.1, -0.52), (-0.05, -0.5), (-0.12, -0.34), (-0.17, -0.14)], closed=False
    )
    knight.fill([*neck, *ears, *nose, *chest], lighten(light, 0.2), darken(light, 0.12))
    knight.fill(oval(-0.13, -0.7, 0.024), dark, line=False)
    for row in range(5):
        y = -0.76 + 0.11 * row
        knight.stroke(
            [(0.08 + 0.02 * row, y), (0.18 + 0.008 * row, y + 0.03)], darken(light, 0.34), 0.016
        )
    knight.stroke([(-0.35, -0.49), (-0.29, -0.5)], darken(light, 0.4), 0.014)


def _plinth(pen: Pen, colour: Colour) -> None:
    pen.fill(box(-0.26, -0.08, 0.26, 0, 0.03), lighten(colour, 0.08), darken(colour, 0.2))
    pen.fill(box(-0.2, -0.15, 0.2, -0.07, 0.03), lighten(colour, 0.16), darken(colour, 0.1))


def _pawn(pen: Pen, colour: Colour) -> None:
    _plinth(pen, colour)
    pen.fill(
        mirrored(curve([(0.06, -0.56), (0.08, -0.4), (0.17, -0.14)], closed=False)),
        lighten(colour, 0.2),
        darken(colour, 0.12),
    )
    pen.fill(box(-0.14, -0.6, 0.14, -0.53, 0.03), colour, darken(colour, 0.1))
    pen.fill(oval(0, -0.72, 0.15), lighten(colour, 0.25), darken(colour, 0.08))


def _king(pen: Pen, colour: Colour) -> None:
    _plinth(pen, colour)
    pen.fill(
        mirrored(curve([(0.12, -0.64), (0.09, -0.4), (0.17, -0.14)], closed=False)),
        lighten(colour, 0.25),
        darken(colour, 0.15),
    )
    pen.fill(box(-0.17, -0.67, 0.17, -0.61, 0.02), lighten(colour, 0.2), colour)
    pen.fill(
        [(-0.13, -0.67), (0.13, -0.67), (0.19, -0.85), (-0.19, -0.85)],
        lighten(colour, 0.22),
        darken(colour, 0.1),
    )
    pen.fill(oval(0, -0.85, 0.19, 0.05), lighten(colour, 0.3))
    pen.fill(box(-0.02, -1.03, 0.02, -0.86), lighten(colour, 0.25))
    pen.fill(box(-0.065, -0.98, 0.065, -0.94), lighten(colour, 0.25))


def umbrella(pen: Pen, guise: Guise) -> None:
    """Draw an open umbrella."""
    cloth = guise.of((222, 76, 74), (64, 136, 164), (246, 190, 80))
    body = pen.at(0, 0, turn=8 + 2 * guise.sway())
    body.stroke([(0, -0.98), (0, -0.08)], (110, 80, 68), 0.026)
    body.stroke(oval(0.06, -0.08, 0.06, 0.07, start=0, end=180), (110, 80, 68), 0.034)
    hem = []
    for step in range(4):
        x = 0.5 - 0.25 * step
        hem += [(x - 0.25 * k / 6, -0.52 - 0.05 * sin(pi * k / 6)) for k in range(6)]
    dome = [*oval(0, -0.52, 0.5, 0.42, start=180, end=360), *hem, (-0.5, -0.52)]
    body.fill(dome, lighten(cloth, 0.14), darken(cloth, 0.1))
    for left, right in ((-0.25, 0.0), (0.25, 0.5)):
        panel = [(0.0, -0.94)]
        panel += [(left * cos(k * 0.157), -0.52 - 0.42 * sin(k * 0.157)) for k in range(9, -1, -1)]
        panel += [(right * cos(k * 0.157), -0.52 - 0.42 * sin(k * 0.157)) for k in range(10)]
        body.fill(panel, lighten(cloth, 0.42), lighten(cloth, 0.26), inside=dome)
    body.fill(oval(0, -0.95, 0.022, 0.05), (110, 80, 68))
