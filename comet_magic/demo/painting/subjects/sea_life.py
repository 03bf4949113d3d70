"""What lives in the sea: a fish, a whale, an octopus, a turtle."""

from comet_magic.demo.painting.colours import WHITE, Colour, darken, lighten, mix
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import Path, box, curve, mirrored, oval
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.subjects.faces import eyes
from comet_magic.demo.painting.subjects.farm import side_eye

_DARK: Colour = (50, 42, 52)


def fish(pen: Pen, guise: Guise) -> None:
    """Draw a striped fish with flowing fins."""
    scale = guise.of((246, 138, 58), (80, 150, 220), (250, 202, 82), (232, 96, 120))
    wag = 0.05 * guise.sway(2)
    body = pen.at(0, -0.45)
    tail = curve(
        [
            (0.34, 0.0),
            (0.56, -0.26 + wag),
            (0.7, -0.24 + wag),
            (0.6, 0.0),
            (0.7, 0.24 + wag),
            (0.56, 0.26 + wag),
        ]
    )
    body.fill(tail, lighten(scale, 0.15), darken(scale, 0.15))
    body.fill(
        curve([(-0.2, -0.26), (0.0, -0.44), (0.24, -0.38), (0.28, -0.16)]),
        darken(scale, 0.08),
        scale,
    )
    body.fill(
        curve([(-0.06, 0.26), (0.06, 0.42), (0.2, 0.38), (0.2, 0.2)]), scale, darken(scale, 0.15)
    )
    shape = curve(
        [
            (-0.5, 0.02),
            (-0.36, -0.22),
            (-0.06, -0.31),
            (0.24, -0.18),
            (0.42, 0.0),
            (0.24, 0.18),
            (-0.06, 0.3),
            (-0.36, 0.22),
        ]
    )
    body.fill(shape, lighten(scale, 0.14), darken(scale, 0.06))
    white = (255, 248, 236)
    for x, wide in ((-0.13, 0.07), (0.16, 0.055)):
        band = curve(
            [
                (x - wide, -0.4),
                (x + wide, -0.4),
                (x + wide + 0.04, 0),
                (x + wide, 0.4),
                (x - wide, 0.4),
                (x - wide + 0.04, 0),
            ]
        )
        body.fill(band, white, inside=shape)
    fin = body.at(0.0, 0.06, turn=12 * guise.sway(2))
    fin.fill(
        curve([(-0.02, -0.07), (0.18, -0.05), (0.22, 0.08), (0.04, 0.1)]),
        lighten(scale, 0.25),
        darken(scale, 0.05),
    )
    body.fill(oval(-0.31, -0.06, 0.075), WHITE, line=False)
    body.fill(oval(-0.325, -0.06, 0.044, 0.05), _DARK, line=False)
    body.fill(oval(-0.34, -0.08, 0.016), WHITE, line=False, bright=True)
    body.stroke(oval(-0.45, 0.08, 0.06, 0.045, start=0, end=110), darken(scale, 0.5), 0.014)
    body.cloud(-0.27, 0.08, 0.07, 0.05, (240, 110, 110), alpha=0.6)


def whale(pen: Pen, guise: Guise) -> None:
    """Draw a whale with its fountain."""
    skin = guise.of((84, 128, 186), (96, 116, 160), (92, 158, 178))
    body = pen.at(0, 0.0)
    spout = 0.03 * guise.sway(2)
    for side in (-1, 1):
        jet = curve(
            [
                (-0.24, -0.6),
                (-0.24 + side * 0.05, -0.86 - spout),
                (-0.24 + side * 0.2, -0.92 - spout),
                (-0.24 + side * 0.25, -0.78),
            ],
            closed=False,
        )
        body.stroke(jet, (222, 242, 252), 0.045)
    flukes = curve(
        [
            (0.56, -0.3),
            (0.62, -0.56),
            (0.46, -0.72),
            (0.66, -0.7),
            (0.7, -0.62),
            (0.76, -0.7),
            (0.95, -0.7),
            (0.78, -0.54),
            (0.72, -0.24),
        ]
    )
    body.fill(flukes, skin, darken(skin, 0.2))
    shape = curve(
        [
            (-0.66, -0.3),
            (-0.56, -0.52),
            (-0.24, -0.62),
            (0.14, -0.52),
            (0.5, -0.34),
            (0.76, -0.3),
            (0.62, -0.12),
            (0.2, 0.02),
            (-0.3, 0.04),
            (-0.6, -0.06),
        ]
    )
    body.fill(shape, lighten(skin, 0.14), darken(skin, 0.12))
    throat = curve(
        [
            (-0.75, -0.24),
            (-0.3, -0.18),
            (0.1, -0.12),
            (0.44, -0.06),
            (0.2, 0.15),
            (-0.4, 0.15),
            (-0.75, 0.1),
        ]
    )
    body.fill(throat, (240, 244, 246), (206, 220, 232), inside=shape)
    for row in range(3):
        line = [
            (-0.52 + 0.06 * row, -0.12 + 0.04 * row),
            (-0.2, -0.07 + 0.04 * row),
            (0.1, -0.03 + 0.035 * row),
        ]
        body.stroke(curve(line, closed=False), mix(skin, WHITE, 0.55), 0.01)
    fin = body.at(-0.06, -0.12, turn=6 * guise.sway())
    fin.fill(
        curve([(-0.1, 0), (0.06, -0.03), (0.16, 0.16), (0.05, 0.15)]),
        darken(skin, 0.1),
        darken(skin, 0.3),
    )
    side_eye(body, -0.42, -0.28, 0.03)
    body.cloud(-0.44, -0.2, 0.06, 0.04, (244, 150, 160), alpha=0.6)


