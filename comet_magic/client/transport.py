"""Requests without a proxy: httpcore's pools, with a network of our own below them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from .network import Network

# Requests under way in one pool: httpcore looks at all of its connections when one begins or ends.
# As many idle ones are kept, so that a batch opens few in vain.
_MOST = 32


class DirectTransport(httpx.AsyncBaseTransport):
    """Connections without a proxy, for `httpx.AsyncClient`; as many as there are requests.

    An idle one is used again for five seconds.

    Args:
        certificates: For TLS.
    """

    def __init__(self, certificates: ssl.SSLContext) -> None:
        self._certificates = certificates
        self._pools: list[_Pool] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See the base class."""
        pool = self._pool()
        pool.under_way += 1
        url = request.url
        try:
            with _as_httpx():
                response = await pool.handle_async_request(
                    httpcore.Request(
                        request.method,
                        httpcore.URL(
                            scheme=url.raw_scheme,
                            host=url.raw_host,
                            port=url.port,
                            target=url.raw_path,
                        ),
                        headers=request.headers.raw,
                        content=request.stream,
                        extensions=request.extensions,
                    )
                )
        except BaseException:
            await self._leave(pool)
            raise
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response, lambda: self._leave(pool)),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        while self._pools:
            await self._pools.pop().aclose()
        await asyncio.sleep(0)  # the sockets are closed in the loop's next round

    def _pool(self) -> "_Pool":
        """The first that has room: those behind it come to their end when there is less to do."""
        for pool in self._pools:
            if pool.under_way < _MOST:
                return pool
        self._pools.append(_Pool(self._certificates))
        return self._pools[-1]

    async def _leave(self, pool: "_Pool") -> None:
        pool.under_way -= 1
        # One is kept for what comes next. In others nobody would close what is idle.
        idle = [each for each in self._pools if not each.under_way]
        if pool in idle and len(idle) > 1:
            self._pools.remove(pool)
            await pool.aclose()


class _Pool(httpcore.AsyncConnectionPool):
    def __init__(self, certificates: ssl.SSLContext) -> None:
        super().__init__(
            ssl_context=certificates,
            max_connections=None,
            max_keepalive_connections=_MOST,
            keepalive_expiry=5.0,
            network_backend=Network(),
        )
        self.under_way = 0


class _Body(httpx.AsyncByteStream):
    """The body of a response; when it is closed its request is no longer under way."""

    def __init__(self, response: httpcore.Response, leave: Callable[[], Awaitable[None]]) -> None:
        self._response = response
        self._leave = leave

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx():
            async for part in self._response.aiter_stream():
                yield part

    async def aclose(self) -> None:
        try:
            with _as_httpx():
                await self._response.aclose()
        finally:
            await self._leave()


@contextmanager
def _as_httpx() -> Iterator[None]:
    """httpx has the names of httpcore for what goes wrong."""
    try:
        yield
    except (
        httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
    ) as error:  # fmt: skip
        kind = getattr(httpx, type(error).__name__)
        raise kind(str(error)) from error
