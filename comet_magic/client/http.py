"""The HTTP client that all requests of a kernel share."""

from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version

import anyio._backends._asyncio  # noqa: F401 - see below
import httpx

from .environment import Mounts, transports
from .unpacking import ENCODINGS

# httpx would import anyio's backend at its first request, in the loop's thread. A process that is
# forked at that moment would wait forever for the import to end.
USER_AGENT = f"comet_magic/{version('comet_magic')}"


def new_http_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Returns a client for all connections of a kernel. It takes 70 ms to load the certificates.

    The client sends no key by itself and follows no redirects. It waits for a connection without a
    time limit, and keeps idle ones for five seconds.

    Args:
        transport: Replaces the connections; then the client is created in 0.1 ms.
    """
    mounts: Mounts = {}
    if transport is None:
        transport, mounts = transports()
    return httpx.AsyncClient(
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": ENCODINGS},
        timeout=httpx.Timeout(30.0, pool=None),  # for downloads; `respond` sets its own
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # keep and send no cookies
        transport=transport,
        mounts=mounts,
    )
