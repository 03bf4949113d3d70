"""Links are followed within bounds, never to the inside, and tried again."""

import asyncio
import base64
import gzip
from collections.abc import AsyncIterator

import httpx
import pytest

from comet_magic.client import downloads
from comet_magic.client.downloads import Allowance, DownloadError, download, is_public
from comet_magic.generation import Status
from tests.client.pictured import LINK, PUBLIC, fetched
from tests.client.pictured import names as names  # noqa: PLC0414 - a fixture
from tests.client.scripted import (
    BASE_URL,
    Endpoint,
    Script,
    answer,
)
from tests.pictures import encoded

pytestmark = pytest.mark.usefixtures("without_waits")


def test_the_checked_address_is_the_one_connected_to() -> None:
    """The name is asked for once; TLS and the server still see it."""
    _, endpoint = fetched(answer(encoded()))
    request = endpoint.requests[1]
    assert request.url.host == PUBLIC
    assert request.headers["Host"] == "pictures.example"
    assert request.extensions["sni_hostname"] == "pictures.example"
    # A pool would use the connection again for any other name with this address.
    assert request.headers["Connection"] == "close"


def test_an_address_that_leads_nowhere_is_soon_left(names: dict[str, list[str]]) -> None:
    """Where IPv6 does, each picture would wait half a minute for each such address."""
    names["pictures.example"] = ["2606:4700::1", PUBLIC]
    generation, endpoint = fetched(httpx.ConnectTimeout("nothing"), answer(encoded()))
    _, first, last = endpoint.requests
    assert (first.url.host, last.url.host) == ("2606:4700::1", PUBLIC)
    assert first.extensions["timeout"]["connect"] < last.extensions["timeout"]["connect"]
    assert generation.images[0].data


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("http://127.0.0.1/x.png", "private network"),
        ("http://localhost/x.png", "private network"),
        ("http://169.254.169.254/latest/x.png", "private network"),
        ("http://10.0.0.1/x.png", "private network"),
        ("http://inside.example/x.png", "private network"),
        ("http://mixed.example/x.png", "private network"),
        ("data:image/png;base64,!!!", "bad base64"),
        ("http://0/x.png", "private network"),
    ],
)
def test_private_addresses_are_refused(link: str, says: str, names: dict[str, list[str]]) -> None:
    """By number, by name, and hidden among public ones; the generation is still complete."""
    names.update({
        "localhost": ["127.0.0.1"], "127.0.0.1": ["127.0.0.1"], "inside.example": ["192.168.1.1"],
        "mixed.example": [PUBLIC, "10.0.0.1"], "169.254.169.254": ["169.254.169.254"],
        "10.0.0.1": ["10.0.0.1"], "0": ["0.0.0.0"],
    })  # fmt: skip
    generation, endpoint = fetched(links=(link,))
    assert len(endpoint.requests) == 1
    assert generation.status is Status.COMPLETE
    assert generation.images[0].url == link
    assert generation.images[0].data is None
    assert says in generation.notes[0]


