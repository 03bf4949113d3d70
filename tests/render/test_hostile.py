"""Text that is made to be slow or deep: the page stays small, and comes in a moment."""

import pytest

from comet_magic.render.markdown import LONGEST, live_markdown, markdown

DEEP = {
    "quotes": ">" * 10_000 + "x",
    "quotes, each deeper": "\n".join(">" * depth for depth in range(1, 600)),
    "lists": "- " * 10_000 + "x",
    "lists, each deeper": "".join("  " * depth + "- x\n" for depth in range(400)),
    "brackets": "[" * 10_000 + "x" + "]" * 10_000,
    "half a link": "[x](" * 10_000,
    "half a picture": "![" * 10_000,
    "emphasis": "*a **b " * 10_000,
    "code": "".join("`" * count + " " for count in range(300)),
    "table": "|a" * 1_000 + "|\n" + "|-" * 1_000 + "|\n" + "|x|\n" * 1_000,
    "references": "".join(f"[{number}]: https://a.example\n" for number in range(2_000)),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", DEEP.values(), ids=[*DEEP])
def test_deep_markdown_is_no_trouble(text: str) -> None:
    """Ten thousand levels raise nothing, take no minutes, and make no page of megabytes."""
    assert len(markdown(text)) < 1_500_000
    assert len(live_markdown(text)) < 1_500_000


@pytest.mark.timeout(60)
@pytest.mark.parametrize("part", ["x", "[x](", "> ", "\u202e", "<b>", "🐱\n", "$ ", "\\("])
def test_five_megabytes_of_anything(part: str) -> None:
    """What is shown of it is bounded, also of the worst that Markdown can be made of."""
    text = part * (5_000_000 // len(part))
    assert len(markdown(text)) < 10 * LONGEST
    assert len(live_markdown(text)) < 20_000
