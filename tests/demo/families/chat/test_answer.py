"""When an answer is due, and what it counts."""

import json

import pytest

from comet_magic.demo.families.chat.answer import ChatAnswer, new_answer
from comet_magic.demo.families.chat.request import read_request
from comet_magic.demo.families.chat.script import ScriptWriter

PICTURE = {"type": "image_url", "image_url": {"url": "http://h/p.png"}}


def answer(*seconds: float, text: str = "Hi", pictures: int = 0) -> ChatAnswer:
    """Give an answer whose choices take that long, to a message with so many pictures."""
    content = [{"type": "text", "text": text}, *[PICTURE] * pictures]
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": content}]}
    scripts = []
    for last in seconds:
        writer = ScriptWriter()
        writer.write("one", after=0)
        writer.show("data:,", after=0)
        writer.write("two", after=last)
        scripts.append(writer.script())
    return new_answer(read_request(json.dumps(body).encode()), tuple(scripts))


@pytest.mark.parametrize("seconds", [(2.0,), (1.0, 3.0), (5.0, 4.0)])
def test_an_answer_takes_as_long_as_its_longest_choice(seconds: tuple[float, ...]) -> None:
    """Choices are written at the same time."""
    assert answer(*seconds).seconds == max(seconds)


def test_tokens_are_counted() -> None:
    """Four characters and each message are tokens, so are the pieces; a picture is 765."""
    small, large = answer(1.0).usage, answer(1.0, 1.0, text="x" * 400, pictures=2).usage
    assert (small["prompt_tokens"], small["completion_tokens"]) == (4, 2 + 765)
    assert (large["prompt_tokens"], large["completion_tokens"]) == (104 + 2 * 765, 4 + 2 * 765)
    assert large["prompt_tokens_details"]["image_tokens"] == 2 * 765
    assert large["total_tokens"] == large["prompt_tokens"] + large["completion_tokens"]
