"""The requests and responses of one generation, for inspection."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..families.ask import Ask
from ..families.exchange import Exchange
from ..families.registry import family_of
from ..hooks import Displayed
from ..wire.log import Line, WireLog
from ..wire.usage import Usage
from .timeline import Moment, events, moments


@dataclass(frozen=True)
class Inspection(Displayed):
    """The requests, the responses with their times, and the facts in them. It displays itself.

    Attributes:
        model: The requested model.
        endpoint: The endpoint's host name, or `demo`.
        status: The status of the generation.
        elapsed: Seconds up to the last byte.
        usage: The usage as received; None if not received.
        error: Why the generation is not complete; None if it is.
        exchange: The log of the exchange. It keeps the beginning and end of a long answer, and only
            the start of an inline picture. None for results of a batch or a file.
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
        """The JSON object that was sent; empty if it was not kept."""
        return self.exchange.body if self.exchange else {}

    @property
    def lines(self) -> tuple[Line, ...]:
        """The kept lines of the last answer, with their times."""
        attempts = self.exchange.attempts if self.exchange else ()
        return attempts[-1].lines if attempts else ()

    @cached_property
    def facts(self) -> tuple[Moment, ...]:
        """The facts in all answers, in the order of arrival."""
        return moments(self.exchange, self._new_exchange()) if self.exchange else ()

    @cached_property
    def event_times(self) -> tuple[float, ...]:
        """The arrival times of the events of the last answer; one time for a JSON body."""
        attempts = self.exchange.attempts if self.exchange else ()
        return tuple(at for at, _ in events(attempts[-1])) if attempts else ()

    def _new_exchange(self) -> Exchange:
        """Returns an exchange that reads the answers again."""
        count = self.request.get("n")
        parameters = {"n": count} if isinstance(count, int) else {}
        return family_of(self.model).begin(Ask("", self.model, parameters=parameters))
