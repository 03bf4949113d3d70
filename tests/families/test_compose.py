"""The arguments of a call become an `Ask`, or an error before anything is sent."""

from typing import Any

import pytest

from comet_magic.families.compose import compose


def test_the_prompt_is_sent_unchanged() -> None:
    """White space, braces, emoji and other scripts are the user's, not ours."""
    prompt = "  {a}\r\n\t画 🎨\u2028 end  \n"
    assert compose(prompt, model="m").prompt == prompt


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"prompt": ""}, ValueError, "prompt is empty"),
        ({"prompt": " \n"}, ValueError, "prompt is empty"),
        ({"prompt": 7}, TypeError, "prompt must be a text"),
        ({"prompt": "\ud83d"}, ValueError, "half a character"),
        ({"model": ""}, ValueError, "model is empty"),
        ({"system": ""}, ValueError, "system is empty"),
        ({"temperature": 3}, ValueError, "temperature must be"),
        ({"colour": "red"}, TypeError, "unknown parameter 'colour'"),
    ],
)
def test_wrong_arguments_raise_before_anything_is_sent(
    arguments: dict[str, Any], error: type, text: str
) -> None:
    """What is wrong is said by name."""
    with pytest.raises(error, match=text):
        compose(**{"prompt": "x", "model": "m", **arguments})


def test_what_goes_where() -> None:
    """`stream` is no parameter of the model, unset parameters are left out, notes are not sent."""
    ask = compose("x", model="m", images=["https://a.example/x.png"], notes=["smaller"], n=2,
                  temperature=None, stream=False)  # fmt: skip
    assert (ask.stream, ask.parameters, ask.wanted) == (False, {"n": 2}, 2)
    assert (ask.inputs, ask.notes) == (("https://a.example/x.png",), ("smaller",))
    assert "smaller" not in str(ask.messages)
    assert (compose("x", model="m").stream, compose("x", model="m").wanted) == (True, 1)
