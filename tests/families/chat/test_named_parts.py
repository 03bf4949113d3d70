"""The parts of a request body have the names that people know."""

import pytest

from comet_magic.families.chat.named_parts import named_parts, rank
from comet_magic.families.chat.path import base_url_of

PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}


def test_a_conversation_is_taken_apart() -> None:
    """Into what was asked, what was said before, and the fields beside it; in an order to tell."""
    first, answer = {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}
    parts = named_parts(
        {
            "stream": True,
            "stream_options": {"include_usage": True},
            "n": 2,
            "model": "m",
            "messages": [
                {"role": "system", "content": "Be kind."},
                first,
                answer,
                {"role": "user", "content": [{"type": "text", "text": "A cat"}, PICTURE]},
            ],
        }
    )
    assert {name: parts[name] for name in sorted(parts, key=rank)} == {
        "the model": "m",
        "n": 2,
        "streaming": True,
        "the prompt": "A cat",
        "the system message": "Be kind.",
        "the pictures sent along": [PICTURE],
        "the earlier turns": [first, answer],
    }
    assert sorted(parts, key=rank)[:4] == ["the model", "n", "streaming", "the prompt"]


@pytest.mark.parametrize("messages", [None, "x", [], [None], [{"role": 1}], [{"content": [3]}]])
def test_a_body_of_another_shape_has_these_parts_too(messages: object) -> None:
    """A recording can hold any JSON; one without messages may have a prompt."""
    body = {"messages": messages} if messages is not None else {"prompt": "A cat"}
    parts = named_parts(body)
    assert parts["the prompt"] == ("A cat" if messages is None else "")
    assert len(parts) == 4


def test_the_base_url_is_what_stands_before_the_path() -> None:
    """Of another address it cannot be told."""
    assert base_url_of("https://a.example/v1/chat/completions") == "https://a.example/v1"
    for url in ("https://a.example/v1/chat/completions/1", "https://a.example/v1", ""):
        assert base_url_of(url) is None


@pytest.mark.parametrize("role", ["system", "developer"])
def test_a_system_message_in_both_spellings(role: str) -> None:
    """It is no turn of the conversation."""
    messages = [{"role": role, "content": "Be kind."}, {"role": "user", "content": "Hi"}]
    parts = named_parts({"messages": messages})
    assert (parts["the system message"], parts["the earlier turns"]) == ("Be kind.", [])
