"""What stands on a table: books, a clock, a lamp, crystals, a present."""

from comet_magic.demo.painting.colours import WHITE, Colour, brightness, darken, lighten
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, mirrored, oval
from comet_magic.demo.painting.pen import Pen

_GOLD: Colour = (238, 190, 92)
_DARK: Colour = (58, 48, 62)


def book(pen: Pen, guise: Guise) -> None:
    """Draw two closed books and an open one on top of them."""
    cover = guise.of((58, 112, 150), (196, 82, 70), (90, 140, 110))
    stack = ((0.56, -0.0, (224, 128, 88)), (0.5, -0.15, (112, 160, 146)))
    for half, low, colour in stack:
        pen.fill(
            box(-half, low - 0.15, half, low, 0.03), lighten(colour, 0.08), darken(colour, 0.12)
        )
        pen.fill(
            box(-half + 0.05, low - 0.122, half + 0.02, low - 0.028),
            (252, 244, 226),
            (226, 212, 190),
            line=False,
        )
        pen.fill(
            box(-half - 0.01, low - 0.15, -half + 0.07, low, 0.02), darken(colour, 0.15), line=False
        )
    top = pen.at(0, -0.33)
    for side in (-1, 1):
        leather = [(0, 0.02), (side * 0.66, -0.04), (side * 0.66, -0.42), (0, -0.36)]
        top.fill(leather, cover, darken(cover, 0.2))
        for layer in range(3):
            lift = 0.02 * layer
            page = curve(
                [(0, -0.02 - lift), (side * 0.3, -0.11 - lift), (side * 0.62, -0.06 - lift)],
                closed=False,
            )
            page += curve(
                [(side * 0.62, -0.42 - lift), (side * 0.3, -0.48 - lift), (0, -0.38 - lift)],
                closed=False,
            )
            top.fill(page, (255, 250, 238), (236, 224, 204), line=layer == 2)
        for row in range(4):
            y = -0.4 + 0.08 * row
            line = [(side * 0.09, y - 0.005), (side * 0.3, y - 0.05), (side * 0.52, y - 0.022)]
            top.stroke(curve(line, closed=False), (178, 164, 156), 0.014)
    top.stroke([(0, -0.41), (0, -0.05)], (206, 190, 168), 0.014)
    top.fill(
        [(0.02, -0.42), (0.07, -0.42), (0.07, 0.08), (0.045, 0.04), (0.02, 0.08)],
        (222, 76, 70),
        line=False,
    )


def clock(pen: Pen, guise: Guise) -> None:
    """Draw an alarm clock whose hands go round once."""
    case = guise.of((224, 92, 80), (70, 146, 160), (240, 182, 84))
    for side in (-1, 1):
        pen.stroke([(side * 0.2, -0.1), (side * 0.28, -0.01)], darken(case, 0.3), 0.06, line=True)
        bell = pen.at(side * 0.24, -0.82, turn=side * 32)
        bell.fill([*oval(0, 0.05, 0.16, 0.15, start=180, end=360)], _GOLD, darken(_GOLD, 0.2))
    pen.stroke(oval(0, -0.83, 0.09, 0.12, start=180, end=360), _DARK, 0.026)
    face = pen.at(0, -0.45)
    face.fill(oval(0, 0, 0.42), lighten(case, 0.12), darken(case, 0.16))
    face.fill(oval(0, 0, 0.34), (255, 251, 240), (240, 230, 214), line=False)
    for hour in range(12):
        mark = face.at(0, 0, turn=30 * hour)
        long = 0.05 if hour % 3 == 0 else 0.025
        mark.stroke([(0, -0.3), (0, -0.3 + long)], _DARK, 0.018 if hour % 3 == 0 else 0.011)
    start = guise.chance("clock").randrange(12)
    face.at(0, 0, turn=30 * start + 25 + 360 * guise.time).stroke(
        [(0, 0.03), (0, -0.17)], _DARK, 0.032
    )
    face.at(0, 0, turn=50 + 720 * guise.time).stroke([(0, 0.04), (0, -0.26)], _DARK, 0.022)
    face.fill(oval(0, 0, 0.03), case, line=False)
    face.fill(oval(-0.13, -0.17, 0.1, 0.05, turn=-40), WHITE, alpha=0.6, line=False)


