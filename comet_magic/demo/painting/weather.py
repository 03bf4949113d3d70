"""What falls or hangs in the air, in front of everything: rain, snow, mist, blossoms, leaves."""

from math import sin

from comet_magic.demo.painting.colours import WHITE, Colour, lighten, mix
from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.paths import oval
from comet_magic.demo.painting.sky import lightning

_INDOORS = ("table", "studio", "underwater", "space", "abstract", "moonland")


def paint_weather(easel: Easel, place: str) -> None:
    """Paint the weather and the season over the finished scene."""
    if place in _INDOORS or easel.pen.haze >= 1:
        return
    match easel.scene.weather:
        case "rain":
            _rain(easel)
        case "storm":
            lightning(easel, easel.wide * (0.25 if easel.side >= 0.5 else 0.75), 0.08, 0.56)
            _rain(easel)
        case "snow":
            _snow(easel)
        case "fog":
            _fog(easel)
        case "wind":
            _drift(easel, ((230, 240, 230), (200, 222, 190)))
        case _:
            if easel.scene.season == "autumn":
                _drift(easel, ((222, 106, 44), (240, 178, 74), (190, 70, 50)))
            elif easel.scene.season == "spring":
                _drift(easel, ((252, 196, 212), (255, 226, 232)))
            elif easel.scene.season == "winter":
                _snow(easel)


def _rain(easel: Easel) -> None:
    chance = easel.chance("rain")
    colour = mix(lighten(easel.palette.sky[1], 0.5), WHITE, 0.2)
    for _ in range(round(150 * max(easel.wide, 0.6))):
        depth = chance.random()
        x = chance.uniform(-0.1, easel.wide + 0.1)
        y = (chance.random() + easel.time * (1 if depth < 0.5 else 2)) % 1 * 1.15 - 0.1
        long = 0.02 + 0.04 * depth
        drop = [(x, y), (x - 0.0012, y + long), (x + 0.0008, y + long), (x + 0.0016, y)]
        lean = [(px - (py - y) * 0.18, py) for px, py in drop]
        easel.flat.fill(lean, colour, alpha=0.3 + 0.35 * depth, line=False, bright=True)


def _snow(easel: Easel) -> None:
    chance = easel.chance("snow")
    for _ in range(round(170 * max(easel.wide, 0.6))):
        depth = chance.random() ** 2
        size = 0.0016 + 0.006 * depth
        x = chance.uniform(0, easel.wide) + 0.012 * easel.sway(1, chance.random())
        y = (chance.random() + easel.time) % 1 * 1.04 - 0.02
        if depth > 0.55:
            easel.flat.cloud(x, y, size * 2, size * 2, WHITE, alpha=0.85, bright=True)
        else:
            easel.flat.fill(oval(x, y, size), WHITE, alpha=0.85, line=False, bright=True)


def _fog(easel: Easel) -> None:
    chance = easel.chance("fog")
    colour = lighten(mix(easel.palette.sky[1], easel.palette.sky[2], 0.5), 0.4)
    for band in range(7):
        x = chance.uniform(0, easel.wide) + 0.06 * easel.sway(1, band / 7)
        y = 0.5 + 0.075 * band
        easel.flat.cloud(x, y, 0.8 * max(easel.wide, 0.6), 0.12, colour, alpha=0.5, bright=True)


def _drift(easel: Easel, colours: tuple[Colour, ...]) -> None:
    """Let leaves or petals fly past."""
    chance = easel.chance("drift")
    for _ in range(round(34 * max(easel.wide, 0.6))):
        depth = chance.random()
        x = (chance.random() + easel.time) % 1 * (easel.wide + 0.1) - 0.05
        y = (chance.uniform(0, 1) + 0.02 * sin(x * 20)) % 1
        size = 0.004 + 0.008 * depth
        leaf = easel.flat.at(x, y, size, turn=chance.uniform(0, 180) + 360 * easel.time)
        leaf.fill(oval(0, 0, 1.0, 0.5), chance.choice(colours), line=False)
