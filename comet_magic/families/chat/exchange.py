"""The exchange of a chat completion."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...media.medium import Medium
from ...wire.body import Body
from ...wire.events import Event
from ...wire.failure import Failure
from ...wire.usage import Usage
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
from .chunks import ChatCompletionChunk, ChunkChoice
from .message import is_failed
from .reading import read_chunks, read_event
from .remarks import thought
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
        self._wanted = ask.wanted
        self._has_several = ask.wanted > 1
        self._is_chat = False  # whether a chunk was written as a chat completion
        self._choices: dict[int, ChatChoice] = {}  # by the numbers that the endpoint gives them
        self._revised: str | None = None
        self._origin = Origin()
        self._remarks: dict[str, None] = {}
        self._usage: Usage | None = None

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
            chunks = read_chunks(heard.text)
            if not any(chunk.says_something for chunk in chunks):
                text = heard.text.strip()[:200]
                failure = Failure(f"not a chat completion: {text}" if text else "an empty answer")
                return [SentError(failure)]
        else:
            chunks = read_event(heard)
        if len(chunks) == 1:
            return self.take(chunks[0])
        return [fact for chunk in chunks for fact in self.take(chunk)]

    def look(self) -> Iterable[Fact]:
        """See `Exchange`."""
        for index, choice in self._choices.items():
            choice.read()
            yield from _look_facts(index, choice)
            if self._revised and not choice.transcript.prompt:
                yield Revised(self._revised, index)

    def close(self, *, is_whole: bool) -> Iterable[Fact]:
        """See `Exchange`."""
        if 0 not in self._choices and len(self._choices) < self._wanted:
            self._choice(0)  # it is missing; else they are numbered from 1
        for choice in self._choices.values():
            choice.close(is_whole=is_whole)
        yield from self.look()
        for index, choice in self._choices.items():
            choice.remarks |= dict.fromkeys((*self._remarks, *thought(self._usage)))
            if (why := choice.failure) is not None:
                yield Failed(why, index)

    def mentions(self) -> Iterable[Mention]:
        """See `Exchange`."""
        for index, choice in self._choices.items():
            yield from choice.mentions(index)

    def take(self, chunk: ChatCompletionChunk) -> list[Fact]:
        """Adds a chunk, and returns the facts in it."""
        facts: list[Fact] = []
        parts = () if chunk.is_foreign and self._is_chat else chunk.choices
        if len(parts) > 1:
            parts = self._numbered(parts)
        for part in parts:
            self._is_chat = not chunk.is_foreign
            index = part.index if self._has_several else 0
            choice = self._choice(index)
            choice.add(part)
            if part.text or part.attachments:
                facts.append(Grown(part.text, index))
            if part.finish_reason:
                facts.append(Finished(part.finish_reason, index, is_last=choice.is_at_end))
        # Nearly all chunks repeat the origin; the last one often has none.
        known = (self._origin.id, self._origin.model)
        if (chunk.id or known[0], chunk.model or known[1]) != known:
            self._origin = Origin(chunk.id or known[0], chunk.model or known[1])
            facts.append(self._origin)
        if chunk.usage:
            self._usage = chunk.usage
            facts.append(Used(chunk.usage))
        if chunk.remarks:
            self._remarks |= dict.fromkeys(chunk.remarks)
        if chunk.attachments:
            first = min(self._choices, default=0)
            self._choice(first).attach(chunk.attachments)
            self._revised = chunk.revised_prompt or self._revised
            facts.append(Grown("", first))
        if not parts or parts[-1].finish_reason or chunk.error or chunk.is_over:
            facts += self._ends(chunk, parts)
        return facts

    def _ends(self, chunk: ChatCompletionChunk, parts: tuple[ChunkChoice, ...]) -> Iterator[Fact]:
        """Yields the end or the error that a chunk tells of."""
        if chunk.is_over or (chunk.attachments and not parts):
            # Such an answer has no finish reason; more may follow if it is a stream.
            for index in self._unended():
                yield Finished(None, index, is_last=False)
        # Behind the last finish reason, text that is no JSON is no error.
        if chunk.error and (not chunk.is_unread or self._unended()):
            yield SentError(chunk.error)
        elif parts and not self._has_several and is_failed(parts[-1].finish_reason):
            reason = f"The model stopped with finish_reason {parts[-1].finish_reason}."
            yield SentError(Failure(reason))
        if chunk.is_end:
            yield Done()

    def _numbered(self, parts: tuple[ChunkChoice, ...]) -> tuple[ChunkChoice, ...]:
        """Numbers the parts of one chunk, and notes whether their indexes count.

        They do if several choices were asked for, or if one chunk has them. Otherwise there is one
        choice: some gateways count chunks, or begin at 1.
        """
        if self._has_several:
            return _apart(parts)
        self._has_several = len({part.index for part in parts}) > 1
        return parts

    def _choice(self, index: int) -> ChatChoice:
        if index not in self._choices:
            self._choices[index] = ChatChoice(self._medium)
        return self._choices[index]

    def _unended(self) -> list[int]:
        """Returns the choices without a finish reason; the first also before it has begun."""
        if not self._choices:
            return [0]
        return [index for index, each in self._choices.items() if not each.finish_reason]


def _apart(parts: tuple[ChunkChoice, ...]) -> tuple[ChunkChoice, ...]:
    """Numbers whole messages by their places if a gateway gave them all the same number."""
    if not all(part.whole and part.index == parts[0].index for part in parts):
        return parts
    return tuple(replace(part, index=place) for place, part in enumerate(parts))


def _look_facts(index: int, choice: ChatChoice) -> Iterator[Fact]:
    """Yields the facts that a look finds in one choice."""
    facts = choice.transcript
    yield Text(choice.text, choice.answer, index)
    yield Staged(choice.stage, index)
    yield Details(facts.parameters, facts.ratio, facts.gen_ids, index, choice.medium)
    if facts.prompt:
        yield Revised(facts.prompt, index)
    if facts.task_id:
        yield TaskId(facts.task_id, index)
    for percent in facts.progress:
        yield Percent(percent, index)
    for url in choice.image_urls:
        yield Made(Medium.IMAGE, url, choice=index)
    posters = choice.posters
    for url in choice.video_urls:
        yield Made(Medium.VIDEO, url, poster=posters.get(url, ""), choice=index)
