"""What an edit does to the pixels of an RGB picture: light, weather, colour, shape."""

import random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps, ImageStat

from comet_magic.demo.painting.colours import Colour, darken, lighten
from comet_magic.demo.painting.finish import grain, vignette
from comet_magic.demo.painting.paths import oval
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.sky import moon, pour_gradient

_FINER = 2
_DARK = 90  # mean brightness of a night, 0 to 255


def moonlit_night(image: Image.Image, chance: random.Random) -> Image.Image:
    """Turn day into a night with a moon of its own."""
    dark = night(image, chance)
    unit = min(image.size)
    x = image.width / unit * (0.84 if chance.random() < 0.5 else 0.16)
    pen = Pen(dark, (unit, 0, 0, unit, 0, 0))
    moon(pen, x, 0.15, 0.052, (255, 246, 214), full=True)
    return dark


def night(image: Image.Image, chance: random.Random) -> Image.Image:
    """Turn day into night, with stars where the sky is."""
    dim = ImageEnhance.Color(image).enhance(0.55)
    veil = Image.new("RGB", image.size)
    pour_gradient(veil, ((48, 60, 130), (104, 112, 182), (112, 116, 176)))
    dark = Image.blend(
        ImageChops.multiply(dim, veil), Image.new("RGB", image.size, (16, 20, 54)), 0.18
    )
    lights = Image.new("L", _doubled(image.size))
    draw = ImageDraw.Draw(lights)
    short = min(lights.size)
    for _ in range(150):
        x, y = chance.uniform(0, lights.width), chance.uniform(0, lights.height * 0.55)
        if not _is_sky(image, x / _FINER, y / _FINER):
            continue
        r = short * (0.0008 + 0.0022 * chance.random() ** 3)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=chance.randint(120, 255))
    dark.paste((255, 250, 232), (0, 0), lights.reduce(_FINER))
    return vignette(dark, 0.4, (8, 8, 30))


def sunset(image: Image.Image, chance: random.Random) -> Image.Image:
    """Bathe the picture in the light of a low sun."""
    veil = Image.new("RGB", image.size)
    pour_gradient(veil, ((112, 70, 150), (244, 128, 100), (255, 190, 104), (170, 84, 90)))
    warm = Image.blend(ImageChops.soft_light(image, veil), ImageChops.multiply(image, veil), 0.5)
    warm = ImageEnhance.Contrast(Image.blend(warm, veil, 0.1)).enhance(1.12)
    short = min(image.size)
    pen = Pen(warm, (short, 0, 0, short, 0, 0))
    x = image.width / short * (0.74 if chance.random() < 0.5 else 0.26)
    pen.glow(x, image.height / short * 0.42, 0.7, (255, 206, 130), 0.5)
    return vignette(warm, 0.35, (70, 20, 60))


def snow(image: Image.Image, chance: random.Random) -> Image.Image:
    """Let it snow: cold light, flakes, and white on the ground."""
    cold = ImageEnhance.Color(image).enhance(0.55)
    cold = ImageChops.soft_light(cold, Image.new("RGB", image.size, (150, 176, 214)))
    cold = Image.blend(cold, Image.new("RGB", image.size, (232, 240, 250)), 0.2)
    fade = Image.linear_gradient("L").point([max(0, round((v - 150) * 1.5)) for v in range(256)])
    cold.paste((248, 251, 255), (0, 0), fade.resize(image.size))
    flakes = Image.new("L", _doubled(image.size))
    draw = ImageDraw.Draw(flakes)
    short = min(flakes.size)
    for _ in range(round(260 * max(image.size) / min(image.size))):
        x, y = chance.uniform(0, flakes.width), chance.uniform(0, flakes.height)
        r = short * (0.0014 + 0.007 * chance.random() ** 3)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=chance.randint(150, 250))
    soft = flakes.reduce(_FINER).filter(ImageFilter.GaussianBlur(short / 2600))
    cold.paste((255, 255, 255), (0, 0), soft)
    return cold


