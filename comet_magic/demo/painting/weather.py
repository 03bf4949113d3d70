"""What falls or hangs in the air, in front of everything: rain, snow, mist, blossoms, leaves."""

from math import sin

from comet_magic.demo.painting.colours import WHITE, Colour, lighten, mix
from comet_magic.demo.painting.easel import Stage
from comet_magic.demo.painting.paths import oval
from comet_magic.demo.painting.sky import lightning

_INDOORS = ("table", "studio", "underwater", "space", "abstract", "moonland")


def paint_weather(stage: Stage, place: str) -> None:
    """Paint the weather and the season over the finished scene."""
    if place in _INDOORS or stage.pen.haze >= 1:
        return
    match stage.scene.weather:
        case "rain":
            _rain(stage)
        case "storm":
            lightning(stage, stage.wide * (0.25 if stage.side >= 0.5 else 0.75), 0.08, 0.56)
            _rain(stage)
        case "snow":
            _snow(stage)
        case "fog":
            _fog(stage)
        case "wind":
            _drift(stage, ((230, 240, 230), (200, 222, 190)))
        case _:
            if stage.scene.season == "autumn":
                _drift(stage, ((222, 106, 44), (240, 178, 74), (190, 70, 50)))
            elif stage.scene.season == "spring":
                _drift(stage, ((252, 196, 212), (255, 226, 232)))
            elif stage.scene.season == "winter":
                _snow(stage)


def _rain(stage: Stage) -> None:
    chance = stage.chance("rain")
    colour = mix(lighten(stage.palette.sky[1], 0.5), WHITE, 0.2)
    for _ in range(round(150 * max(stage.wide, 0.6))):
        depth = chance.random()
        x = chance.uniform(-0.1, stage.wide + 0.1)
        y = (chance.random() + stage.time * (1 if depth < 0.5 else 2)) % 1 * 1.15 - 0.1
        long = 0.02 + 0.04 * depth
        drop = [(x, y), (x - 0.0012, y + long), (x + 0.0008, y + long), (x + 0.0016, y)]
        lean = [(px - (py - y) * 0.18, py) for px, py in drop]
        stage.flat.fill(lean, colour, alpha=0.3 + 0.35 * depth, line=False, bright=True)


def _snow(stage: Stage) -> None:
    chance = stage.chance("snow")
    for _ in range(round(170 * max(stage.wide, 0.6))):
        depth = chance.random() ** 2
        size = 0.0016 + 0.006 * depth
        x = chance.uniform(0, stage.wide) + 0.012 * stage.sway(1, chance.random())
        y = (chance.random() + stage.time) % 1 * 1.04 - 0.02
        if depth > 0.55:
            stage.flat.cloud(x, y, size * 2, size * 2, WHITE, alpha=0.85, bright=True)
        else:
            stage.flat.fill(oval(x, y, size), WHITE, alpha=0.85, line=False, bright=True)


def _fog(stage: Stage) -> None:
    chance = stage.chance("fog")
    colour = lighten(mix(stage.palette.sky[1], stage.palette.sky[2], 0.5), 0.4)
    for band in range(7):
        x = chance.uniform(0, stage.wide) + 0.06 * stage.sway(1, band / 7)
        y = 0.5 + 0.075 * band
        stage.flat.cloud(x, y, 0.8 * max(stage.wide, 0.6), 0.12, colour, alpha=0.5, bright=True)


def _drift(stage: Stage, colours: tuple[Colour, ...]) -> None:
    """Let leaves or petals fly past."""
    chance = stage.chance("drift")
    for _ in range(round(34 * max(stage.wide, 0.6))):
        depth = chance.random()
        x = (chance.random() + stage.time) % 1 * (stage.wide + 0.1) - 0.05
        y = (chance.uniform(0, 1) + 0.02 * sin(x * 20)) % 1
        size = 0.004 + 0.008 * depth
        leaf = stage.flat.at(x, y, size, turn=chance.uniform(0, 180) + 360 * stage.time)
        leaf.fill(oval(0, 0, 1.0, 0.5), chance.choice(colours), line=False)
