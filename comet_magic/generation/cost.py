"""What a generation cost by a price list."""

from collections.abc import Mapping
from dataclasses import replace

from ..money.prices import Price, estimate
from .value import Generation, Status


def with_cost(
    generation: Generation,
    own: Mapping[str, Price],
    listed: Mapping[str, Price],
) -> Generation:
    """A generation that has ended, with its cost if a price is known that covers all of it.

    Args:
        generation: That has ended.
        own: The user's prices, which win.
        listed: The endpoint's.
    """
    for source, prices in (("your prices", own), ("the price list", listed)):
        price = prices.get(generation.requested_model) or prices.get(generation.model)
        if price:
            # Whether a request without an answer is charged, nobody says.
            requests = 1 if generation.status is Status.COMPLETE else None
            cost = estimate(price, generation.usage, requests, _seconds(generation))
            return replace(generation, cost=cost, cost_source="" if cost is None else source)
    return generation


def _seconds(generation: Generation) -> float | None:
    """How long the one video is, as the answer says it."""
    duration = generation.parameters.get("duration")
    if len(generation.videos) != 1 or isinstance(duration, bool):
        return None
    return duration if isinstance(duration, int | float) and duration > 0 else None
