"""Towns: a skyline with the road before it, and a street of old houses."""

import random

from comet_magic.demo.painting.colours import Colour, darken, lighten, mix
from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.paths import box, oval

_LAMPLIGHT = (255, 214, 128)


def paint_skyline(easel: Easel, foot: float, high: float = 0.5) -> None:
    """Paint three rows of tall buildings that stand on the same line."""
    chance = easel.chance("city")
    palette = easel.palette
    for row in range(3):
        depth = row / 2
        base = mix(palette.far, darken(palette.near, 0.1), 0.25)
        if not palette.dark and palette.haze < 0.1:
            base = mix((108, 126, 158), palette.far, 0.4)
        colour = mix(mix(base, palette.sky[2], 0.55), darken(base, 0.38), depth)
        x = -0.03
        while x < easel.wide:
            wide = chance.uniform(0.05, 0.11) * (0.8 + 0.3 * depth)
            tall = high * chance.uniform(0.4, 1.0) * (1 - 0.28 * depth)
            _tower(easel, chance, (x, foot - tall, x + wide, foot + 0.03), colour, row)
            x += wide + chance.uniform(-0.008, 0.02)
        easel.flat.cloud(
            easel.wide / 2, foot, easel.wide * 0.9, 0.14, palette.sky[2], alpha=0.35 * (1 - depth)
        )


def _tower(
    easel: Easel,
    chance: random.Random,
    area: tuple[float, float, float, float],
    colour: Colour,
    row: int,
) -> None:
    left, top, right, foot = area
    pen = easel.flat
    middle, wide = (left + right) / 2, right - left
    roof = chance.randrange(5)
    if roof == 0:
        pen.fill([(left, top), (right, top - wide * 0.5), (right, top)], colour, line=False)
    elif roof == 1:
        pen.fill(box(left + wide * 0.2, top - 0.025, right - wide * 0.2, top), colour, line=False)
        pen.stroke([(middle, top - 0.02), (middle, top - 0.08)], colour, 0.003)
    elif roof == 2:
        pen.fill([(left, top), (middle, top - wide * 0.7), (right, top)], colour, line=False)
    tone = mix(colour, easel.palette.sky[2], 0.3)
    easel.lay(box(left, top, right, foot), lighten(colour, 0.05), tone)
    pen.fill(box(left, top, left + wide * 0.3, foot), lighten(colour, 0.12), tone, line=False)
    if row == 0 or easel.scene.style == "minimal":
        return
    lit = 0.5 if easel.palette.dark else (0.3 if easel.scene.hour == "sunset" else 0.0)
    columns = max(2, round(wide / 0.02))
    neon = ((255, 90, 190), (80, 230, 255), (255, 210, 100))
    y = top + 0.02
    while y < foot - 0.06:
        for column in range(columns):
            x = left + wide * (column + 0.5) / columns
            glass = box(x - 0.0045, y, x + 0.0045, y + 0.012)
            if chance.random() < lit:
                light = chance.choice(neon) if easel.scene.style == "neon" else _LAMPLIGHT
                pen.fill(glass, mix(light, colour, chance.uniform(0, 0.35)), line=False)
            else:
                shade = lighten(colour, 0.22) if not easel.palette.dark else darken(colour, 0.3)
                pen.fill(glass, shade, line=False)
        y += 0.026


def paint_quay(easel: Easel, foot: float) -> None:
    """Paint the ground in front of a skyline: a park, a pavement and a road."""
    pen, palette = easel.flat, easel.palette
    green = mix(palette.near, (70, 120, 90), 0.2)
    for step in range(round(easel.wide * 16)):
        chance = easel.chance(f"bush{step}")
        x, r = step / 16 + chance.uniform(0, 0.03), chance.uniform(0.025, 0.05)
        pen.fill(oval(x, foot + 0.02, r), lighten(green, 0.08), darken(green, 0.25), line=False)
    stone = mix(
        mix((206, 196, 188), palette.sky[2], 0.2), palette.near, 0.65 if palette.dark else 0.1
    )
    pen.fill(
        box(-0.01, foot + 0.03, easel.wide + 0.01, 1.02), lighten(stone, 0.1), darken(stone, 0.15)
    )
    road = mix((84, 84, 100), palette.near, 0.45 if palette.dark else 0.1)
    pen.fill(
        box(-0.01, 0.87, easel.wide + 0.01, 1.02),
        lighten(road, 0.06),
        darken(road, 0.1),
        line=False,
    )
    for step in range(round(easel.wide * 6) + 1):
        pen.fill(box(step / 6, 0.945, step / 6 + 0.08, 0.955), lighten(road, 0.5), line=False)