def rain(image: Image.Image, chance: random.Random) -> Image.Image:
    """Let it rain: grey light and slanting streaks."""
    grey = ImageEnhance.Brightness(ImageEnhance.Color(image).enhance(0.65)).enhance(0.78)
    grey = Image.blend(grey, Image.new("RGB", image.size, (88, 112, 140)), 0.2)
    streaks = Image.new("L", _doubled(image.size))
    draw = ImageDraw.Draw(streaks)
    short = min(streaks.size)
    for _ in range(round(280 * max(image.size) / min(image.size))):
        x, y = chance.uniform(0, streaks.width * 1.1), chance.uniform(-0.1, 1) * streaks.height
        long = short * chance.uniform(0.02, 0.06)
        width = max(1, round(short / 700))
        draw.line((x, y, x - long * 0.2, y + long), chance.randint(60, 170), width)
    grey.paste((230, 240, 250), (0, 0), streaks.reduce(_FINER))
    return vignette(grey, 0.35)


def fog(image: Image.Image, chance: random.Random) -> Image.Image:
    """Hang mist over the lower half."""
    del chance
    fade = Image.linear_gradient("L").point([min(170, 30 + round(v * 0.6)) for v in range(256)])
    pale = ImageEnhance.Color(image).enhance(0.75)
    pale.paste((226, 230, 232), (0, 0), fade.resize(image.size))
    return pale


def brighter(image: Image.Image) -> Image.Image:
    """Lift the middle tones; white stays white, so nothing burns out."""
    return image.point([round(255 * (v / 255) ** 0.62) for v in range(256)] * 3)


def cartoon(image: Image.Image, chance: random.Random) -> Image.Image:
    """Draw with flat, strong colours and dark outlines."""
    del chance
    flat = image.filter(ImageFilter.MedianFilter(3))
    steps = [min(255, round(v / 28) * 28) for v in range(256)] * 3
    few = Image.blend(flat, flat.point(steps), 0.75)
    few = ImageEnhance.Color(few).enhance(1.5)
    edges = _edges(flat.convert("L")).filter(ImageFilter.MaxFilter(3))
    edges = edges.point([min(255, max(0, (v - 30) * 6)) for v in range(256)])
    few.paste((44, 34, 52), (0, 0), edges.filter(ImageFilter.GaussianBlur(0.6)))
    return few


def _edges(grey: Image.Image) -> Image.Image:
    """Return the edges in a picture, without the false one along its border."""
    clean = Image.new("L", grey.size)
    inner = (2, 2, max(grey.width - 2, 2), max(grey.height - 2, 2))
    clean.paste(grey.filter(ImageFilter.FIND_EDGES).crop(inner), inner[:2])
    return clean


def poster(image: Image.Image, chance: random.Random) -> Image.Image:
    """Make a gentle poster, for words that say nothing about the picture."""
    del chance
    strong = ImageEnhance.Contrast(ImageEnhance.Color(image).enhance(1.45)).enhance(1.12)
    flat = ImageOps.posterize(strong.filter(ImageFilter.MedianFilter(3)), 4)
    warm = ImageChops.soft_light(
        Image.blend(strong, flat, 0.55), Image.new("RGB", image.size, (150, 124, 112))
    )
    return vignette(grain(warm, 0.12), 0.4)


def black_and_white(image: Image.Image, chance: random.Random) -> Image.Image:
    """Take the colours away."""
    del chance
    grey = image.convert("L")
    # Full contrast would turn the two greys of a simple picture into black and white.
    grey = Image.blend(grey, ImageOps.autocontrast(grey, cutoff=1), 0.35)
    return grain(grey.convert("RGB"), 0.08)


def neon(image: Image.Image, chance: random.Random) -> Image.Image:
    """Let the edges shine in the colours of signs, in a violet night."""
    del chance
    grey = image.convert("L").filter(ImageFilter.GaussianBlur(1))
    lines = _edges(grey).filter(ImageFilter.MaxFilter(3))
    lines = lines.point([min(255, max(0, (v - 12) * 7)) for v in range(256)])
    signs = Image.new("RGB", image.size)
    pour_gradient(signs, ((60, 230, 255), (190, 110, 255), (255, 80, 180)))
    glow = Image.composite(signs, Image.new("RGB", image.size), lines)
    wide = glow.filter(ImageFilter.BoxBlur(max(min(image.size) / 90, 1)))
    dark = ImageChops.multiply(image, Image.new("RGB", image.size, (92, 60, 150)))
    return vignette(
        ImageChops.screen(ImageChops.screen(dark, ImageChops.add(wide, wide)), glow), 0.4
    )


