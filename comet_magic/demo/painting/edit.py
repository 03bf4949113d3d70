"""Changes a picture according to words, so that the change is always seen."""

import random
import re
from collections.abc import Callable
from functools import partial

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from comet_magic.demo.painting import effects, finish
from comet_magic.demo.painting.colours import NAMED
from comet_magic.demo.painting.dice import dice
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.kinds import KINDS
from comet_magic.demo.painting.label import sign
from comet_magic.demo.painting.modes import plain
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.scene import Thing, read_scene
from comet_magic.demo.painting.vocabulary import find_marks

Change = Callable[[Image.Image, random.Random], Image.Image]

_FINER = 2
_MOST = 4
_ADD = re.compile(
    r"\b(add|adds|adding|put|place|insert|include|draw|with|wear|wearing|give)\b|加|添|放|戴|画"
)
_TURN = Image.Transpose


def _still(change: Callable[[Image.Image], Image.Image]) -> Change:
    """Return a change that needs no chance."""
    return lambda image, _: change(image)


_BY_MARK: dict[tuple[str, str], Change] = {
    ("hour", "night"): effects.moonlit_night,
    ("hour", "sunset"): effects.sunset,
    ("hour", "dawn"): effects.sunset,
    ("hour", "day"): _still(effects.brighter),
    ("weather", "snow"): effects.snow,
    ("season", "winter"): effects.snow,
    ("weather", "rain"): effects.rain,
    ("weather", "storm"): effects.rain,
    ("weather", "fog"): effects.fog,
    ("season", "autumn"): _still(partial(effects.tint, colour=(214, 122, 50))),
    ("season", "spring"): _still(partial(effects.tint, colour=(150, 200, 110))),
    ("season", "summer"): _still(lambda image: ImageEnhance.Color(image).enhance(1.7)),
    ("style", "cartoon"): effects.cartoon,
    ("style", "watercolour"): finish.watercolour,
    ("style", "pixel"): finish.pixel_art,
    ("style", "sketch"): finish.sketch,
    ("style", "oil"): finish.oil,
    ("style", "neon"): effects.neon,
    ("style", "vintage"): finish.vintage,
    ("style", "papercut"): effects.poster,
    ("style", "minimal"): effects.poster,
}
_BY_WORD: tuple[tuple[str, Change], ...] = (
    (r"\b(black[ -]and[ -]white|b&w|monochrome|gr[ae]yscale)\b|黑白", effects.black_and_white),
    (r"\bwarm(er)?\b|暖", effects.sunset),
    (r"\b(posteri[sz]ed?|pop[ -]art)\b|海报", effects.poster),
    (r"\bpainting\b|绘画", finish.oil),
    (
        r"\bblur(red|ry)?\b|模糊",
        lambda image, _: image.filter(ImageFilter.GaussianBlur(max(image.size) / 90)),
    ),
    (r"\b(invert(ed)?|negative)\b|反色", _still(ImageChops.invert)),
    (
        r"\b(upside[ -]down|rotate|turn (it )?around)\b|倒",
        _still(lambda image: image.transpose(_TURN.ROTATE_180)),
    ),
    (r"\b(mirror(ed)?|flip(ped)?)\b|镜像|翻转", _still(ImageOps.mirror)),
    (
        r"\b(bright(er|en)?|lighter)\b|亮",
        _still(effects.brighter),
    ),
    (r"\bdark(er|en)\b|暗", _still(lambda image: ImageEnhance.Brightness(image).enhance(0.6))),
    (
        r"\b(vivid|colou?rful|saturated?)\b|鲜艳",
        _still(lambda image: ImageEnhance.Color(image).enhance(1.9)),
    ),
    (r"\bcontrast\b|对比", _still(lambda image: ImageEnhance.Contrast(image).enhance(1.5))),
    (
        r"\b(sharp(er|en)?)\b",
        _still(lambda image: image.filter(ImageFilter.UnsharpMask(3, 220, 2))),
    ),
    (r"\b(cold(er)?|cool(er)?)\b|冷", _still(partial(effects.tint, colour=(84, 140, 210)))),
    (r"\b(confetti|party|celebrat\w+)\b|彩纸", effects.spots),
    (r"\b(framed?|border|passepartout)\b|相框|边框", effects.framed),
)
_LAST = (effects.framed,)


