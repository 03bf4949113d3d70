"""Lists the models of an endpoint."""

import json

from ..families.exchange import Call
from ..wire.body import decoded
from ..wire.failure import is_web_page
from ..wire.model_list import model_ids
from .endpoint import Endpoint, repeatable, respond
from .failures import mapped, no_list_error, web_page_error
from .retries import retried

_LIST = Call("GET", "models")


async def list_models(endpoint: Endpoint) -> list[str]:
    """Returns the ids of the endpoint's models, in its order.

    Raises:
        CometError: The list is not available.
    """

    async def attempt(_: int) -> list[str]:
        with repeatable(_LIST):
            return await _list(endpoint)

    return await retried(attempt, endpoint.settings.max_retries + 1)


async def _list(endpoint: Endpoint) -> list[str]:
    async with respond(endpoint, _LIST) as response:
        with mapped(endpoint.host, endpoint.settings):
            text = decoded(await response.aread(), response.charset_encoding)
        try:
            ids = model_ids(json.loads(text))
        # JSON that is nested too deeply is no list either.
        except (ValueError, RecursionError):
            ids = None
        if ids is None:
            what = web_page_error if is_web_page(text) else no_list_error
            raise what(response, text, endpoint.key)
        return ids
