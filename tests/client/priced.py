"""An endpoint with a public price list."""

import asyncio
import json

import httpx

from comet_magic.money.prices import Price

from .scripted import DONE, answer, delta, sse

LIST = {"data": [{"id": "gpt-4o-mini", "pricing": {"per_request": 0.02}}]}
PRICES = {"gpt-4o-mini": Price(per_request=0.02)}


class PricedApi:
    """An endpoint whose price list comes when the test lets it.

    Attributes:
        asked: Path of each request, in order.
        keys: The authorization of each request.
        let: Set it to let the list come.
    """

    def __init__(self, *, has_list: bool = True) -> None:
        self.asked: list[str] = []
        self.keys: list[str | None] = []
        self.let = asyncio.Event()
        self._has_list = has_list

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        self.keys.append(request.headers.get("authorization"))
        if request.url.path == "/api/models":
            await self.let.wait()
            return answer(json.dumps(LIST)) if self._has_list else answer("", 404)
        if request.url.path == "/v1/models":
            return answer('{"data": [{"id": "gpt-4o-mini"}]}')
        return sse(delta("Hi", "stop"), DONE)
