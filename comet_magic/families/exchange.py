"""The seam between families and the client: what is sent, what is heard, and what it says."""

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
        method: Of HTTP.
        path: After the base URL; one that begins with a slash, after the host.
        body: The JSON object to send; None sends none.
        may_cost: Whether it is paid for: then it is not sent again once it may have arrived.
        headers: More headers; the key is added by the client.
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
    """One question under way. It knows no socket and no clock, so bytes alone can test it."""

    def next(self) -> Call | Pause | None:
        """What to do next; None when the exchange has come to its end."""

    def hear(self, heard: Event | Body) -> Iterable[Fact]:
        """Takes an event of a stream or a whole body, and returns the facts in it.

        It costs no more than the wire does: what must be read out of a growing text is read by
        `look`.
        """

    def look(self) -> Iterable[Fact]:
        """What the text says by now. Asked after `Grown` when a frame is due, not each time.

        Its facts replace those of the last look.
        """

    def close(self, *, is_whole: bool) -> Iterable[Fact]:
        """Nothing more comes: the last look. `is_whole` says that the answer was not cut."""

    def cancel(self) -> Call | None:
        """The call that stops the work at the provider; None if there is no such call."""

    def mentions(self) -> Iterable[Mention]:
        """What an inspection lists beside the facts: what is new since it was asked last."""


class PlainExchange:
    """An exchange whose facts are all heard: nothing to look at, to close or to cancel."""

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
    """One way of asking an endpoint.

    Attributes:
        name: In one word, for people.
        parameters: What may be set, by name.
    """

    name: str
    parameters: Mapping[str, object]

    def makes(self, model: str) -> Medium | None:
        """What a model makes; None if it is none of this family's."""

    def begin(self, ask: Ask) -> Exchange:
        """The exchange that asks."""

    def need(self, ask: Ask, price: Price | None) -> Need:
        """What is known of the cost before anything is sent."""
