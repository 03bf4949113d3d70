"""Inside: a table by a wall, with a disc of light or a window, and the studio of a portrait."""

import random

from comet_magic.demo.painting.colours import Colour, darken, lighten, mix
from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, oval
from comet_magic.demo.painting.sky import pour_gradient

_WALLS: tuple[Colour, ...] = (
    (248, 200, 166),
    (178, 214, 204),
    (238, 188, 190),
    (190, 196, 232),
    (250, 216, 136),
    (160, 204, 222),
    (226, 176, 152),
)
_WOODS: tuple[Colour, ...] = ((196, 142, 104), (150, 104, 84), (228, 190, 150), (112, 92, 104))


def paint_table(easel: Easel, edge: float) -> None:
    """Paint a plain wall with a disc of light or a window, a table top, and perhaps a plant."""
    chance = easel.chance("table")
    wall = lighten(easel.scene.sky or easel.scene.wash or chance.choice(_WALLS), 0.1)
    if easel.palette.dark:
        wall = darken(wall, 0.62)
    pour_gradient(easel.pen.canvas, (darken(wall, 0.08), wall, lighten(wall, 0.3)), edge)
    if chance.random() < 0.55 or easel.scene.style == "minimal":
        _disc(easel, wall, edge)
    else:
        _window(easel, wall, edge)
    pen = easel.flat
    wood = mix(chance.choice(_WOODS), wall, 0.15)
    if easel.palette.dark:
        wood = darken(wood, 0.45)
    pen.fill(box(-0.01, edge, easel.wide + 0.01, 1.02), lighten(wood, 0.16), darken(wood, 0.2))
    pen.fill(box(-0.01, edge, easel.wide + 0.01, edge + 0.012), lighten(wood, 0.35), line=False)
    for _ in range(7):
        x, y = chance.uniform(0, easel.wide), chance.uniform(edge + 0.04, 0.99)
        grain = oval(x, y, chance.uniform(0.1, 0.3), 0.0015)
        pen.fill(grain, darken(wood, 0.14), alpha=0.4, line=False)
    if len(easel.scene.things) < 3 and easel.scene.style != "minimal":
        _plant(easel, chance, edge)


def _disc(easel: Easel, wall: Colour, edge: float) -> None:
    pen, x = easel.flat, easel.wide * easel.side
    disc = oval(x, edge - 0.3, 0.36 * easel.unit)
    pen.fill(disc, lighten(wall, 0.5), lighten(wall, 0.22), line=False)
    pen.glow(x, edge - 0.3, 0.8 * easel.unit, lighten(wall, 0.7), 0.35)


def _window(easel: Easel, wall: Colour, edge: float) -> None:
    """Paint a window with the sky and a hill behind it, and its light on the table."""
    pen, unit = easel.flat, easel.unit
    x, half, top = easel.wide * easel.side, 0.27 * unit, edge - 0.3 - 0.33 * unit
    low = edge - 0.1
    frame = lighten(wall, 0.75) if not easel.palette.dark else lighten(wall, 0.2)
    pen.fill(box(x - half - 0.02, top - 0.02, x + half + 0.02, low + 0.02, 0.012), frame)
    glass = box(x - half, top, x + half, low)
    pen.fill(glass, easel.palette.sky[0], easel.palette.sky[2], line=False)
    pen.fill(oval(x + half * 0.45, top + 0.11, 0.05), easel.palette.sun, inside=glass)
    for layer, lift in enumerate((0.15, 0.07)):
        hill = curve(
            [
                (x - half * 1.4, low - lift * 0.6),
                (x - half * 0.3, low - lift),
                (x + half * 1.4, low - lift * 0.4),
                (x + half, low + 0.1),
                (x - half, low + 0.1),
            ]
        )
        pen.fill(hill, mix(easel.palette.far, easel.palette.near, 0.3 + 0.6 * layer), inside=glass)
    pen.fill(box(x - 0.006, top, x + 0.006, low), frame, line=False)
    middle = (top * 1.1 + low * 0.9) / 2
    pen.fill(box(x - half, middle - 0.006, x + half, middle + 0.006), frame, line=False)
    pen.fill(
        box(x - half - 0.04, low + 0.015, x + half + 0.04, low + 0.04, 0.006), lighten(frame, 0.3)
    )
    if not easel.palette.dark:
        beam = [
            (x - half, edge + 0.05),
            (x + half * 0.4, edge + 0.05),
            (x + half * 0.1, 1.0),
            (x - half * 1.9, 1.0),
        ]
        pen.fill(beam, (255, 246, 214), alpha=0.13, line=False)


def _plant(easel: Easel, chance: random.Random, edge: float) -> None:
    """Stand a pot with large leaves at the side where the hero is not."""
    if easel.wide < 0.9 and len(easel.scene.things) > 1:
        return
    side = 0.1 if easel.side >= 0.5 else 0.9
    unit = easel.unit
    pot = easel.pen.at(easel.wide * side, edge + 0.045, 0.34 * unit)
    pot.cloud(0, 0, 0.34, 0.06, (24, 20, 48), alpha=0.5)
    leaf = chance.choice(((84, 150, 104), (64, 132, 110), (120, 160, 84)))
    guise = Guise(time=easel.time)
    for step in range(9):
        lean = -64 + 16 * step + chance.uniform(-5, 5) + 2 * guise.sway(1, step / 9)
        blade = pot.at(0, -0.34, chance.uniform(0.5, 0.85), turn=lean)
        shape = curve([(0, 0.05), (-0.14, -0.45), (0, -1.0), (0.14, -0.45)])
        tone = mix(leaf, lighten(leaf, 0.4), chance.random() * 0.5)
        blade.fill(shape, lighten(tone, 0.1), darken(tone, 0.2))
        blade.stroke([(0, -0.1), (0, -0.85)], lighten(tone, 0.25), 0.02)
    clay = chance.choice(((214, 118, 84), (240, 226, 206), (92, 120, 150)))
    pot.fill(
        [(-0.22, -0.36), (0.22, -0.36), (0.16, 0), (-0.16, 0)],
        lighten(clay, 0.1),
        darken(clay, 0.18),
    )
    pot.fill(box(-0.25, -0.42, 0.25, -0.33, 0.02), lighten(clay, 0.16), clay)


def paint_studio(easel: Easel) -> None:
    """Paint a quiet ground with a large disc, as behind a portrait."""
    colour = easel.scene.sky or easel.scene.wash or easel.palette.sky[0]
    pour_gradient(easel.pen.canvas, (lighten(colour, 0.35), lighten(colour, 0.55)))
    pen = easel.flat
    pen.glow(easel.wide * 0.5, 0.45, 0.9 * easel.unit, lighten(colour, 0.8), 0.7)
    disc = easel.chance("disc").choice(
        ((244, 170, 120), (250, 206, 130), (150, 196, 190), (222, 150, 160))
    )
    pen.fill(oval(easel.wide * 0.5, 0.5, 0.4 * easel.unit), lighten(disc, 0.15), disc, line=False)