def paint_street(easel: Easel, foot: float) -> None:
    """Paint a row of tall, narrow, colourful houses along a pavement."""
    chance = easel.chance("street")
    walls = [(232, 138, 104), (242, 196, 116), (122, 172, 176), (214, 112, 120), (154, 178, 136)]
    walls += [(236, 220, 196), (128, 140, 186), (196, 142, 168)]
    chance.shuffle(walls)
    palette = easel.palette
    x, number = -0.04, 0
    while x < easel.wide:
        wide, tall = chance.uniform(0.14, 0.19), chance.uniform(0.34, 0.5)
        wall = mix(walls[number % len(walls)], palette.air, max(palette.haze * 1.6, 0.03))
        if palette.dark:
            wall = mix(wall, palette.near, 0.3)
        _town_house(easel, chance, (x, foot - tall, x + wide, foot), wall)
        x += wide
        number += 1
    pen = easel.flat
    stone = mix(
        mix((214, 202, 190), palette.air, palette.haze),
        palette.near,
        0.55 if palette.dark else 0.05,
    )
    pen.fill(
        box(-0.01, foot, easel.wide + 0.01, 1.02),
        lighten(stone, 0.08),
        darken(stone, 0.12),
        line=False,
    )
    road = darken(mix(stone, (110, 108, 124), 0.7), 0.15)
    pen.fill(box(-0.01, foot + 0.085, easel.wide + 0.01, 1.02), road, darken(road, 0.2), line=False)
    pen.fill(
        box(-0.01, foot + 0.08, easel.wide + 0.01, foot + 0.09), lighten(stone, 0.3), line=False
    )


def _town_house(
    easel: Easel, chance: random.Random, area: tuple[float, float, float, float], wall: Colour
) -> None:
    left, top, right, foot = area
    pen = easel.flat
    middle, wide = (left + right) / 2, right - left
    roof = darken(mix(wall, (150, 70, 60), 0.5), 0.3)
    form = chance.randrange(3)
    if form == 0:
        pen.fill([(left, top), (middle, top - 0.09), (right, top)], roof)
    elif form == 1:
        steps = [(left, top), (left, top - 0.03), (left + wide * 0.2, top - 0.03)]
        steps += [(left + wide * 0.2, top - 0.06), (left + wide * 0.38, top - 0.06)]
        steps += [(left + wide * 0.38, top - 0.085)]
        pen.fill(steps + [(left + right - x, y) for x, y in reversed(steps)], wall)
    else:
        pen.fill(
            [(left, top), (left + 0.02, top - 0.06), (right - 0.02, top - 0.06), (right, top)], roof
        )
    pen.fill(box(left, top, right, foot), lighten(wall, 0.08), darken(wall, 0.1))
    floors = max(2, int((foot - top - 0.1) / 0.095))
    for floor in range(floors):
        y = top + 0.025 + floor * (foot - top - 0.13) / floors
        for share in (0.27, 0.73):
            x = left + wide * share
            lit = easel.palette.dark and chance.random() < 0.65
            glass = _LAMPLIGHT if lit else mix((96, 126, 150), wall, 0.15)
            if easel.palette.dark and not lit:
                glass = darken(wall, 0.5)
            pen.fill(
                box(x - 0.025, y - 0.004, x + 0.025, y + 0.06), lighten(wall, 0.45), line=False
            )
            pen.fill(box(x - 0.02, y, x + 0.02, y + 0.054), lighten(glass, 0.15), glass, line=False)
            pen.fill(box(x - 0.0015, y, x + 0.0015, y + 0.054), lighten(wall, 0.45), line=False)
    door = darken(chance.choice(((60, 90, 110), (120, 60, 60), (60, 100, 80))), 0.1)
    pen.fill(box(middle - 0.022, foot - 0.085, middle + 0.022, foot, 0.02), door)
