"""Proxies and certificates from environment variables."""

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
# Connect to this machine without a proxy.
_LOOPBACK: Mounts = {f"all://{host}": None for host in ("localhost", "127.0.0.1", "[::1]")}
# Limits for connections to a proxy; the number of idle ones is the default of httpx.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20)


class _Unusable(httpx.AsyncBaseTransport):
    """Raises an error with the reason when a connection of this kind is needed."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(self._why, request=request)


def transports() -> tuple[httpx.AsyncBaseTransport, Mounts]:
    """Returns a transport and mounts for a client. Wrong values raise an error only when needed.

    httpx would refuse to create a client. But often the wrong value is not needed, for example
    `ALL_PROXY=socks5://…` beside an `HTTPS_PROXY`, or the missing certificates of an old conda
    environment when the demo is used.
    """
    broken: Mounts = {}
    try:
        certificates = httpx.create_ssl_context()
    except OSError as error:
        certificates = httpx.create_ssl_context(trust_env=False)
        broken["https://"] = _Unusable(_certificate_reason(error))
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
    """Returns the pattern for an entry of `NO_PROXY`, as httpx does; a name includes subdomains."""
    if "://" in host:
        return host
    try:
        version = ipaddress.ip_address(host.partition("/")[0]).version
    except ValueError:
        return f"all://{host}" if host.lower() == "localhost" else f"all://*{host}"
    return f"all://{host}" if version == 4 else f"all://[{host}]"


def _certificate_reason(error: OSError) -> str:
    name = next((name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)), "")
    why = one_line(error.strerror or str(error), 100)
    return f"{name or 'the certificates'} cannot be used: {why}"
