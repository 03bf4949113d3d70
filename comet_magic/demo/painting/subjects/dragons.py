"""A small friendly dragon."""

from comet_magic.demo.painting.colours import WHITE, darken, lighten, mix
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import curve, mirrored, oval
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.subjects.faces import eyes


def dragon(pen: Pen, guise: Guise) -> None:
    """Draw a small friendly dragon with wings."""
    skin = guise.of((96, 176, 124), (108, 148, 206), (176, 112, 186), (232, 108, 92))
    belly = (252, 232, 178)
    beat = 8 * guise.sway(2)
    for side in (-1, 1):
        wing = pen.at(side * 0.14, -0.5, turn=side * -beat, flip=side < 0)
        shape = [
            (0, 0),
            (0.14, -0.28),
            (0.42, -0.4),
            (0.4, -0.24),
            (0.46, -0.12),
            (0.32, -0.09),
            (0.3, 0.04),
            (0.16, 0.02),
        ]
        wing.fill(
            shape, mix(skin, (250, 200, 120), 0.45), darken(mix(skin, (250, 200, 120), 0.4), 0.2)
        )
        wing.stroke([(0.02, -0.02), (0.4, -0.37)], darken(skin, 0.3), 0.018)
    tail = curve(
        [(0.12, -0.1), (0.34, -0.02), (0.5, -0.1), (0.52 + 0.02 * guise.sway(), -0.26)],
        closed=False,
    )
    pen.stroke(tail, darken(skin, 0.08), 0.1, line=True)
    pen.fill([(0.44, -0.26), (0.54, -0.42), (0.62, -0.24)], (250, 176, 96))
    half = curve(
        [(0, -0.6), (0.15, -0.54), (0.22, -0.3), (0.26, -0.1), (0.2, 0.0), (0, 0)], closed=False
    )
    body = mirrored(half)
    pen.fill(body, lighten(skin, 0.08), darken(skin, 0.1))
    front = mirrored(
        curve([(0, -0.52), (0.1, -0.44), (0.15, -0.22), (0.1, -0.02), (0, 0)], closed=False)
    )
    pen.fill(front, belly, darken(belly, 0.08), line=False)
    for row in range(4):
        pen.stroke([(-0.09, -0.4 + 0.1 * row), (0.09, -0.4 + 0.1 * row)], darken(belly, 0.16), 0.01)
    for side in (-1, 1):
        pen.fill(oval(side * 0.19, -0.04, 0.11, 0.055), lighten(skin, 0.06), skin)
        pen.fill(oval(side * 0.19, -0.34, 0.055, 0.1, turn=side * 24), skin, darken(skin, 0.08))
    head = pen.at(0, -0.72, turn=3 * guise.sway())
    for side in (-1, 1):
        horn = curve([(side * 0.08, -0.16), (side * 0.17, -0.36), (side * 0.19, -0.12)])
        head.fill(horn, (252, 226, 170), (230, 170, 110))
        head.fill(
            [(side * 0.22, -0.05), (side * 0.36, -0.13), (side * 0.25, 0.08)], darken(skin, 0.1)
        )
    skull = curve(
        [
            (0, -0.22),
            (0.17, -0.18),
            (0.25, -0.02),
            (0.2, 0.14),
            (0, 0.2),
            (-0.2, 0.14),
            (-0.25, -0.02),
            (-0.17, -0.18),
        ]
    )
    head.fill(skull, lighten(skin, 0.14), skin)
    head.fill(oval(0, 0.11, 0.16, 0.09), lighten(skin, 0.3), line=False)
    for side in (-1, 1):
        head.fill(oval(side * 0.05, 0.07, 0.014, 0.02), darken(skin, 0.5), line=False)
    head.stroke(oval(0, 0.09, 0.09, 0.06, start=20, end=160), darken(skin, 0.6), 0.012)
    for x in (-0.06, 0, 0.06):
        head.fill(
            [(x - 0.02, -0.19), (x, -0.28 + abs(x) * 0.8), (x + 0.02, -0.19)],
            (250, 176, 96),
            line=False,
        )
    eyes(head, guise, -0.03, 0.115, 0.042, fur=WHITE)
