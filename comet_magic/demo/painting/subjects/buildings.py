"""Buildings to live in: a cottage and a castle, with their windows."""

from comet_magic.demo.painting.colours import Colour, darken, lighten, mix
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, oval
from comet_magic.demo.painting.pen import Pen

_LIT: Colour = (255, 214, 120)
_PANE: Colour = (118, 158, 184)
_SNOW: Colour = (250, 252, 255)


def window(pen: Pen, guise: Guise, x: float, y: float, wide: float, *, high: float) -> None:
    """Draw a window around a centre: a frame, two panes, and light at night."""
    frame = (250, 240, 222)
    glass = _LIT if guise.dark else _PANE
    left, top, right, low = x - wide / 2, y - high / 2, x + wide / 2, y + high / 2
    if guise.dark:
        pen.glow(x, y, wide * 2.2, _LIT, 0.5)
    edge = wide * 0.13
    pen.fill(box(left - edge, top - edge, right + edge, low + edge), frame)
    pen.fill(box(left, top, right, low), lighten(glass, 0.2), glass, line=False, bright=guise.dark)
    pen.fill(box(x - edge / 2.4, top, x + edge / 2.4, low), frame, line=False)
    pen.fill(box(left, y - edge / 2.4, right, y + edge / 2.4), frame, line=False)


def house(pen: Pen, guise: Guise) -> None:
    """Draw a cottage with a steep roof, a smoking chimney and a garden."""
    wall = guise.of((250, 230, 196), (240, 206, 164), (214, 228, 226), (246, 214, 204))
    roof = (186, 84, 66) if wall[0] - wall[1] < 90 else (92, 84, 110)
    top = _SNOW if guise.snowy else lighten(roof, 0.1)
    for puff in range(3):
        rise = (puff + guise.time * 1.0) / 3 % 1
        pen.cloud(
            0.27 + 0.1 * rise,
            -1.0 - 0.26 * rise,
            0.05 + 0.07 * rise,
            0.05 + 0.05 * rise,
            (250, 248, 246),
            alpha=0.85 - 0.6 * rise,
        )
    pen.fill(box(0.2, -0.96, 0.31, -0.6), darken(mix(roof, wall, 0.3), 0.15))
    pen.fill(box(0.185, -0.985, 0.325, -0.94, 0.01), top)
    pen.fill(box(-0.42, -0.5, 0.42, 0), lighten(wall, 0.14), darken(wall, 0.08))
    pen.fill(
        [(-0.42, -0.49), (0.42, -0.49), (0.42, -0.4), (-0.42, -0.43)],
        darken(wall, 0.55),
        alpha=0.22,
        line=False,
    )
    pen.fill(
        [(-0.3, -0.92), (0.3, -0.92), (0.52, -0.46), (-0.52, -0.46)],
        top,
        darken(roof, 0.12) if not guise.snowy else darken(_SNOW, 0.1),
    )
    if not guise.snowy:
        for row in range(1, 4):
            y, half = -0.92 + 0.115 * row, 0.3 + 0.055 * row
            pen.stroke([(-half, y), (half, y)], darken(roof, 0.16), 0.008)
    front = pen.at(-0.17, 0)
    front.fill(
        [(0, -0.82), (0.2, -0.47), (0.2, 0), (-0.2, 0), (-0.2, -0.47)], lighten(wall, 0.2), wall
    )
    front.stroke([(-0.26, -0.42), (0, -0.86), (0.26, -0.42)], top, 0.055, line=True)
    window(front, guise, 0, -0.56, 0.1, high=0.12)
    door = mix((112, 72, 60), wall, 0.06) if wall[2] > 120 else (236, 214, 180)
    front.fill(box(-0.075, -0.32, 0.075, 0, 0.07), door, darken(door, 0.2))
    front.fill(box(-0.075, -0.1, 0.075, 0), darken(door, 0.2), line=False)
    front.fill(oval(0.045, -0.15, 0.011), _LIT, line=False)
    window(pen, guise, 0.22, -0.27, 0.17, high=0.17)
    pen.fill(box(0.1, -0.165, 0.34, -0.13, 0.01), (150, 96, 70), line=False)
    blossom = ((236, 110, 120), (250, 200, 100), (240, 240, 250))
    for step in range(7):
        pen.fill(
            oval(0.12 + 0.033 * step, -0.175, 0.02),
            blossom[step % 3] if not guise.snowy else _SNOW,
            line=False,
        )
    leaf = _SNOW if guise.snowy else (96, 148, 92)
    for x, r in ((-0.46, 0.09), (-0.38, 0.06), (0.4, 0.085), (0.48, 0.06)):
        pen.fill(oval(x, -0.03, r, r * 0.8), lighten(leaf, 0.1), darken(leaf, 0.18))


