"""A transport for requests without a proxy: pools of httpcore on our own network backend."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from .network import Network

# Requests per pool. httpcore checks all connections of a pool whenever a request begins or ends.
# Keep as many idle ones, so that a batch can reuse them.
_MOST = 32
# How long an idle connection is kept.
_SECONDS_IDLE = 5.0


class DirectTransport(httpx.AsyncBaseTransport):
    """Opens connections without a proxy for `httpx.AsyncClient`, one per concurrent request.

    Keeps idle connections for five seconds.

    Args:
        certificates: The certificates for TLS.
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
        """See the base class."""
        while self._pools:
            await self._pools.pop().aclose()
        await asyncio.sleep(0)  # asyncio closes the sockets in its next iteration

    def _pool(self) -> "_Pool":
        """Returns the first pool with room, so that later pools become idle and are closed."""
        for pool in self._pools:
            if pool.under_way < _MOST:
                return pool
        self._pools.append(_Pool(self._certificates))
        return self._pools[-1]

    async def _leave(self, pool: "_Pool") -> None:
        pool.under_way -= 1
        # Keep one idle pool for the next requests. Close the others with their connections.
        idle = [each for each in self._pools if not each.under_way]
        if pool in idle and len(idle) > 1:
            self._pools.remove(pool)
            await pool.aclose()


class _Pool(httpcore.AsyncConnectionPool):
    def __init__(self, certificates: ssl.SSLContext) -> None:
        self._certificates = certificates
        self._network = Network()
        super().__init__(
            ssl_context=certificates,
            max_connections=None,
            max_keepalive_connections=_MOST,
            keepalive_expiry=_SECONDS_IDLE,
            network_backend=self._network,
        )
        self.under_way = 0

    def create_connection(self, origin: httpcore.Origin) -> httpcore.AsyncConnectionInterface:
        return _Connection(
            origin,
            ssl_context=self._certificates,
            keepalive_expiry=_SECONDS_IDLE,
            network_backend=self._network,
        )

    async def aclose(self) -> None:
        await super().aclose()
        self._network.close()


class _Connection(httpcore.AsyncHTTPConnection):
    """A connection that is closed if its first request fails.

    httpcore takes a lock once the connection is made. A request that is cancelled there leaves it
    in the pool, neither idle nor closed, and no request would ever use it.
    """

    _is_used = False

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        try:
            response = await super().handle_async_request(request)
        except BaseException:
            # A used one may have been given to another request meanwhile; httpcore cares for it.
            if not self._is_used:
                await self.aclose()
            raise
        self._is_used = True
        return response


class _Body(httpx.AsyncByteStream):
    """The body of a response. Closing it ends the request."""

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
    """Maps errors of httpcore to those of httpx, which have the same names."""
    try:
        yield
    except (
        httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
    ) as error:  # fmt: skip
        kind = getattr(httpx, type(error).__name__)
        raise kind(str(error)) from error