def octopus(pen: Pen, guise: Guise) -> None:
    """Draw an octopus with curled arms."""
    skin = guise.of((222, 108, 132), (156, 110, 196), (240, 140, 90))
    for arm in range(-3, 4):
        if arm == 0:
            continue
        x = arm * 0.1
        curl = 0.03 * guise.sway(1, arm / 7)
        path: Path = [
            (x * 0.7, -0.34),
            (x * 1.1, -0.16),
            (x * 1.5 + curl, -0.04),
            (x * 1.8 + curl, -0.06),
            (x * 1.75 + curl, -0.14),
        ]
        pen.stroke(curve(path, closed=False), darken(skin, 0.05 * abs(arm)), 0.082, line=True)
    head = mirrored(
        curve(
            [(0, -1.0), (0.2, -0.94), (0.31, -0.7), (0.24, -0.46), (0.21, -0.28), (0, -0.24)],
            closed=False,
        )
    )
    pen.fill(head, lighten(skin, 0.14), skin)
    for x, y, r in (
        (-0.14, -0.86, 0.035),
        (0.1, -0.9, 0.025),
        (0.17, -0.78, 0.035),
        (-0.02, -0.84, 0.02),
    ):
        pen.fill(oval(x, y, r, r * 0.8), lighten(skin, 0.3), line=False)
    eyes(pen, guise, -0.52, 0.11, 0.044, fur=WHITE)
    pen.stroke(oval(0, -0.44, 0.05, 0.04, start=15, end=165), darken(skin, 0.6), 0.013)
    for side in (-1, 1):
        pen.cloud(side * 0.18, -0.44, 0.05, 0.035, (255, 200, 200), alpha=0.6)


def turtle(pen: Pen, guise: Guise) -> None:
    """Draw a turtle with a patterned shell."""
    shell = guise.of((122, 138, 84), (92, 140, 120))
    skin = (156, 194, 126)
    for x, tilt in ((-0.26, 12), (0.28, -12)):
        pen.fill(oval(x, -0.07, 0.1, 0.08, turn=tilt), skin, darken(skin, 0.15))
    pen.fill([(0.4, -0.16), (0.56, -0.1), (0.4, -0.08)], skin)
    neck = curve(
        [
            (-0.3, -0.16),
            (-0.42, -0.36),
            (-0.62, -0.4),
            (-0.66, -0.28),
            (-0.54, -0.2),
            (-0.36, -0.08),
        ]
    )
    pen.fill(neck, lighten(skin, 0.1), skin)
    dome = [*oval(0.02, -0.12, 0.44, 0.46, start=180, end=360), (0.46, -0.08), (-0.42, -0.08)]
    pen.fill(dome, lighten(shell, 0.15), darken(shell, 0.15))
    for x, y, r in (
        (0.02, -0.38, 0.11),
        (-0.2, -0.26, 0.09),
        (0.25, -0.26, 0.09),
        (0.03, -0.17, 0.08),
    ):
        pen.fill(
            oval(x, y, r, r * 0.9), mix(lighten(shell, 0.25), (230, 200, 120), 0.3), inside=dome
        )
    pen.fill(box(-0.44, -0.14, 0.48, -0.07, 0.035), darken(shell, 0.2))
    side_eye(pen, -0.55, -0.33, 0.026)
    pen.stroke(oval(-0.6, -0.28, 0.04, 0.03, start=30, end=140), darken(skin, 0.5), 0.01)
