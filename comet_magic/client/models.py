"""Lists the models of an endpoint."""

from ..families.exchange import Call
from .endpoint import Endpoint, repeatable, respond
from .failures import mapped, web_page_error
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
            text = (await response.aread()).decode(errors="replace")
        try:
            return [str(item["id"]) for item in response.json()["data"]]
        except (ValueError, KeyError, TypeError) as error:
            raise web_page_error(response, text, endpoint.key) from error
