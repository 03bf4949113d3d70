"""Requests that are sent: admitted by the budget, entered in the ledger. Nothing else sends any."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ..client.create import Watcher
from ..client.create import create as create_once
from ..client.failures import is_unsent
from ..client.pulse import Pulse
from ..errors import CometError
from ..families.ask import Ask
from ..families.registry import family_of
from ..generation import Generation, GenerationBuilder, with_cost
from ..money.budget import Budget, Need, Use
from ..money.prices import Price
from ..settings.settings import Settings
from .ledger import Seat
from .session import Session


def blank(ask: Ask, settings: Settings) -> Generation:
    """The generation of a request that has not been sent yet."""
    now = datetime.now().astimezone()
    return GenerationBuilder(ask, now, settings.endpoint, settings.replayed).snapshot()


async def admit(session: Session, asks: Sequence[Ask], settings: Settings) -> list[Seat]:
    """Takes a seat for each of the requests, which may then be sent, or for none of them.

    What a recording answers is not sent, so it has no need of a budget.

    Raises:
        BudgetError: They would go over the budget.
    """
    if settings.replayed:
        free = [Need(ask.model, Use(), True, 0.0) for ask in asks]
        return session.ledger.take(free, Budget())
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
    """Asks, and enters the end, whatever it is, in the ledger, with its cost.

    Args:
        session: Has the connections and the ledger.
        ask: What is asked.
        settings: In force.
        watch: See `client.create`.
        download: Likewise.
        wait_if_limited: Likewise.
        seat: Taken before, and given up at the end; by default one is taken now.

    Raises:
        CometError: With the generation as far as it came; or a `BudgetError` before anything is
            sent.
    """
    if seat is None:
        (seat,) = await admit(session, [ask], settings)
    ends: list[Generation] = []

    def enter(generation: Generation) -> None:
        if generation.status.is_final:
            listed = session.lists.known_prices(settings)
            generation = with_cost(generation, settings.prices, listed)
            ends.append(generation)
        watch(generation)

    unsent = False
    ask = replace(ask, notes=(*ask.notes, *session.not_recorded(settings)))
    try:
        endpoint = await session.endpoint(settings)
        session.lists.begin_prices(endpoint, settings)
        await create_once(endpoint, ask, enter, download=download, wait_if_limited=wait_if_limited)
    except CometError as error:
        unsent = is_unsent(error)
        if ends:  # a 429 that is not waited for is no end
            error.generation = ends[-1]
        raise
    finally:
        seat.leave(ends[-1] if ends else None, is_sent=not unsent)
    return ends[-1]


async def create_all(
    session: Session,
    asks: Sequence[Ask],
    settings: Settings,
    watch: Callable[[tuple[Generation, ...]], None],
    seats: Sequence[Seat],
) -> list[Generation | CometError]:
    """Sends several requests at once; one that fails does not end the others.

    Args:
        session: Has the connections and the ledger.
        asks: At least one.
        settings: The same for each.
        watch: Told of changes as `create` does it, of all of them together.
        seats: Of the requests.

    Returns:
        For each request its generation, or the error that it ended with.
    """
    states = [blank(ask, settings) for ask in asks]
    # Each of them is told at its own pace: together they would be told too often.
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
