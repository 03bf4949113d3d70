"""Descriptions of pictures, from their pixels alone."""

from PIL import Image, ImageStat

from comet_magic.demo.painting.colours import Colour, brightness
from comet_magic.demo.painting.modes import plain

_NAMES: dict[str, Colour] = {
    "black": (16, 16, 20),
    "charcoal": (58, 58, 66),
    "grey": (128, 128, 128),
    "light grey": (196, 196, 198),
    "white": (250, 250, 250),
    "cream": (248, 236, 206),
    "beige": (218, 196, 162),
    "brown": (122, 78, 46),
    "dark brown": (66, 42, 30),
    "red": (214, 40, 40),
    "dark red": (120, 24, 30),
    "coral": (246, 126, 104),
    "orange": (244, 140, 36),
    "gold": (220, 172, 60),
    "yellow": (250, 222, 60),
    "lime green": (156, 212, 62),
    "green": (52, 152, 66),
    "dark green": (24, 78, 46),
    "olive": (122, 124, 54),
    "sage green": (150, 178, 142),
    "mint": (164, 226, 196),
    "teal": (24, 126, 128),
    "turquoise": (70, 200, 196),
    "sky blue": (134, 196, 236),
    "blue": (40, 96, 220),
    "steel blue": (88, 128, 168),
    "navy blue": (22, 32, 86),
    "indigo": (70, 52, 146),
    "purple": (132, 62, 170),
    "lavender": (190, 174, 228),
    "magenta": (212, 44, 160),
    "pink": (246, 160, 190),
    "peach": (250, 200, 166),
    "mauve": (156, 110, 142),
    "pale blue": (188, 214, 234),
    "pale green": (192, 222, 190),
    "pale yellow": (252, 240, 190),
    "pale pink": (248, 214, 222),
    "slate blue": (92, 100, 150),
}
_SAMPLE = 56


def describe(image: Image.Image) -> str:
    """Return one or two sentences about a picture of any mode: size, main colours, light.

    The shares of the colours are rounded to 5 %; transparent pixels do not count.
    """
    width, height = image.size
    if width < 1 or height < 1:
        return "The picture is empty: it has no pixels."
    shape = "square" if width == height else "landscape" if width > height else "portrait"
    unit = "pixel" if width == height == 1 else "pixels"
    kind = f"{image.format} picture" if image.format else "picture"
    article = "an" if kind[0] in "AEIO" else "a"
    first = f"This is {article} {kind} of {width} × {height} {unit} ({shape} orientation)"
    small = _opaque_sample(image)
    clear = _clear_share(small)
    if clear > 0:
        first += (
            f", {_percent(clear)} of it transparent" if clear < 0.995 else ", all of it transparent"
        )
    else:
        first += ", without transparency"
    if clear >= 0.995:
        return f"{first}."
    colours = _main_colours(small)
    listed = " and ".join(filter(None, (", ".join(colours[:-1]), colours[-1])))
    return f"{first}. Its main colours are {listed}; over all it is {_light(small)}."


def _opaque_sample(image: Image.Image) -> Image.Image:
    """Return a small RGBA copy."""
    frame = plain(image).convert("RGBA")
    if frame.width > _SAMPLE or frame.height > _SAMPLE:
        frame.thumbnail((_SAMPLE, _SAMPLE), Image.Resampling.BOX)
    return frame


def _clear_share(small: Image.Image) -> float:
    counts = small.getchannel("A").histogram()
    return sum(counts[:250]) / max(sum(counts), 1)


def _main_colours(small: Image.Image) -> list[str]:
    shares: dict[str, int] = {}
    seen = 0
    for count, pixel in small.getcolors(small.width * small.height) or []:
        red, green, blue, alpha = pixel  # type: ignore[misc] # an RGBA picture has quadruples
        if alpha < 128:
            continue
        name = colour_name((red, green, blue))
        shares[name] = shares.get(name, 0) + count
        seen += count
    ranked = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [pair for pair in ranked[:4] if pair[1] / max(seen, 1) >= 0.05] or ranked[:1]
    return [f"{_percent(count / max(seen, 1))} {name}" for name, count in told]


def _percent(share: float) -> str:
    if share >= 0.975:
        return "almost 100 %" if share < 0.9999 else "100 %"
    return f"about {max(round(share * 20) * 5, 5)} %"


def colour_name(colour: Colour) -> str:
    """Return the name of the nearest known colour, as the eye weighs it."""

    def distance(other: Colour) -> float:
        mean = (colour[0] + other[0]) / 2
        red, green, blue = (a - b for a, b in zip(colour, other, strict=True))
        # The "redmean" formula: cheap, and close to how different two colours look. It calls pale
        # colours grey, so greys are only for what has almost no colour.
        tinted = max(colour) - min(colour) if max(other) - min(other) < 12 else 0
        apart = (2 + mean / 256) * red**2 + 4 * green**2 + (2 + (255 - mean) / 256) * blue**2
        return apart + 6 * tinted**2

    return min(_NAMES, key=lambda name: distance(_NAMES[name]))


def _light(small: Image.Image) -> str:
    mask = small.getchannel("A").point([0] * 128 + [255] * 128)
    red, green, blue = (round(part) for part in ImageStat.Stat(small.convert("RGB"), mask).mean)
    level = brightness((red, green, blue))
    for limit, word in (
        (0.2, "very dark"),
        (0.4, "dark"),
        (0.6, "of medium brightness"),
        (0.8, "bright"),
    ):
        if level < limit:
            return word
    return "very bright"
