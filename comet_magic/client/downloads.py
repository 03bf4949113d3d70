"""Downloads files that a model links to: with limits, and never from a private network."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.request import getproxies, proxy_bypass

import httpx

from ..errors import NotRecordedError
from ..media.addresses import data_uri_bytes, is_data_uri, short_url
from ..text import one_line
from .retries import TryAgain, retried
from .unpacking import body_parts

MOST_AUDIO_BYTES = 64_000_000
MOST_IMAGE_BYTES = 64_000_000
MOST_VIDEO_BYTES = 512_000_000
# The most bytes and seconds for all downloads of an answer: a hundred links that never end would
# otherwise take 50 minutes and 6 GB.
MOST_BYTES = 512_000_000
TIMEOUT = 120.0
# Seconds before the next address of a host is tried: a broken IPv6 route gives no error.
_NEXT_ADDRESS = 2.0
_MOST_REDIRECTS = 5
_ATTEMPTS = 3
# Three names of this machine. Other loopback addresses may lead to other hosts.
_THIS_HOST = {"localhost", "127.0.0.1", "::1"}
# RFC 6052 §2.1: IPv4 addresses in networks without IPv4. RFC 4291 §2.4: public IPv6 addresses.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# RFC 2544 §C.2.2: reserved for benchmarks. Clash, Surge and other proxies for a whole machine give
# every name an address from this range ("fake-ip"), and connect by name.
_STAND_INS = ipaddress.IPv4Network("198.18.0.0/15")


class DownloadError(Exception):
    """The reason why a link could not be downloaded, in words for users."""


@dataclass(slots=True)
class Allowance:
    """The time and the bytes that all downloads of one answer share.

    Attributes:
        deadline: When the time is over, by the clock of the running loop.
        left: The bytes that may still come.
    """

    deadline: float = field(default_factory=lambda: asyncio.get_running_loop().time() + TIMEOUT)
    left: int = field(default_factory=lambda: MOST_BYTES)

    def take(self, part: bytes) -> None:
        """Counts a piece of a download.

        Raises:
            DownloadError: The downloads together have more bytes than allowed.
        """
        self.left -= len(part)
        self.check()

    def check(self) -> None:
        """Checks the bytes that came so far.

        Raises:
            DownloadError: They are more than allowed.
        """
        if self.left < 0:
            raise DownloadError(f"all files together have more than {MOST_BYTES // 1_000_000} MB")


async def download(
    client: httpx.AsyncClient,
    url: str,
    *,
    most: int,
    endpoint: str | None,
    allowance: Allowance,
    look_up: bool = True,
) -> bytes:
    """Returns the bytes at `url`, an http(s) link or a data URI.

    Args:
        client: The HTTP client. It sends no key by itself.
        url: The link as the model wrote it.
        most: The maximum number of bytes.
        endpoint: The host of the endpoint. If it is private, its results may be, too.
        allowance: What is left for this and other downloads.
        look_up: Whether to resolve names and check the addresses before connecting.

    Raises:
        DownloadError: The download failed; the text contains the reason.
    """
    if is_data_uri(url):
        if len(url) > most * 4 // 3 + 100:
            raise DownloadError(f"it has more than {most // 1_000_000} MB")
        try:
            return data_uri_bytes(url)
        except ValueError as error:
            raise DownloadError(str(error)) from error
    allowance.check()

    async def attempt(_: int) -> bytes:
        return await _follow(client, url, endpoint, look_up, most=most, allowance=allowance)

    try:
        async with asyncio.timeout_at(allowance.deadline):
            return await retried(attempt, _ATTEMPTS)
    except TimeoutError as error:
        raise DownloadError(f"it did not arrive within {TIMEOUT:g} s") from error
    except (httpx.HTTPError, httpx.InvalidURL, NotRecordedError) as error:
        raise DownloadError(str(error) or type(error).__name__) from error


async def _follow(
    client: httpx.AsyncClient,
    url: str,
    endpoint: str | None,
    look_up: bool,
    *,
    most: int,
    allowance: Allowance,
) -> bytes:
    try:
        address = httpx.URL(url)
        for _ in range(_MOST_REDIRECTS + 1):
            async with _response(client, address, endpoint, look_up) as response:
                if response.has_redirect_location:
                    address = address.join(response.headers["location"])
                    continue
                return await _read(response, most, allowance)
    except (httpx.InvalidURL, UnicodeError) as error:  # a lone surrogate cannot be encoded
        raise DownloadError(f"{one_line(short_url(url))} is not a valid address") from error
    except httpx.TimeoutException as error:
        slow = DownloadError(f"{address.host} did not answer in time")
        raise TryAgain(slow, "too slow") from error
    except httpx.TransportError as error:
        failed = DownloadError(f"the connection to {address.host} failed")
        raise TryAgain(failed, "no connection") from error
    raise DownloadError(f"it was redirected more than {_MOST_REDIRECTS} times")


def _refused(response: httpx.Response) -> DownloadError:
    return DownloadError(f"{response.status_code} from {response.request.headers['host']}")


async def _read(response: httpx.Response, most: int, allowance: Allowance) -> bytes:
    # 404: a store may publish a file a moment after its link.
    if response.status_code in (404, 429) or response.status_code >= 500:
        raise TryAgain(_refused(response), str(response.status_code))
    if not response.is_success:
        raise _refused(response)
    if int(response.headers.get("content-length", "0") or 0) > most:
        raise DownloadError(f"it has more than {most // 1_000_000} MB")
    parts = body_parts(response, most, allowance.take, unpack=False)
    return b"".join([part async for part in parts])


@asynccontextmanager
async def _response(
    client: httpx.AsyncClient, url: httpx.URL, endpoint: str | None, look_up: bool
) -> AsyncIterator[httpx.Response]:
    if url.scheme not in ("http", "https") or not url.host:
        raise DownloadError(f"{url.scheme or 'relative'} links are not followed")
    if not 0 <= (url.port or 0) <= 65_535:
        raise DownloadError(f"{url.port} is not a valid port")
    headers = {"Accept": "image/*, video/*, audio/*", "Accept-Encoding": "identity"}
    if not look_up or _is_same_host(url.host, endpoint) or _is_proxied(url):
        requests = [client.build_request("GET", url, headers=headers)]
    else:
        # Connect to the checked address: a second lookup could give another one. TLS and the
        # server still see the name. Close the connection afterwards, because the pool identifies
        # it by address and would reuse it for another name.
        headers |= {"Host": url.netloc.decode(), "Connection": "close"}
        requests = [
            client.build_request(
                "GET", url.copy_with(host=address), headers=headers,
                extensions={"sni_hostname": url.host},
            )
            for address in await _public_addresses(url)
        ]  # fmt: skip
    *others, last = requests
    for request in others:
        request.extensions["timeout"]["connect"] = _NEXT_ADDRESS
        try:
            response = await client.send(request, stream=True)
            break
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    else:
        response = await client.send(last, stream=True)
    try:
        yield response
    finally:
        await response.aclose()


async def _public_addresses(url: httpx.URL) -> list[str]:
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            url.host, port, type=socket.SOCK_STREAM
        )
    except OSError as error:
        raise TryAgain(DownloadError(f"the name {url.host} is not known"), "no name") from error
    except UnicodeError as error:
        raise DownloadError(f"{url.host[:100]} is not a valid host name") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if stand_ins := [address for address in addresses if _stands_in(address, url.host)]:
        return stand_ins  # ignore their IPv6 addresses, which are private
    for address in addresses:
        if not is_public(address):
            raise DownloadError(f"{url.host} is inside a private network ({address})")
    return addresses


def is_public(address: str) -> bool:
    """Returns whether an IP address is public; unwraps IPv4 addresses inside IPv6 ones."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if not inner and ip in _NAT64:
            inner = ipaddress.IPv4Address(ip.packed[12:])
        if inner:
            return is_public(str(inner))
        # `is_global` alone accepts site-local addresses and further ways to wrap IPv4.
        return ip in _GLOBAL_UNICAST and ip.is_global
    return ip.is_global and not ip.is_multicast


def _stands_in(address: str, name: str) -> bool:
    """Returns whether a proxy on this machine replaced the address of `name`."""
    return address != name and ":" not in address and ipaddress.IPv4Address(address) in _STAND_INS


def _is_same_host(host: str, endpoint: str | None) -> bool:
    if endpoint is None:
        return False
    return host == endpoint or {host, endpoint} <= _THIS_HOST


def _is_proxied(url: httpx.URL) -> bool:
    """Returns whether a proxy connects for us and resolves the name."""
    proxies = getproxies()
    if not (proxies.get(url.scheme) or proxies.get("all")) or proxy_bypass(url.host):
        return False
    try:
        return is_public(url.host)
    except ValueError:
        return True
