"""Water: the sea, a beach, a lake, a river, and the world below the surface."""

from math import pi, sin

from PIL import Image, ImageFilter

from comet_magic.demo.painting.colours import WHITE, darken, lighten, mix
from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.land import close, height_at, ridge
from comet_magic.demo.painting.paths import Path, box, curve, oval
from comet_magic.demo.painting.sky import pour_gradient


def paint_sea(easel: Easel, horizon: float, low: float = 1.0) -> None:
    """Paint the sea from the horizon down, with glitter and small waves."""
    light, deep = easel.palette.water
    pen = easel.flat
    pen.fill(box(-0.01, horizon, easel.wide + 0.01, 1.02), light, deep, line=False)
    reflect(easel, horizon, 0.34)
    chance = easel.chance("waves")
    for row in range(22):
        depth = (row + chance.random()) / 22
        y = horizon + (low - horizon) * (0.015 + 0.98 * depth**1.6)
        colour = mix(lighten(light, 0.4), lighten(deep, 0.25), depth)
        for _ in range(4):
            half = (0.012 + 0.06 * depth) * chance.uniform(0.6, 1.6)
            x = chance.uniform(0, easel.wide) + 0.025 * easel.sway(1, chance.random())
            thick = 0.0012 + 0.004 * depth
            lens = curve([(x - half, y), (x, y - thick), (x + half, y), (x, y + thick * 0.7)])
            pen.fill(lens, colour, alpha=0.55, line=False)


def paint_swell(easel: Easel, top: float, rows: int = 3) -> None:
    """Paint rolling waves with foam in the foreground, in front of what floats."""
    light, deep = easel.palette.water
    for row in range(rows):
        y = top + (1.02 - top) * row / rows
        colour = mix(mix(light, deep, 0.45), deep, (row + 1) / rows)
        edge = []
        for step in range(97):
            x = easel.wide * step / 96
            phase = x * (7.5 - row) + row * 1.9 + 0.6 * easel.sway(1, row / 3)
            edge.append((x, y - 0.012 * (1 + 0.4 * row) * (1 - abs(sin(phase)) * 1.6)))
        easel.flat.fill(
            close(edge, easel.wide), lighten(colour, 0.12), darken(colour, 0.12), alpha=0.96
        )
        easel.flat.stroke(edge, mix(colour, WHITE, 0.5), 0.003)


