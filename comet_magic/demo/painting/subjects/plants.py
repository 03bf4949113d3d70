"""What grows: trees, a palm, a cactus, flowers, a mushroom."""

from comet_magic.demo.painting.colours import Colour, darken, lighten, mix
from comet_magic.demo.painting.forest import tall_pine
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, mirrored, oval
from comet_magic.demo.painting.pen import Pen

_STEM: Colour = (84, 146, 84)
_BARK: Colour = (124, 86, 66)


def tree(pen: Pen, guise: Guise) -> None:
    """Draw a broad tree with a full crown."""
    leaf = guise.of((98, 160, 92), (74, 146, 106), (132, 172, 84))
    if guise.snowy:
        leaf = mix(leaf, (240, 246, 252), 0.7)
    trunk = [(-0.09, 0.02), (-0.05, -0.2), (-0.06, -0.5), (0.06, -0.5), (0.05, -0.2), (0.1, 0.02)]
    pen.fill(trunk, darken(_BARK, 0.1), _BARK)
    pen.stroke([(0, -0.3), (0.16, -0.52)], _BARK, 0.04)
    pen.stroke([(0, -0.36), (-0.15, -0.54)], _BARK, 0.035)
    sway = 0.012 * guise.sway()
    balls = (
        (-0.26, -0.56, 0.2),
        (0.26, -0.56, 0.21),
        (-0.16, -0.76, 0.2),
        (0.17, -0.77, 0.2),
        (0, -0.62, 0.24),
        (0, -0.86, 0.16),
    )
    for x, y, r in balls:
        pen.fill(oval(x + sway, y, r), lighten(leaf, 0.04 + 0.14 * (-y - 0.56)), darken(leaf, 0.2))
    if pen.ink:
        for x, y, r in balls:
            pen.fill(oval(x + sway, y, r * 0.96), leaf, line=False)
    for x, y, r in (
        (-0.2, -0.72, 0.12),
        (0.08, -0.84, 0.11),
        (0.2, -0.62, 0.1),
        (-0.05, -0.6, 0.12),
    ):
        pen.fill(oval(x + sway, y, r), lighten(leaf, 0.2), leaf, alpha=0.55, line=False)
    chance = guise.chance("fruit")
    if guise.colour is not None or chance.random() < 0.4:
        fruit = (232, 84, 72) if guise.colour is None else lighten(leaf, 0.5)
        for _ in range(9):
            x, y = chance.uniform(-0.32, 0.32), chance.uniform(-0.88, -0.48)
            pen.fill(oval(x + sway, y, 0.026), fruit, darken(fruit, 0.15), line=False)


def pine(pen: Pen, guise: Guise) -> None:
    """Draw a tall pine, with snow on it in winter."""
    leaf = guise.of((56, 124, 98), (44, 108, 94))
    tall_pine(pen, leaf)
    if guise.snowy:
        for tier in range(4):
            low, top = -0.12 - 0.2 * tier, -0.5 - 0.165 * tier
            half = 0.14 - 0.024 * tier
            mid = (low + top) / 2
            cap = [
                (0, top),
                (half, mid),
                (half * 0.4, mid - 0.02),
                (0, mid + 0.03),
                (-half * 0.4, mid - 0.02),
                (-half, mid),
            ]
            pen.fill(cap, (252, 253, 255), (214, 226, 242), line=False)


