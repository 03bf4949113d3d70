"""The models and prices of endpoints, fetched once per session."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ..client.catalogue import Catalogue
from ..client.endpoint import Endpoint
from ..client.models import list_models
from ..errors import CometError
from ..money.prices import Price
from ..settings.key import ApiKey
from ..settings.settings import Settings
from .loop import Job, Loop

# Two keys for one endpoint can have two lists.
_Place = tuple[str | None, ApiKey | None]


class Lists:
    """The lists of endpoints.

    Args:
        endpoint: A function that returns the endpoint for settings.
        loop: The event loop for background requests.
    """

    def __init__(self, endpoint: Callable[[Settings], Awaitable[Endpoint]], loop: Loop) -> None:
        self._endpoint = endpoint
        self._loop = loop
        self._catalogue = Catalogue()
        self._models: dict[_Place, list[str]] = {}
        self._under_way: dict[_Place, Job[Any, list[str]]] = {}

    async def models(self, settings: Settings) -> list[str]:
        """Returns the ids of the endpoint's models.

        Raises:
            CometError: The list is not available.
        """
        known, place = self._models, _place(settings)
        if place not in known:
            endpoint = await self._endpoint(settings)
            self.begin_prices(endpoint, settings)
            known[place] = await list_models(endpoint)
        return known[place]

    def known_models(self, settings: Settings, patience: float) -> list[str]:
        """Returns the ids for completion; none if they need more than `patience` seconds."""
        place = _place(settings)
        job = self._under_way.get(place)
        if job is None:
            job = self._under_way[place] = Job(
                self._loop.loop,
                lambda _: self.models(settings),
                lambda: self._under_way.pop(place, None),
            )
            job.start()
        try:
            return job.result() if job.wait(patience) else []
        except (CometError, asyncio.CancelledError):
            return []

    async def prices(self, settings: Settings) -> Mapping[str, Price]:
        """Returns the prices by model: the user's, and those of the endpoint's public list."""
        listed: Mapping[str, Price] = {}
        if settings.base_url is not None:
            endpoint = await self._endpoint(settings)
            listed = await self._catalogue.fetch(endpoint.http, settings.base_url)
        return {**listed, **settings.prices}

    def known_prices(self, settings: Settings) -> Mapping[str, Price]:
        """Returns the prices of the endpoint's public list, if it was fetched already."""
        return self._catalogue.known(settings.base_url)

    def begin_prices(self, endpoint: Endpoint, settings: Settings) -> None:
        """Fetches the public list in the background, if requests may be charged."""
        if settings.api_key or (settings.replayed and settings.base_url):
            self._catalogue.begin(endpoint.http, str(endpoint.url))


def _place(settings: Settings) -> _Place:
    return settings.base_url, settings.api_key
