"""Birds, and the insects among the flowers."""

from comet_magic.demo.painting.colours import WHITE, Colour, darken, lighten, mix
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, mirrored, oval
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.subjects.faces import eyes

_BEAK: Colour = (248, 172, 64)
_DARK: Colour = (46, 40, 54)


def owl(pen: Pen, guise: Guise) -> None:
    """Draw an owl with large eyes on a branch."""
    down = guise.of((160, 116, 84), (128, 118, 140), (196, 152, 108))
    pen.stroke([(-0.52, -0.015), (0.52, -0.045)], (112, 80, 62), 0.06, line=True)
    pen.fill(curve([(0.4, -0.05), (0.5, -0.16), (0.56, -0.1), (0.5, -0.04)]), (110, 154, 92))
    half = curve(
        [(0, -0.86), (0.2, -0.83), (0.29, -0.62), (0.3, -0.36), (0.2, -0.1), (0, -0.03)],
        closed=False,
    )
    body = mirrored(half)
    for side in (-1, 1):
        pen.fill(
            [(side * 0.08, -0.83), (side * 0.25, -0.98), (side * 0.27, -0.7)],
            down,
            darken(down, 0.1),
        )
    pen.fill(body, lighten(down, 0.08), darken(down, 0.12))
    belly = mirrored(
        curve([(0, -0.5), (0.15, -0.46), (0.19, -0.3), (0.13, -0.13), (0, -0.08)], closed=False)
    )
    pen.fill(belly, lighten(down, 0.55), line=False)
    for row in range(4):
        for column in range(-1 - row % 2, 2 + row % 2):
            x = column * 0.075 + (
                0.0375 if row % 2 and column < 0 else -0.0375 if row % 2 and column > 0 else 0
            )
            y = -0.4 + 0.075 * row
            pen.stroke([(x - 0.022, y), (x, y + 0.02), (x + 0.022, y)], darken(down, 0.05), 0.011)
    for side in (-1, 1):
        wing = curve(
            [
                (side * 0.26, -0.56),
                (side * 0.33, -0.4),
                (side * 0.28, -0.18),
                (side * 0.18, -0.1),
                (side * 0.2, -0.36),
            ]
        )
        pen.fill(wing, darken(down, 0.2), darken(down, 0.34))
        pen.fill(oval(side * 0.125, -0.64, 0.135), lighten(down, 0.62), line=False)
        for toe in (-0.035, 0, 0.035):
            pen.fill(oval(side * 0.09 + toe, -0.035, 0.016, 0.035), _BEAK, line=False)
    eyes(pen, guise, -0.64, 0.12, 0.062, fur=(0, 0, 0), iris=(252, 200, 76))
    pen.fill([(-0.036, -0.6), (0.036, -0.6), (0, -0.51)], _BEAK, darken(_BEAK, 0.15))


def bird(pen: Pen, guise: Guise) -> None:
    """Draw a small round song bird."""
    back = guise.of((74, 142, 206), (232, 96, 74), (250, 190, 72), (94, 168, 130))
    for x in () if guise.flying else (-0.06, 0.07):
        pen.stroke([(x, -0.16), (x, -0.01)], (150, 96, 70), 0.022)
        pen.stroke([(x - 0.06, -0.005), (x + 0.05, -0.005)], (150, 96, 70), 0.02)
    tail = pen.at(0.3, -0.34, turn=8 * guise.sway(2))
    tail.fill(
        [(-0.05, -0.1), (0.32, -0.12), (0.3, 0.0), (-0.05, 0.1)],
        darken(back, 0.2),
        darken(back, 0.3),
    )
    body = curve(
        [
            (-0.36, -0.5),
            (-0.3, -0.74),
            (-0.1, -0.83),
            (0.1, -0.74),
            (0.32, -0.42),
            (0.26, -0.2),
            (0.0, -0.12),
            (-0.26, -0.2),
        ]
    )
    pen.fill(body, lighten(back, 0.12), darken(back, 0.06))
    belly = curve(
        [(-0.42, -0.48), (-0.2, -0.5), (0.02, -0.32), (0.1, -0.08), (-0.2, -0.05), (-0.42, -0.2)]
    )
    pen.fill(belly, mix(lighten(back, 0.7), (255, 226, 190), 0.5), inside=body)
    wing = curve([(-0.02, -0.5), (0.14, -0.52), (0.36, -0.3), (0.3, -0.26), (0.1, -0.25)])
    if guise.flying:
        raised = pen.at(0.04, -0.5, turn=18 * guise.sway(3))
        wing = curve(
            [(-0.1, 0.06), (0.0, -0.3), (0.26, -0.56), (0.32, -0.34), (0.36, -0.14), (0.24, 0.08)]
        )
        raised.fill(wing, darken(back, 0.12), darken(back, 0.28))
    else:
        pen.fill(wing, darken(back, 0.14), darken(back, 0.28))
    pen.fill([(-0.33, -0.62), (-0.5, -0.56), (-0.34, -0.52)], _BEAK, darken(_BEAK, 0.15))
    pen.fill(oval(-0.19, -0.63, 0.042), _DARK, line=False)
    pen.fill(oval(-0.2, -0.645, 0.014), WHITE, line=False, bright=True)
    pen.cloud(-0.19, -0.52, 0.07, 0.05, (244, 140, 150), alpha=0.6)


