"""A chat completion that grows by the chunks that a test makes."""

from datetime import UTC, datetime

from comet_magic.families.ask import Ask
from comet_magic.families.chat.chunks import ChatCompletionChunk
from comet_magic.families.chat.exchange import ChatExchange
from comet_magic.families.compose import compose
from comet_magic.families.registry import medium_of
from comet_magic.generation import GenerationBuilder

STARTED = datetime(2026, 11, 22, tzinfo=UTC)


class Growing(GenerationBuilder):
    """A builder that takes chunks."""

    def __init__(self, ask: Ask) -> None:
        self._chat = ChatExchange(ask, medium_of(ask.model))
        super().__init__(ask, STARTED, "api.example", exchange=self._chat)

    def add(self, chunk: ChatCompletionChunk, elapsed: float) -> None:
        """Takes one chunk."""
        self.take(self._chat.take(chunk), elapsed)


def growing(model: str = "gpt-4o-image", prompt: str = "A cat") -> Growing:
    """An answer of `model` that has not begun."""
    return Growing(compose(prompt, model=model))