def reflect(easel: Easel, horizon: float, strength: float) -> None:
    """Lay a soft, rippled mirror image of what is above the horizon on the water below it."""
    canvas = easel.pen.canvas
    line = round(horizon * canvas.height)
    deep = min(line, canvas.height - line)
    if deep < 8 or easel.pen.haze >= 1:
        return
    small = (max(canvas.width // 4, 1), max(deep // 4, 1))
    image = canvas.crop((0, line - deep, canvas.width, line)).resize(small)
    image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    rippled = image.copy()
    for row in range(small[1]):
        shift = round(sin(row * 0.9 + 2 * pi * easel.time) * (1 + 4 * row / small[1]))
        rippled.paste(image.crop((0, row, small[0], row + 1)), (shift, row))
    rippled = rippled.filter(ImageFilter.GaussianBlur(1.2)).resize((canvas.width, deep))
    fade = Image.new("L", (1, deep))
    fade.putdata([round(255 * strength * (1 - 0.6 * row / deep)) for row in range(deep)])
    canvas.paste(rippled, (0, line), fade.resize((canvas.width, deep)))


def paint_beach(easel: Easel, top: float) -> Path:
    """Paint sand with a line of foam in front of the sea; give the edge of the sand."""
    chance = easel.chance("beach")
    sand = mix((244, 214, 160), easel.palette.near, 0.55 if easel.palette.dark else 0.1)
    sand = mix(sand, easel.palette.sky[2], 0.2)
    edge = [(x, y + 0.006 * easel.sway()) for x, y in ridge(chance, easel.wide, top, 0.028, 0.6)]
    pen = easel.flat
    for lift, colour, alpha in (
        (0.03, lighten(easel.palette.water[0], 0.2), 0.6),
        (0.012, WHITE, 0.9),
    ):
        pen.fill(
            close([(x, y - lift) for x, y in edge], easel.wide), colour, alpha=alpha, line=False
        )
    pen.fill(close(edge, easel.wide), mix(sand, easel.palette.water[1], 0.16), sand)
    dry = [(x, y + 0.03) for x, y in edge]
    pen.fill(close(dry, easel.wide), lighten(sand, 0.15), darken(sand, 0.08), line=False)
    for _ in range(90):
        x = chance.uniform(0, easel.wide)
        y = chance.uniform(height_at(edge, x) + 0.04, 1)
        pen.fill(oval(x, y, 0.0018), darken(sand, chance.uniform(0.08, 0.25)), line=False)
    return edge


def paint_lake(easel: Easel, horizon: float, low: float) -> Path:
    """Paint a still lake that mirrors the land, and the near bank; give the edge of the bank."""
    light, deep = easel.palette.water
    pen = easel.flat
    pen.fill(box(-0.01, horizon, easel.wide + 0.01, 1.02), light, deep, line=False)
    reflect(easel, horizon, 0.62)
    chance = easel.chance("lake")
    for _ in range(16):
        y = horizon + (low - horizon) * chance.random() ** 1.4
        x, half = chance.uniform(0, easel.wide), chance.uniform(0.03, 0.13)
        x += 0.02 * easel.sway(1, chance.random())
        pen.fill(oval(x, y, half, 0.0016), lighten(light, 0.5), alpha=0.5, line=False)
    edge = ridge(chance, easel.wide, low, 0.02, 0.8)
    near = easel.palette.near
    easel.lay(close(edge, easel.wide), lighten(near, 0.04), darken(near, 0.28))
    for _ in range(26):
        x = chance.uniform(0, easel.wide)
        y, size = height_at(edge, x) + 0.01, chance.uniform(0.03, 0.07)
        lean = chance.uniform(-0.015, 0.015) + 0.004 * easel.sway(1, x)
        pen.stroke([(x, y), (x + lean, y - size)], darken(near, 0.3), 0.003)
    return edge


def paint_river(easel: Easel, horizon: float) -> None:
    """Paint a river that winds from the hills to the front, over the land that is there."""
    light, deep = easel.palette.water
    light = mix(light, (70, 130, 190), 0.15 if easel.palette.dark else 0.4)
    swing = 0.13 if easel.side <= 0.5 else -0.13
    middle = easel.wide * (0.5 + swing * 1.6)
    left, right = [], []
    for step in range(40):
        share = step / 39
        y = horizon + (1.02 - horizon) * share
        x = middle + swing * 1.3 * sin(share * 5.2) * (0.25 + share)
        half = 0.006 + 0.15 * share**1.7
        left.append((x - half, y))
        right.append((x + half * 1.1, y))
    pen = easel.flat
    bank = mix(easel.palette.near, (226, 206, 160), 0.35)
    wide = [(x - 0.012, y) for x, y in left] + [(x + 0.012, y) for x, y in reversed(right)]
    pen.fill(wide, darken(bank, 0.1), line=False)
    water = left + right[::-1]
    pen.fill(water, lighten(light, 0.15), mix(light, deep, 0.6))
    chance = easel.chance("river")
    for _ in range(14):
        share = chance.random()
        y = horizon + (1 - horizon) * share
        x = (
            middle
            + swing * 1.3 * sin(share * 5.2) * (0.25 + share)
            + chance.uniform(-0.1, 0.1) * share
        )
        pen.fill(oval(x, y, 0.01 + 0.05 * share, 0.003), WHITE, alpha=0.4, inside=water)


def paint_underwater(easel: Easel) -> None:
    """Paint the sea from below: beams of light, bubbles, weed and a sandy ground."""
    dark = easel.palette.dark
    top, low = ((40, 96, 150), (8, 22, 60)) if dark else ((136, 222, 222), (16, 84, 138))
    if easel.scene.ground:
        top, low = lighten(easel.scene.ground, 0.4), darken(easel.scene.ground, 0.45)
    pour_gradient(easel.pen.canvas, (top, mix(top, low, 0.55), low))
    chance = easel.chance("deep")
    pen = easel.flat
    for beam in range(5):
        x = easel.wide * (0.1 + 0.2 * beam + chance.uniform(-0.05, 0.05)) + 0.03 * easel.sway(
            1, beam / 5
        )
        path = [(x, -0.05), (x + 0.07, -0.05), (x - 0.1, 0.95), (x - 0.32, 0.95)]
        pen.fill(path, lighten(top, 0.3), mix(top, low, 0.7), alpha=0.16, line=False)
    sand = mix((240, 214, 160), low, 0.35)
    for layer in range(2):
        edge = ridge(chance, easel.wide, 0.84 + 0.08 * layer, 0.02, 0.9)
        colour = mix(sand, low, 0.45 * (1 - layer))
        if layer:
            _grow_weed(easel, edge)
        pen.fill(close(edge, easel.wide), lighten(colour, 0.1), darken(colour, 0.15))
    for _ in range(22):
        x, y, size = chance.uniform(0, easel.wide), chance.random(), chance.uniform(0.004, 0.014)
        y = (y - easel.time) % 1 * 0.9
        pen.fill(oval(x, y, size), lighten(top, 0.4), alpha=0.4, line=False)
        pen.fill(oval(x - size * 0.3, y - size * 0.3, size * 0.3), WHITE, alpha=0.7, line=False)


def _grow_weed(easel: Easel, edge: Path) -> None:
    chance = easel.chance("weed")
    colours = ((46, 128, 104), (226, 106, 104), (240, 160, 96), (92, 96, 170), (38, 108, 120))
    for _ in range(round(13 * max(easel.wide, 0.6))):
        x = chance.uniform(0, easel.wide)
        if abs(x / easel.wide - easel.side) < 0.14:
            continue
        y, high = height_at(edge, x) + 0.03, chance.uniform(0.08, 0.24)
        colour = mix(chance.choice(colours), easel.palette.water[1], 0.25)
        sway = 0.02 + 0.012 * easel.sway(1, x)
        points = [(x + sway * sin(k * 1.3 + x * 9) * k / 3, y - high * k / 6) for k in range(7)]
        easel.flat.stroke(curve(points, closed=False, steps=5), colour, 0.014)
