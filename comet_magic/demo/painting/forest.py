"""A forest: rows of trees that fade into the mist."""

import random

from comet_magic.demo.painting.colours import Colour, darken, lighten, mix
from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.land import close, ridge, round_tree, sow_grass
from comet_magic.demo.painting.paths import Path, box
from comet_magic.demo.painting.pen import Pen


def paint_forest(easel: Easel, horizon: float) -> Path:
    """Paint rows of trees that fade into the mist, and the ground before them."""
    chance = easel.chance("forest")
    pen, palette = easel.flat, easel.palette
    leafy = easel.scene.season in ("autumn", "spring") or chance.random() < 0.25
    back = mix(palette.far, darken(palette.near, 0.2), 0.3)
    pen.fill(
        box(-0.01, horizon - 0.1, easel.wide + 0.01, 1.0),
        mix(back, palette.sky[2], 0.5),
        back,
        line=False,
    )
    pen.cloud(
        easel.wide * easel.side, horizon - 0.02, 0.6, 0.3, lighten(palette.sun, 0.2), alpha=0.6
    )
    rows = 4
    for row in range(rows):
        depth = row / (rows - 1)
        y = horizon + 0.02 + 0.17 * depth
        colour = mix(mix(palette.far, palette.sky[2], 0.3), darken(palette.near, 0.32), depth)
        many = round((17 - 3 * row) * max(easel.wide, 0.6))
        for number in range(many):
            x = easel.wide * (number + chance.uniform(0, 1)) / many
            gap = abs(x / easel.wide - easel.side) < 0.17 and row >= 2 and bool(easel.scene.things)
            size = (0.26 + 0.16 * depth) * chance.uniform(0.75, 1.15) * (0.5 if gap else 1)
            leaf = _leaf(easel, chance, colour, leafy=leafy)
            place = pen.at(x, y + chance.uniform(0, 0.02), size, turn=0.4 * easel.sway(1, x))
            (round_tree if leafy else tall_pine)(place, leaf)
        pen.cloud(easel.wide / 2, y, easel.wide, 0.12, palette.sky[2], alpha=0.4 - 0.25 * depth)
    edge = ridge(chance, easel.wide, horizon + 0.2, 0.012, 1.0)
    ground = palette.near
    easel.lay(close(edge, easel.wide), lighten(ground, 0.05), darken(ground, 0.3))
    sow_grass(easel, edge)
    return edge


def _leaf(easel: Easel, chance: random.Random, colour: Colour, *, leafy: bool) -> Colour:
    if easel.scene.season == "autumn" and leafy:
        return mix(chance.choice(((214, 96, 40), (236, 168, 64), (184, 64, 46))), colour, 0.35)
    if easel.scene.season == "spring" and chance.random() < 0.4:
        return mix((246, 176, 198), colour, 0.3)
    if easel.scene.season == "winter":
        return mix((226, 236, 246), darken(colour, 0.3), 0.45)
    if leafy and not easel.palette.dark and easel.palette.haze < 0.1:
        colour = mix(colour, chance.choice(((104, 176, 96), (66, 150, 104), (150, 186, 84))), 0.4)
    return mix(colour, lighten(colour, 0.3), chance.random() * 0.5)


def tall_pine(pen: Pen, colour: Colour) -> None:
    """Draw a pine of four tiers, one unit high."""
    pen.fill(
        [(-0.03, 0.02), (-0.02, -0.3), (0.02, -0.3), (0.03, 0.02)], darken(colour, 0.35), line=False
    )
    for tier in range(4):
        low, top = -0.12 - 0.2 * tier, -0.5 - 0.165 * tier
        half = 0.27 - 0.052 * tier
        path = [
            (0, top),
            (half, low),
            (half * 0.5, low - 0.03),
            (0, low + 0.015),
            (-half * 0.5, low - 0.03),
            (-half, low),
        ]
        pen.fill(path, lighten(colour, 0.1), colour)
