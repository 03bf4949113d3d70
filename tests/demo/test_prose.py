"""How prompts are rewritten and texts cut into tokens."""

import pytest

from comet_magic.demo.prose import rewritten, tokens


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a kitten on a cloud, cartoon style", "A kitten on a cloud, in a cartoon style."),
        ("A hut, in oil painting style", "A hut, in oil painting style."),
        ("an old photo of Rome!", "An old photo of Rome!"),
        ("  ", "The same picture again."),
    ],
)
def test_a_prompt_becomes_a_sentence(prompt: str, expected: str) -> None:
    """Sentence case, one stop at the end, and a style that reads well."""
    assert rewritten(prompt, restyle=True) == expected


def test_a_style_is_added_where_there_is_none() -> None:
    """A new picture gets a style, always the same for the same prompt; an edit does not."""
    styled = rewritten("a red boat", restyle=True)
    assert styled.startswith("A red boat, in a ")
    assert styled == rewritten("a red boat", restyle=True)
    assert rewritten("a red boat", restyle=False) == "A red boat."
    assert rewritten("一只红色的船", restyle=True) == "一只红色的船，柔和的插画风格。"


def test_a_long_prompt_is_shortened() -> None:
    """The block stays small whatever was sent."""
    assert len(rewritten("word " * 100_000, restyle=True)) < 1100


@pytest.mark.parametrize("text", ["", "Hello, **world**!\n\n- 一只猫 🐈‍⬛", " \r\n\tx" * 5])
def test_tokens_joined_are_the_text(text: str) -> None:
    """Nothing is lost or added by the cutting."""
    assert "".join(tokens(text)) == text
