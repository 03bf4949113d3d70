"""The finish of a picture: paper, grain, and what a style makes of the painted forms."""

import random
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from comet_magic.demo.painting.colours import Colour
from comet_magic.demo.painting.dice import dice

_TILE = 512


@cache
def _grain_tile(soft: int) -> Image.Image:
    """Return a tile of even grain around middle grey, coarser for a larger `soft`."""
    side = _TILE // soft
    noise = Image.frombytes("L", (side, side), dice("grain", soft).randbytes(side * side))
    return noise.resize((_TILE, _TILE), Image.Resampling.BICUBIC)


def texture(size: tuple[int, int], strength: float, soft: int = 1) -> Image.Image:
    """Return grain for a whole picture: grey 128 where it changes nothing."""
    tile = _grain_tile(soft).point([round(128 + (v - 128) * strength) for v in range(256)])
    sheet = Image.new("L", size)
    for left in range(0, size[0], _TILE):
        for top in range(0, size[1], _TILE):
            sheet.paste(tile, (left, top))
    return sheet


def grain(image: Image.Image, strength: float, soft: int = 1) -> Image.Image:
    """Lay grain over an RGB picture."""
    sheet = texture(image.size, strength, soft)
    return ImageChops.overlay(image, Image.merge("RGB", (sheet, sheet, sheet)))


def vignette(image: Image.Image, strength: float, colour: Colour = (30, 18, 48)) -> Image.Image:
    """Darken the corners."""
    fade = [round(255 * strength * max(0.0, (v - 110) / 145) ** 1.6) for v in range(256)]
    mask = Image.radial_gradient("L").point(fade).resize(image.size, Image.Resampling.BILINEAR)
    out = image.copy()
    out.paste(colour, (0, 0), mask)
    return out


def finish(image: Image.Image, style: str, seed: str) -> Image.Image:
    """Return an RGB picture in the style; an empty style is a modern poster on fine paper."""
    chance = dice(seed, "finish")
    return _FINISHES.get(style, _poster)(image, chance)


def _poster(image: Image.Image, chance: random.Random) -> Image.Image:
    del chance
    vivid = ImageEnhance.Contrast(ImageEnhance.Color(image).enhance(1.22)).enhance(1.04)
    return vignette(grain(vivid, 0.045), 0.13)


def _plain(image: Image.Image, chance: random.Random) -> Image.Image:
    del chance
    return ImageEnhance.Color(image).enhance(1.18)


def _minimal(image: Image.Image, chance: random.Random) -> Image.Image:
    del chance
    return grain(ImageEnhance.Color(image).enhance(1.1), 0.04)


