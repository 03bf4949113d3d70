"""The public price lists of endpoints, fetched without the key."""

import asyncio
import json
from collections.abc import Mapping

import httpx

from ..errors import NotRecordedError
from ..money.prices import Price, read_catalogue
from .unpacking import body_parts

# Limits for a list, in seconds and bytes. Today a list has some hundred models of 200 bytes.
_PATIENCE = 5.0
_MOST_BYTES = 4_000_000


class Catalogue:
    """Price lists by host. A list that cannot be fetched is empty."""

    def __init__(self) -> None:
        self._found: dict[httpx.URL, Mapping[str, Price]] = {}
        self._running: dict[httpx.URL, asyncio.Task[Mapping[str, Price]]] = {}

    def known(self, base_url: str | None) -> Mapping[str, Price]:
        """Returns the prices that were fetched already, by model."""
        return self._found.get(_address(base_url), {}) if base_url else {}

    def begin(self, http: httpx.AsyncClient, base_url: str) -> None:
        """Starts to fetch a list on the running loop, unless that was done before."""
        url = _address(base_url)
        if url not in self._found and url not in self._running:
            task = asyncio.create_task(self.fetch(http, base_url))
            self._running[url] = task
            task.add_done_callback(lambda _: self._running.pop(url, None))

    async def fetch(self, http: httpx.AsyncClient, base_url: str) -> Mapping[str, Price]:
        """Returns the list of an endpoint; fetches it again if it was empty."""
        url = _address(base_url)
        if not self._found.get(url):
            self._found[url] = await _fetch(http, url)
        return self._found[url]


def _address(base_url: str) -> httpx.URL:
    """Returns `https://api.cometapi.com/api/models` for `https://api.cometapi.com/v1`."""
    return httpx.URL(base_url).copy_with(raw_path=b"/api/models")


async def _fetch(http: httpx.AsyncClient, url: httpx.URL) -> Mapping[str, Price]:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    try:
        async with (
            asyncio.timeout(_PATIENCE),
            http.stream("GET", url, headers=headers) as response,
        ):
            if response.status_code != 200:
                return {}
            parts = body_parts(response, _MOST_BYTES, unpack=False)
            body = b"".join([part async for part in parts])
        return read_catalogue(json.loads(body))
    # RuntimeError: the session was closed meanwhile, or the JSON is nested too deeply.
    except (httpx.HTTPError, NotRecordedError, OSError, ValueError, RuntimeError):
        return {}
