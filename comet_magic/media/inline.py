"""Pictures and videos whose bytes stand in a text: as data URIs, or as base64 alone."""

import base64
import re

from .medium import Medium
from .sniffing import media_type_of

# The head of a data URI; and the first bytes of PNG, JPEG, WebP, GIF, MP4 (AVIF, HEIC) and WebM
# files as base64.
_BEGINNING = re.compile(
    r"(?P<head>data:(?:[\w.+-]{1,40}/[\w.+-]{1,80})?(?:;[\w=.+-]{1,80}){0,4};base64,\s?)"
    r"|(?<![\w+/=.-])(?:iVBORw0KGgo|/9j/[247w]|UklGR|R0lGOD|AAAA[\w+/]{2}Z0eX|GkXfo)",
    re.IGNORECASE,
)
# "image/png;base64,iVBORw0…" and "base64:iVBORw0…", the half of a head.
_HALF_HEAD = re.compile(r"(?<![\w/])(?:[\w.+-]{1,40}/[\w.+-]{1,40};)?base64[,:]\s?$", re.IGNORECASE)
_LONGEST_HALF_HEAD = 100
_LONGEST_HEAD = 600
_RUN = re.compile(r"[A-Za-z0-9+/=_%-]*+")
_DECLARED = re.compile(r"data:(image|video)/", re.IGNORECASE)
# The smallest GIF has 35 bytes, which are 48 characters.
_LEAST = 44
# Icons in style sheets are as long as this; longer base64 is nothing to read.
_LONGEST_SHOWN = 400
# Line ends in base64: those of MIME, or of long lines that were wrapped, also in a quote.
_WRAP = re.compile(
    r"\r?\n(?:(?<=[\w+/]{48}\n)|(?<=[\w+/]{48}\r\n))[ \t>]{0,8}"
    r"(?=[A-Za-z0-9+/]{24}|[A-Za-z0-9+/]{0,24}[=)\"'>])"
)
# Enough characters for `media_type_of`.
_FIRST = 64


def inline_medium(url: str) -> Medium | None:
    """Returns what a data URI holds, by its bytes, else by its type; None if it is neither a
    picture nor a video.

    >>> inline_medium("data:application/octet-stream;base64,R0lGODlhAQABAAAAACw=")
    <Medium.IMAGE: 'image'>
    """
    head, _, body = url[:400].partition(",")
    sniffed = media_type_of(_first_bytes(body)) if head[-7:].lower() == ";base64" else None
    if sniffed:
        kind = sniffed.partition("/")[0]
        return Medium(kind) if kind in (Medium.IMAGE, Medium.VIDEO) else None
    declared = _DECLARED.match(url)
    return Medium(declared[1].lower()) if declared else None


def inline_address(value: str) -> str | None:
    """Returns the data URI of base64 with half a head or none, and of a data URI in capitals.

    None if `value` is anything else, such as a link.
    """
    begins = _BEGINNING.search(value[:_LONGEST_HEAD])
    if begins is None or not (
        begins.start() == 0 or _HALF_HEAD.fullmatch(value, 0, begins.start())
    ):
        return None
    if begins["head"]:
        return value if value.startswith("data:") else begins[0].lower() + value[begins.end() :]
    body = value[begins.start() :]
    sniffed = media_type_of(_first_bytes(body)) if len(body) >= _LEAST else None
    return f"data:{sniffed};base64,{body}" if sniffed else None


def fold(text: str, *, is_whole: bool = True) -> tuple[str, dict[str, str]]:
    """Replaces each picture and video in `text` by a short address.

    So no regular expression runs over the bytes: one takes 0.2 s for a picture of 20 MB, and
    `find` takes a hundredth of that.

    Args:
        text: A text, or a line of one.
        is_whole: Whether it is finished. Without that a picture at its end may grow; it is cut off.

    Returns:
        The text, and the whole data URI for each short one.
    """
    folded: dict[str, str] = {}
    parts: list[str] = []
    end = 0
    for start, begin, stop in _runs(text):
        if stop == len(text) and not is_whole:
            return "".join([*parts, text[end:start]]), folded
        url = inline_address(text[start:stop]) if stop - begin >= _LEAST else None
        medium = inline_medium(url) if url else None
        if url and medium:
            short = f"data:{medium}/folded-{len(folded)}"
            folded[short] = url
            parts += [text[end:start], short]
            end = stop
    return ("".join([*parts, text[end:]]) if parts else text), folded


def unwrapped(text: str) -> str:
    """Returns `text` with the base64 in it on one line."""
    return _WRAP.sub("", text)


def without_bytes(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """Returns `text` with `…` in place of the base64 of pictures and data URIs, whole or cut.

    Base64 of at most `longest` characters stays, such as that of icons in a style sheet.
    """
    parts: list[str] = []
    end = 0
    for _, begin, stop in _runs(text):
        last = stop
        while wrap := _WRAP.match(text, last):
            last = _run(text, wrap.end())
        if last - begin > longest:
            parts += [text[end:begin], "…"]
            end = last
    return "".join([*parts, text[end:]]) if parts else text


def _runs(text: str) -> list[tuple[int, int, int]]:
    """Returns the places of base64: where its head begins, where it begins and where it ends."""
    found = []
    end = close = 0
    while begins := _BEGINNING.search(text, end):
        start = begin = begins.start()
        if begins["head"]:
            begin = begins.end()
        elif half := _HALF_HEAD.search(text, max(end, start - _LONGEST_HALF_HEAD), start):
            start = half.start()
        if 0 <= close < begin:
            close = text.find(")", begin)
        # A label, an address, and nothing else: `find` is enough.
        is_link = close > 0 and text.startswith("](", max(start - 2, 0))
        if is_link and not any(text.find(mark, begin, close) >= 0 for mark in '( "<\n'):
            end = close
        else:
            end = _run(text, begin)
        found.append((start, begin, end))
    return found


def _run(text: str, begin: int) -> int:
    run = _RUN.match(text, begin)
    return run.end() if run else begin


def _first_bytes(body: str) -> bytes:
    body = "".join(body[: 2 * _FIRST].split())[:_FIRST].replace("-", "+").replace("_", "/")
    body = body.rstrip("=")
    try:
        return base64.b64decode(body[: len(body) // 4 * 4])
    except ValueError:  # binascii.Error is one, and so is that of a character beyond ASCII
        return b""
