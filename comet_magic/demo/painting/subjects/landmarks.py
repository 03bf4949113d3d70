"""Landmarks: a lighthouse, a windmill, a bridge, pyramids."""

from comet_magic.demo.painting.colours import WHITE, Colour, darken, lighten, mix
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, oval
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.subjects.buildings import window

_LIT: Colour = (255, 214, 120)


def lighthouse(pen: Pen, guise: Guise) -> None:
    """Draw a striped lighthouse on its rock; at night its lamp shines far."""
    band = guise.of((212, 70, 64), (46, 98, 156))
    rock = (104, 98, 112)
    if guise.dark:
        for side in (-1, 1):
            tip = -0.9 + 0.06 * guise.sway(1, 0.1)
            pen.fill(
                [(0, -0.87), (side * 1.6, tip - 0.2), (side * 1.6, tip + 0.14)],
                (255, 240, 180),
                alpha=0.2,
                line=False,
                bright=True,
            )
    stones = [
        (-0.5, 0.04),
        (-0.42, -0.06),
        (-0.26, -0.07),
        (-0.18, -0.13),
        (0.2, -0.13),
        (0.3, -0.06),
        (0.44, -0.05),
        (0.54, 0.04),
    ]
    pen.fill([*stones, (0.6, 0.1), (-0.56, 0.1)], lighten(rock, 0.16), darken(rock, 0.3))
    pen.fill(
        [(-0.18, -0.13), (0.02, -0.13), (-0.1, 0.1), (-0.4, 0.1)],
        lighten(rock, 0.3),
        alpha=0.5,
        line=False,
    )
    shaft = [(-0.085, -0.8), (0.085, -0.8), (0.15, -0.1), (-0.15, -0.1)]
    pen.fill(shaft, (252, 246, 236), (230, 222, 218))
    for step in range(3):
        low = -0.66 + step * 0.24
        pen.fill(
            [(-0.3, low), (0.3, low), (0.3, low + 0.12), (-0.3, low + 0.12)],
            lighten(band, 0.08),
            band,
            inside=shaft,
        )
    pen.fill(
        [(0.03, -0.82), (0.2, -0.82), (0.2, 0), (0.06, 0)], (60, 40, 80), alpha=0.16, inside=shaft
    )
    pen.fill(box(-0.035, -0.2, 0.035, -0.1, 0.035), (96, 66, 60))
    for y in (-0.34, -0.6):
        pen.fill(
            box(-0.022, y, 0.022, y + 0.055, 0.02),
            _LIT if guise.dark else (84, 104, 130),
            line=False,
            bright=guise.dark,
        )
    pen.fill(box(-0.125, -0.825, 0.125, -0.79, 0.008), (70, 66, 84))
    lamp = (255, 240, 170) if guise.dark else (196, 226, 232)
    pen.fill(box(-0.065, -0.92, 0.065, -0.825), lamp, line=False, bright=True)
    for x in (-0.062, 0, 0.062):
        pen.stroke([(x, -0.92), (x, -0.82)], (70, 66, 84), 0.01)
    pen.fill([(-0.09, -0.91), (0, -1.0), (0.09, -0.91)], band, darken(band, 0.2))
    if guise.dark:
        pen.glow(0, -0.87, 0.5, (255, 236, 160), 0.85)


def windmill(pen: Pen, guise: Guise) -> None:
    """Draw a windmill whose sails turn."""
    wall = guise.of((244, 232, 212), (198, 128, 96))
    cap = (120, 76, 70)
    shaft = [(-0.12, -0.66), (0.12, -0.66), (0.22, 0), (-0.22, 0)]
    pen.fill(shaft, lighten(wall, 0.1), darken(wall, 0.12))
    pen.fill(
        [(0.04, -0.7), (0.3, -0.7), (0.3, 0.1), (0.08, 0.1)],
        darken(wall, 0.6),
        alpha=0.15,
        inside=shaft,
    )
    pen.fill(box(-0.06, -0.17, 0.06, 0, 0.05), (110, 76, 66))
    window(pen, guise, 0, -0.4, 0.07, high=0.09)
    pen.fill(
        curve([(-0.14, -0.65), (-0.1, -0.77), (0, -0.82), (0.1, -0.77), (0.14, -0.65)]),
        lighten(cap, 0.1),
        cap,
    )
    for sail in range(4):
        arm = pen.at(0, -0.7, turn=18 + 90 * sail + 90 * guise.time)
        arm.stroke([(0, 0), (0, -0.46)], (96, 70, 64), 0.018)
        arm.fill(box(0.012, -0.46, 0.105, -0.1), (252, 244, 228), (236, 222, 204))
        for step in range(5):
            arm.stroke(
                [(0.012, -0.44 + 0.08 * step), (0.105, -0.44 + 0.08 * step)], (150, 116, 98), 0.007
            )
    pen.fill(oval(0, -0.7, 0.03), (84, 60, 58))


def bridge(pen: Pen, guise: Guise) -> None:
    """Draw an arched stone bridge, about two units wide, that stands in the water."""
    stone = guise.of((206, 184, 166), (190, 178, 182), (214, 152, 120))
    top = [(-1.25, -0.34), *oval(0, 0.5, 1.25, 1.1, start=222, end=318), (1.25, -0.34)]
    body = [*top, (1.25, 0.03), (-1.25, 0.03)]
    pen.fill(body, lighten(stone, 0.12), darken(stone, 0.12))
    pen.stroke(top, lighten(stone, 0.3), 0.055)
    hole = mix(darken(stone, 0.55), (60, 110, 140), 0.35)
    for x, r in ((0, 0.3), (-0.68, 0.21), (0.68, 0.21)):
        pen.stroke(
            oval(x, 0.0, r + 0.025, r * 1.15 + 0.025, start=180, end=360), darken(stone, 0.2), 0.05
        )
        arch = oval(x, 0.03, r, r * 1.2, start=180, end=360)
        pen.fill(arch, darken(hole, 0.2), lighten(hole, 0.25), line=False)
    for step in range(15):
        x = -1.12 + 0.16 * step
        y = 0.5 - 1.1 * (1 - (x / 1.25) ** 2) ** 0.5 if abs(x) < 0.9 else -0.3
        if abs(x) < 0.9:
            pen.fill(box(x - 0.012, y - 0.1, x + 0.012, y), darken(stone, 0.12), line=False)
    rail = [(x, y - 0.1) for x, y in oval(0, 0.5, 1.25, 1.1, start=224, end=316)]
    pen.stroke(rail, darken(stone, 0.15), 0.022)


def pyramid(pen: Pen, guise: Guise) -> None:
    """Draw a great pyramid with a lit and a shaded face."""
    sand = guise.of((236, 190, 116))
    for x, size in ((0.62, 0.55), (0, 1.0)):
        face = pen.at(x, 0, size)
        face.fill([(0, -0.8), (0.2, 0), (-0.75, 0)], lighten(sand, 0.22), sand)
        face.fill([(0, -0.8), (0.75, 0), (0.2, 0)], darken(sand, 0.28), darken(sand, 0.16))
        for row in range(1, 9):
            share = row / 9
            y = -0.8 + 0.8 * share
            face.stroke([(-0.75 * share, y), (0.2 * share, y)], darken(sand, 0.1), 0.006)
            face.stroke([(0.2 * share, y), (0.75 * share, y)], darken(sand, 0.36), 0.006)
    pen.fill(oval(0, -0.79, 0.012), WHITE, line=False)
