"""The ratio of a picture: named, found in a prompt, or a square."""

import re

_RATIO = re.compile(r"(?<![\d.:])(\d{1,2})\s*[:：]\s*(\d{1,2})(?![\d:：])")
_PIXELS = re.compile(r"(?<!\d)(\d{3,4})\s*[x×*]\s*(\d{3,4})(?!\d)", re.IGNORECASE)
_WORDS = (
    ("1:1", r"\bsquare\b|正方形|方形"),
    ("9:16", r"\b(phone|story|tall|vertical) ?(wallpaper|screen|format|picture|image)?\b|竖屏"),
    ("16:9", r"\b(wide|widescreen|panorama|panoramic|banner|wallpaper|cinematic)\b|宽屏|横屏"),
    ("2:3", r"\bportrait (orientation|format|mode|ratio)\b|\b(in|as) portrait\b|竖版|竖图"),
    ("3:2", r"\blandscape (orientation|format|mode|ratio)\b|横版|横图"),
)
_MOST = 4.0
"""The longest side is at most so many times the other: a line is no picture."""


def find_ratio(prompt: str) -> str:
    """Return the ratio that the prompt asks for, such as `"16:9"`; else `"1:1"`."""
    for width, height in _RATIO.findall(prompt):
        if int(width) and int(height):
            return f"{int(width)}:{int(height)}"
    for width, height in _PIXELS.findall(prompt):
        return f"{int(width)}:{int(height)}" if int(width) and int(height) else "1:1"
    folded = prompt.casefold()
    for ratio, words in _WORDS:
        if re.search(words, folded):
            return ratio
    return "1:1"


def size_of(ratio: str, long_side: int) -> tuple[int, int]:
    """Return width and height in pixels; a ratio that cannot be read counts as a square."""
    found = re.fullmatch(r"\s*(\d{1,5})\s*[:：x×/]\s*(\d{1,5})\s*", ratio)
    width, height = (int(part) for part in found.groups()) if found else (1, 1)
    share = width / height if width and height else 1.0
    share = min(max(share, 1 / _MOST), _MOST)
    if share >= 1:
        return (max(long_side, 1), max(round(long_side / share), 1))
    return (max(round(long_side * share), 1), max(long_side, 1))
