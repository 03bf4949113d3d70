"""Sends requests: checks the budget before, and writes to the ledger after.

No generation is sent from anywhere else.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ..client.create import Watcher
from ..client.create import create as create_once
from ..client.failures import is_unsent
from ..client.pulse import Pulse
from ..errors import BudgetError, CometError
from ..families.ask import Ask
from ..families.registry import family_of
from ..generation import Generation, GenerationBuilder, find_price, with_cost
from ..money.budget import Budget, Need, Use
from ..money.prices import Price
from ..settings.settings import Settings
from .ledger import Seat
from .session import Session


def blank(ask: Ask, settings: Settings) -> Generation:
    """Returns the generation of a request that was not sent yet."""
    now = datetime.now().astimezone()
    return GenerationBuilder(ask, now, settings.endpoint, settings.replayed).snapshot()


async def admit(session: Session, asks: Sequence[Ask], settings: Settings) -> list[Seat]:
    """Reserves a seat in the budget for each of the requests, or for none of them.

    Replayed requests are not sent, so they use no budget.

    Raises:
        BudgetError: The requests would exceed the budget, or this is a forked child, which cannot
            keep it.
    """
    if settings.replayed:
        free = [Need(ask.model, Use(), True, 0.0) for ask in asks]
        return session.ledger.take(free, Budget())
    if session.is_forked and (limits := settings.budget.limits()):
        raise BudgetError(
            f"Not sent: {', '.join(limits)} cannot be kept in a forked process, "
            "which does not know what its parent and the other children use.\n"
            "Send from the parent process: comet.map sends many at once. Or remove the limit."
        )
    prices: Mapping[str, Price] = settings.prices
    matters = settings.budget_cost is not None or settings.confirm
    if matters and any(ask.model not in prices for ask in asks):
        prices = await session.lists.prices(settings)
    needs = [family_of(ask.model).need(ask, prices.get(ask.model)) for ask in asks]
    return session.ledger.take(needs, settings.budget)


async def create(
    session: Session,
    ask: Ask,
    settings: Settings,
    watch: Watcher = lambda generation: None,
    *,
    download: bool = True,
    wait_if_limited: bool = True,
    seat: Seat | None = None,
) -> Generation:
    """Sends a question, and writes the ended generation to the ledger, with its cost.

    Args:
        session: The session.
        ask: The question.
        settings: The settings.
        watch: See `client.create`.
        download: See `client.create`.
        wait_if_limited: See `client.create`.
        seat: The reservation, which is released at the end; by default a new one.

    Raises:
        BudgetError: The request would exceed the budget; nothing was sent.
        CometError: The generation failed; the error has the generation so far.
    """
    if seat is None:
        (seat,) = await admit(session, [ask], settings)
    ends: list[tuple[Generation, Price | None]] = []

    def enter(generation: Generation) -> None:
        if generation.status.is_final:
            listed = session.lists.known_prices(settings)
            price, source = find_price(generation, settings.prices, listed)
            generation = with_cost(generation, price, source)
            ends.append((generation, price))
        watch(generation)

    unsent = False
    ask = replace(ask, notes=(*ask.notes, *session.not_recorded(settings)))
    try:
        endpoint = await session.endpoint(settings)
        session.lists.begin_prices(endpoint, settings)
        await create_once(endpoint, ask, enter, download=download, wait_if_limited=wait_if_limited)
    except CometError as error:
        unsent = is_unsent(error)
        if ends:  # a 429 that the caller handles is no end
            error.generation = ends[-1][0]
        raise
    finally:
        seat.leave(*(ends[-1] if ends else ()), is_sent=not unsent)
    return ends[-1][0]


async def create_all(
    session: Session,
    asks: Sequence[Ask],
    settings: Settings,
    watch: Callable[[tuple[Generation, ...]], None],
    seats: Sequence[Seat],
) -> list[Generation | CometError]:
    """Sends several requests at once; a failure does not stop the others.

    Args:
        session: The session.
        asks: The questions, at least one.
        settings: The settings for all of them.
        watch: A function that gets the generations of all requests after changes, see `create`.
        seats: The reservations of the requests.

    Returns:
        The generation of each request, or its error.
    """
    states = [blank(ask, settings) for ask in asks]
    # Each request limits only its own rate; together they would call `watch` too often.
    pulse = Pulse(lambda: watch(tuple(states)), 1 / settings.repaints)

    async def follow(place: int) -> Generation:
        def take(generation: Generation) -> None:
            states[place] = generation
            pulse.change()

        return await create(session, asks[place], settings, take, seat=seats[place])

    try:
        ends = await asyncio.gather(*map(follow, range(len(asks))), return_exceptions=True)
    finally:
        pulse.stop()
        watch(tuple(states))
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, CometError):
            raise end
    return [end for end in ends if isinstance(end, Generation | CometError)]
