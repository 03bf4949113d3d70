"""Outer space, and the ground of the moon."""

from comet_magic.demo.painting.colours import darken, lighten, mix
from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.land import close, ridge
from comet_magic.demo.painting.paths import Path, oval
from comet_magic.demo.painting.sky import pour_gradient, scatter_stars


def paint_space(easel: Easel) -> None:
    """Paint the depth of space: clouds of gas and many stars."""
    chance = easel.chance("space")
    deep = chance.choice(
        (((10, 12, 40), (30, 22, 74)), ((8, 20, 48), (16, 50, 92)), ((24, 10, 46), (66, 24, 88)))
    )
    if easel.scene.sky or easel.scene.wash:
        colour = easel.scene.sky or easel.scene.wash or deep[1]
        deep = (darken(colour, 0.78), darken(colour, 0.55))
    pour_gradient(easel.pen.canvas, (deep[0], deep[1], darken(deep[0], 0.2)))
    glows = ((120, 70, 190), (40, 110, 190), (210, 80, 150), (60, 170, 180))
    start = chance.uniform(0.15, 0.4)
    for step in range(12):
        share = step / 11
        x = easel.wide * share + chance.gauss(0, 0.05)
        y = start + 0.4 * share + chance.gauss(0, 0.07)
        size = chance.uniform(0.12, 0.34)
        easel.flat.cloud(x, y, size * 1.4, size, chance.choice(glows), alpha=0.26, bright=True)
    scatter_stars(easel, 1.0, 260)


def paint_moonland(easel: Easel) -> Path:
    """Paint the grey ground of the moon with its craters; give its edge."""
    chance = easel.chance("craters")
    grey = mix((188, 188, 204), easel.scene.ground or (188, 188, 204), 0.6)
    edge = [
        (x, y + 0.25 * (x / easel.wide - 0.5) ** 2)
        for x, y in ridge(chance, easel.wide, 0.7, 0.012, 0.8)
    ]
    body = close(edge, easel.wide)
    easel.flat.fill(body, lighten(grey, 0.3), darken(grey, 0.35))
    for _ in range(13):
        x, depth = chance.uniform(0, easel.wide), chance.random()
        y, size = 0.76 + 0.24 * depth, (0.016 + 0.05 * depth) * chance.uniform(0.6, 1.3)
        easel.flat.fill(oval(x, y, size, size * 0.34), darken(grey, 0.2), grey, inside=body)
        easel.flat.fill(
            oval(x, y + size * 0.08, size * 0.86, size * 0.25), darken(grey, 0.34), inside=body
        )
    return edge
