"""A look at what happened on the wire for one generation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..families.chat.chunks import Usage
from ..families.models import medium_of
from ..hooks import Displayed
from ..wire.log import Line, WireLog
from .timeline import Moment, events, moments


@dataclass(frozen=True)
class Inspection(Displayed):
    """What was sent and what came back, when, and what was read out of it. It displays itself.

    Attributes:
        model: That was asked.
        endpoint: Who answered: the host's name, or `demo`.
        status: Of the generation.
        elapsed: Seconds up to the last byte.
        usage: As received; None if it was not.
        error: Why it is not complete, in words; None if it is.
        exchange: As far as it was kept: of a long answer the beginning and the end, of a
            picture inside it only the start. None for what a batch or a file gave.
    """

    model: str
    endpoint: str
    status: str
    elapsed: float
    usage: Usage | None
    error: str | None
    exchange: WireLog | None = field(repr=False)

    @property
    def request(self) -> Mapping[str, object]:
        """The JSON that was sent; empty if it was not kept."""
        return self.exchange.body if self.exchange else {}

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the last answer that were kept, with their times."""
        attempts = self.exchange.attempts if self.exchange else ()
        return attempts[-1].lines if attempts else ()

    @cached_property
    def facts(self) -> tuple[Moment, ...]:
        """What was read out of all answers, in the order in which it came."""
        return moments(self.exchange, medium_of(self.model)) if self.exchange else ()

    @cached_property
    def event_times(self) -> tuple[float, ...]:
        """When each event of the last answer came; one for an answer in one piece."""
        attempts = self.exchange.attempts if self.exchange else ()
        return tuple(event.at for event in events(attempts[-1])) if attempts else ()
