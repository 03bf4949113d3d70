"""Mountains with snow on top, and a volcano."""

import random

from comet_magic.demo.painting.colours import Colour, darken, lighten, mix
from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.paths import curve, oval


def paint_mountains(easel: Easel, horizon: float, high: float = 0.34) -> None:
    """Paint two ranges of peaks with a lit and a shaded side and snow on top."""
    chance = easel.chance("mountains")
    far, sky = easel.palette.far, easel.palette.sky
    for layer in range(2):
        base = mix(far, darken(far, 0.35), 0.15 + 0.45 * layer)
        colour = mix(base, sky[2], 0.35 - 0.3 * layer)
        size = high * (1.0, 0.78)[layer]
        many = max(2, round((3, 4)[layer] * max(easel.wide, 0.7)))
        for peak in range(many):
            x = easel.wide * (peak + chance.uniform(0.15, 0.85)) / many
            top = horizon - size * chance.uniform(0.6, 1.0)
            half = (horizon - top) * chance.uniform(0.85, 1.15)
            _peak(easel, chance, (x, top), half, low=horizon + 0.05, colour=colour)
        easel.flat.cloud(easel.wide / 2, horizon, easel.wide * 0.9, 0.1, sky[2], alpha=0.5)


def _peak(
    easel: Easel,
    chance: random.Random,
    top: tuple[float, float],
    half: float,
    *,
    low: float,
    colour: Colour,
) -> None:
    x, y = top
    high = low - y
    lit, shade = lighten(colour, 0.2), darken(colour, 0.14)
    mist = mix(colour, easel.palette.sky[2], 0.55)
    spine = [
        (x + chance.uniform(-0.12, 0.2) * half * step / 5, y + high * step / 5) for step in range(6)
    ]
    pen = easel.flat
    outline = [(x - half, low), (x, y), (x + half, low)]
    easel.lay(outline, shade, mist)
    lit_left = easel.side > 0.5
    edge = (x - half, low) if lit_left else (x + half, low)
    pen.fill([edge, *spine], lit, mist, line=False)
    snow = mix((250, 252, 255), easel.palette.sky[1], 0.3 if easel.palette.dark else 0.08)
    line = 0.3 if easel.scene.season != "winter" else 0.55
    cap = [(x, y)]
    teeth = 7
    for tooth in range(teeth + 1):
        share = tooth / teeth
        down = line * high * (1.0 if tooth % 2 else 0.62) * chance.uniform(0.85, 1.15)
        cap.append((x + half * 1.1 * line * (1 - 2 * share), y + down))
    pen.fill(cap, snow, inside=outline)
    pen.fill(
        cap,
        mix(snow, shade, 0.4),
        inside=[(x, y), *spine, (x - half if not lit_left else x + half, low)],
        alpha=0.8,
    )


def paint_volcano(easel: Easel, horizon: float) -> None:
    """Paint one great volcano with glowing lava and smoke."""
    x = easel.wide * (0.62 if easel.side <= 0.5 else 0.38) if easel.scene.things else easel.wide / 2
    big = easel.unit
    y, low, half = horizon - 0.28 * big, horizon + 0.06, 0.48 * big
    rock = mix((74, 56, 72), easel.palette.far, 0.25)
    pen = easel.flat
    pen.glow(x, y, 0.4 * big, (255, 120, 60), 0.75)
    chance = easel.chance("smoke")
    for step in range(9):
        rise = step / 8
        dx = 0.12 * rise * big + 0.02 * easel.sway(1, rise) + chance.uniform(-0.02, 0.02)
        size = (0.045 + 0.06 * rise) * big
        smoke = mix(
            mix((110, 86, 96), easel.palette.sky[0], 0.3 + 0.4 * rise),
            (255, 150, 90),
            0.3 * (1 - rise),
        )
        pen.fill(
            oval(x + dx, y - 0.03 - 0.22 * rise * big, size), lighten(smoke, 0.12), smoke, alpha=0.8
        )
    cone = curve(
        [(x - 0.09 * big, y), (x - 0.2 * big, y + 0.2 * big), (x - half, low)], closed=False
    ) + curve([(x + half, low), (x + 0.2 * big, y + 0.2 * big), (x + 0.09 * big, y)], closed=False)
    pen.fill(cone, rock, mix(rock, easel.palette.far, 0.5))
    shade = [
        (x, y),
        (x + 0.05 * big, low),
        (x + half, low),
        (x + 0.2 * big, y + 0.2 * big),
        (x + 0.09 * big, y),
    ]
    pen.fill(shade, darken(rock, 0.35), mix(rock, easel.palette.far, 0.3), alpha=0.7, inside=cone)
    lava = ((-0.085, 0.0), (-0.02, 0.26), (-0.005, 0.12), (0.03, 0.34), (0.045, 0.1), (0.085, 0.0))
    flow = curve([(x + dx * big, y + dy * big) for dx, dy in lava])
    pen.fill(flow, (255, 214, 110), (232, 70, 40), inside=cone)
    pen.fill(oval(x, y, 0.09 * big, 0.018 * big), (255, 224, 130), bright=True)
