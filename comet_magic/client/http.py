"""The HTTP client that all requests of a kernel share."""

from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version

import anyio._backends._asyncio  # noqa: F401 - see below
import httpx

from .environment import Mounts, transports

# httpx would import anyio's backend at its first request, in the loop's thread. A process that is
# forked at that moment would wait for ever for the end of an import that it inherited.
USER_AGENT = f"comet_magic/{version('comet_magic')}"


def new_http_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client for all connections of a kernel: their certificates cost 70 ms.

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
