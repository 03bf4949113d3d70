"""The estimated cost of a generation."""

from collections.abc import Mapping
from dataclasses import replace

from ..money.prices import Price, estimate
from .counting import received, stated_seconds
from .value import Generation, Status


def with_cost(generation: Generation, price: Price | None, source: str) -> Generation:
    """The generation with its cost, if the price covers all that it used; else unchanged.

    Args:
        generation: A generation that has ended.
        price: The price of its model; None if it is not known.
        source: Whose price it is, see `find_price`.
    """
    if price is None:
        return generation
    # No provider says whether a request without an answer is charged.
    requests = 1 if generation.status is Status.COMPLETE else None
    # The answer states one length, so the lengths of several videos are not known.
    seconds = stated_seconds(generation) if len(generation.videos) == 1 else None
    cost = estimate(price, received(generation), requests, seconds)
    return replace(generation, cost=cost, cost_source="" if cost is None else source)


def find_price(
    generation: Generation, own: Mapping[str, Price], listed: Mapping[str, Price]
) -> tuple[Price | None, str]:
    """The price of the generation's model, and whose it is.

    Args:
        generation: A generation that has ended.
        own: The user's prices by model; they come first.
        listed: The endpoint's prices by model.
    """
    for source, prices in (("your prices", own), ("the price list", listed)):
        price = prices.get(generation.requested_model) or prices.get(generation.model)
        if price:
            return price, source
    return None, ""