def test_pictures_of_a_private_endpoint_are_fetched(names: dict[str, list[str]]) -> None:
    """An endpoint on this machine may serve its own pictures."""
    link = "http://127.0.0.1:8000/x.png"
    generation, _ = fetched(answer(encoded()), links=(link,), base_url="http://localhost:8000/v1")
    assert generation.images[0].data
    assert not names


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0", "::1",
     "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "224.0.0.1", "100.64.0.1",
     "64:ff9b::10.0.0.1", "64:ff9b:1::1", "::ffff:0:127.0.0.1", "::127.0.0.1", "fec0::1", "::",
     "2001:0:0:0:0:0:80ff:fefe", "ff0e::1", "5f00::1", "255.255.255.255", "240.0.0.1"],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    """Loopback, link-local, private, shared and multicast ranges, also wrapped in IPv6."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
)
def test_addresses_that_are_public(address: str) -> None:
    """Also those by which a network without IPv4 reaches it."""
    assert is_public(address)


def test_redirects_are_checked_at_each_step(names: dict[str, list[str]]) -> None:
    """A public server cannot send us into the private network, nor round in circles."""
    names["inside.example"] = ["10.0.0.1"]
    inward = [answer("", 302, Location="http://inside.example/x.png")]
    assert "private network" in fetched(*inward)[0].notes[0]
    circle = [answer("", 302, Location="/x.png") for _ in range(7)]
    assert "redirected more than 5 times" in fetched(*circle)[0].notes[0]
    scheme = [answer("", 302, Location="file:///etc/passwd")]
    assert "file links are not followed" in fetched(*scheme)[0].notes[0]
    onward = [answer("", 302, Location="https://other.example/y.png"), answer(encoded())]
    generation, endpoint = fetched(*onward)
    assert generation.images[0].data
    assert endpoint.requests[2].headers["Host"] == "other.example"
    nowhere = fetched(answer("", 304))[0].notes[0]
    assert "304 from" in nowhere


def test_a_proxy_for_the_whole_machine_may_answer_for_names(names: dict[str, list[str]]) -> None:
    """It gives each an address of 198.18.0.0/15 and connects to the name; as a link it is none."""
    names["pictures.example"] = ["fc00::7", "198.18.0.7"]
    names["198.18.0.7"] = ["198.18.0.7"]
    generation, endpoint = fetched(answer(encoded()))
    assert generation.images[0].data
    assert (endpoint.requests[1].url.host, endpoint.requests[1].headers["Host"]) == (
        "198.18.0.7",
        "pictures.example",
    )
    assert "private network" in refused("https://198.18.0.7/x.png")


@pytest.mark.parametrize(
    ("response", "says"),
    [
        (answer("", 403), "403"),
        (answer("<!DOCTYPE html><html>"), "a web page"),
        (answer(""), "nothing"),
        (answer(encoded()[:60]), "a broken picture"),
        (answer("<svg onload='x()'></svg>"), "SVG"),
        (answer(b"x", **{"Content-Length": "99999999"}), "more than 64 MB"),
    ],
    ids=["forbidden", "html", "empty", "truncated", "svg", "too large"],
)
def test_what_is_no_picture_is_said(response: httpx.Response, says: str) -> None:
    """The link is kept with a note, and the generation is complete: it was answered."""
    generation, _ = fetched(response)
    assert says in generation.notes[0]
    assert generation.status is Status.COMPLETE
    assert (generation.images[0].data, generation.images[0].path) == (None, None)


def refused(url: str, *answers: httpx.Response) -> str:
    """Why the download of `url` is refused."""

    async def run() -> str:
        client = httpx.AsyncClient(transport=httpx.MockTransport(Endpoint(*answers)))
        with pytest.raises(DownloadError) as caught:
            await download(client, url, most=50_000, endpoint=None, allowance=Allowance())
        return str(caught.value)

    return asyncio.run(run())


def test_an_endless_picture_is_stopped() -> None:
    """A server that never stops sending is cut off at the limit, and its connection closed."""
    endless = Script([b"x" * 1_000] * 100)
    assert "more than" in refused(LINK, httpx.Response(200, stream=endless))
    assert endless.closed
    assert downloads.MOST_IMAGE_BYTES == 64_000_000


@pytest.mark.parametrize("address", ["::1", "::ffff:10.0.0.1", "fe80::1"])
def test_private_ipv6_addresses_are_refused(address: str, names: dict[str, list[str]]) -> None:
    """In brackets, too."""
    names[address] = [address]
    assert "private network" in refused(f"http://[{address}]/x.png")


def test_a_download_that_fails_is_tried_again() -> None:
    """Fetching costs nothing, so it is repeated freely."""
    generation, endpoint = fetched(httpx.ConnectError("x"), answer("", 503), answer(encoded()))
    assert generation.images[0].data
    assert len(endpoint.requests) == 4


def test_a_picture_that_is_not_there_yet_is_asked_for_again() -> None:
    """The link can be in the answer a second before every server of the store knows the file."""
    generation, _ = fetched(answer("", 404), answer(encoded()))
    assert generation.images[0].data


def test_an_inline_picture_is_decoded() -> None:
    """A data URI needs no request."""
    data = encoded("WEBP")
    link = "data:image/webp;base64," + base64.b64encode(data).decode().rstrip("=")
    generation, endpoint = fetched(links=(link,))
    assert generation.images[0].data == data
    assert len(endpoint.requests) == 1


def test_a_proxy_connects_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy our own name server may know nothing; private numbers stay refused."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    _, endpoint = fetched(answer(encoded()))
    assert endpoint.requests[1].url.host == "pictures.example"
    assert BASE_URL.startswith("https://api.example")


def test_a_host_that_is_dead_is_given_up() -> None:
    """After three attempts."""
    generation, endpoint = fetched(*[httpx.ConnectError("x")] * 3, answer(encoded()))
    assert not generation.images[0].data
    assert len(endpoint.requests) == 1 + 3


def test_what_is_compressed_twice_is_not_unpacked() -> None:
    """15 KB can be a gigabyte, which would be unpacked at one go."""
    packed = gzip.compress(gzip.compress(bytes(100_000)))
    bomb = answer(packed, **{"content-encoding": "gzip, gzip"})
    assert "more than once" in refused(LINK, bomb)


def test_four_pictures_at_once() -> None:
    """More at a time would be slower on a weak network."""
    at_once = most = 0

    class Slow(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0.01)
            at_once -= 1
            yield encoded()

    links = tuple(f"https://pictures.example/{number}.png" for number in range(10))
    generation, _ = fetched(*[httpx.Response(200, stream=Slow()) for _ in links], links=links)
    assert all(image.data for image in generation.images)
    assert most == 4


def test_all_pictures_of_an_answer_share_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is over it stays a link with a note."""
    data = encoded()
    monkeypatch.setattr(downloads, "MOST_BYTES", len(data) + 1)
    links = (LINK, "https://pictures.example/y.png")
    generation, _ = fetched(answer(data), answer(data), links=links)
    assert [bool(image.data) for image in generation.images] == [True, False]
    assert generation.notes == (
        "The picture could not be fetched: all files together have more than 0 MB.",
    )
