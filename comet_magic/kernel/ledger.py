"""What the generations of one kernel used, and what is set aside for those under way."""

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, overload

from ..generation import Generation, Status
from ..money.budget import Budget, Need, Use


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What one generation used.

    Attributes:
        started: Start time, in UTC.
        model: The model that answered, or was asked if none did.
        endpoint: Who answered: the host, `demo`, or `replay`.
        status: Its final status.
        pictures: Number of images and videos in the answer.
        total_tokens: As received; None if the endpoint sent no usage.
        elapsed: Seconds until its end.
        cost: Estimate in US dollars; None if the price is unknown.
        is_sent: False if there was no connection to send the request.
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

    @classmethod
    def of(cls, generation: Generation, *, is_sent: bool = True) -> "LedgerEntry":
        """The entry for a generation that has ended."""
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
        }


class Seat:
    """What is set aside in the budget for one request, from before it is sent until its end.

    Attributes:
        need: The amounts set aside.
    """

    __slots__ = ("_ledger", "need")

    def __init__(self, ledger: "Ledger", need: Need) -> None:
        self._ledger = ledger
        self.need = need

    def leave(self, generation: Generation | None = None, *, is_sent: bool = True) -> None:
        """Frees what was set aside and enters what the request used.

        Args:
            generation: The final generation; None if the request was never begun.
            is_sent: False if there was no connection to send it: then it counts for nothing.
        """
        self._ledger._leave(self, generation, is_sent=is_sent)


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

        A request whose usage the endpoint did not send counts with what was set aside for it: an
        interrupted one may have been charged. One refused with an HTTP status was not.
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
            self._add(entry, Use(1, entry.total_tokens or 0, entry.cost or 0))

    def _leave(self, seat: Seat, generation: Generation | None, *, is_sent: bool) -> None:
        with self._lock:
            if seat in self._seats:
                self._seats.remove(seat)
                # Zero when nothing is under way: sums of floats leave a remainder.
                self._under_way = self._under_way - seat.need.use if self._seats else Use()
            if generation:
                entry = LedgerEntry.of(generation, is_sent=is_sent)
                self._add(entry, _used(entry, generation, seat.need.use))

    def _add(self, entry: LedgerEntry, use: Use) -> None:
        self._entries.append(entry)
        self._used += use

    @overload
    def __getitem__(self, place: int) -> LedgerEntry: ...

    @overload
    def __getitem__(self, place: slice) -> list[LedgerEntry]: ...

    def __getitem__(self, place: int | slice) -> LedgerEntry | list[LedgerEntry]:
        return self._entries[place]

    def __len__(self) -> int:
        return len(self._entries)


def _used(entry: LedgerEntry, generation: Generation, set_aside: Use) -> Use:
    """What a request that has ended counts for."""
    if not entry.is_sent or generation.replayed:
        return Use()
    if generation.status_code is not None:
        set_aside = Use()
    tokens, cost = entry.total_tokens, entry.cost
    return Use(
        1, set_aside.tokens if tokens is None else tokens, set_aside.cost if cost is None else cost
    )
