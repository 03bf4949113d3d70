"""People: a standing figure and a portrait."""

from comet_magic.demo.painting.colours import WHITE, Colour, darken, lighten, mix
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import Path, box, curve, mirrored, oval
from comet_magic.demo.painting.pen import Pen

_DARK: Colour = (46, 40, 54)
_SKINS: tuple[Colour, ...] = (
    (246, 208, 176),
    (226, 172, 130),
    (170, 114, 82),
    (122, 80, 62),
    (250, 220, 196),
)
_HAIRS: tuple[Colour, ...] = (
    (64, 44, 44),
    (120, 74, 46),
    (36, 32, 44),
    (190, 130, 70),
    (150, 66, 48),
)
_CLOTHES: tuple[Colour, ...] = (
    (222, 92, 78),
    (64, 128, 160),
    (240, 178, 78),
    (106, 150, 116),
    (130, 100, 160),
)


def person(pen: Pen, guise: Guise) -> None:
    """Draw a standing figure in simple clothes."""
    chance = guise.chance("person")
    skin, hair, cloth = (
        chance.choice(_SKINS),
        chance.choice(_HAIRS),
        guise.colour or chance.choice(_CLOTHES),
    )
    legs = mix((66, 76, 110), cloth, 0.12)
    for side in (-1, 1):
        pen.fill(
            box(side * 0.062 - 0.05, -0.42, side * 0.062 + 0.05, -0.02, 0.03),
            legs,
            darken(legs, 0.15),
        )
        pen.fill(oval(side * 0.075, -0.015, 0.075, 0.032), (90, 62, 58))
    for side in (-1, 1):
        wave = 0.03 * guise.sway(1) if side > 0 else 0.0
        arm: Path = [(side * 0.12, -0.66), (side * 0.2, -0.52), (side * (0.2 + wave), -0.4)]
        pen.stroke(curve(arm, closed=False), darken(cloth, 0.1), 0.078, line=True)
        pen.fill(oval(side * (0.2 + wave), -0.375, 0.038), skin)
    coat = mirrored(
        curve(
            [(0, -0.73), (0.1, -0.71), (0.155, -0.62), (0.14, -0.48), (0.165, -0.32), (0, -0.3)],
            closed=False,
        )
    )
    pen.fill(coat, lighten(cloth, 0.1), darken(cloth, 0.1))
    pen.fill(box(-0.04, -0.77, 0.04, -0.7, 0.02), darken(skin, 0.12), line=False)
    pen.fill([(-0.07, -0.725), (0.07, -0.725), (0, -0.65)], lighten(cloth, 0.6), line=False)
    _face(
        pen.at(0, -0.86, 0.34, turn=2 * guise.sway()), guise, skin, hair, long=chance.random() < 0.5
    )


def _face(pen: Pen, guise: Guise, skin: Colour, hair: Colour, *, long: bool) -> None:
    """Draw a head around the origin, about 0.9 units high."""
    if long:
        back = mirrored(
            curve(
                [(0, -0.46), (0.3, -0.4), (0.44, -0.1), (0.44, 0.3), (0.3, 0.46), (0, 0.4)],
                closed=False,
            )
        )
        pen.fill(back, hair, darken(hair, 0.2))
    for side in (-1, 1):
        pen.fill(oval(side * 0.34, 0.03, 0.06, 0.085), darken(skin, 0.06))
    skull = mirrored(
        curve(
            [(0, -0.4), (0.24, -0.36), (0.34, -0.08), (0.29, 0.2), (0.14, 0.38), (0, 0.42)],
            closed=False,
        )
    )
    pen.fill(skull, lighten(skin, 0.06), skin)
    fringe = [
        (-0.36, 0.02),
        (-0.38, -0.26),
        (-0.2, -0.47),
        (0.1, -0.5),
        (0.34, -0.36),
        (0.37, 0.02),
        (0.29, -0.16),
        (0.1, -0.24),
        (-0.14, -0.2),
        (-0.3, -0.13),
    ]
    pen.fill(curve(fringe), lighten(hair, 0.08), hair)
    lid = 0.12 if 0.46 < guise.time < 0.54 else 1.0
    for side in (-1, 1):
        pen.fill(oval(side * 0.13, 0.04, 0.036, 0.048 * lid), _DARK, line=False)
        if lid == 1:
            pen.fill(oval(side * 0.13 - 0.012, 0.022, 0.013), WHITE, line=False)
        pen.stroke(
            oval(side * 0.13, -0.03, 0.07, 0.05, start=215, end=325), darken(hair, 0.1), 0.02
        )
        pen.cloud(side * 0.2, 0.16, 0.09, 0.065, (236, 112, 110), alpha=0.5)
    pen.stroke(
        curve([(0.0, 0.07), (0.025, 0.14), (-0.015, 0.15)], closed=False), darken(skin, 0.25), 0.018
    )
    pen.stroke(oval(0, 0.2, 0.085, 0.065, start=20, end=160), (176, 70, 72), 0.026)


def portrait(pen: Pen, guise: Guise) -> None:
    """Draw head and shoulders."""
    chance = guise.chance("portrait")
    skin, hair, cloth = (
        chance.choice(_SKINS),
        chance.choice(_HAIRS),
        guise.colour or chance.choice(_CLOTHES),
    )
    shoulders = mirrored(
        curve(
            [(0, -0.34), (0.14, -0.3), (0.34, -0.22), (0.44, -0.06), (0.46, 0.1), (0, 0.12)],
            closed=False,
        )
    )
    long = chance.random() < 0.55
    if long:
        back = mirrored(
            curve([(0, -0.98), (0.22, -0.9), (0.3, -0.6), (0.28, -0.24), (0, -0.2)], closed=False)
        )
        pen.fill(back, hair, darken(hair, 0.2))
    pen.fill(shoulders, lighten(cloth, 0.12), darken(cloth, 0.12))
    pen.fill(
        curve([(-0.09, -0.46), (0.09, -0.46), (0.1, -0.3), (0, -0.2), (-0.1, -0.3)]),
        darken(skin, 0.12),
        line=False,
    )
    collar = [(-0.15, -0.31), (-0.02, -0.19), (-0.1, -0.1), (-0.22, -0.25)]
    for side in (-1, 1):
        pen.fill([(side * x, y) for x, y in collar], lighten(cloth, 0.5))
    _face(pen.at(0, -0.66, 0.68, turn=2 * guise.sway()), guise, skin, hair, long=long)
