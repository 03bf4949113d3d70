"""What the generations of one kernel used, and what is set aside for those under way."""

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, overload

from ..generation import Generation, Status, used_by
from ..money.budget import Budget, Need, Use
from ..money.prices import Price


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What one generation used.

    Attributes:
        started: Start time, in UTC.
        model: The model that answered, or was asked if none did.
        endpoint: Who answered: the host, `demo`, or `replay`.
        status: Its final status.
        pictures: Number of images and videos in the answer.
        total_tokens: As received; None if the endpoint sent none.
        elapsed: Seconds until its end.
        cost: US dollars by price list; None if no price covers the usage as received.
        is_sent: False if there was no connection to send the request.
        used: What counts against a budget: with estimates of what was not received.
    """

    started: datetime
    model: str
    endpoint: str
    status: Status
    pictures: int
    total_tokens: int | None
    elapsed: float
    cost: float | None = None
    is_sent: bool = True
    used: Use = field(default_factory=Use)

    @classmethod
    def of(
        cls,
        generation: Generation,
        price: Price | None = None,
        set_aside: Use | None = None,
        *,
        is_sent: bool = True,
    ) -> "LedgerEntry":
        """The entry for a generation that has ended.

        Args:
            generation: The generation.
            price: The price of its model; None if it is not known.
            set_aside: The amount that was set aside for it; by default nothing.
            is_sent: See `is_sent`.
        """
        is_charged = is_sent and not generation.replayed
        return cls(
            # A batch keeps 10,000 of these, so they share time zone and model strings.
            generation.started.astimezone(UTC),
            sys.intern(generation.model),
            "replay" if generation.replayed else generation.endpoint,
            generation.status,
            len(generation.images) + len(generation.videos),
            generation.usage.total_tokens if generation.usage else None,
            generation.elapsed,
            generation.cost,
            is_sent,
            used_by(generation, price, set_aside or Use()) if is_charged else Use(),
        )

    @property
    def end(self) -> str:
        """Its status, or `not sent`."""
        return str(self.status) if self.is_sent else "not sent"

    def record(self) -> dict[str, Any]:
        """The entry as plain values, by the names of the columns in a table."""
        return {
            "started": self.started.isoformat(timespec="milliseconds"),
            "model": self.model,
            "endpoint": self.endpoint,
            "status": self.end,
            "pictures": self.pictures,
            "total_tokens": self.total_tokens,
            "elapsed": round(self.elapsed, 3),
            "cost": self.cost,
            "counted_tokens": self.used.tokens,
            "counted_cost": self.used.cost,
            "is_estimate": self.used.is_estimate,
        }


class Seat:
    """What is set aside in the budget for one request, from before it is sent until its end.

    Attributes:
        need: The amounts set aside.
        entry: What the request used; None before its end, and if it was never begun.
    """

    __slots__ = ("_ledger", "entry", "need")

    def __init__(self, ledger: "Ledger", need: Need) -> None:
        self._ledger = ledger
        self.need = need
        self.entry: LedgerEntry | None = None

    def leave(
        self,
        generation: Generation | None = None,
        price: Price | None = None,
        *,
        is_sent: bool = True,
    ) -> None:
        """Frees what was set aside and enters what the request used. Only the first call does.

        Args:
            generation: The final generation; None if the request was never begun.
            price: The price of its model; None if it is not known.
            is_sent: False if there was no connection to send it: then it counts for nothing.
        """
        self._ledger._leave(self, generation, price, is_sent=is_sent)


class Ledger(Sequence[LedgerEntry]):
    """An entry for each generation that has ended, oldest first. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[LedgerEntry] = []
        self._used = Use()
        self._seats: set[Seat] = set()
        self._under_way = Use()

    @property
    def used(self) -> Use:
        """What counts against a budget.

        A request whose usage the endpoint did not send counts with an estimate, and at least with
        what was set aside for it: an interrupted one may have been charged. One refused with an
        HTTP status was not.
        """
        return self._used

    def take(self, needs: Sequence[Need], budget: Budget) -> list[Seat]:
        """Takes a seat for each of the requests, or for none of them.

        Raises:
            BudgetError: Together with the requests under way they would exceed the budget.
        """
        with self._lock:
            budget.check(self._used, self._under_way, needs)
            seats = [Seat(self, need) for need in needs]
            self._seats.update(seats)
            self._under_way = sum((need.use for need in needs), self._under_way)
            return seats

    def enter(self, entry: LedgerEntry) -> None:
        """Adds what an executor's worker used in another process."""
        with self._lock:
            self._add(entry)

    def _leave(
        self, seat: Seat, generation: Generation | None, price: Price | None, *, is_sent: bool
    ) -> None:
        entry = generation and LedgerEntry.of(generation, price, seat.need.use, is_sent=is_sent)
        with self._lock:
            if seat not in self._seats:
                return
            self._seats.remove(seat)
            # Zero when nothing is under way: sums of floats leave a remainder.
            self._under_way = self._under_way - seat.need.use if self._seats else Use()
            if entry:
                seat.entry = entry
                self._add(entry)

    def _add(self, entry: LedgerEntry) -> None:
        self._entries.append(entry)
        self._used += entry.used

    @overload
    def __getitem__(self, place: int) -> LedgerEntry: ...

    @overload
    def __getitem__(self, place: slice) -> list[LedgerEntry]: ...

    def __getitem__(self, place: int | slice) -> LedgerEntry | list[LedgerEntry]:
        return self._entries[place]

    def __len__(self) -> int:
        return len(self._entries)
