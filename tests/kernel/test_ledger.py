"""What counts, from before a request is sent to its end."""

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from comet_magic.errors import BudgetError
from comet_magic.families.compose import compose
from comet_magic.generation import Generation, GenerationBuilder, Status
from comet_magic.kernel.ledger import Ledger, LedgerEntry, Seat
from comet_magic.money.budget import Budget, Need, Use
from comet_magic.money.prices import Price
from comet_magic.wire.usage import Usage

NEED = Need.of("m", {"max_tokens": 50}, Price(per_request=0.02))


def ended(status: Status = Status.COMPLETE, **values: Any) -> Generation:
    """A generation at its end."""
    request = compose("Hi", model="m")
    builder = GenerationBuilder(request, datetime.now(UTC), "api.example")
    return replace(builder.snapshot(), status=status, **values)


def after(generation: Generation | None, *, is_sent: bool = True) -> Ledger:
    """A ledger with one request that ended so."""
    ledger = Ledger()
    (seat,) = ledger.take([NEED], Budget())
    seat.leave(generation, is_sent=is_sent)
    return ledger


@pytest.mark.parametrize(
    ("generation", "used"),
    [
        pytest.param(ended(usage=Usage(5, 7, 12), cost=0.03), Use(1, 12, 0.03), id="received"),
        pytest.param(ended(Status.INTERRUPTED), Use(1, 50, 0.02), id="interrupted"),
        pytest.param(ended(Status.FAILED), Use(1, 50, 0.02), id="nobody-knows"),
        pytest.param(ended(Status.FAILED, status_code=401), Use(1), id="refused-by-the-endpoint"),
        pytest.param(ended(usage=Usage(0, 0, 0), cost=0.0), Use(1), id="free"),
    ],
)
def test_what_an_end_counts_for(generation: Generation, used: Use) -> None:
    """What was received; where nothing was and it may have been charged, what was set aside."""
    ledger = after(generation)
    assert ledger.used == used
    assert ledger[0].total_tokens == (generation.usage.total_tokens if generation.usage else None)


@pytest.mark.parametrize(
    ("usage", "counted", "is_estimate"),
    [
        (Usage(5, 7, 12), 12, False),
        (Usage(5, 7), 12, False),
        (Usage(total_tokens=12), 12, False),
        (Usage(5), 15, True),
        (None, 11, True),
    ],
    ids=["received", "sum", "total-alone", "half", "nothing"],
)
def test_an_estimate_is_not_shown_as_received(
    usage: Usage | None, counted: int, is_estimate: bool
) -> None:
    """It counts; `total_tokens` stays what the endpoint said, or None."""
    ledger = Ledger()
    (seat,) = ledger.take([Need.of("m", {}, None)], Budget())
    seat.leave(ended(text="a" * 40, usage=usage))
    (entry,) = ledger
    assert entry.total_tokens == (usage.total_tokens if usage else None)
    assert entry.used == ledger.used == Use(1, counted)
    record = entry.record()
    assert record["total_tokens"] == entry.total_tokens
    assert (record["counted_tokens"], record["is_estimate"]) == (counted, is_estimate)
    assert seat.entry is entry


@pytest.mark.parametrize(
    ("price", "cost"),
    [(Price(output=1_000_000), 10), (Price(per_request=0.5), 0.5), (Price(), 0), (None, 0)],
    ids=["tokens", "request", "free", "unknown"],
)
def test_a_cost_is_estimated_by_its_price(price: Price | None, cost: float) -> None:
    """Of an answer that was cut; the entry's own cost stays unknown."""
    ledger = Ledger()
    (seat,) = ledger.take([Need.of("m", {}, None)], Budget())
    seat.leave(ended(Status.INTERRUPTED, text="a" * 40), price)
    assert ledger.used.cost == ledger.used.estimated_cost == ledger[0].record()["counted_cost"]
    assert ledger.used.cost == cost
    assert ledger[0].cost is None