def tint(image: Image.Image, colour: Colour) -> Image.Image:
    """Draw the picture in shades of one colour."""
    shades = ImageOps.colorize(
        image.convert("L"), darken(colour, 0.72), lighten(colour, 0.82), mid=colour
    )
    return Image.blend(image, shades, 0.68)


def framed(image: Image.Image, chance: random.Random) -> Image.Image:
    """Put the picture, a little smaller, behind a mount in a wooden frame."""
    wood = chance.choice(((120, 82, 60), (58, 52, 64), (196, 158, 104)))
    width, height = image.size
    rim = max(round(min(image.size) * 0.035), 1)
    mount = max(round(min(image.size) * 0.06), 1)
    out = Image.new("RGB", image.size, wood)
    inner = (max(width - 2 * rim, 1), max(height - 2 * rim, 1))
    out.paste(Image.new("RGB", inner, (248, 244, 234)), (rim, rim))
    draw = ImageDraw.Draw(out)
    thin = max(rim // 8, 1)
    draw.rectangle((0, 0, width - 1, height - 1), outline=lighten(wood, 0.3), width=thin)
    draw.rectangle(
        (rim - thin, rim - thin, width - rim, height - rim), outline=darken(wood, 0.4), width=thin
    )
    space = (max(width - 2 * (rim + mount), 1), max(height - 2 * (rim + mount), 1))
    small = ImageOps.contain(image, space, Image.Resampling.LANCZOS)
    out.paste(small, ((width - small.width) // 2, (height - small.height) // 2))
    return out


def _is_sky(image: Image.Image, x: float, y: float) -> bool:
    """Whether a point looks like the sky beside it: alike to the rim of the picture in its row."""
    at = (min(int(x), image.width - 1), min(int(y), image.height - 1))
    here, rims = _rgb(image, at), (_rgb(image, (0, at[1])), _rgb(image, (image.width - 1, at[1])))
    return any(sum(abs(a - b) for a, b in zip(here, rim, strict=True)) < 60 for rim in rims)


def _rgb(image: Image.Image, at: tuple[int, int]) -> Colour:
    pixel = image.getpixel(at)
    if not isinstance(pixel, tuple):
        raise TypeError("an RGB picture is expected")
    return (int(pixel[0]), int(pixel[1]), int(pixel[2]))


def head_line(image: Image.Image) -> float:
    """Return where the head of something in the middle begins, as a share of the height."""
    small = image.resize((48, 48), Image.Resampling.BOX)
    gaps = []
    for row in range(6, 32):
        middle = [_rgb(small, (x, row)) for x in (22, 24, 26)]
        rims = [_rgb(small, (x, row)) for x in (4, 43)]
        gaps.append(
            min(sum(abs(a - b) for a, b in zip(m, r, strict=True)) for m in middle for r in rims)
        )
    # At night all colours are close; the sky with its dark corners shows how close.
    is_dark = ImageStat.Stat(small.convert("L")).mean[0] < _DARK
    limit = min(70, max(gaps[:4]) + 14) if is_dark else 70
    for row, gap in enumerate(gaps, 6):
        if gap > limit:
            return row / 48
    return 0.36


def _doubled(size: tuple[int, int]) -> tuple[int, int]:
    return (size[0] * _FINER, size[1] * _FINER)


def spots(image: Image.Image, chance: random.Random) -> Image.Image:
    """Strew confetti over the picture."""
    large = image.resize(_doubled(image.size), Image.Resampling.NEAREST)
    short = min(large.size)
    pen = Pen(large, (short, 0, 0, short, 0, 0))
    colours: tuple[Colour, ...] = (
        (232, 92, 96),
        (250, 206, 96),
        (92, 178, 200),
        (150, 116, 200),
        (120, 196, 130),
    )
    for _ in range(260):
        x, y = chance.uniform(0, large.width / short), chance.uniform(0, large.height / short)
        size = chance.uniform(0.004, 0.009)
        path = oval(x, y, size, size * 0.5, turn=chance.uniform(0, 180))
        pen.fill(path, chance.choice(colours), line=False)
    return large.reduce(_FINER)
