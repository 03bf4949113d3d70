"""The land: hills with groves, dunes, and the plants of the foreground."""

import random
from math import pi, sin

from comet_magic.demo.painting.colours import Colour, darken, lighten, mix
from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.paths import Path, curve, oval
from comet_magic.demo.painting.pen import Pen

_STEPS = 64


def ridge(chance: random.Random, wide: float, y: float, high: float, waves: float = 1.5) -> Path:
    """Return the upper edge of soft hills, from the left edge of the picture to the right."""
    parts = [(waves * k, chance.uniform(0, 2 * pi), 1 / k**1.3) for k in (1, 1.9, 3.1)]
    path = []
    for step in range(_STEPS + 1):
        share = step / _STEPS
        wave = sum(size * sin(2 * pi * rate * share * wide**0.5 + at) for rate, at, size in parts)
        path.append((share * wide, y - high * wave / 1.8))
    return path


def close(path: Path, wide: float) -> Path:
    """Return the land below an upper edge, down to the bottom of the picture."""
    return [
        (-0.01, path[0][1]),
        *path,
        (wide + 0.01, path[-1][1]),
        (wide + 0.01, 1.02),
        (-0.01, 1.02),
    ]


def height_at(path: Path, x: float) -> float:
    """Return the y of an upper edge at an x."""
    return min(path, key=lambda point: abs(point[0] - x))[1]


def paint_hills(easel: Easel, horizon: float, *, layers: int = 4, trees: bool = True) -> Path:
    """Paint hills in layers from the horizon to the bottom; give the edge of the nearest one."""
    chance = easel.chance("hills")
    far, near = easel.palette.far, easel.palette.near
    autumn = easel.scene.season == "autumn"
    edge: Path = []
    for layer in range(layers):
        depth = layer / max(layers - 1, 1)
        y = horizon + (0.83 - horizon) * depth**1.2
        edge = ridge(chance, easel.wide, y, 0.05 * (1 - 0.35 * depth), 0.7 + 0.5 * chance.random())
        colour = mix(far, near, depth**0.8)
        if depth == 1 and not easel.palette.dark:
            colour = lighten(colour, 0.06)
        last = layer == layers - 1
        if trees and not last and (layer > 0 or not autumn):
            _plant(easel, chance, edge, mix(colour, darken(near, 0.35), 0.3 + 0.3 * depth), depth)
        low = darken(colour, 0.22) if last else mix(colour, easel.palette.sky[2], 0.25)
        easel.lay(close(edge, easel.wide), lighten(colour, 0.07), low)
    if trees:
        sow_grass(easel, edge)
    return edge


def _plant(easel: Easel, chance: random.Random, edge: Path, colour: Colour, depth: float) -> None:
    """Set small groves on a hill before the hill itself hides their feet."""
    autumn, spring = easel.scene.season == "autumn", easel.scene.season == "spring"
    for _ in range(chance.randint(2, 3)):
        middle = chance.uniform(0, easel.wide)
        for _ in range(chance.randint(3, 8)):
            x = middle + chance.gauss(0, 0.06)
            size = (0.03 + 0.05 * depth) * chance.uniform(0.7, 1.2) * easel.unit
            leaf = colour
            if autumn:
                leaf = mix(
                    chance.choice(((206, 92, 40), (232, 160, 60), (176, 60, 44))), colour, 0.35
                )
            elif spring and chance.random() < 0.4:
                leaf = mix((246, 176, 198), colour, 0.3)
            pen = easel.flat.at(x, height_at(edge, x) + 0.006, size)
            if easel.scene.season == "winter" or (chance.random() < 0.55 and not autumn):
                small_pine(pen, leaf)
            else:
                round_tree(pen, leaf)


def small_pine(pen: Pen, colour: Colour) -> None:
    """Draw a pine one unit high, seen from afar."""
    pen.fill(
        [(-0.04, 0.2), (-0.04, -0.3), (0.04, -0.3), (0.04, 0.2)], darken(colour, 0.3), line=False
    )
    pen.fill([(0, -1), (0.3, -0.12), (-0.3, -0.12)], lighten(colour, 0.08), colour, line=False)


def round_tree(pen: Pen, colour: Colour) -> None:
    """Draw a round tree one unit high, seen from afar."""
    pen.fill(
        [(-0.04, 0.2), (-0.03, -0.5), (0.03, -0.5), (0.04, 0.2)], darken(colour, 0.35), line=False
    )
    pen.fill(oval(0, -0.6, 0.3, 0.38), lighten(colour, 0.06), darken(colour, 0.1), line=False)
    pen.fill(oval(-0.08, -0.74, 0.17, 0.19), lighten(colour, 0.2), colour, alpha=0.6, line=False)


