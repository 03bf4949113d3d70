"""Code inside a line is found as renderers find it, also when it goes on in the next line."""

import pytest

from comet_magic.families.chat.code_spans import code_spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a `X` b `Y`", ["`X`", "`Y`"]),
        ("``X ` X`` b", ["``X ` X``"]),
        ("`X\nX` b", ["`X\nX`"]),
        ("a ` b", []),
        ("a `` b ` c", []),
        (r"\`a\` `X`", [r"\`", r"\`", "`X`"]),
        (r"\![a](b)", [r"\!"]),
        (r"a\b `\` c", [r"`\`"]),
        ("<code>X</code> b", ["<code>X</code>"]),
        ("<code>a", []),
    ],
)
def test_code_in_a_line(text: str, expected: list[str]) -> None:
    """Backticks without a twin are text."""
    assert [text[begin:end] for begin, end in code_spans(text)] == expected
