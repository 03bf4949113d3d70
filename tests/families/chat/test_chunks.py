"""The request as it is sent."""

from typing import Any

import pytest

from comet_magic.families.chat.chunks import ChatCompletionRequest, Usage


def test_only_what_was_set_is_sent() -> None:
    """The smallest request has a model, one message, and asks for a stream with usage."""
    request = ChatCompletionRequest.from_prompt("A cat", model="gpt-4o-image")
    assert request.body() == {
        "model": "gpt-4o-image",
        "messages": [{"role": "user", "content": "A cat"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_every_documented_field_can_be_sent() -> None:
    """Each parameter goes out under its name; `stream_options` only with a stream."""
    parameters: dict[str, Any] = {
        "n": 2, "temperature": 0.5, "top_p": 1, "max_tokens": 9, "stop": ["a"], "user": "u",
        "presence_penalty": 1, "frequency_penalty": -1, "logit_bias": {"1": 2},
    }  # fmt: skip
    request = ChatCompletionRequest.from_prompt(
        "Hi", model="m", system="Be brief.", stream=False, **parameters
    )
    assert request.body() == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hi"},
        ],
        "stream": False,
        **parameters,
    }


def test_the_prompt_is_sent_unchanged() -> None:
    """White space, braces, emoji and other scripts are the user's, not ours."""
    prompt = "  {a}\r\n\t画 🎨\u2028 end  \n"
    assert ChatCompletionRequest.from_prompt(prompt, model="m").prompt == prompt


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
        ChatCompletionRequest.from_prompt(**{"prompt": "x", "model": "m", **arguments})


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ({"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}, Usage(3, 4, 7)),
        ({"input_tokens": 3, "output_tokens": 4}, Usage(3, 4)),
        ({"total_tokens": 7.0, "prompt_tokens": "3"}, Usage(total_tokens=7)),
        ({"prompt_tokens": True}, None),
        ({}, None),
        (None, None),
        ([1], None),
        (
            {"prompt_tokens": 1, "prompt_tokens_details": {"CachedCreationTokens": 0}},
            Usage(1, prompt_tokens_details={"CachedCreationTokens": 0}),
        ),
    ],
)
def test_usage_is_what_was_received(received: object, expected: Usage | None) -> None:
    """Counts are read under their known names; nothing is filled in or added up."""
    assert Usage.from_json(received) == expected
