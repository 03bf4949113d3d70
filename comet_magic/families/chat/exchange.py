"""The exchange of a chat completion."""

from collections.abc import Iterable, Iterator

from ...media.medium import Medium
from ...wire.body import Body
from ...wire.events import Event
from ..ask import Ask
from ..exchange import Call
from ..facts import (
    Details,
    Done,
    Fact,
    Failed,
    Finished,
    Grown,
    Made,
    Mention,
    Origin,
    Percent,
    Revised,
    SentError,
    Staged,
    TaskId,
    Text,
    Used,
)
from .choice import ChatChoice
from .chunks import ChatCompletionChunk
from .reading import is_end, read_chunk, read_event
from .request import call


class ChatExchange:
    """Sends one request, and reads the chunks of the answer or its JSON body.

    Args:
        ask: The question.
        medium: The medium that the model makes.
    """

    def __init__(self, ask: Ask, medium: Medium) -> None:
        self._call: Call | None = call(ask)
        self._medium = medium
        self._choices = {0: ChatChoice(medium)}
        self._revised: str | None = None
        self._origin = Origin()

    def next(self) -> Call | None:
        """See `Exchange`."""
        call, self._call = self._call, None
        return call

    def cancel(self) -> Call | None:
        """Returns None: closing the connection stops a chat completion."""
        return None

    def hear(self, heard: Event | Body) -> list[Fact]:
        """See `Exchange`."""
        if isinstance(heard, Body):
            return self.take(read_chunk(heard.text))
        if is_end(heard):
            return [Done()]
        chunk = read_event(heard)
        return self.take(chunk) if chunk else []

    def look(self) -> Iterable[Fact]:
        """See `Exchange`."""
        for index, choice in self._choices.items():
            choice.read()
            yield from _look_facts(index, choice)
            if self._revised and not choice.transcript.prompt:
                yield Revised(self._revised, index)

    def close(self, *, is_whole: bool) -> Iterable[Fact]:
        """See `Exchange`."""
        for choice in self._choices.values():
            choice.close(is_whole=is_whole)
        yield from self.look()
        for index, choice in self._choices.items():
            if choice.failure is not None:
                yield Failed(choice.failure, index)

    def mentions(self) -> Iterable[Mention]:
        """See `Exchange`."""
        for index, choice in self._choices.items():
            yield from choice.mentions(index)

    def take(self, chunk: ChatCompletionChunk) -> list[Fact]:
        """Adds a chunk, and returns the facts in it."""
        facts: list[Fact] = []
        for part in chunk.choices:
            index = part.index
            if index not in self._choices:
                self._choices[index] = ChatChoice(self._medium)
            self._choices[index].add(part)
            if part.text or part.attachments:
                facts.append(Grown(part.text, index))
            if part.finish_reason:
                facts.append(Finished(part.finish_reason, index))
        # Nearly all chunks repeat the origin; the last one often has none.
        known = (self._origin.id, self._origin.model)
        if (chunk.id or known[0], chunk.model or known[1]) != known:
            self._origin = Origin(chunk.id or known[0], chunk.model or known[1])
            facts.append(self._origin)
        if chunk.usage:
            facts.append(Used(chunk.usage))
        if chunk.attachments:
            self._choices[0].attach(chunk.attachments)
            self._revised = chunk.revised_prompt or self._revised
            # Such an answer has no choices and no finish reason.
            facts += [Grown(), Finished(None)]
        if chunk.error:
            facts.append(SentError(chunk.error))
        return facts


def _look_facts(index: int, choice: ChatChoice) -> Iterator[Fact]:
    """Returns the facts that a look finds in one choice."""
    facts = choice.transcript
    yield Text(choice.text, choice.answer, index)
    yield Staged(choice.stage, index)
    yield Details(facts.parameters, facts.ratio, facts.gen_ids, index)
    if facts.prompt:
        yield Revised(facts.prompt, index)
    if facts.task_id:
        yield TaskId(facts.task_id, index)
    for percent in facts.progress:
        yield Percent(percent, index)
    for url in choice.image_urls:
        yield Made(Medium.IMAGE, url, choice=index)
    posters = choice.poster_urls
    for number, url in enumerate(choice.video_urls):
        poster = posters[number] if number < len(posters) else ""
        yield Made(Medium.VIDEO, url, poster=poster, choice=index)
