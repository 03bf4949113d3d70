"""Brings a picture of any mode to eight bits a channel."""

from PIL import Image

_DEEP = 257
"""A step of eight bits is so many steps of sixteen."""


def plain(image: Image.Image) -> Image.Image:
    """Return an RGB copy of the picture, or an RGBA one when it has an alpha channel."""
    if image.mode in ("RGBA", "LA", "La", "RGBa", "PA") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        return _shallow(image.convert("I")).convert("RGB")
    if image.mode == "F":
        return image.convert("L").convert("RGB")
    return image.convert("RGB")


def _shallow(image: Image.Image) -> Image.Image:
    """Return a picture of whole numbers in eight bits; plain conversion would cut at 255."""
    high = image.getextrema()[1]
    if isinstance(high, int | float) and high > 255:
        image = image.point(lambda value: value * (1 / _DEEP) + 0)
    return image.convert("L")