def test_a_replay_counts_nothing() -> None:
    """It has its entry, with the usage as it was recorded."""
    ledger = after(ended(usage=Usage(5, 7, 12), replayed="lesson.jsonl"))
    assert (ledger.used, ledger[0].total_tokens) == (Use(), 12)
    assert after(ended(replayed="lesson.jsonl")).used == Use()


def test_a_seat_is_left_once() -> None:
    """However often, and from however many threads: one release, one entry."""
    ledger = Ledger()
    seats = ledger.take([NEED] * 50, Budget(requests=50))
    other = ledger.take([NEED], Budget())

    def leave(seat: Seat) -> None:
        seat.leave(ended(usage=Usage(5, 7, 12), cost=0.03))
        seat.leave()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(leave, seats * 4))
    assert len(ledger) == 50
    assert ledger.used.requests == 50
    assert ledger.used.tokens == 600
    with pytest.raises(BudgetError, match="1 under way"):
        ledger.take([NEED], Budget(requests=51))
    other[0].leave()
    assert len(ledger.take([NEED], Budget(requests=51))) == 1


def test_what_a_worker_used_counts_as_here() -> None:
    """An executor's worker sends its entry, estimates included."""
    ledger = Ledger()
    ledger.enter(LedgerEntry.of(ended(text="a" * 40)))
    assert (ledger.used, ledger.used.estimated_tokens) == (Use(1, 11), 11)


def test_what_was_not_sent_does_not_count() -> None:
    """It has its entry, which says so."""
    ledger = after(ended(Status.FAILED), is_sent=False)
    assert ledger.used == Use()
    assert ledger[0].end == "not sent"
    assert ledger[0].record()["status"] == "not sent"


def test_what_a_worker_used_counts() -> None:
    """It was used in another process, and no seat was taken for it here."""
    ledger = Ledger()
    ledger.enter(LedgerEntry.of(ended(usage=Usage(5, 7, 12), cost=0.03)))
    ledger.enter(LedgerEntry.of(ended(Status.FAILED)))
    assert ledger.used == Use(2, 12 + 1, 0.03)  # the failed one said nothing: its prompt counts
    assert ledger.used.estimated_tokens == 1
    assert len(ledger) == 2


def test_a_seat_that_was_not_used_leaves_nothing() -> None:
    """Neither an entry nor a count, however often it is given up."""
    ledger = Ledger()
    (seat,) = ledger.take([NEED], Budget(requests=1))
    with pytest.raises(BudgetError):
        ledger.take([NEED], Budget(requests=1))
    seat.leave()
    seat.leave()
    assert (len(ledger), ledger.used) == (0, Use())
    assert len(ledger.take([NEED], Budget(requests=1))) == 1


def test_seats_are_taken_together_or_not_at_all() -> None:
    """Two requests do not go out as one where one is left."""
    ledger = Ledger()
    with pytest.raises(BudgetError):
        ledger.take([NEED, NEED], Budget(requests=1))
    assert len(ledger.take([NEED], Budget(requests=1))) == 1


def test_what_is_set_aside_is_tokens_and_dollars_too() -> None:
    """Those that run may use it, so that others may not."""
    ledger = Ledger()
    ledger.take([NEED], Budget(tokens=99, cost=0.03))
    for budget in (Budget(tokens=99), Budget(cost=0.03)):
        with pytest.raises(BudgetError, match="1 under way"):
            ledger.take([NEED], budget)


def test_a_long_ledger_is_small() -> None:
    """An entry of ten thousand is a few hundred bytes, and shares its names with the others."""
    ledger = Ledger()
    for number in range(10_000):
        (seat,) = ledger.take([NEED], Budget(requests=10_000))
        seat.leave(ended(elapsed=number / 7, model=f"model-{number % 1}"))
    first, last = ledger[0], ledger[-1]
    assert len(ledger) == ledger.used.requests == 10_000
    assert not hasattr(last, "__dict__")
    assert sum(sys.getsizeof(each) for each in (last, last.started, last.elapsed)) < 250
    assert first.model is last.model
    assert first.started.tzinfo is last.started.tzinfo
    # No seat is left: of the budget, exactly what was not used is free.
    assert len(ledger.take([NEED], Budget(requests=10_001))) == 1
