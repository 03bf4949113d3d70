"""What is asked of a model, as the messages of a conversation."""

import pytest

from comet_magic.families.ask import Ask
from comet_magic.families.messages import message

EARLIER = (message("user", "Hello"), message("assistant", "Hi"))


@pytest.mark.parametrize("role", ["system", "developer"])
def test_a_new_system_message_replaces_the_old_one(role: str) -> None:
    """Under either of its names; without a new one the old one stays."""
    history = (message(role, "Be brief."), *EARLIER)
    ask = Ask("x", "m", "Be long.", history=history)
    assert ask.messages == (message("system", "Be long."), *EARLIER, message("user", "x"))
    assert Ask("x", "m", history=history).messages == (*history, message("user", "x"))


def test_inputs_go_with_the_prompt() -> None:
    """They are parts of the last message, behind its text."""
    (sent,) = Ask("Look", "m", inputs=("https://a.example/x.png",)).messages
    assert sent["content"] == [
        {"type": "text", "text": "Look"},
        {"type": "image_url", "image_url": {"url": "https://a.example/x.png"}},
    ]


def test_one_answer_is_wanted_unless_more_are_asked_for() -> None:
    """The number is that of the parameter `n`."""
    assert (Ask("x", "m").wanted, Ask("x", "m", parameters={"n": 3}).wanted) == (1, 3)
