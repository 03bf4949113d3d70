"""What a chat exchange hears in the bytes of a stream that a test makes."""

from collections.abc import Iterable
from typing import Any

from comet_magic.families.chat.exchange import ChatExchange
from comet_magic.families.compose import compose
from comet_magic.families.facts import Fact, Text
from comet_magic.families.registry import medium_of
from comet_magic.wire.events import EventReader
from tests.client.scripted import DONE, data, delta

IMAGE_MODEL = "gpt-4o-image"
USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}


def exchange(model: str = IMAGE_MODEL, **parameters: Any) -> ChatExchange:
    """An exchange that has made its call."""
    asked = ChatExchange(compose("A cat", model=model, **parameters), medium_of(model))
    assert asked.next()
    assert asked.next() is None
    return asked


def facts_of(
    parts: Iterable[bytes], model: str = IMAGE_MODEL, *, is_whole: bool, **parameters: Any
) -> list[Fact]:
    """What is heard in a stream that arrives in these parts, then what `close` adds.

    A frame is drawn after each part: a look must change nothing.
    """
    asked, reader = exchange(model, **parameters), EventReader()
    facts: list[Fact] = []
    for part in parts:
        events = reader.feed(part)
        facts += [fact for event in events for fact in asked.hear(event)]
        if events:
            list(asked.look())
    facts += [fact for event in reader.close() for fact in asked.hear(event)]
    return [*facts, *asked.close(is_whole=is_whole)]


def chunked(text: str, size: int = 40) -> bytes:
    """A whole stream whose deltas hold so many characters each."""
    deltas = [delta(text[at : at + size]) for at in range(0, len(text), size)]
    return b"".join([*deltas, delta("", "stop"), data({"choices": [], "usage": USAGE}), DONE])


def texts_of(facts: Iterable[Fact]) -> dict[int, str]:
    """The last text of each choice."""
    return {fact.choice: fact.text for fact in facts if isinstance(fact, Text)}


def text_of(facts: Iterable[Fact]) -> str:
    """The last text of the first choice."""
    return texts_of(facts)[0]
