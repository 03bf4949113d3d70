"""One endpoint: requests go out with the key, successful responses come back."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version

import anyio._backends._asyncio  # noqa: F401 - see below
import httpx

from ..errors import APIConnectionError, RateLimitError
from ..settings.key import ApiKey
from ..settings.settings import Settings
from ..wire.failure import failure_from_body
from ..wire.log_writer import LogWriter
from .environment import Mounts, transports
from .events import beginning
from .failures import is_transient, is_unsent, mapped, status_error
from .hiding import hidden_in_logs
from .retries import TryAgain, retry_after

# httpx would import anyio's backend at its first request, in the loop's thread. A process that is
# forked at that moment would wait for ever for the end of an import that it inherited.
USER_AGENT = f"comet_magic/{version('comet_magic')}"


def new_http_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """All connections of a kernel: their certificates cost 70 ms.

    It sends no key by itself and follows no redirect. Waiting for a connection is no failure, and
    an idle one is used again for five seconds.

    Args:
        transport: Takes the requests in place of connections; then it costs 0.1 ms.
    """
    mounts: Mounts = {}
    if transport is None:
        transport, mounts = transports()
    return httpx.AsyncClient(
        headers={"User-Agent": USER_AGENT},
        timeout=httpx.Timeout(30.0, pool=None),  # for downloads; the endpoint has its own
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # none is kept or sent
        transport=transport,
        mounts=mounts,
    )


class Endpoint:
    """Sends requests to the endpoint that `settings` name.

    Args:
        settings: Must name a base URL.
        http: Shared by all clients of a kernel.

    Attributes:
        host: With its port, for messages.
        name: Of the host, without the port.
        key: To be hidden in whatever the endpoint quotes; None if none is sent.
    """

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http
        self._url = httpx.URL(settings.base_url or "")
        self.host = self._url.netloc.decode()
        self.name = self._url.host
        self.key: ApiKey | None = settings.api_key

    @asynccontextmanager
    async def response(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        recorder: LogWriter | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """The successful response to one request.

        Args:
            method: Of HTTP.
            path: After the base URL.
            body: JSON.
            recorder: Told of the request, and of what comes back.

        Raises:
            TryAgain: The request may be sent again.
            CometError: It may not.
        """
        headers = {"Accept": "text/event-stream, application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = self._http.build_request(
            method, f"{self._url}/{path}", content=body, headers=headers
        )
        timeouts = httpx.Timeout(
            self._settings.timeout,
            connect=self._settings.connect_timeout,
            read=self._settings.first_byte_timeout,
            pool=None,
        ).as_dict()
        request.extensions["timeout"] = timeouts
        if self.key:
            request.headers["Authorization"] = self.key.header()
        if recorder:
            recorder.ask(method, str(request.url), request.headers.items())
        with hidden_in_logs(self.key):
            response = await self._send(request)
            if recorder:
                recorder.answer(response.status_code, response.headers.items())
            # The transport looks it up again when it begins to read the body.
            timeouts["read"] = self._settings.timeout
            try:
                if not response.is_success:
                    await self._raise_status(response, recorder)
                yield response
            finally:
                await response.aclose()

    def mapped(self) -> AbstractContextManager[None]:
        """Turns what httpx raises before an answer has begun into the errors of this package."""
        return mapped(self.host, self._settings)

    async def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            with self.mapped():
                return await self._http.send(request, stream=True)
        except APIConnectionError as error:
            # Nothing was written yet: this alone is safe to repeat.
            if is_unsent(error):
                raise TryAgain(error, "no connection") from error
            raise
        finally:
            # It goes on as part of every error of httpx, and of the response.
            request.headers.pop("Authorization", None)

    async def _raise_status(self, response: httpx.Response, recorder: LogWriter | None) -> None:
        text = await beginning(response, recorder.hear if recorder else _unheard)
        error = status_error(response, text, self.key)
        if isinstance(error, RateLimitError):
            error.retry_after = retry_after(response)
        if is_transient(response.status_code, failure_from_body(text)):
            raise TryAgain(error, str(response.status_code), retry_after(response))
        raise error


def _unheard(_: bytes) -> None:
    """What is said to nobody."""
