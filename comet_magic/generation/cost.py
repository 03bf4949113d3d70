"""The cost of a generation by a price list."""

from collections.abc import Mapping
from dataclasses import replace

from ..money.prices import Price, estimate
from .value import Generation, Status


def with_cost(
    generation: Generation,
    own: Mapping[str, Price],
    listed: Mapping[str, Price],
) -> Generation:
    """Returns the generation with its cost, if its complete price is known.

    Args:
        generation: A generation that has ended.
        own: The user's prices, which take precedence.
        listed: The prices of the endpoint.
    """
    for source, prices in (("your prices", own), ("the price list", listed)):
        price = prices.get(generation.requested_model) or prices.get(generation.model)
        if price:
            # It is unknown whether a request without an answer is charged.
            requests = 1 if generation.status is Status.COMPLETE else None
            cost = estimate(price, generation.usage, requests, _seconds(generation))
            return replace(generation, cost=cost, cost_source="" if cost is None else source)
    return generation


def _seconds(generation: Generation) -> float | None:
    """Returns the length of a single video, as given in the answer."""
    duration = generation.parameters.get("duration")
    if len(generation.videos) != 1 or isinstance(duration, bool):
        return None
    return duration if isinstance(duration, int | float) and duration > 0 else None
