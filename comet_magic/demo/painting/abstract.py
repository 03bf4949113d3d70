"""A composition of plain forms for words that name nothing: arcs, discs, waves and dots."""

import random

from comet_magic.demo.painting.colours import Colour, darken, lighten, mix, turn_hue
from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.land import close, ridge
from comet_magic.demo.painting.paths import box, curve, oval
from comet_magic.demo.painting.sky import pour_gradient

_FAMILIES: tuple[tuple[Colour, ...], ...] = (
    ((250, 238, 216), (232, 106, 82), (244, 178, 92), (46, 94, 122), (128, 182, 174)),
    ((244, 236, 228), (216, 92, 120), (246, 176, 150), (74, 72, 128), (150, 170, 214)),
    ((240, 242, 226), (236, 158, 64), (230, 200, 120), (40, 104, 92), (142, 186, 132)),
    ((246, 234, 220), (190, 82, 62), (232, 150, 100), (96, 84, 100), (178, 160, 180)),
    ((232, 240, 244), (60, 120, 190), (124, 186, 220), (236, 130, 104), (250, 206, 140)),
)


def paint_abstract(easel: Easel) -> None:
    """Paint one of three compositions in a family of five colours."""
    chance = easel.chance("abstract")
    family = list(chance.choice(_FAMILIES))
    if easel.scene.wash:
        wash = easel.scene.wash
        family = [
            lighten(wash, 0.8),
            wash,
            lighten(wash, 0.4),
            darken(wash, 0.4),
            turn_hue(wash, 0.08),
        ]
    if easel.palette.dark:
        family[0] = darken(family[3], 0.6)
    pour_gradient(easel.pen.canvas, (lighten(family[0], 0.4), mix(family[0], family[2], 0.3)))
    (_discs, _waves, _tiles)[chance.randrange(3)](easel, chance, family)


def _discs(easel: Easel, chance: random.Random, family: list[Colour]) -> None:
    """One large sun, arcs around it, and smaller discs on their orbits."""
    pen, wide = easel.flat, easel.wide
    x, y = wide * chance.uniform(0.4, 0.6), chance.uniform(0.42, 0.56)
    big = 0.24 * easel.unit
    for ring in range(6, 0, -1):
        colour = mix(family[0], family[1 + ring % 4], 0.24 + 0.08 * (6 - ring))
        r = big * (1 + 0.36 * ring)
        start = chance.uniform(0, 360) + 40 * easel.sway(1, ring / 6)
        pen.stroke(
            oval(x, y, r, start=start, end=start + chance.uniform(120, 300)),
            colour,
            0.05 * easel.unit,
        )
    pen.fill(oval(x, y, big), lighten(family[1], 0.15), family[1], line=False)
    pen.fill(
        oval(x - big * 0.3, y + big * 0.25, big * 1.05),
        family[2],
        alpha=0.45,
        inside=oval(x, y, big),
    )
    for step in range(7):
        turn = oval(x, y, big * (1.36 + 0.36 * (step % 5)))
        px, py = turn[(chance.randrange(len(turn)) + round(len(turn) * easel.time)) % len(turn)]
        size = chance.uniform(0.016, 0.05) * easel.unit
        pen.cloud(
            px + size * 0.3,
            py + size * 0.5,
            size * 1.4,
            size * 1.4,
            darken(family[3], 0.3),
            alpha=0.35,
        )
        pen.fill(
            oval(px, py, size), lighten(family[1 + step % 4], 0.2), family[1 + step % 4], line=False
        )


def _waves(easel: Easel, chance: random.Random, family: list[Colour]) -> None:
    """Broad waves like folded paper under a disc."""
    pen, wide = easel.flat, easel.wide
    x, y = wide * chance.uniform(0.3, 0.7), chance.uniform(0.24, 0.36)
    pen.glow(x, y, 0.5 * easel.unit, lighten(family[2], 0.5), 0.8)
    pen.fill(oval(x, y, 0.15 * easel.unit), lighten(family[1], 0.25), family[1], line=False)
    for layer in range(7):
        base = 0.36 + 0.1 * layer
        edge = ridge(chance, wide, base + 0.012 * easel.sway(1, layer / 7), 0.1, 0.7)
        colour = mix(family[1 + layer % 4], family[3], layer / 12)
        shadow = [(px, py - 0.012) for px, py in edge]
        pen.fill(close(shadow, wide), darken(colour, 0.6), alpha=0.14, line=False)
        pen.fill(close(edge, wide), lighten(colour, 0.22), darken(colour, 0.06))


def _tiles(easel: Easel, chance: random.Random, family: list[Colour]) -> None:
    """A quilt of quarter circles, leaves and dots."""
    pen = easel.flat
    across = max(3, round(5 * easel.wide))
    size = easel.wide / across
    down = round(1 / size) + 1
    for row in range(down):
        for column in range(across):
            left, top = column * size, row * size
            tile = box(left, top, left + size, top + size)
            back, front, spot = chance.sample(family, 3)
            pen.fill(tile, lighten(back, 0.06), back, line=False)
            quarter = pen.at(left + size / 2, top + size / 2, size, turn=90 * chance.randrange(4))
            kind = chance.randrange(4)
            swing = 0.04 * easel.sway(1, chance.random())
            if kind == 0:
                fan = [(-0.5, -0.5), *oval(-0.5, -0.5, 1.0, start=0, end=90)]
                quarter.fill(fan, lighten(front, 0.08), front, line=False)
                quarter.fill(
                    [(-0.5, -0.5), *oval(-0.5, -0.5, 0.5 + swing, start=0, end=90)],
                    spot,
                    line=False,
                )
            elif kind == 1:
                leaf = oval(-0.5, 0.5, 1.0, start=270, end=360) + oval(
                    0.5, -0.5, 1.0, start=90, end=180
                )
                quarter.fill(leaf, lighten(front, 0.08), front, line=False)
            elif kind == 2:
                quarter.fill(oval(0, 0, 0.38 + swing), front, line=False)
                quarter.fill(oval(0, 0, 0.2), spot, line=False)
            else:
                hill = curve(
                    [(-0.5, 0.1), (-0.2, -0.1 + swing), (0.2, 0.15), (0.5, 0.0)], closed=False
                )
                quarter.fill([*hill, (0.5, 0.5), (-0.5, 0.5)], front, line=False)
