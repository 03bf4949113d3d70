"""Outer space, and the ground of the moon."""

from comet_magic.demo.painting.colours import darken, lighten, mix
from comet_magic.demo.painting.easel import Stage
from comet_magic.demo.painting.land import close, ridge
from comet_magic.demo.painting.paths import Path, oval
from comet_magic.demo.painting.sky import pour_gradient, scatter_stars


def paint_space(stage: Stage) -> None:
    """Paint the depth of space: clouds of gas and many stars."""
    chance = stage.chance("space")
    deep = chance.choice(
        (((10, 12, 40), (30, 22, 74)), ((8, 20, 48), (16, 50, 92)), ((24, 10, 46), (66, 24, 88)))
    )
    if stage.scene.sky or stage.scene.wash:
        colour = stage.scene.sky or stage.scene.wash or deep[1]
        deep = (darken(colour, 0.78), darken(colour, 0.55))
    pour_gradient(stage.pen.canvas, (deep[0], deep[1], darken(deep[0], 0.2)))
    glows = ((120, 70, 190), (40, 110, 190), (210, 80, 150), (60, 170, 180))
    start = chance.uniform(0.15, 0.4)
    for step in range(12):
        share = step / 11
        x = stage.wide * share + chance.gauss(0, 0.05)
        y = start + 0.4 * share + chance.gauss(0, 0.07)
        size = chance.uniform(0.12, 0.34)
        stage.flat.cloud(x, y, size * 1.4, size, chance.choice(glows), alpha=0.26, bright=True)
    scatter_stars(stage, 1.0, 260)


def paint_moonland(stage: Stage) -> Path:
    """Paint the grey ground of the moon with its craters; give its edge."""
    chance = stage.chance("craters")
    grey = mix((188, 188, 204), stage.scene.ground or (188, 188, 204), 0.6)
    edge = [
        (x, y + 0.25 * (x / stage.wide - 0.5) ** 2)
        for x, y in ridge(chance, stage.wide, 0.7, 0.012, 0.8)
    ]
    body = close(edge, stage.wide)
    stage.flat.fill(body, lighten(grey, 0.3), darken(grey, 0.35))
    for _ in range(13):
        x, depth = chance.uniform(0, stage.wide), chance.random()
        y, size = 0.76 + 0.24 * depth, (0.016 + 0.05 * depth) * chance.uniform(0.6, 1.3)
        stage.flat.fill(oval(x, y, size, size * 0.34), darken(grey, 0.2), grey, inside=body)
        stage.flat.fill(
            oval(x, y + size * 0.08, size * 0.86, size * 0.25), darken(grey, 0.34), inside=body
        )
    return edge
