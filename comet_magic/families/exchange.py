"""The interface between families and the client: calls to send, and facts about the answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ..media.medium import Medium
from ..money.budget import Need
from ..money.prices import Price
from ..wire.body import Body
from ..wire.events import Event
from .ask import Ask
from .facts import Fact, Mention


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request.

    Attributes:
        method: The HTTP method.
        path: The path below the base URL; with a leading slash, below the host.
        body: The JSON object to send; None sends none.
        may_cost: Whether the provider may charge for it. Such a call is not repeated once it may
            have arrived.
        headers: Additional headers; the client adds the key.
    """

    method: str
    path: str
    body: Mapping[str, object] | None = None
    may_cost: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait before the next call, in seconds."""

    seconds: float


class Exchange(Protocol):
    """One question and its answer. It uses no socket and no clock, so tests can feed it bytes."""

    def next(self) -> Call | Pause | None:
        """Returns the next step; None when the exchange is over."""

    def hear(self, heard: Event | Body) -> Iterable[Fact]:
        """Takes an event of a stream or a whole body, and returns the facts in it.

        It must be cheap, as it runs for every token. Parse a growing text in `look` instead.
        """

    def look(self) -> Iterable[Fact]:
        """Parses the text so far. It runs once per frame after `Grown`, not for every token.

        The facts replace those of the previous look.
        """

    def close(self, *, is_whole: bool) -> Iterable[Fact]:
        """Ends the answer and returns the final look. `is_whole` is False for a cut answer."""

    def cancel(self) -> Call | None:
        """Returns the call that stops the work at the provider; None if there is no such call."""

    def mentions(self) -> Iterable[Mention]:
        """What an inspection lists beside the facts: what is new since it was asked last."""


class PlainExchange:
    """Defaults for an exchange that has no growing text and no cancellation."""

    def look(self) -> Iterable[Fact]:
        """See `Exchange`."""
        return ()

    def close(self, *, is_whole: bool) -> Iterable[Fact]:
        """See `Exchange`."""
        return ()

    def cancel(self) -> Call | None:
        """See `Exchange`."""
        return None

    def mentions(self) -> Iterable[Mention]:
        """See `Exchange`."""
        return ()


class Family(Protocol):
    """One kind of endpoint.

    Attributes:
        name: A one-word name for users.
        parameters: The parameters that may be set, by name.
    """

    name: str
    parameters: Mapping[str, object]

    def makes(self, model: str) -> Medium | None:
        """Returns what a model makes; None for a model of another family."""

    def begin(self, ask: Ask) -> Exchange:
        """Starts an exchange."""

    def need(self, ask: Ask, price: Price | None) -> Need:
        """Estimates the cost before anything is sent."""