def palm(pen: Pen, guise: Guise) -> None:
    """Draw a palm that leans, with coconuts."""
    leaf = guise.of((74, 156, 100), (92, 164, 84))
    sway = 0.02 * guise.sway()
    trunk = curve([(-0.12, 0.02), (-0.08, -0.3), (0.04, -0.6), (0.16 + sway, -0.8)], closed=False)
    pen.stroke(trunk, darken(_BARK, 0.1), 0.075, line=True)
    pen.stroke([(x - 0.012, y) for x, y in trunk], lighten(_BARK, 0.22), 0.035)
    crown = pen.at(0.16 + sway, -0.8, turn=3 * guise.sway())
    for turn, long in (
        (-160, 0.46),
        (-20, 0.46),
        (-195, 0.42),
        (18, 0.42),
        (-125, 0.4),
        (-58, 0.4),
        (-90, 0.32),
    ):
        frond = crown.at(0, 0, long, turn=turn)
        droop = 0.34 if -90 < turn < 90 else -0.34
        if turn == -90:
            droop = 0.1
        tip = (1.0, droop * 1.3)
        shape = curve(
            [
                (0, -0.03),
                (0.4, -0.14 * (1 if droop > 0 else -1)),
                (0.8, droop * 0.5),
                tip,
                (0.6, droop * 0.62),
                (0.3, droop * 0.28),
            ]
        )
        frond.fill(shape, lighten(leaf, 0.1), darken(leaf, 0.2))
    for x, y in ((-0.035, 0.035), (0.04, 0.04), (0.0, 0.065)):
        crown.fill(oval(x, y, 0.04), (132, 88, 62), (96, 62, 50))


def cactus(pen: Pen, guise: Guise) -> None:
    """Draw a cactus with two arms and a flower."""
    skin = guise.of((92, 158, 104), (78, 146, 116))
    shade = darken(skin, 0.2)
    for side, low, high in ((-1, -0.36, -0.66), (1, -0.48, -0.8)):
        arm = curve(
            [
                (side * 0.08, low),
                (side * 0.24, low - 0.02),
                (side * 0.28, low - 0.1),
                (side * 0.28, high),
            ],
            closed=False,
        )
        pen.stroke(arm, shade if side > 0 else skin, 0.13, line=True)
    pen.fill(box(-0.125, -0.96, 0.125, 0.02, 0.125), lighten(skin, 0.1), shade)
    for x in (-0.06, 0.0, 0.06):
        pen.stroke([(x, -0.88), (x, -0.02)], darken(skin, 0.14), 0.01)
    chance = guise.chance("thorns")
    for _ in range(26):
        x, y = chance.uniform(-0.1, 0.1), chance.uniform(-0.88, -0.05)
        pen.stroke([(x, y), (x + 0.02, y - 0.014)], lighten(skin, 0.55), 0.006)
    for turn in range(5):
        petal = pen.at(0, -0.97, turn=-70 + 35 * turn)
        petal.fill(oval(0, -0.06, 0.03, 0.065), (246, 120, 150), (226, 84, 124))
    pen.fill(oval(0, -0.965, 0.03), (252, 210, 100), line=False)


def flower(pen: Pen, guise: Guise) -> None:
    """Draw one large flower with its stem and leaves."""
    petal = guise.of(
        (240, 112, 128), (252, 196, 80), (250, 244, 238), (168, 124, 214), (244, 142, 84)
    )
    heart = (250, 200, 84) if petal != (250, 208, 60) else (134, 84, 52)
    sway = 3 * guise.sway()
    stalk = pen.at(0, 0, turn=sway)
    stalk.stroke(
        curve([(0, 0.03), (-0.03, -0.3), (0, -0.68)], closed=False), _STEM, 0.034, line=True
    )
    for side, y in ((-1, -0.2), (1, -0.3)):
        leaf = curve(
            [(-0.01, y), (side * 0.12, y - 0.13), (side * 0.29, y - 0.14), (side * 0.18, y + 0.0)]
        )
        stalk.fill(leaf, lighten(_STEM, 0.14), darken(_STEM, 0.12))
    head = stalk.at(0, -0.72)
    count = guise.chance("petals").choice((8, 10, 12))
    for ring, r in ((0, 0.17), (1, 0.13)):
        for step in range(count):
            one = head.at(0, 0, turn=360 * (step + 0.5 * ring) / count)
            tone = darken(petal, 0.14) if ring == 0 else petal
            wide = 0.62 / count if ring else 0.7 / count
            one.fill(oval(0, -r, wide, r * 0.72), lighten(tone, 0.12), tone)
    head.fill(oval(0, 0, 0.095), lighten(heart, 0.1), darken(heart, 0.14))
    for step in range(10):
        spot = head.at(0, 0, turn=36 * step)
        spot.fill(oval(0, -0.06, 0.012), darken(heart, 0.3), line=False)


