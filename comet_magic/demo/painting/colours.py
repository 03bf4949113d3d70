"""Colours: values, names and a little mixing. A colour is three numbers from 0 to 255."""

import colorsys

Colour = tuple[int, int, int]

NAMED: dict[str, Colour] = {
    "red": (217, 58, 52),
    "crimson": (176, 32, 58),
    "scarlet": (226, 54, 44),
    "orange": (240, 138, 44),
    "amber": (245, 176, 52),
    "yellow": (250, 208, 60),
    "gold": (230, 178, 62),
    "golden": (230, 178, 62),
    "lime": (164, 206, 62),
    "green": (74, 160, 88),
    "emerald": (32, 150, 104),
    "mint": (152, 218, 188),
    "olive": (134, 138, 62),
    "teal": (32, 142, 146),
    "turquoise": (62, 190, 188),
    "cyan": (70, 200, 222),
    "blue": (52, 112, 208),
    "azure": (74, 156, 228),
    "indigo": (70, 64, 160),
    "navy": (34, 50, 104),
    "purple": (128, 76, 176),
    "violet": (146, 96, 206),
    "lavender": (182, 164, 224),
    "lilac": (200, 170, 220),
    "magenta": (208, 62, 146),
    "pink": (244, 146, 178),
    "coral": (244, 122, 104),
    "peach": (250, 190, 154),
    "brown": (134, 88, 58),
    "beige": (226, 206, 174),
    "cream": (248, 236, 208),
    "white": (246, 245, 240),
    "silver": (190, 198, 206),
    "grey": (136, 142, 150),
    "gray": (136, 142, 150),
    "black": (44, 44, 52),
    "ginger": (232, 140, 66),
    "红": (217, 58, 52),
    "橙": (240, 138, 44),
    "黄": (250, 208, 60),
    "金色": (230, 178, 62),
    "绿": (74, 160, 88),
    "青": (62, 190, 188),
    "蓝": (52, 112, 208),
    "紫": (128, 76, 176),
    "粉": (244, 146, 178),
    "棕": (134, 88, 58),
    "白": (246, 245, 240),
    "灰": (136, 142, 150),
    "黑": (44, 44, 52),
}
"""What a colour word in a prompt means here: poster colours that go well together."""

WHITE: Colour = (255, 255, 255)
INK: Colour = (42, 36, 54)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return `one` with the given share (0 to 1) of `other` in it."""
    keep = 1 - share
    return (
        round(one[0] * keep + other[0] * share),
        round(one[1] * keep + other[1] * share),
        round(one[2] * keep + other[2] * share),
    )


def lighten(colour: Colour, share: float) -> Colour:
    """Return the colour with some warm white in it."""
    return mix(colour, (255, 250, 240), share)


def darken(colour: Colour, share: float) -> Colour:
    """Return the colour in the shade: towards a deep blue violet, as black would look dirty."""
    return mix(colour, (28, 20, 58), share)


def turn_hue(colour: Colour, by: float) -> Colour:
    """Return the colour moved along the colour wheel; `by` is a share of the full circle."""
    hue, light, strength = colorsys.rgb_to_hls(*(value / 255 for value in colour))
    red, green, blue = colorsys.hls_to_rgb((hue + by) % 1, light, strength)
    return (round(red * 255), round(green * 255), round(blue * 255))


def brightness(colour: Colour) -> float:
    """Return how bright the colour looks, from 0 to 1 (the weights of Rec. 601)."""
    return (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255
