"""Instruments, and notes that dance."""

from comet_magic.demo.painting.colours import WHITE, Colour, darken, lighten
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, mirrored, oval
from comet_magic.demo.painting.pen import Pen

_DARK: Colour = (58, 44, 52)
_STRING: Colour = (246, 232, 206)


def guitar(pen: Pen, guise: Guise) -> None:
    """Draw an acoustic guitar that leans."""
    wood = guise.of((222, 146, 76), (196, 106, 62), (236, 178, 102))
    body = pen.at(0, 0, turn=10 + 1.5 * guise.sway())
    neck = (116, 74, 58)
    body.fill(box(-0.034, -0.9, 0.034, -0.4), neck, darken(neck, 0.15))
    body.fill(
        [(-0.06, -1.04), (0.06, -1.04), (0.045, -0.88), (-0.045, -0.88)],
        darken(wood, 0.3),
        darken(wood, 0.45),
    )
    for side in (-1, 1):
        for row in range(3):
            body.fill(
                oval(side * 0.075, -1.01 + 0.045 * row, 0.02, 0.013), (238, 222, 190), line=False
            )
    outline = mirrored(
        curve(
            [
                (0, -0.53),
                (0.13, -0.52),
                (0.18, -0.42),
                (0.135, -0.31),
                (0.2, -0.22),
                (0.25, -0.1),
                (0.18, 0.0),
                (0, 0.02),
            ],
            closed=False,
        )
    )
    body.fill(outline, darken(wood, 0.35), darken(wood, 0.5))
    top = [(x * 0.93, -0.255 + (y + 0.255) * 0.94) for x, y in outline]
    body.fill(top, lighten(wood, 0.18), darken(wood, 0.06), line=False)
    body.fill(oval(0, -0.34, 0.08), darken(wood, 0.42), line=False)
    body.fill(oval(0, -0.34, 0.066), _DARK, line=False)
    body.fill(box(-0.095, -0.135, 0.095, -0.105, 0.01), neck, line=False)
    for row in range(8):
        body.stroke(
            [(-0.034, -0.87 + 0.055 * row), (0.034, -0.87 + 0.055 * row)], (206, 180, 150), 0.006
        )
    for string in range(4):
        x = -0.02 + 0.0133 * string
        body.stroke([(x, -0.96), (x * 1.4, -0.12)], _STRING, 0.005)
    body.fill(oval(-0.14, -0.12, 0.03, 0.1, turn=16), WHITE, alpha=0.2, inside=top)


def piano(pen: Pen, guise: Guise) -> None:
    """Draw a grand piano with its lid open."""
    black = guise.of((58, 52, 68))
    pen.fill(
        [(-0.5, -0.5), (0.5, -0.5), (0.6, -0.96), (0.34, -1.0), (0.0, -0.86), (-0.3, -0.72)],
        lighten(black, 0.2),
        black,
    )
    pen.fill(
        [(-0.44, -0.52), (0.46, -0.52), (0.55, -0.92), (0.33, -0.95), (0.02, -0.82)],
        (150, 100, 66),
        (120, 76, 56),
        line=False,
    )
    pen.stroke([(0.2, -0.5), (0.36, -0.84)], (90, 66, 60), 0.014)
    for x in (-0.46, 0.14, 0.5):
        pen.fill(
            [(x - 0.04, -0.3), (x + 0.04, -0.3), (x + 0.022, -0.02), (x - 0.022, -0.02)],
            black,
            darken(black, 0.2),
        )
        pen.fill(oval(x, -0.015, 0.035, 0.025), (226, 186, 100), line=False)
    pen.fill(box(-0.62, -0.52, 0.6, -0.28, 0.03), lighten(black, 0.12), darken(black, 0.1))
    pen.fill(box(-0.6, -0.4, 0.2, -0.34), (252, 248, 238), (230, 224, 216), line=False)
    for key in range(17):
        x = -0.6 + 0.047 * key
        pen.stroke([(x, -0.4), (x, -0.34)], (180, 172, 172), 0.005)
        if key % 7 not in (0, 3):
            pen.fill(box(x - 0.011, -0.4, x + 0.011, -0.365), (30, 28, 38), line=False)
    pen.fill(box(-0.64, -0.34, 0.24, -0.31), darken(black, 0.2), line=False)
    pen.fill(oval(0.38, -0.42, 0.14, 0.02), WHITE, alpha=0.25, line=False)
    _note(pen.at(-0.42, -0.74 + 0.03 * guise.sway(), 0.2, turn=-8), (226, 110, 90))
    _note(pen.at(-0.66, -0.9 + 0.03 * guise.sway(1, 0.3), 0.15, turn=10), (80, 150, 160))


def music(pen: Pen, guise: Guise) -> None:
    """Draw notes that rise from a staff that waves."""
    base = guise.of((226, 96, 92), (82, 132, 190), (240, 170, 76))
    for line in range(5):
        wave = curve(
            [
                (
                    -0.95 + 0.38 * k,
                    -0.3 - 0.08 * line + (0.1 if k % 2 else -0.04) + 0.02 * guise.sway(1, k / 6),
                )
                for k in range(6)
            ],
            closed=False,
        )
        pen.stroke(wave, lighten(base, 0.5), 0.012)
    places = ((-0.66, -0.28, 0.42), (-0.2, -0.42, 0.5), (0.28, -0.34, 0.44), (0.7, -0.52, 0.36))
    colours = (base, (96, 164, 160), (246, 190, 90), (150, 116, 190))
    for index, (x, y, size) in enumerate(places):
        note = pen.at(x, y + 0.04 * guise.sway(1, index / 4), size, turn=-8 + 6 * index)
        (_pair if index % 2 else _note)(note, colours[index])


def _note(pen: Pen, colour: Colour) -> None:
    pen.stroke([(0.15, -0.02), (0.15, -0.78)], colour, 0.055, line=True)
    pen.fill(
        curve(
            [(0.13, -0.82), (0.3, -0.66), (0.42, -0.5), (0.36, -0.34), (0.32, -0.5), (0.15, -0.58)]
        ),
        colour,
    )
    pen.fill(oval(0, 0, 0.19, 0.14, turn=-20), lighten(colour, 0.14), colour)


def _pair(pen: Pen, colour: Colour) -> None:
    for x in (-0.28, 0.28):
        pen.stroke([(x + 0.14, -0.02), (x + 0.14, -0.76)], colour, 0.055)
        pen.fill(oval(x, 0, 0.18, 0.135, turn=-20), lighten(colour, 0.14), colour)
    pen.fill([(-0.168, -0.86), (0.448, -0.8), (0.448, -0.62), (-0.168, -0.68)], colour)