def sow_grass(easel: Easel, edge: Path) -> None:
    """Put grass and small flowers, or soft snow, on the nearest ground."""
    if easel.scene.season == "winter" or easel.scene.weather == "snow":
        return
    chance = easel.chance("grass")
    near = easel.palette.near
    petals = ((250, 240, 220), (246, 176, 190), (250, 214, 110), (214, 190, 240))
    few = 0.4 if easel.scene.style == "minimal" else 1.0
    for _ in range(round(110 * few * max(easel.wide, 0.6))):
        x = chance.uniform(0, easel.wide)
        y = chance.uniform(height_at(edge, x) + 0.03, 1.0)
        size = 0.006 + 0.016 * (y - 0.8) / 0.2
        lean = chance.uniform(-0.4, 0.4) * size + 0.003 * easel.sway(1, x)
        blade = darken(near, 0.2) if chance.random() < 0.6 else lighten(near, 0.16)
        easel.flat.stroke([(x, y), (x + lean, y - size)], blade, 0.0022)
        if chance.random() < 0.22 and not easel.palette.dark:
            easel.flat.fill(oval(x + lean, y - size, 0.0045), chance.choice(petals), line=False)


def paint_flowerbed(easel: Easel) -> None:
    """Paint rows of flowers, larger towards the front."""
    chance = easel.chance("bed")
    petals: tuple[Colour, ...] = (
        (240, 112, 128),
        (252, 196, 80),
        (250, 240, 232),
        (176, 130, 214),
        (244, 142, 84),
    )
    leaf = darken(easel.palette.near, 0.2)
    for row in range(4):
        depth = row / 3
        many = round((26 - 4 * row) * max(easel.wide, 0.6))
        for step in range(many):
            x = easel.wide * (step + chance.random()) / many
            if row < 3 and abs(x / easel.wide - easel.side) < 0.1 and easel.scene.things:
                continue
            y = 0.84 + 0.15 * depth + chance.uniform(-0.01, 0.01)
            size = (0.012 + 0.014 * depth) * chance.uniform(0.8, 1.2)
            lean = 0.004 * easel.sway(1, x)
            easel.flat.stroke([(x, y + size * 3), (x + lean, y)], leaf, 0.003)
            petal = mix(
                chance.choice(petals), easel.palette.near, 0.5 if easel.palette.dark else 0.06
            )
            for part in range(5):
                one = easel.flat.at(x + lean, y, size, turn=72 * part + step * 20)
                one.fill(oval(0, -0.55, 0.4, 0.5), petal, line=False)
            easel.flat.fill(
                oval(x + lean, y, size * 0.32),
                (250, 206, 96) if petal[2] > 90 else (140, 90, 60),
                line=False,
            )


def paint_foreground(easel: Easel) -> None:
    """Let large leaves reach into the lower corners: they give the picture depth."""
    chance = easel.chance("foreground")
    tone = darken(easel.palette.near, 0.42)
    if easel.scene.season == "winter" or easel.scene.weather == "snow":
        tone = mix(darken(easel.palette.far, 0.3), easel.palette.near, 0.4)
    for corner, turn in ((-0.02, 1), (easel.wide + 0.02, -1)):
        if chance.random() < 0.25:
            continue
        for _ in range(chance.randint(6, 9)):
            lean = turn * chance.uniform(-8, 62) + 2 * easel.sway(1, chance.random())
            long = chance.uniform(0.1, 0.2) * easel.unit
            leaf = easel.flat.at(corner + turn * chance.uniform(0, 0.07), 1.03, long, turn=lean)
            shape = curve([(0, 0), (-0.13, -0.4), (0, -1.0), (0.13, -0.4)])
            colour = mix(tone, lighten(easel.palette.near, 0.1), chance.uniform(0, 0.4))
            leaf.fill(shape, lighten(colour, 0.08), darken(colour, 0.2))
            leaf.stroke([(0, -0.05), (0, -0.8)], lighten(colour, 0.14), 0.02)


def paint_dunes(easel: Easel, horizon: float) -> Path:
    """Paint dunes with a sharp crest between the lit and the shaded side."""
    chance = easel.chance("dunes")
    sand = mix((234, 182, 112), easel.palette.near, 0.5 if easel.palette.dark else 0.12)
    if easel.scene.ground:
        sand = mix(easel.scene.ground, easel.palette.near, 0.2)
    far = mix(sand, easel.palette.sky[2], 0.45)
    edge: Path = []
    for layer in range(4):
        depth = layer / 3
        y = horizon + (0.8 - horizon) * depth
        edge = ridge(chance, easel.wide, y, 0.045, 0.6 + 0.25 * layer)
        colour = mix(far, sand, depth)
        body = close(edge, easel.wide)
        easel.lay(body, lighten(colour, 0.12), darken(colour, 0.08))
        crest = chance.uniform(0.15, 0.75) * easel.wide
        shade = [(crest, height_at(edge, crest) - 0.1)]
        shade += [
            (crest + 0.06 * sin(step * 0.7) + 0.05 * step, y - 0.1 + 0.07 * step)
            for step in range(9)
        ]
        shade += [(easel.wide + 0.1, 1.0), (easel.wide + 0.1, y - 0.2)]
        easel.flat.fill(shade, darken(colour, 0.22), colour, alpha=0.55, inside=body)
    return edge
