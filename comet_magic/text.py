"""Makes foreign text safe to show in terminals, error messages and captions.

Nothing that is shown holds the base64 of files: an inline picture has millions of characters.
"""

import re
from collections.abc import Callable
from typing import Any

# C0 (except tab and newline), DEL and C1 control a terminal and are invisible. Bidi embeddings and
# isolates (UAX #9) reorder the text; U+2028, U+2029 and U+0085 look like a new line.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_HALF = re.compile("[\ud800-\udfff]")
_ESCAPE_SEQUENCE = re.compile("\x1b(?:\\[[0-?]{0,32}[ -/]{0,8}[@-~]|[@-Z\\\\^_])")

# The head of a data URI; and the first bytes of PNG, JPEG, WebP, GIF, MP4 (AVIF, HEIC) and WebM
# files as base64.
_BEGINNING = re.compile(
    r"(?P<head>data:(?:[\w.+-]{1,40}/[\w.+-]{1,80})?(?:;[\w=.+-]{1,80}){0,4};base64,\s?)"
    r"|(?<![\w+/=.-])(?:iVBORw0KGgo|/9j/[247w]|UklGR|R0lGOD|AAAA[\w+/]{2}Z0eX|GkXfo)",
    re.IGNORECASE,
)
# Without one of these, in any case, there is nothing to find. A text is searched for them in a
# tenth of the time that the expression takes.
_MARKS = ("base64,", "ivborw0kggo", "/9j/", "uklgr", "r0lgod", "z0ex", "gkxfo")
# "image/png;base64,iVBORw0…" and "base64:iVBORw0…", the half of a head.
_HALF_HEAD = re.compile(r"(?<![\w/])(?:[\w.+-]{1,40}/[\w.+-]{1,40};)?base64[,:]\s?$", re.IGNORECASE)
_LONGEST_HALF_HEAD = 100
_RUN = re.compile(r"[A-Za-z0-9+/=_%-]*+")
# Icons in style sheets are as long as this; longer base64 is nothing to read.
_LONGEST_SHOWN = 400
LONGEST_WORD = 64
"""Longer base64 in a sentence is no word and no id, and nothing to read."""
# Line ends in base64: those of MIME, or of long lines that were wrapped, also in a quote.
_GOES_ON = r"[ \t>]{0,8}(?=[A-Za-z0-9+/]{24}|[A-Za-z0-9+/]{0,24}[=)\"'>])"
_NEXT_LINE = re.compile(_GOES_ON)
_WRAP = re.compile(rf"\r?\n(?:(?<=[\w+/]{{48}}\n)|(?<=[\w+/]{{48}}\r\n)){_GOES_ON}")


def mended(text: str) -> str:
    """Joins surrogate pairs in `text`, and replaces lone surrogates by U+FFFD.

    JSON can contain lone surrogates, but UTF-8 cannot.
    """
    if text.isascii() or not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def all_mended(value: Any) -> Any:
    """Applies `mended` to every string in a JSON value."""
    return _applied(mended, value)


def all_without_bytes(value: Any) -> Any:
    """Applies `without_bytes` to every string in a JSON value."""
    return _applied(without_bytes, value)


def _applied(change: Callable[[str], str], value: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_applied(change, item) for item in value]
    if isinstance(value, dict):
        return {change(name): _applied(change, item) for name, item in value.items()}
    return value


def printable(text: str) -> str:
    """Removes what cannot be read from `text`: escape sequences, control and bidi characters, and
    the base64 of files.

    Characters become U+FFFD and base64 becomes `…`, so that the reader sees that something was
    there. `\\r` becomes a newline. Tabs and newlines stay.
    """
    return visible(without_bytes(text))


def visible(text: str) -> str:
    """Returns `printable(text)`, but with base64: for attributes that hold a picture."""
    text = _ESCAPE_SEQUENCE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("\ufffd", text)


def writable(text: str, out: Any) -> str:
    """Replaces characters by `?` that the stream `out` cannot encode, such as a Windows pipe.

    An encoding error while an answer is printed would lose the answer.
    """
    encoding = getattr(out, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


def one_line(text: str, limit: int = 300) -> str:
    """Returns `printable(text)` on one line, shortened to `limit` characters with an ellipsis."""
    line = " ".join(visible(without_bytes(text[: 8 * limit], LONGEST_WORD)).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def lines(text: str, most: int = 3, limit: int = 300) -> list[str]:
    """Returns the first `most` lines of `text` that are not blank, each through `one_line`."""
    text = without_bytes(text, LONGEST_WORD)
    return [one_line(line, limit) for line in text.split("\n") if line.strip()][:most]


def unwrapped(text: str) -> str:
    """Returns `text` with the base64 in it on one line."""
    return _WRAP.sub("", text)


def continues_base64(line: str) -> bool:
    """Returns whether `line` can go on with the base64 of the line before it."""
    return _NEXT_LINE.match(line) is not None


def without_bytes(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """Returns `text` with `…` in place of the base64 of pictures and data URIs, whole or cut.

    Base64 of at most `longest` characters stays, such as that of icons in a style sheet.
    """
    if len(text) <= longest:
        return text
    parts: list[str] = []
    end = 0
    for _, begin, stop in base64_runs(text):
        last = _last_line(text, stop)
        if last - begin > longest:
            parts += [text[end:begin], "…"]
            end = last
    return "".join([*parts, text[end:]]) if parts else text


def end_without_bytes(text: str, size: int) -> str:
    """Returns the lines that hold the last `size` characters of `text`, without base64.

    The rest of base64 that began in an earlier line is left out.
    """
    end = text[text.rfind("\n", 0, max(0, len(text) - size)) + 1 :]
    if (begins := _NEXT_LINE.match(end)) and len(end) < len(text):
        last = _last_line(end, _run(end, begins.end()))
        if last - begins.end() > _LONGEST_SHOWN:
            end = end[last:]
    return without_bytes(end)


def base64_runs(text: str) -> list[tuple[int, int, int]]:
    """Returns the places of base64: where its head begins, where it begins and where it ends."""
    found: list[tuple[int, int, int]] = []
    if "base64," not in text:
        folded = text.lower()
        if not any(mark in folded for mark in _MARKS):
            return found
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
        if is_link and not any(text.find(mark, begin, close) >= 0 for mark in '([ "<\n'):
            end = close
        else:
            end = _run(text, begin)
        found.append((start, begin, end))
    return found


def _last_line(text: str, end: int) -> int:
    """Returns where base64 ends whose first line ends at `end`."""
    while wrap := _WRAP.match(text, end):
        end = _run(text, wrap.end())
    return end


def _run(text: str, begin: int) -> int:
    run = _RUN.match(text, begin)
    return run.end() if run else begin
