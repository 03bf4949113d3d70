"""An endpoint: sends requests with the key, and returns successful responses."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import httpx

from ..errors import APIConnectionError, APITimeoutError, RateLimitError
from ..families.exchange import Call
from ..settings.key import ApiKey
from ..settings.settings import Settings
from ..wire.failure import failure_from_body
from ..wire.log_writer import LogWriter
from .answer import read_error
from .failures import is_transient, is_unsent, mapped, status_error, without_key
from .hiding import hidden_in_logs
from .retries import TryAgain, retry_after


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint with the settings for its requests.

    Attributes:
        settings: The settings, with a base URL.
        http: The HTTP client, shared by all requests of a kernel; it sends no key by itself.
        label: The endpoint's name for users: the host, or `demo`.
        pace: The speed of a replay, as a multiple of real time.
    """

    settings: Settings
    http: httpx.AsyncClient
    label: str
    pace: float = 1.0

    @property
    def url(self) -> httpx.URL:
        """The base URL."""
        return httpx.URL(self.settings.base_url or "")

    @property
    def host(self) -> str:
        """The host with its port."""
        return self.url.netloc.decode()

    @property
    def name(self) -> str:
        """The host without its port."""
        return self.url.host

    @property
    def key(self) -> ApiKey | None:
        """The key, which must not appear in any message; None if no key is sent."""
        return self.settings.api_key

    def address(self, path: str) -> str:
        """Returns a URL: `path` below the base URL; with a leading slash, below the host."""
        return str(self.url.join(path)) if path.startswith("/") else f"{self.url}/{path}"


@asynccontextmanager
async def respond(
    endpoint: Endpoint, call: Call, log: LogWriter | None = None
) -> AsyncIterator[httpx.Response]:
    """Sends a call and yields the successful response.

    Args:
        endpoint: The endpoint.
        call: The call to send.
        log: Records the request and the response.

    Raises:
        TryAgain: The call failed and may be repeated.
        CometError: The call failed and must not be repeated.
    """
    settings, key = endpoint.settings, endpoint.key
    headers = {"Accept": "text/event-stream, application/json", **call.headers}
    content = None
    if call.body is not None:
        headers["Content-Type"] = "application/json"
        content = json.dumps(call.body, ensure_ascii=False, allow_nan=False).encode()
    request = endpoint.http.build_request(
        call.method, endpoint.address(call.path), content=content, headers=headers
    )
    timeouts = httpx.Timeout(
        settings.timeout,
        connect=settings.connect_timeout,
        read=settings.first_byte_timeout,
        pool=None,
    ).as_dict()
    request.extensions["timeout"] = timeouts
    if key:
        request.headers["Authorization"] = key.header()
    if log:
        log.ask(call.method, str(request.url), request.headers.items(), call.body)
    with hidden_in_logs(key):
        response = await _send(endpoint, request)
        if log:
            log.answer(response.status_code, response.headers.items())
        # The transport reads this value again when it starts to read the body.
        timeouts["read"] = settings.timeout
        try:
            if not response.is_success:
                await _raise_status(response, key, log)
            yield response
        finally:
            await response.aclose()


@contextmanager
def repeatable(call: Call) -> Iterator[None]:
    """Lets a call that costs nothing be repeated after its connection failed, even if it arrived.

    A call that timed out is not repeated.

    Raises:
        TryAgain: The connection failed, and the call costs nothing.
    """
    try:
        yield
    except APITimeoutError:
        raise
    except APIConnectionError as error:
        if call.may_cost:
            raise
        # Replace the warning about charges.
        what = str(error).split("\n")[0]
        broken = APIConnectionError(f"{what}\nTry again later, or check the base URL.")
        raise TryAgain(broken, "no connection") from error


async def _send(endpoint: Endpoint, request: httpx.Request) -> httpx.Response:
    try:
        with mapped(endpoint.host, endpoint.settings):
            return await endpoint.http.send(request, stream=True)
    except APIConnectionError as error:
        # Nothing was sent yet, so it is safe to repeat the call.
        if is_unsent(error):
            raise TryAgain(error, "no connection") from error
        raise
    finally:
        # Remove the key: errors of httpx and the response keep a reference to the request.
        request.headers.pop("Authorization", None)


async def _raise_status(
    response: httpx.Response, key: ApiKey | None, log: LogWriter | None
) -> None:
    text = without_key(key, await read_error(response, log.hear if log else None))
    failure = failure_from_body(text)
    error = status_error(response, text, failure, key)
    if isinstance(error, RateLimitError):
        error.retry_after = retry_after(response)
    if is_transient(response.status_code, failure):
        raise TryAgain(error, str(response.status_code), retry_after(response))
    raise error