def tulip(pen: Pen, guise: Guise) -> None:
    """Draw a tulip."""
    petal = guise.of((232, 84, 84), (250, 190, 76), (240, 130, 170), (170, 110, 200))
    stalk = pen.at(0, 0, turn=3 * guise.sway())
    stalk.stroke([(0, 0.03), (0.0, -0.6)], _STEM, 0.036, line=True)
    for side, top in ((-1, -0.52), (1, -0.42)):
        leaf = curve([(0, 0.0), (side * 0.1, -0.16), (side * 0.2, top), (side * 0.03, -0.2)])
        stalk.fill(leaf, lighten(_STEM, 0.14), darken(_STEM, 0.14))
    for side in (-1, 1):
        back = curve(
            [
                (0, -0.58),
                (side * 0.1, -0.62),
                (side * 0.15, -0.8),
                (side * 0.09, -0.98),
                (side * 0.02, -0.82),
            ]
        )
        stalk.fill(back, darken(petal, 0.06), darken(petal, 0.2))
    cup = mirrored(
        curve([(0, -0.94), (0.07, -0.84), (0.1, -0.7), (0.06, -0.58), (0, -0.55)], closed=False)
    )
    stalk.fill(cup, lighten(petal, 0.2), petal)
    for side in (-1, 1):
        wing = curve(
            [
                (0, -0.55),
                (side * 0.12, -0.58),
                (side * 0.17, -0.72),
                (side * 0.14, -0.92),
                (side * 0.06, -0.72),
            ]
        )
        stalk.fill(wing, lighten(petal, 0.08), darken(petal, 0.1))


def mushroom(pen: Pen, guise: Guise) -> None:
    """Draw a red mushroom with white dots, and a small one beside it."""
    cap = guise.of((222, 70, 62), (232, 140, 80))
    _one_mushroom(pen.at(0.36, 0.0, 0.48, turn=6), cap)
    _one_mushroom(pen, cap)
    for x, tilt in ((-0.3, -12), (-0.22, 8), (0.2, -6), (0.5, 12), (0.27, 14)):
        pen.fill(oval(x, -0.03, 0.014, 0.08, turn=tilt), _STEM, line=False)


def _one_mushroom(pen: Pen, cap: Colour) -> None:
    pen.fill(
        curve(
            [
                (-0.1, -0.56),
                (0.1, -0.56),
                (0.12, -0.2),
                (0.17, 0.0),
                (0, 0.03),
                (-0.17, 0.0),
                (-0.12, -0.2),
            ]
        ),
        (255, 246, 228),
        (230, 208, 180),
    )
    pen.fill(
        curve([(-0.16, -0.46), (0.16, -0.46), (0.19, -0.36), (0, -0.34), (-0.19, -0.36)]),
        (250, 234, 208),
    )
    pen.fill(oval(0, -0.52, 0.42, 0.09), darken((240, 214, 180), 0.12), (250, 230, 204))
    dome = [
        *oval(0, -0.52, 0.44, 0.42, start=180, end=360),
        *oval(0, -0.52, 0.44, 0.06, start=0, end=180),
    ]
    pen.fill(dome, lighten(cap, 0.16), darken(cap, 0.14))
    for x, y, r in (
        (-0.02, -0.8, 0.085),
        (-0.24, -0.68, 0.065),
        (0.22, -0.72, 0.07),
        (0.08, -0.58, 0.05),
        (-0.14, -0.55, 0.04),
        (0.35, -0.56, 0.05),
        (-0.37, -0.53, 0.04),
    ):
        pen.fill(oval(x, y, r, r * 0.82), (255, 248, 236), inside=dome)