def lamp(pen: Pen, guise: Guise) -> None:
    """Draw a lit table lamp."""
    shade = guise.of((244, 176, 88), (226, 110, 92), (110, 168, 162))
    pen.glow(0, -0.62, 0.95, (255, 226, 150), 0.75)
    pen.fill(box(-0.2, -0.06, 0.2, 0, 0.03), darken(_GOLD, 0.25), darken(_GOLD, 0.4))
    foot = mirrored(
        curve(
            [(0.03, -0.5), (0.035, -0.4), (0.12, -0.22), (0.08, -0.08), (0.05, -0.05)], closed=False
        )
    )
    pen.fill(foot, lighten(_GOLD, 0.1), darken(_GOLD, 0.25))
    pen.fill(
        [(-0.17, -0.96), (0.17, -0.96), (0.36, -0.48), (-0.36, -0.48)],
        lighten(shade, 0.1),
        lighten(shade, 0.42),
        bright=True,
    )
    for x, tip in ((-0.1, -0.2), (0.0, 0.0), (0.1, 0.2)):
        pen.stroke([(x, -0.955), (tip, -0.485)], shade, 0.012, bright=True)
    pen.fill(box(-0.37, -0.5, 0.37, -0.465, 0.015), darken(shade, 0.12), bright=True)
    pen.stroke([(0.2, -0.46), (0.2, -0.32)], _DARK, 0.01)
    pen.fill(oval(0.2, -0.31, 0.02), _GOLD, line=False)


def crystal(pen: Pen, guise: Guise) -> None:
    """Draw a group of cut crystals with light inside."""
    base = guise.of((126, 172, 232), (176, 132, 226), (236, 130, 176), (108, 206, 186))
    pen.glow(0, -0.45, 0.9, lighten(base, 0.4), 0.5 + 0.1 * guise.sway())
    for x, tilt, high, half in (
        (-0.24, -22, 0.6, 0.1),
        (0.26, 20, 0.66, 0.11),
        (-0.1, -8, 0.82, 0.12),
        (0.08, 5, 1.0, 0.14),
        (0.38, 34, 0.42, 0.08),
    ):
        one = pen.at(x * 0.6, 0, turn=tilt)
        neck = -high + half * 1.3
        one.fill(
            [(0, -high), (half, neck), (half * 0.8, 0), (-half * 0.8, 0), (-half, neck)],
            lighten(base, 0.2),
            base,
        )
        one.fill(
            [
                (0, -high),
                (-half * 0.15, neck + 0.04),
                (-half * 0.1, 0),
                (-half * 0.8, 0),
                (-half, neck),
            ],
            lighten(base, 0.55),
            lighten(base, 0.15),
            line=False,
        )
        one.fill(
            [(half * 0.45, neck + 0.02), (half, neck), (half * 0.8, 0), (half * 0.4, 0)],
            darken(base, 0.25),
            darken(base, 0.35),
            line=False,
        )
        one.stroke([(0, -high + 0.01), (-half * 0.15, neck + 0.04)], WHITE, 0.008)
    stone = (120, 114, 136)
    pen.fill(
        curve(
            [
                (-0.42, 0.03),
                (-0.34, -0.08),
                (-0.1, -0.05),
                (0.12, -0.09),
                (0.36, -0.06),
                (0.46, 0.03),
            ]
        ),
        lighten(stone, 0.1),
        darken(stone, 0.2),
    )


def gift(pen: Pen, guise: Guise) -> None:
    """Draw a wrapped present with a bow."""
    paper = guise.of((220, 84, 80), (78, 150, 160), (124, 110, 180))
    ribbon = (252, 222, 140) if brightness(paper) < 0.75 else (224, 90, 90)
    pen.fill(box(-0.38, -0.6, 0.38, 0, 0.03), lighten(paper, 0.06), darken(paper, 0.14))
    pen.fill(box(-0.07, -0.6, 0.07, 0), ribbon, darken(ribbon, 0.15), line=False)
    pen.fill(box(-0.42, -0.72, 0.42, -0.55, 0.03), lighten(paper, 0.14), paper)
    pen.fill(box(-0.075, -0.72, 0.075, -0.55), lighten(ribbon, 0.2), line=False)
    for side in (-1, 1):
        loop = curve([(0, -0.72), (side * 0.1, -0.92), (side * 0.28, -0.94), (side * 0.27, -0.76)])
        pen.fill(loop, ribbon, darken(ribbon, 0.15))
        pen.fill(
            curve(
                [
                    (side * 0.06, -0.75),
                    (side * 0.13, -0.86),
                    (side * 0.22, -0.87),
                    (side * 0.2, -0.78),
                ]
            ),
            darken(ribbon, 0.3),
            line=False,
        )
    pen.fill(oval(0, -0.73, 0.055, 0.05), lighten(ribbon, 0.2), darken(ribbon, 0.1))
