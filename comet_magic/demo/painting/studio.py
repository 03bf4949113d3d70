"""From a prompt to a finished picture."""

from dataclasses import replace

from PIL import Image

from comet_magic.demo.painting.arrange import arrange, place_of
from comet_magic.demo.painting.dice import dice
from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.finish import finish
from comet_magic.demo.painting.label import sign
from comet_magic.demo.painting.light import choose_palette
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.ratio import find_ratio, size_of
from comet_magic.demo.painting.scene import Scene, read_scene

_FINER = 2
"""Everything is drawn so many times larger and reduced at the end: that smooths the edges."""


def paint(
    prompt: str,
    *,
    ratio: str | None = None,
    variant: int = 0,
    long_side: int = 1024,
    time: float = 0.0,
) -> Image.Image:
    """Return an RGB picture painted from the words of the prompt.

    The same arguments give the same pixels in every process. Any text gives a picture: one
    without a known word gives a composition that depends on its letters.

    Args:
        prompt: What to paint, in English or Chinese.
        ratio: Width to height, such as `"3:2"`; None takes the prompt's.
        variant: Another number gives another composition of the same prompt.
        long_side: Longer side of the picture in pixels.
        time: The moment of a film that ends as it began, from 0 to 1; 0 is the still picture.
    """
    size = size_of(ratio or find_ratio(prompt), long_side)
    seed = f"{' '.join(prompt.split()).casefold()}/{variant}"
    chance = dice(seed, "scene")
    scene, place = _decide(read_scene(prompt), chance.random())
    canvas = Image.new("RGB", (size[0] * _FINER, size[1] * _FINER))
    palette = choose_palette(scene, chance)
    ink = canvas.height * 0.0034 if scene.style in ("cartoon", "sketch") else 0.0
    high = canvas.height
    pen = Pen(canvas, (high, 0, 0, high, 0, 0), palette.air, palette.haze, ink)
    side = _side(scene, variant, chance.choice((0.4, 0.5, 0.6)))
    easel = Easel(pen, size[0] / size[1], scene, palette, seed, time % 1, side)
    arrange(easel, place)
    image = finish(canvas.reduce(_FINER), scene.style, seed)
    sign(image)
    return image


def _side(scene: Scene, variant: int, chosen: float) -> float:
    """Return where the hero stands: two variants that follow each other differ in it."""
    if variant == 0:
        return 0.5 if len(scene.things) == 1 else chosen
    return (0.38, 0.62, 0.5)[variant % 3 - 1]


def _decide(scene: Scene, chance: float) -> tuple[Scene, str]:
    """Decide what the prompt leaves open: the place, and the hour where it matters."""
    if scene.is_empty:
        if chance < 0.6:
            return scene, "abstract"
        hours = ("day", "dawn", "sunset", "day", "night")
        places = ("hills", "mountains", "sea", "lake", "forest", "desert")
        pick = round(chance * 1e6)
        return replace(scene, hour=hours[pick % 5]), places[pick // 5 % len(places)]
    if scene.things:
        place = place_of(scene.things, scene.place)
    else:
        place = scene.place or ("hills", "mountains", "lake", "hills")[round(chance * 1e6) % 4]
    shining = any(thing.name in ("moon", "star", "comet") for thing in scene.things)
    shining = shining or scene.weather == "aurora"
    if (place == "night" or shining) and not scene.hour:
        scene = replace(scene, hour="night")
    if place == "snow":
        return replace(scene, season=scene.season or "winter"), "hills"
    return scene, place
