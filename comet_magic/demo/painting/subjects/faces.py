"""The face and the body that all sitting animals share."""

from comet_magic.demo.painting.colours import WHITE, Colour, brightness, darken, lighten, mix
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, mirrored, oval
from comet_magic.demo.painting.pen import Pen

_EYE: Colour = (42, 32, 44)
_NOSE: Colour = (64, 44, 52)
_ROSE: Colour = (240, 150, 156)
_SIDES = (-1, 1)


def eyes(
    pen: Pen,
    guise: Guise,
    y: float,
    apart: float,
    size: float,
    *,
    fur: Colour,
    iris: Colour | None = None,
) -> None:
    """Draw two eyes with a light in them; on dark fur they get a bright iris to be seen."""
    iris = iris or ((250, 200, 84) if brightness(fur) < 0.33 else None)
    lid = 0.12 if 0.46 < guise.time < 0.54 else 1.0
    for side in _SIDES:
        x = side * apart
        if iris:
            pen.fill(oval(x, y, size * 1.25, size * 1.35 * lid), iris, line=False, bright=True)
            pen.fill(oval(x, y, size * 0.8, size * 1.15 * lid), _EYE, line=False)
        else:
            pen.fill(oval(x, y, size, size * 1.22 * lid), _EYE, line=False)
        if lid == 1:
            pen.fill(
                oval(x - size * 0.3, y - size * 0.42, size * 0.36), WHITE, line=False, bright=True
            )
            pen.fill(
                oval(x + size * 0.32, y + size * 0.4, size * 0.17), WHITE, line=False, bright=True
            )


def mouth(pen: Pen, y: float, size: float) -> None:
    for side in _SIDES:
        arc = oval(side * size, y, size, size * 0.8, start=10, end=170)
        pen.stroke(arc, _NOSE, 0.011)


def blush(pen: Pen, y: float, apart: float) -> None:
    for side in _SIDES:
        pen.cloud(side * apart, y, 0.055, 0.04, _ROSE, alpha=0.6)


def sitting_body(pen: Pen, fur: Colour, belly: Colour, paws: Colour | None = None) -> None:
    shade = darken(fur, 0.16)
    half = curve(
        [(0, -0.62), (0.14, -0.54), (0.2, -0.34), (0.265, -0.14), (0.24, -0.02), (0, 0)],
        closed=False,
    )
    pen.fill(mirrored(half), lighten(fur, 0.06), shade)
    bib = curve([(0, -0.54), (0.11, -0.46), (0.1, -0.32), (0, -0.2), (-0.1, -0.32), (-0.11, -0.46)])
    pen.fill(bib, belly, mix(belly, fur, 0.25), line=False)
    for side in _SIDES:
        pen.fill(oval(side * 0.2, -0.1, 0.1, 0.12), lighten(fur, 0.02), shade, line=False)
        pen.fill(oval(side * 0.2, -0.025, 0.1, 0.042), paws or lighten(fur, 0.12), paws or fur)
    for side in _SIDES:
        pen.fill(
            box(side * 0.072 - 0.056, -0.32, side * 0.072 + 0.056, 0, 0.05),
            lighten(fur, 0.05),
            fur,
            line=False,
        )
        pen.fill(
            oval(side * 0.075, -0.03, 0.066, 0.042),
            paws or lighten(fur, 0.16),
            paws or lighten(fur, 0.04),
        )
    pen.stroke([(0, -0.27), (0, -0.07)], shade, 0.008)


def pointed_ears(
    pen: Pen,
    tip: tuple[float, float],
    root: tuple[float, float, float, float],
    fur: Colour,
    inner: Colour,
) -> None:
    """Draw two pointed ears; the root is x1, y1, x2, y2 of the right one."""
    for side in _SIDES:
        a, b, t = (side * root[0], root[1]), (side * root[2], root[3]), (side * tip[0], tip[1])
        mid = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        pen.fill([a, t, b], lighten(fur, 0.03), fur)
        small = [
            (mid[0] + 0.62 * (p[0] - mid[0]), mid[1] + 0.62 * (p[1] - mid[1]) + 0.015)
            for p in (a, t, b)
        ]
        pen.fill(small, inner, mix(inner, fur, 0.4), line=False)


def whiskers(pen: Pen, y: float, colour: Colour) -> None:
    for side in _SIDES:
        for row in (-1, 0, 1):
            pen.stroke(
                [(side * 0.13, y + row * 0.012), (side * 0.31, y + row * 0.035 - 0.005)],
                colour,
                0.006,
            )
