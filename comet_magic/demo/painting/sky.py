"""The sky: its light, sun and moon, stars, clouds and northern lights."""

from math import pi, sin

from PIL import Image

from comet_magic.demo.painting.colours import WHITE, Colour, darken, lighten, mix
from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.paths import box, oval
from comet_magic.demo.painting.pen import Pen


def pour_gradient(canvas: Image.Image, stops: tuple[Colour, ...], low: float = 1.0) -> None:
    """Fill the canvas with colours from top to bottom; the last one is reached at `low`."""
    rows = []
    for row in range(canvas.height):
        at = min(row / (canvas.height * low), 0.9999) * (len(stops) - 1)
        rows.append(mix(stops[int(at)], stops[int(at) + 1], at % 1))
    column = Image.new("RGB", (1, canvas.height))
    column.putdata(rows)
    canvas.paste(column.resize(canvas.size, Image.Resampling.NEAREST))


def paint_sky(easel: Easel, horizon: float, *, light: bool = True) -> None:
    """Paint the whole sky down to the horizon; without `light` there is no sun and no moon."""
    pour_gradient(easel.pen.canvas, easel.palette.sky, horizon)
    if easel.palette.dark:
        scatter_stars(easel, horizon)
    if easel.scene.weather == "aurora":
        _hang_aurora(easel, horizon)
    lights = ("sun", "moon", "star", "comet", "planet", "rainbow")
    other = any(thing.name in lights for thing in easel.scene.things)
    if light and not other and easel.scene.weather not in ("rain", "storm", "fog", "snow"):
        _hang_light(easel, horizon)
    gloomy = easel.scene.weather not in ("", "aurora")
    if easel.scene.style != "minimal" and (not easel.palette.dark or gloomy):
        _drift_clouds(easel, horizon)


def scatter_stars(easel: Easel, horizon: float, many: int = 150) -> None:
    """Strew stars over the sky, denser towards the top; some twinkle."""
    chance = easel.chance("stars")
    pen = easel.flat
    for number in range(round(many * max(easel.wide, 0.6))):
        x, y = chance.uniform(0, easel.wide), horizon * chance.random() ** 1.5
        size = 0.0007 + 0.0017 * chance.random() ** 3
        beat = chance.random()
        shine = 0.45 + 0.4 * chance.random() + 0.25 * easel.sway(1 + number % 2, beat)
        colour = mix(easel.palette.sky[0], lighten(easel.palette.sun, 0.3), min(max(shine, 0.1), 1))
        pen.fill(oval(x, y, size), colour, line=False)
        if number % 30 == 0:
            pen.glow(x, y, size * 9, colour, 0.5)
            arm = size * 4.5 * (1 + 0.25 * easel.sway(1, beat))
            pen.fill(
                [(x - arm, y), (x, y - size / 2), (x + arm, y), (x, y + size / 2)],
                colour,
                line=False,
            )
            pen.fill(
                [(x, y - arm), (x - size / 2, y), (x, y + arm), (x + size / 2, y)],
                colour,
                line=False,
            )


def _hang_light(easel: Easel, horizon: float) -> None:
    chance = easel.chance("sun")
    pen, sun = easel.flat, easel.palette.sun
    right = chance.random() < 0.5 if easel.side == 0.5 else easel.side < 0.5
    share = chance.uniform(0.68, 0.84) if right else chance.uniform(0.16, 0.32)
    x = share * easel.wide
    low = easel.palette.haze >= 0.1
    big = easel.unit
    if easel.palette.dark and easel.scene.style != "neon":
        y = horizon * (chance.uniform(0.2, 0.36) - 0.012 * easel.sway())
        moon(pen, x, y, 0.058 * big, sun, full=chance.random() < 0.4)
    elif low or easel.scene.style == "neon":
        x = easel.wide * (0.5 + (share - 0.5) * 0.7)
        y = horizon * (chance.uniform(0.7, 0.82) + 0.02 * easel.sway())
        pen.glow(x, y, 0.75 * big, sun, 0.75)
        pen.glow(x, y, 0.3 * big, lighten(sun, 0.4), 0.7)
        pen.fill(oval(x, y, 0.1 * big), lighten(sun, 0.35), sun, line=False)
        if easel.scene.style == "neon":
            _cut_bars(pen, x, y, 0.1 * big, easel.palette.sky)
    else:
        y = horizon * (chance.uniform(0.2, 0.32) + 0.015 * easel.sway())
        pen.glow(x, y, 0.42 * big, sun, 0.7)
        pen.fill(oval(x, y, 0.068 * big), lighten(sun, 0.45), sun, line=False)


def _cut_bars(pen: Pen, x: float, y: float, r: float, sky: tuple[Colour, ...]) -> None:
    """Cut the lower half of the neon sun into stripes."""
    disc = oval(x, y, r)
    for bar in range(4):
        top = y + r * (0.1 + 0.22 * bar)
        path = box(x - r, top, x + r, top + r * (0.05 + 0.03 * bar))
        pen.fill(path, mix(sky[1], sky[2], 0.6), inside=disc, line=False)


