"""Blocks of code in a Markdown text are found as renderers and readers find them."""

import pytest

from comet_magic.families.chat.code_blocks import CodeBlocks

# A text, and its lines: code is #.
BLOCKS = {
    "backticks": ("a\n```\nx\n```\nb", ".###."),
    "python in braces": ("```{python}\nx\n```\nb", "###."),
    "words behind the fence": ('```markdown title="a" {1,3}\nx\n```\nb', "###."),
    "tildes around backticks": ("~~~\n```\nx\n~~~\nb", "####."),
    "a longer fence": ("````\n```\nx\n```\nx\n````\nb", "######."),
    "a longer end": ("```\nx\n`````\nb", "###."),
    "no end": ("```\nx\n\nx", "####"),
    "behind words": ("Here it is: ```python\nx\n```\nb", ".##."),
    "inline, not a fence": ("Use ```x``` here\nb", ".."),
    "indented fence": ("   ```\n   x\n   ```\nb", "###."),
    "an end that is code": ("```\n    ```\n```\nb", "###."),
    "in a list": ("- a\n\n  ```\n  x\n  ```\n- b", "..###."),
    "in a list, not indented": ("1. a\n   ```\nx\n```\nb", ".###."),
    "in a quote": ("> ```\n> x\n> ```\n> b", "###."),
    "an item in a paragraph": ("In\n1. a\n\n      x", "...."),
    "a bullet in a paragraph": ("In\n- a\n\n    b", "...."),
    "behind a quote that ends": ("> a\n\n    x", "..#"),
    "a fence that is indented in a paragraph": ("a\n    ```\nb", "..."),
    "an item that begins with code": ("-      x\n\n      c", "#.#"),
    "behind an item": ("- a\n```\nx\n```\nb", ".###."),
    "behind a quote": ("> a\n```\nx\n```\nb", ".###."),
    "behind a heading behind an item": ("- a\n# b\n    x", "..#"),
    "behind a rule behind an item": ("- a\n***\n    x", "..#"),
    "a paragraph that goes on behind an item": ("- a\nb\n    c", "..."),
    "a quote that ends": ("> ```\n> x\n\nb", "##.."),
    "in a list in a quote": ("> 1. ~~~\n>    x\n>    ~~~\n> b", "###."),
    "indented": ("a\n\n    x\n\n    x\nb", "..#.#."),
    "indented by a tab": ("a\n\n\tx\nb", "..#."),
    "indented at the beginning": ("    x\nb", "#."),
    "indented in a paragraph": ("a\n    b", ".."),
    "indented under a heading": ("# a\n    x", ".#"),
    "indented in an item": ("- a\n\n      x\n\n  b", "..#.."),
    "in an item is not indented": ("1. a\n\n    b\n\n10. a\n\n    b", "......."),
    "a year is no list": ("In\n2026. a\n\n      x", "...#"),
    "an empty item is no list in a paragraph": ("In\n-\n\n    x", "...#"),
    "a rule is no list": ("* * *\n    x", ".#"),
    "pre": ("<pre>\nx\n</pre>\nb", "###."),
    "pre on a line": ("<pre>x</pre>\nb", "#."),
}


@pytest.mark.parametrize(("text", "lines"), BLOCKS.values(), ids=BLOCKS)
def test_blocks_of_code(text: str, lines: str) -> None:
    """Fenced by anything and indented, also in lists and quotes."""
    blocks = CodeBlocks()
    found = ["#" if blocks.feed(line).is_code else "." for line in text.split("\n")]
    assert "".join(found) == lines
