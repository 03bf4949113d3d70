"""The request as it is sent."""

from typing import Any

from comet_magic.families.chat.request import body, call
from comet_magic.families.compose import compose


def test_only_what_was_set_is_sent() -> None:
    """The smallest request has a model, one message, and asks for a stream with usage."""
    request = compose("A cat", model="gpt-4o-image")
    assert body(request) == {
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
    request = compose("Hi", model="m", system="Be brief.", stream=False, **parameters)
    assert body(request) == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hi"},
        ],
        "stream": False,
        **parameters,
    }


def test_the_call_may_cost() -> None:
    """It is a POST to the chat route, and is not repeated once it may have arrived."""
    sent = call(compose("A cat", model="gpt-4o-image"))
    assert (sent.method, sent.path, sent.may_cost) == ("POST", "chat/completions", True)
    assert sent.body == body(compose("A cat", model="gpt-4o-image"))
