"""The cost of a generation that has ended."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from comet_magic.families.compose import compose
from comet_magic.generation import Generation, GenerationBuilder, Status, find_price, with_cost
from comet_magic.media.videos import GeneratedVideo
from comet_magic.money.prices import Price
from comet_magic.wire.usage import Usage

REQUEST = Price(per_request=0.02)
TOKENS = Price(input=2, output=8)
VIDEO = GeneratedVideo("https://x/y.mp4")


def ended(status: Status = Status.COMPLETE, **values: Any) -> Generation:
    """A generation that has ended, by a model that answers under a longer name."""
    request = compose("A cat", model="gpt")
    snapshot = GenerationBuilder(request, datetime.now(UTC), "demo").snapshot()
    return replace(snapshot, model="gpt-2026", status=status, **values)


def costed(generation: Generation, own: Any, listed: Any = None) -> Generation:
    """The generation with its cost by these prices."""
    return with_cost(generation, *find_price(generation, own, listed or {}))


@pytest.mark.parametrize(
    ("own", "listed", "cost", "source"),
    [
        ({}, {}, None, ""),
        ({"other": REQUEST}, {}, None, ""),
        ({}, {"gpt": REQUEST}, 0.02, "the price list"),
        ({}, {"gpt-2026": REQUEST}, 0.02, "the price list"),
        ({"gpt": Price(per_request=0.5)}, {"gpt": REQUEST}, 0.5, "your prices"),
        ({"gpt": Price()}, {"gpt": REQUEST}, 0.0, "your prices"),
        ({"gpt": TOKENS}, {"gpt": REQUEST}, None, ""),
    ],
)
def test_the_users_price_wins(own: Any, listed: Any, cost: float | None, source: str) -> None:
    """Of the model as it was asked, or as it answered; without a price there is no cost."""
    generation = costed(ended(), own, listed)
    assert (generation.cost, generation.cost_source) == (cost, source)


def test_a_request_that_failed_may_not_be_charged() -> None:
    """Its price is not shown; tokens that were counted are."""
    for status in (Status.FAILED, Status.INTERRUPTED):
        assert costed(ended(status), {"gpt": REQUEST}).cost is None
        counted = ended(status, usage=Usage(1000, 1000, 2000))
        assert costed(counted, {"gpt": TOKENS}).cost == pytest.approx(0.01)


@pytest.mark.parametrize(
    "usage", [Usage(0, 0, 0), Usage(11, 0, 11), Usage(0, 7, 7), Usage(11, 0, 18)]
)
def test_a_0_beside_an_answer_costs_what_nobody_knows(usage: Usage) -> None:
    """An endpoint that does not count sends 0: the answer was not free, and nothing is guessed."""
    assert costed(ended(text="Hello", usage=usage), {"gpt": TOKENS}).cost is None
    assert costed(ended(text="Hello", usage=usage), {"gpt": REQUEST}).cost == 0.02
    assert costed(ended(text="Hello", usage=usage), {"gpt": Price()}).cost == 0


@pytest.mark.parametrize(
    ("duration", "videos", "cost"),
    [
        (8, (VIDEO,), 0.8),
        (None, (VIDEO,), None),
        (True, (VIDEO,), None),
        ("8", (VIDEO,), None),
        (100_000, (VIDEO,), None),
        (8, (), None),
        (8, (VIDEO, VIDEO), None),
    ],
)
def test_seconds_are_those_the_answer_names(duration: Any, videos: Any, cost: Any) -> None:
    """Of its one video; the time that it took is something else."""
    generation = ended(parameters={"duration": duration}, videos=videos, elapsed=60.0)
    assert costed(generation, {"gpt": Price(per_second=0.1)}).cost == cost
