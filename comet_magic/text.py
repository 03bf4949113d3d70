"""Makes foreign text safe to show in terminals, error messages and captions."""

import re
from typing import Any

# C0 (except tab and newline), DEL and C1 control a terminal and are invisible. Bidi embeddings and
# isolates (UAX #9) reorder the text; U+2028, U+2029 and U+0085 look like a new line.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_HALF = re.compile("[\ud800-\udfff]")
_ESCAPE_SEQUENCE = re.compile("\x1b(?:\\[[0-?]{0,32}[ -/]{0,8}[@-~]|[@-Z\\\\^_])")


def mended(text: str) -> str:
    """Joins surrogate pairs in `text`, and replaces lone surrogates by U+FFFD.

    JSON can contain lone surrogates, but UTF-8 cannot.
    """
    if text.isascii() or not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def all_mended(value: Any) -> Any:
    """Applies `mended` to every string in a JSON value."""
    if isinstance(value, str):
        return mended(value)
    if isinstance(value, list):
        return [all_mended(item) for item in value]
    if isinstance(value, dict):
        return {mended(name): all_mended(item) for name, item in value.items()}
    return value


def printable(text: str) -> str:
    """Removes escape sequences from `text` and replaces other control and bidi characters.

    They become U+FFFD, so that the reader sees that something was there. `\\r` becomes a newline.
    Tabs and newlines stay.
    """
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
    line = " ".join(printable(text[: 8 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def lines(text: str, most: int = 3, limit: int = 300) -> list[str]:
    """Returns the first `most` lines of `text` that are not blank, each through `one_line`."""
    return [one_line(line, limit) for line in text.split("\n") if line.strip()][:most]
