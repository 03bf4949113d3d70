"""What an inspection lists of one choice: each thing once, when it is first certain."""

import json
from collections import Counter
from collections.abc import Iterator

from ...media.addresses import short_url
from ..facts import Mention, Stage
from .line_facts import Block, Identifier, LineFact, Progress, Reason
from .links import Link
from .transcript import Transcript


class Mentions:
    """Lists what is new in a transcript that grows; facts of whole lines are looked at once."""

    def __init__(self) -> None:
        self._settled = 0
        self._of_settled: Counter[str] = Counter()
        self._listed: Counter[str] = Counter()

    def new(self, transcript: Transcript, choice: int, *, is_whole: bool) -> Iterator[Mention]:
        """What was not listed before.

        Args:
            transcript: The text by now.
            choice: Its choice.
            is_whole: Whether its last line is finished.
        """
        counted = self._of_settled.copy()
        facts = transcript.read(is_whole=is_whole)
        for place, fact in enumerate(facts[self._settled :], self._settled):
            mention = _mention(fact)
            if mention is None:
                continue
            kind, text = mention
            counted[kind] += 1
            if place < transcript.settled:
                self._of_settled[kind] += 1
            # A line that is read again says the same things in the same order.
            if counted[kind] > self._listed[kind]:
                self._listed[kind] = counted[kind]
                yield Mention(kind, text, choice)
        self._settled = transcript.settled


def _mention(fact: LineFact) -> tuple[str, str] | None:
    """The kind and the words of a fact; None for prose and what is not certain yet."""
    mention: tuple[str, str] | None = None
    match fact:
        case Block(value):
            mention = "parameters", json.dumps(value, ensure_ascii=False)
        case Stage():
            mention = "stage", str(fact)
        case Progress(percent):
            mention = "progress", f"{percent} %"
        case Identifier(name, value):
            mention = "id", f"{name} {value}"
        case Link(kind, _, url):
            mention = str(kind), short_url(url)
        case Reason(text):
            mention = "reason", text
    return mention