def watercolour(image: Image.Image, chance: random.Random) -> Image.Image:
    """Let the edges run, the paint pool at them, and the paper show through."""
    short = min(image.size)
    wet = _wobble(image, chance, short * 0.006 + 0.5)
    wet = ImageEnhance.Color(wet.filter(ImageFilter.MedianFilter(3))).enhance(1.35)
    soft = wet.resize((max(image.width // 4, 1), max(image.height // 4, 1)), Image.Resampling.BOX)
    soft = soft.filter(ImageFilter.GaussianBlur(2)).resize(image.size, Image.Resampling.BICUBIC)
    edge = (
        ImageChops.difference(wet, soft).convert("L").point([min(255, v * 3) for v in range(256)])
    )
    pooled = ImageChops.multiply(
        wet, ImageOps.invert(Image.merge("RGB", (edge.point([v // 5 for v in range(256)]),) * 3))
    )
    pale = Image.blend(
        Image.blend(pooled, soft, 0.18), Image.new("RGB", image.size, (255, 252, 244)), 0.16
    )
    for cells, strength in ((9, 0.2), (34, 0.14)):
        blotch = _blotches(image.size, chance, cells, strength)
        pale = ImageChops.overlay(pale, Image.merge("RGB", (blotch, blotch, blotch)))
    paper = Image.new("RGB", image.size, (252, 249, 240))
    paper.paste(pale, (0, 0), _torn(image.size, chance, 0.035))
    return grain(paper, 0.13, 2)


def _blotches(
    size: tuple[int, int], chance: random.Random, cells: int, strength: float
) -> Image.Image:
    raw = Image.frombytes("L", (cells, cells), chance.randbytes(cells * cells))
    flat = raw.point([round(128 + (v - 128) * strength) for v in range(256)])
    return flat.resize(size, Image.Resampling.BICUBIC)


def _torn(size: tuple[int, int], chance: random.Random, margin: float) -> Image.Image:
    """Return a mask with an uneven soft border, as when paint ends before the paper does."""
    small = (max(size[0] // 4, 8), max(size[1] // 4, 8))
    mask = Image.new("L", small)
    edge = round(min(small) * margin)
    inner = (edge, edge, small[0] - edge - 1, small[1] - edge - 1)
    ImageDraw.Draw(mask).rounded_rectangle(inner, radius=edge, fill=255)
    blotch = _blotches(small, chance, 72, 0.3)
    mask = mask.filter(ImageFilter.GaussianBlur(edge * 0.45))
    mask = ImageChops.add(mask, blotch, 1, -128)
    mask = mask.point([min(255, max(0, (v - 100) * 4)) for v in range(256)])
    return mask.resize(size, Image.Resampling.BICUBIC)


def _wobble(image: Image.Image, chance: random.Random, reach: float) -> Image.Image:
    """Move the picture about a little, a different way in each place."""
    wide, high = image.size
    if min(wide, high) < 64:
        return image
    across, down = 26, max(2, round(26 * high / wide))
    nodes = {}
    for row in range(down + 1):
        for column in range(across + 1):
            rim = row in (0, down) or column in (0, across)
            dx, dy = (
                (0.0, 0.0)
                if rim
                else (chance.uniform(-reach, reach), chance.uniform(-reach, reach))
            )
            nodes[column, row] = (wide * column / across + dx, high * row / down + dy)
    mesh = []
    for row in range(down):
        for column in range(across):
            area = (
                round(wide * column / across),
                round(high * row / down),
                round(wide * (column + 1) / across),
                round(high * (row + 1) / down),
            )
            corners = [(0, 0), (0, 1), (1, 1), (1, 0)]
            quad = tuple(v for dx, dy in corners for v in nodes[column + dx, row + dy])
            mesh.append((area, quad))
    return image.transform(image.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def oil(image: Image.Image, chance: random.Random) -> Image.Image:
    """Paint the picture again with thousands of short strokes, the large ones first.

    The smallest go only where the picture has details, so that a face keeps its eyes.
    """
    short = min(image.size)
    rich = ImageEnhance.Color(image).enhance(1.25)
    out = rich.filter(ImageFilter.GaussianBlur(max(short / 200, 0.5)))
    small = rich.resize((max(image.width // 2, 1), max(image.height // 2, 1)), Image.Resampling.BOX)
    detail = small.convert("L").filter(ImageFilter.FIND_EDGES).filter(ImageFilter.MaxFilter(7))
    colours, edges = small.load(), detail.load()
    draw = ImageDraw.Draw(out)
    if colours is None or edges is None:
        return out
    for many, size, least in ((1500, 0.034, 0), (4500, 0.016, 0), (15000, 0.0058, 32)):
        long, thick = short * size, max(1, round(short * size * 0.32))
        for _ in range(many):
            x, y = chance.random() * image.width, chance.random() * image.height
            at = (min(int(x) // 2, small.width - 1), min(int(y) // 2, small.height - 1))
            # Large strokes keep away from details, small ones seek them.
            if (edges[at] < least) if least else (size > 0.02 and edges[at] > 60):  # type: ignore[operator]
                continue
            red, green, blue = colours[at]  # type: ignore[misc] # an RGB picture has triples
            light = int(chance.random() * 18) - 9
            lean = 0.5 * long * (0.3 + ((x * 0.004 + y * 0.007) % 1.0))
            line = (x - long / 2, y + lean / 2, x + long / 2, y - lean / 2)
            draw.line(line, (red + light, green + light, blue + light), thick)
    relief = out.convert("L").filter(ImageFilter.EMBOSS)
    relief = relief.point([round(128 + (v - 128) * 0.3) for v in range(256)])
    return grain(ImageChops.overlay(out, Image.merge("RGB", (relief, relief, relief))), 0.05)


def sketch(image: Image.Image, chance: random.Random) -> Image.Image:
    """Draw the picture with a soft pencil on warm paper."""
    del chance
    grey = image.convert("L")
    short = min(image.size)
    blurred = grey.filter(ImageFilter.BoxBlur(max(short / 110, 1)))
    lines = _dodge(grey, blurred)
    fine = _dodge(grey, grey.filter(ImageFilter.BoxBlur(1)))
    lines = ImageChops.multiply(lines, fine).point(
        [max(0, min(255, round((v - 80) * 1.62))) for v in range(256)]
    )
    tone = grey.point([min(255, 208 + v // 5) for v in range(256)])
    drawn = ImageChops.multiply(lines, ImageChops.overlay(tone, texture(image.size, 0.36, 2)))
    return ImageOps.colorize(drawn, (54, 50, 62), (252, 248, 238))


def _dodge(grey: Image.Image, blurred: Image.Image) -> Image.Image:
    """Return white where the picture is even and dark where it is darker than its neighbours."""
    return ImageChops.subtract(grey, blurred, 0.22, 250)


def pixel_art(image: Image.Image, chance: random.Random) -> Image.Image:
    """Draw the picture in large squares and few colours."""
    del chance
    cell = max(1, round(max(image.size) / 112))
    small = image.resize(
        (max(image.width // cell, 1), max(image.height // cell, 1)), Image.Resampling.BOX
    )
    small = ImageEnhance.Color(small).enhance(1.25)
    few = small.quantize(
        40, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE
    ).convert("RGB")
    return few.resize(image.size, Image.Resampling.NEAREST)


def neon(image: Image.Image, chance: random.Random) -> Image.Image:
    """Let every bright edge glow."""
    del chance
    strong = ImageEnhance.Color(image).enhance(1.35)
    quarter = strong.resize(
        (max(image.width // 4, 1), max(image.height // 4, 1)), Image.Resampling.BOX
    )
    bright = quarter.point([max(0, round((v - 140) * 1.0)) for v in range(256)] * 3)
    bloom = bright.filter(ImageFilter.GaussianBlur(7)).resize(image.size, Image.Resampling.BILINEAR)
    return vignette(grain(ImageChops.screen(strong, bloom), 0.06), 0.4)


def vintage(image: Image.Image, chance: random.Random) -> Image.Image:
    """Fade the colours to those of an old travel poster."""
    faded = ImageEnhance.Color(image).enhance(0.8)
    warm = ImageOps.colorize(image.convert("L"), (58, 40, 48), (252, 232, 190), mid=(178, 128, 92))
    mixed = ImageEnhance.Contrast(Image.blend(faded, warm, 0.32)).enhance(1.08)
    blotch = _blotches(image.size, chance, 14, 0.08)
    mixed = ImageChops.overlay(mixed, Image.merge("RGB", (blotch, blotch, blotch)))
    return vignette(grain(mixed, 0.13, 2), 0.38, (84, 48, 24))


_FINISHES: dict[str, Callable[[Image.Image, random.Random], Image.Image]] = {
    "cartoon": _plain,
    "watercolour": watercolour,
    "oil": oil,
    "sketch": sketch,
    "pixel": pixel_art,
    "minimal": _minimal,
    "neon": neon,
    "vintage": vintage,
}
