"""Lists the models of an endpoint."""

import json

import httpx

from ..errors import APIConnectionError, StreamError
from ..families.exchange import Call
from ..wire.body import decoded
from ..wire.model_list import model_ids
from ..wire.unfolding import is_web_page
from .endpoint import Endpoint, repeatable, respond
from .failures import mapped, no_list_error, reason_of, web_page_error
from .retries import retried
from .unpacking import body_parts

_LIST = Call("GET", "models")
# The longest known lists have 2 MB.
_MOST_BYTES = 8_000_000
# Bytes of what came instead of a list: enough for the title of a web page.
_MOST_SHOWN = 64_000


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
        body = await _body(endpoint, response)
        try:
            ids = model_ids(json.loads(decoded(body, response.charset_encoding)))
        # JSON that is nested too deeply is no list either.
        except (ValueError, RecursionError):
            ids = None
        if ids is None:
            text = decoded(body[:_MOST_SHOWN], response.charset_encoding)
            what = web_page_error if is_web_page(text) else no_list_error
            raise what(response, text, endpoint.key)
        return ids


async def _body(endpoint: Endpoint, response: httpx.Response) -> bytes:
    try:
        with mapped(endpoint.host, endpoint.settings):
            return b"".join([part async for part in body_parts(response, _MOST_BYTES)])
    except APIConnectionError as error:
        if not isinstance(error.__cause__, httpx.DecodingError):
            raise
        # The next answer would be the same.
        why = f"the list of models cannot be read: {reason_of(error.__cause__, endpoint.key)}"
        raise StreamError(f"{endpoint.host}: {why}.\nCheck the base URL.") from error
