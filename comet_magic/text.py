"""Making text from elsewhere safe to show where text is text: terminals, error lines, captions."""

import re
from typing import Any

# C0 (but tab and newline), DEL and C1: a terminal obeys them, a reader cannot see them.
# Bidi embeddings and isolates (UAX #9) reorder what is read; U+2028/9 and U+0085 fake a new line.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_HALF = re.compile("[\ud800-\udfff]")
_ESCAPE_SEQUENCE = re.compile("\x1b(?:\\[[0-?]{0,32}[ -/]{0,8}[@-~]|[@-Z\\\\^_])")


def mended(text: str) -> str:
    """`text` with surrogates joined to characters, and U+FFFD for a half without its other half.

    JSON can hold halves, which no file and no socket takes.
    """
    if text.isascii() or not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def all_mended(value: Any) -> Any:
    """A JSON value with every text in it `mended`."""
    if isinstance(value, str):
        return mended(value)
    if isinstance(value, list):
        return [all_mended(item) for item in value]
    if isinstance(value, dict):
        return {mended(name): all_mended(item) for name, item in value.items()}
    return value


def printable(text: str) -> str:
    """`text` without what would steer a terminal or hide from a reader.

    Escape sequences and `\\r` go; any other control or bidi character becomes U+FFFD, so that
    it can be seen that something was there. Tabs and newlines stay.
    """
    text = _ESCAPE_SEQUENCE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("\ufffd", text)


def writable(text: str, out: Any) -> str:
    """`text` with `?` for what the stream `out` cannot encode: a pipe on Windows takes few letters.

    An error while an answer is told would lose what was paid for.
    """
    encoding = getattr(out, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


def one_line(text: str, limit: int = 300) -> str:
    """`printable(text)` on one line, cut to `limit` characters with an ellipsis."""
    line = " ".join(printable(text[: 8 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def lines(text: str, most: int = 3, limit: int = 300) -> list[str]:
    """The first `most` lines of `text` that say something, each through `one_line`."""
    return [one_line(line, limit) for line in text.split("\n") if line.strip()][:most]