def moon(pen: Pen, x: float, y: float, r: float, colour: Colour, *, full: bool) -> None:
    """Draw the moon in its glow: full with its seas, or a a crescent."""
    pen.glow(x, y, r * 5.5, colour, 0.35)
    pen.glow(x, y, r * 2.2, lighten(colour, 0.3), 0.5)
    bright, low = lighten(colour, 0.3), darken(colour, 0.05)
    if not full:
        rim = oval(x, y, r, start=-90, end=90, turn=-24)
        hollow = oval(x, y, r * 0.52, r, start=90, end=-90, turn=-24)
        pen.fill(rim + hollow, bright, low, line=False, bright=True)
        return
    disc = oval(x, y, r)
    pen.fill(disc, bright, low, line=False, bright=True)
    seas = ((-0.3, -0.2, 0.26), (0.25, 0.3, 0.2), (0.35, -0.35, 0.13), (-0.2, 0.45, 0.12))
    for dx, dy, size in seas:
        spot = oval(x + dx * r, y + dy * r, size * r)
        pen.fill(spot, darken(colour, 0.12), alpha=0.7, inside=disc, bright=True)


def puff(pen: Pen, colour: Colour, shadow: Colour, shape: int = 0, alpha: float = 1.0) -> None:
    """Draw a cloud that is 2 units wide and stands on the origin."""
    shapes = (
        ((-0.62, -0.2, 0.3), (-0.25, -0.38, 0.4), (0.24, -0.3, 0.34), (0.62, -0.18, 0.28)),
        ((-0.6, -0.16, 0.26), (-0.18, -0.28, 0.34), (0.28, -0.42, 0.42), (0.66, -0.16, 0.26)),
        (
            (-0.66, -0.14, 0.22),
            (-0.3, -0.28, 0.34),
            (0.1, -0.24, 0.3),
            (0.46, -0.3, 0.3),
            (0.74, -0.12, 0.2),
        ),
    )
    balls = shapes[shape % len(shapes)]
    paths = [oval(x, y, r) for x, y, r in balls]
    # The balls end at the flat underside: what would hang below it is cut by a lower limit.
    cut = [[(x, min(y, 0.0)) for x, y in path] for path in paths]
    # Outlines under a see-through cloud would show.
    alpha = 1.0 if pen.ink else alpha
    pen.merge([*cut, box(-0.95, -0.22, 0.95, 0.0, 0.11)], colour, shadow, alpha=alpha)


def _drift_clouds(easel: Easel, horizon: float) -> None:
    chance = easel.chance("clouds")
    heavy = easel.scene.weather in ("rain", "storm", "cloudy", "snow")
    many = (9 if heavy else 4) * max(easel.wide, 0.7)
    cloud, sky = easel.palette.cloud, easel.palette.sky
    for number in range(round(many)):
        depth = chance.random()
        x = easel.wide * (number + chance.uniform(0.1, 0.9)) / many
        x += 0.03 * (1 + depth) * easel.sway()
        y = horizon * (chance.uniform(0.05, 0.3) if heavy else chance.uniform(0.12, 0.62))
        size = (chance.uniform(0.12, 0.2) if heavy else chance.uniform(0.05, 0.12)) * easel.unit
        back = mix(sky[0], sky[1], min(y / horizon * 2, 1))
        colour = mix(cloud, back, 0.12 + 0.25 * depth)
        shadow = mix(colour, back, 0.5)
        puff(easel.flat.at(x, y, size, flip=depth > 0.5), colour, shadow, number, 0.94)


def _hang_aurora(easel: Easel, horizon: float) -> None:
    chance = easel.chance("aurora")
    for ribbon, colour in enumerate(((110, 240, 180), (120, 200, 240), (190, 120, 230))):
        start, bend = chance.uniform(0.1, 0.35), chance.uniform(0, 2 * pi)
        for step in range(46):
            x = easel.wide * (step + 0.5) / 46
            wave = sin(step / 46 * 7 + bend) * 0.1 + 0.02 * easel.sway(1, step / 46)
            y = horizon * (start + 0.1 * ribbon + wave)
            high = horizon * (0.24 + 0.08 * sin(step * 0.9 + ribbon))
            glow = 0.24 + 0.1 * sin(step * 1.7 + bend)
            easel.flat.cloud(x, y, 0.06 * easel.wide, high, colour, alpha=glow, bright=True)


def lightning(easel: Easel, x: float, top: float, bottom: float) -> None:
    """Draw a bolt between two heights."""
    chance = easel.chance("bolt")
    steps = 7
    points = [(x, top)]
    points += [
        (x + chance.uniform(-0.05, 0.05), top + (bottom - top) * step / steps)
        for step in range(1, steps + 1)
    ]
    easel.flat.glow(x, (top + bottom) / 2, 0.35, (220, 220, 255), 0.5)
    easel.flat.stroke(points, (255, 250, 214), 0.008, bright=True)
    easel.flat.stroke(
        [*points[2:4], (points[4][0] + 0.09, points[5][1])], WHITE, 0.004, bright=True
    )