def penguin(pen: Pen, guise: Guise) -> None:
    """Draw a penguin with a scarf."""
    coat = guise.of((58, 66, 92))
    for side in (-1, 1):
        pen.fill(oval(side * 0.11, -0.02, 0.1, 0.04), _BEAK, darken(_BEAK, 0.15))
        flipper = pen.at(side * 0.25, -0.56, turn=-side * (22 + 8 * guise.sway(2)))
        flipper.fill(oval(0, 0.15, 0.055, 0.19), darken(coat, 0.1), darken(coat, 0.25))
    half = curve(
        [(0, -0.98), (0.17, -0.92), (0.23, -0.72), (0.28, -0.4), (0.24, -0.12), (0, -0.02)],
        closed=False,
    )
    body = mirrored(half)
    pen.fill(body, lighten(coat, 0.08), darken(coat, 0.12))
    white = mirrored(
        curve([(0, -0.6), (0.15, -0.56), (0.21, -0.36), (0.18, -0.12), (0, -0.05)], closed=False)
    )
    pen.fill(white, (255, 252, 246), (226, 230, 240), line=False)
    for side in (-1, 1):
        pen.fill(oval(side * 0.075, -0.74, 0.095, 0.11), (255, 252, 246), line=False)
    eyes(pen, guise, -0.77, 0.08, 0.03, fur=WHITE)
    pen.fill([(-0.055, -0.71), (0.055, -0.71), (0, -0.645)], _BEAK, darken(_BEAK, 0.12))
    pen.fill(box(-0.22, -0.62, 0.22, -0.55, 0.035), (222, 76, 74), (196, 58, 64))
    pen.fill(
        [(0.08, -0.58), (0.17, -0.58), (0.19, -0.36), (0.09, -0.36)], (222, 76, 74), (190, 54, 62)
    )


def chick(pen: Pen, guise: Guise) -> None:
    """Draw a fluffy chick, which is also a duckling."""
    down = guise.of((252, 214, 92))
    for x in (-0.08, 0.1):
        pen.stroke([(x, -0.14), (x, -0.02)], darken(_BEAK, 0.1), 0.03)
        pen.fill(oval(x - 0.02, -0.015, 0.07, 0.025), _BEAK)
    pen.fill([(0.26, -0.42), (0.46, -0.52), (0.34, -0.26)], down, darken(down, 0.1))
    pen.fill(oval(0.02, -0.34, 0.33, 0.27), lighten(down, 0.1), darken(down, 0.12))
    pen.fill(oval(-0.1, -0.68, 0.24, 0.23), lighten(down, 0.16), down)
    pen.fill(oval(-0.04, -0.5, 0.2, 0.12), down, line=False)
    for x, tilt in ((-0.14, -20), (-0.08, 8)):
        pen.fill(oval(x, -0.93, 0.022, 0.06, turn=tilt), down, line=False)
    wing = curve([(0.0, -0.42), (0.2, -0.44), (0.36, -0.36), (0.22, -0.22), (0.04, -0.26)])
    pen.fill(wing, darken(down, 0.08), darken(down, 0.2))
    pen.fill(
        curve([(-0.31, -0.72), (-0.48, -0.66), (-0.42, -0.61), (-0.3, -0.6)]),
        _BEAK,
        darken(_BEAK, 0.15),
    )
    pen.fill(oval(-0.17, -0.72, 0.034, 0.042), _DARK, line=False)
    pen.fill(oval(-0.18, -0.735, 0.013), WHITE, line=False, bright=True)
    pen.cloud(-0.15, -0.62, 0.06, 0.04, (246, 130, 110), alpha=0.6)