def edit(image: Image.Image, prompt: str, *, variant: int = 0) -> Image.Image:
    """Return the picture changed as the words say, in its own size.

    Args:
        image: Picture of any mode; it is not changed.
        prompt: What to change, such as `"make it night and add a red hat"`. Words that say
            nothing about a picture give it the look of a poster.
        variant: Another number gives other random positions.

    Returns:
        An RGB picture, or an RGBA one when the picture is transparent somewhere.
    """
    base = plain(image)
    alpha = base.getchannel("A") if base.mode == "RGBA" else None
    base = base.convert("RGB")
    if not image.width or not image.height:
        return base
    chance = dice(prompt.strip().casefold(), variant, *image.size)
    out, added = base, _to_add(prompt)
    changes = _changes(prompt, coloured=any(thing.colour for thing in added))
    if not changes and not added:
        changes = [effects.poster]
    if any(thing.name == "moon" for thing in added):
        changes = [effects.night if one is effects.moonlit_night else one for one in changes]
    for change in changes:
        if change not in _LAST:
            out = change(out, chance)
    brow = effects.head_line(base)
    for number, thing in enumerate(added):
        out, alpha = _add(out, alpha, thing, number + variant, chance, brow=brow)
    for change in changes:
        if change in _LAST:
            out = change(out, chance)
    out = out.copy() if out is base else out
    sign(out)
    if alpha is None or alpha.getextrema() == (255, 255):
        return out
    out.putalpha(alpha)
    return out


def _changes(prompt: str, *, coloured: bool) -> list[Change]:
    folded = prompt[:4000].casefold()
    found = [change for pattern, change in _BY_WORD if re.search(pattern, folded)]
    bw = effects.black_and_white in found
    for mark in find_marks(prompt):
        change = _BY_MARK.get((mark.kind, mark.value))
        if change is None and mark.kind == "colour" and not coloured and not bw:
            change = _still(partial(effects.tint, colour=NAMED[mark.value]))
            coloured = True
        if change and change not in found:
            found.append(change)
    return found[:_MOST]


def _to_add(prompt: str) -> list[Thing]:
    """Return the things that the words ask to add."""
    asked = _ADD.search(prompt[:4000].casefold())
    if not asked:
        return []
    return list(read_scene(prompt[asked.end() :]).things[:_MOST])


def _add(
    image: Image.Image,
    alpha: Image.Image | None,
    thing: Thing,
    number: int,
    chance: random.Random,
    *,
    brow: float,
) -> tuple[Image.Image, Image.Image | None]:
    """Draw the thing on the picture; where it covers nothing, the picture becomes opaque.

    `brow` is where hats sit, as a share of the height.
    """
    large = image.resize((image.width * _FINER, image.height * _FINER), Image.Resampling.NEAREST)
    kind = KINDS[thing.name]
    short = min(large.size)
    wide, high = large.width / short, large.height / short
    count = min(thing.count, 5)
    places = []
    for copy in range(count):
        if thing.name == "hat":
            size, share, low = (
                0.2,
                0.5 + 0.22 * (copy - (count - 1) / 2),
                brow + 0.05,
            )
        elif kind.zone == "air":
            size = min(0.3, 0.42 / kind.half) / count**0.4
            share = (0.76, 0.24, 0.5)[(number + copy) % 3]
            low = 0.05 + 0.1 * (copy // 3) + size / high + 0.06 * chance.random()
        else:
            size = min(0.42, 0.4 / kind.half) / count**0.4
            share = (0.76, 0.24, 0.5)[(number + copy) % 3]
            low = 0.93 - 0.03 * (copy % 2)
        places.append((share * wide, low * high, size))
    guises = [Guise(thing.colour, f"{thing.name}/{number}/{copy}") for copy in range(count)]
    pen = Pen(large, (short, 0, 0, short, 0, 0))
    shape = Image.new("RGB", large.size)
    shadow = Pen(shape, pen.matrix, (255, 255, 255), 1.0)
    for (x, y, size), guise in zip(places, guises, strict=True):
        if kind.zone == "ground" and thing.name != "hat":
            pen.cloud(x, y, kind.half * size, kind.half * size * 0.2, (24, 20, 48), alpha=0.5)
        kind.draw(pen.at(x, y, size), guise)
        if alpha is not None:
            kind.draw(shadow.at(x, y, size), guise)
    if alpha is not None:
        alpha = ImageChops.lighter(alpha, shape.reduce(_FINER).getchannel("R"))
    return large.reduce(_FINER), alpha