def castle(pen: Pen, guise: Guise) -> None:
    """Draw a castle: a gate between walls and towers with pointed roofs and flags."""
    stone = guise.of((226, 212, 204), (206, 196, 212), (238, 214, 190))
    roof = (92, 110, 176) if stone[2] > stone[0] - 40 or guise.colour is None else (112, 92, 120)
    roof = (
        guise.chance("roof").choice(((92, 110, 176), (196, 88, 92), (78, 140, 150)))
        if guise.colour is None
        else roof
    )
    towers = ((-0.13, 0.12, 0.84), (0.15, 0.1, 0.74), (-0.42, 0.1, 0.58), (0.42, 0.11, 0.62))
    for x, half, high in towers[:2]:
        _turret(pen, guise, x, half * 0.8, high, stone=darken(stone, 0.1), roof=roof)
    for x, half, high in towers[2:]:
        _turret(pen, guise, x, half, high, stone=stone, roof=roof)
    for step in range(8):
        left = -0.33 + step * 0.088
        pen.fill(box(left, -0.45, left + 0.05, -0.37), stone, line=False)
    pen.fill(box(-0.34, -0.4, 0.34, 0), lighten(stone, 0.1), darken(stone, 0.12))
    chance = guise.chance("stones")
    for _ in range(12):
        x, y = chance.uniform(-0.31, 0.28), chance.uniform(-0.36, -0.04)
        if abs(x) > 0.15:
            pen.fill(box(x, y, x + 0.04, y + 0.016, 0.006), darken(stone, 0.14), line=False)
    arch = [(-0.12, 0), (-0.12, -0.17), *oval(0, -0.17, 0.12, start=180, end=360), (0.12, 0)]
    pen.fill(arch, darken(stone, 0.25), line=False)
    gate = [(-0.095, 0), (-0.095, -0.17), *oval(0, -0.17, 0.095, start=180, end=360), (0.095, 0)]
    pen.fill(gate, (122, 84, 66), (84, 56, 52))
    for x in (-0.05, 0, 0.05):
        pen.stroke([(x, -0.24), (x, -0.01)], (70, 48, 48), 0.008)
    for x in (-0.22, 0.22):
        window(pen, guise, x, -0.22, 0.06, high=0.1)
    leaf = _SNOW if guise.snowy else (84, 136, 96)
    for x, r in (
        (-0.54, 0.06),
        (-0.47, 0.08),
        (-0.3, 0.05),
        (0.28, 0.05),
        (0.47, 0.08),
        (0.55, 0.055),
    ):
        pen.fill(oval(x, -0.01, r, r * 0.7), lighten(leaf, 0.1), darken(leaf, 0.18))


def _turret(
    pen: Pen, guise: Guise, x: float, half: float, high: float, *, stone: Colour, roof: Colour
) -> None:
    tower = pen.at(x, 0)
    cap = _SNOW if guise.snowy else lighten(roof, 0.16)
    wave = 0.02 * guise.sway(2)
    tower.stroke([(0, -high - 0.1), (0, -high - 0.34)], (96, 80, 90), 0.009)
    flag = curve(
        [
            (0, -high - 0.34),
            (0.06, -high - 0.345 + wave),
            (0.12, -high - 0.31 - wave),
            (0.06, -high - 0.29 + wave),
            (0, -high - 0.27),
        ]
    )
    tower.fill(flag, (226, 84, 78), line=False)
    tower.fill(box(-half, -high, half, 0), lighten(stone, 0.12), darken(stone, 0.1))
    tower.fill(box(half * 0.3, -high, half, 0), darken(stone, 0.4), alpha=0.16, line=False)
    tower.fill(
        box(-half * 1.2, -high - 0.02, half * 1.2, -high + 0.05, 0.01),
        lighten(stone, 0.06),
        darken(stone, 0.08),
    )
    tower.fill(
        [(0, -high - 0.26), (half * 1.3, -high - 0.02), (-half * 1.3, -high - 0.02)], cap, roof
    )
    tower.fill(
        [(0, -high - 0.26), (half * 1.3, -high - 0.02), (half * 0.3, -high - 0.02)],
        darken(roof, 0.3),
        alpha=0.4,
        line=False,
    )
    window(tower, guise, 0, -high + 0.16, half * 0.5, high=half * 0.85)