def butterfly(pen: Pen, guise: Guise) -> None:
    """Draw a butterfly with patterned wings that open and close."""
    wing = guise.of((240, 140, 60), (86, 140, 220), (196, 96, 190), (250, 196, 80))
    spot = lighten(wing, 0.6)
    open_ = 1 - 0.25 * abs(guise.sway(2))
    body = pen.at(0, -0.48, turn=12 + 4 * guise.sway())
    for side in (-1, 1):
        upper = [
            (0.02, -0.06),
            (0.16, -0.36),
            (0.4, -0.46),
            (0.52, -0.34),
            (0.44, -0.08),
            (0.2, 0.04),
        ]
        lower = [(0.02, 0.0), (0.2, 0.02), (0.36, 0.12), (0.34, 0.3), (0.2, 0.42), (0.1, 0.26)]
        for path, tone in ((lower, darken(wing, 0.12)), (upper, wing)):
            shape = curve([(side * x * open_, y) for x, y in path])
            body.fill(shape, darken(tone, 0.55), darken(tone, 0.65))
            cx, cy = sum(x for x, _ in shape) / len(shape), sum(y for _, y in shape) / len(shape)
            small = [(cx + 0.83 * (x - cx), cy + 0.83 * (y - cy)) for x, y in shape]
            body.fill(small, lighten(tone, 0.16), tone, line=False)
            body.fill(oval(cx + side * 0.04, cy, 0.06, 0.07), spot, line=False)
            body.fill(oval(cx + side * 0.04, cy, 0.028, 0.034), darken(wing, 0.4), line=False)
        feeler = curve([(0, -0.2), (side * 0.05, -0.36), (side * 0.15, -0.44)], closed=False)
        body.stroke(feeler, _DARK, 0.014)
        body.fill(oval(side * 0.155, -0.445, 0.02), _DARK, line=False)
    body.fill(oval(0, 0.0, 0.035, 0.22), (82, 60, 62), _DARK)
    body.fill(oval(0, -0.21, 0.045), _DARK)


def bee(pen: Pen, guise: Guise) -> None:
    """Draw a round bee."""
    gold = guise.of((252, 204, 72))
    body = pen.at(0, -0.45 + 0.02 * guise.sway(2), turn=-8)
    for tilt, size in ((-28, 1.0), (18, 0.8)):
        wing = body.at(0.02, -0.2, size, turn=tilt + 10 * guise.sway(4))
        wing.fill(oval(0, -0.2, 0.12, 0.24), (236, 246, 255), (196, 220, 240), alpha=0.85)
    body.fill([(0.36, -0.03), (0.5, 0.02), (0.36, 0.06)], _DARK)
    shape = oval(0, 0, 0.4, 0.27)
    body.fill(shape, lighten(gold, 0.2), darken(gold, 0.08))
    for x in (0.02, 0.2):
        body.fill(box(x - 0.045, -0.4, x + 0.045, 0.4), _DARK, inside=shape)
    body.fill(oval(-0.36, -0.04, 0.16), lighten(gold, 0.1), gold)
    body.fill(oval(-0.42, -0.07, 0.035, 0.045), _DARK, line=False)
    body.fill(oval(-0.43, -0.085, 0.013), WHITE, line=False, bright=True)
    body.stroke(oval(-0.43, 0.0, 0.045, 0.035, start=20, end=150), _DARK, 0.014)
    body.cloud(-0.33, 0.01, 0.05, 0.04, (244, 130, 110), alpha=0.7)
    for x in (-0.42, -0.32):
        body.stroke(
            curve([(x + 0.04, -0.18), (x, -0.28), (x - 0.06, -0.3)], closed=False), _DARK, 0.014
        )
