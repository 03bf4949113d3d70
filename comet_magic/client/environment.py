"""How the environment wants connections to be made: its proxies and certificates."""

import ipaddress
import os
import ssl
from contextlib import suppress
from urllib.request import getproxies

import httpx

from ..text import one_line
from .transport import DirectTransport

_SOCKS = "SOCKS needs a package: pip install 'httpx[socks]'"
_SCHEME = "its address must begin with http://, https:// or socks5://"

Mounts = dict[str, httpx.AsyncBaseTransport | None]
# A proxy for the internet does not lead to this machine.
_LOOPBACK: Mounts = {f"all://{host}": None for host in ("localhost", "127.0.0.1", "[::1]")}
# Connections to a proxy; as many idle ones as httpx keeps by default.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20)


class _Unusable(httpx.AsyncBaseTransport):
    """Says why there is no connection, to whoever needs one of this kind."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(self._why, request=request)


def transports() -> tuple[httpx.AsyncBaseTransport, Mounts]:
    """A transport and mounts for a client; what cannot be used says so when it is needed.

    httpx would make no client at all, and often what is wrong is not needed: `ALL_PROXY=socks5://…`
    beside an `HTTPS_PROXY`, or a file of certificates that a conda environment has left behind,
    with the demo.
    """
    broken: Mounts = {}
    try:
        certificates = httpx.create_ssl_context()
    except OSError as error:
        certificates = httpx.create_ssl_context(trust_env=False)
        broken["https://"] = _Unusable(_of_certificates(error))
    return DirectTransport(certificates), _proxies(certificates) | broken | _LOOPBACK


def _proxies(certificates: ssl.SSLContext) -> Mounts:
    named = getproxies()
    direct = [host.strip() for host in named.get("no", "").split(",") if host.strip()]
    if "*" in direct:
        return {}
    mounts: Mounts = {}
    for host in direct:
        with suppress(httpx.InvalidURL):
            mounts[str(httpx.URL(_pattern(host)))] = None
    for scheme in ("http", "https", "all"):
        url = named.get(scheme)
        if url:
            url = url if "://" in url else f"http://{url}"
            name = f"the proxy in {scheme.upper()}_PROXY cannot be used"
            try:
                mounts[f"{scheme}://"] = httpx.AsyncHTTPTransport(
                    verify=certificates, limits=_LIMITS, proxy=url
                )
            except ImportError:
                mounts[f"{scheme}://"] = _Unusable(f"{name}: {_SOCKS}")
            except (ValueError, httpx.InvalidURL):
                mounts[f"{scheme}://"] = _Unusable(f"{name}: {_SCHEME}")
    return mounts


def _pattern(host: str) -> str:
    """As httpx reads `NO_PROXY`: a name stands for all below it, too."""
    if "://" in host:
        return host
    try:
        version = ipaddress.ip_address(host.partition("/")[0]).version
    except ValueError:
        return f"all://{host}" if host.lower() == "localhost" else f"all://*{host}"
    return f"all://{host}" if version == 4 else f"all://[{host}]"


def _of_certificates(error: OSError) -> str:
    name = next((name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)), "")
    why = one_line(error.strerror or str(error), 100)
    return f"{name or 'the certificates'} cannot be used: {why}"
