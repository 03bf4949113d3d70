"""Making text from elsewhere safe to show where text is text: terminals, error lines, captions."""

import re

# C0 (but tab and newline), DEL and C1: a terminal obeys them, a reader cannot see them.
# Bidi embeddings and isolates (UAX #9) reorder what is read; U+2028/9 and U+0085 fake a new line.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_ESCAPE_SEQUENCE = re.compile("\x1b(?:\\[[0-?]{0,32}[ -/]{0,8}[@-~]|[@-Z\\\\^_])")


def printable(text: str) -> str:
    """`text` without what would steer a terminal or hide from a reader.

    Escape sequences and `\\r` go; any other control or bidi character becomes U+FFFD, so that
    it can be seen that something was there. Tabs and newlines stay.
    """
    text = _ESCAPE_SEQUENCE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("\ufffd", text)


def one_line(text: str, limit: int = 300) -> str:
    """`printable(text)` on one line, cut to `limit` characters with an ellipsis."""
    line = " ".join(printable(text[: 8 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def lines(text: str, most: int = 3, limit: int = 300) -> list[str]:
    """The first `most` lines of `text` that say something, each through `one_line`."""
    return [one_line(line, limit) for line in text.split("\n") if line.strip()][:most]
