"""One endpoint: requests go out with the key, successful responses come back."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from ..errors import APIConnectionError, RateLimitError
from ..families.exchange import Call
from ..settings.key import ApiKey
from ..settings.settings import Settings
from ..wire.failure import failure_from_body
from ..wire.log_writer import LogWriter
from .answer import beginning
from .failures import is_transient, is_unsent, mapped, status_error
from .hiding import hidden_in_logs
from .retries import TryAgain, retry_after


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Who is asked.

    Attributes:
        settings: In force; they must name a base URL.
        http: Shared by all requests of a kernel; sends no key by itself.
        label: Who answers, for people: the host, or `demo`.
        pace: How many times faster than the clock it answers: a replay's speed.
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
        """The host with its port, for messages."""
        return self.url.netloc.decode()

    @property
    def name(self) -> str:
        """The host without its port."""
        return self.url.host

    @property
    def key(self) -> ApiKey | None:
        """The key, which is hidden in whatever the endpoint quotes; None if none is sent."""
        return self.settings.api_key

    def address(self, path: str) -> str:
        """The URL of a call: `path` after the base URL, or after the host if it has a slash."""
        return str(self.url.join(path)) if path.startswith("/") else f"{self.url}/{path}"


@asynccontextmanager
async def respond(
    endpoint: Endpoint, call: Call, log: LogWriter | None = None
) -> AsyncIterator[httpx.Response]:
    """The successful response to one call.

    Args:
        endpoint: Is asked.
        call: What is sent.
        log: Is told of the request, and of what comes back.

    Raises:
        TryAgain: The request may be sent again.
        CometError: It may not.
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
        # The transport looks it up again when it begins to read the body.
        timeouts["read"] = settings.timeout
        try:
            if not response.is_success:
                await _raise_status(response, key, log)
            yield response
        finally:
            await response.aclose()


async def _send(endpoint: Endpoint, request: httpx.Request) -> httpx.Response:
    try:
        with mapped(endpoint.host, endpoint.settings):
            return await endpoint.http.send(request, stream=True)
    except APIConnectionError as error:
        # Nothing was written yet: this alone is safe to repeat.
        if is_unsent(error):
            raise TryAgain(error, "no connection") from error
        raise
    finally:
        # It goes on as part of every error of httpx, and of the response.
        request.headers.pop("Authorization", None)


async def _raise_status(
    response: httpx.Response, key: ApiKey | None, log: LogWriter | None
) -> None:
    text = await beginning(response, log.hear if log else None)
    error = status_error(response, text, key)
    if isinstance(error, RateLimitError):
        error.retry_after = retry_after(response)
    if is_transient(response.status_code, failure_from_body(text)):
        raise TryAgain(error, str(response.status_code), retry_after(response))
    raise error
