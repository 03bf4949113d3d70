"""Text from elsewhere is made safe to show where text is text."""

import pytest

from comet_magic.errors import CometError, short_traceback
from comet_magic.text import lines, one_line, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\n画 🎨", "plain\ttext\n画 🎨"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x", "\ufffd]0;title\ufffdx"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("abc\u202egnp.exe", "abc\ufffdgnp.exe"),
        ("a\u2066b\u2069", "a\ufffdb\ufffd"),
        ("a\x00b\x7fc\x9bd", "a\ufffdb\ufffdc\ufffdd"),
        ("مرحبا\u200fabc", "مرحبا\u200fabc"),
    ],
)
def test_controls_are_shown_and_not_obeyed(text: str, shown: str) -> None:
    """Escapes go, other controls become visible, all else stays."""
    assert printable(text) == shown


def test_one_line_is_short_and_single() -> None:
    """White space is folded, and the end is cut with an ellipsis."""
    assert one_line(" a\n\n b\u2028c ") == "a b\ufffdc"
    assert one_line("x" * 1_000_000, 10) == "x" * 9 + "…"
    assert lines("a\n\n  \nb\nc\nd") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (CometError(""), ["CometError"]),
        (CometError("What.\n\nWhy.\nHow.\nMore."), ["CometError: What.", "Why.", "How."]),
        (ValueError(" \n "), ["ValueError"]),
    ],
)
def test_a_traceback_is_the_name_and_three_lines(error: Exception, shown: list[str]) -> None:
    """The name alone where nothing is said."""
    assert short_traceback(error) == shown
