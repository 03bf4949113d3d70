"""Which addresses a download asks, and which of them are public."""

import asyncio
import socket
from typing import Any

import httpx
import pytest

from comet_magic.client.downloads import is_public
from tests.client.pictured import PUBLIC
from tests.client.pictured import names as names  # noqa: PLC0414 - a fixture
from tests.client.scripted import answer
from tests.client.test_download_notes import asked

pytestmark = pytest.mark.usefixtures("without_waits", "names", "without_proxies")


@pytest.mark.parametrize(
    ("url", "endpoint", "is_asked"),
    [
        ("http://10.0.0.1/x", None, False),
        ("http://10.0.0.1/x", "10.0.0.1", True),
        ("http://10.0.0.1/x", "10.0.0.2", False),
        ("http://localhost/x", "127.0.0.1", True),
        ("http://127.0.0.1/x", "localhost", True),
        ("http://[::1]/x", "localhost", True),
        ("http://127.0.0.2/x", "localhost", False),
        ("http://localhost/x", "api.example", False),
    ],
)
def test_files_of_a_private_endpoint(
    url: str, endpoint: str | None, is_asked: bool, names: dict[str, list[str]]
) -> None:
    """Those of the same host; this machine has three names."""
    for name in ("10.0.0.1", "127.0.0.1", "127.0.0.2", "::1"):
        names[name] = [name]
    names["localhost"] = ["127.0.0.1"]
    said, at = asked(answer(b"x"), url=url, endpoint=endpoint)
    assert (said == b"x", len(at.requests)) == (is_asked, int(is_asked))
    host = httpx.URL(url).host
    if not is_asked:
        assert said == f"{host} is inside a private network ({names[host][0]})"


def test_nothing_is_looked_up_for_a_replay(names: dict[str, list[str]]) -> None:
    """It opens no connection."""
    names.clear()
    said, at = asked(answer(b"x"), look_up=False)
    assert (said, at.requests[0].url.host) == (b"x", "pictures.example")


def looked_up(monkeypatch: pytest.MonkeyPatch, answer: Exception | str) -> list[tuple[object, ...]]:
    """What the name server is asked, which always answers so."""
    asked: list[tuple[object, ...]] = []

    async def getaddrinfo(loop: Any, host: str, port: int, **more: object) -> list[Any]:
        asked.append((host, port, more))
        if isinstance(answer, Exception):
            raise answer
        return [(0, 0, 0, "", (answer, port))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    ("port", "url"),
    [(443, "https://pictures.example/x"), (80, "http://pictures.example/x"),
     (8443, "https://pictures.example:8443/x")],
)  # fmt: skip
def test_the_port_that_is_looked_up(port: int, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheme's, unless another is named; only addresses for TCP."""
    seen = looked_up(monkeypatch, PUBLIC)
    assert asked(answer(b"x"), url=url)[0] == b"x"
    assert seen == [("pictures.example", port, {"type": socket.SOCK_STREAM})]


@pytest.mark.parametrize(
    ("error", "says", "tries"),
    [
        (OSError("x"), "the name pictures.example is not known", 3),
        (UnicodeError("x"), "pictures.example is not a valid host name", 1),
    ],
    ids=repr,
)
def test_a_name_that_leads_nowhere(
    error: Exception, says: str, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that is busy is asked again."""
    seen = looked_up(monkeypatch, error)
    said, at = asked()
    assert (said, len(seen), at.requests) == (says, tries, [])


@pytest.mark.parametrize(
    ("variable", "url", "is_direct"),
    [
        (None, "https://pictures.example/x", True),
        ("HTTPS_PROXY", "https://pictures.example/x", False),
        ("HTTPS_PROXY", "http://pictures.example/x", True),
        ("HTTP_PROXY", "http://pictures.example/x", False),
        ("ALL_PROXY", "https://pictures.example/x", False),
        ("ALL_PROXY", f"https://{PUBLIC}/x", False),
    ],
)
@pytest.mark.parametrize("is_excepted", [False, True])
def test_a_proxy_looks_names_up(
    variable: str | None, url: str, is_direct: bool, is_excepted: bool,
    names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """If one is named for the scheme and not excepted."""
    names[PUBLIC] = [PUBLIC]
    host = httpx.URL(url).host
    if variable:
        monkeypatch.setenv(variable, "http://proxy.example:3128")
    if is_excepted:
        monkeypatch.setenv("NO_PROXY", host)
    _, at = asked(answer(b"x"), url=url)
    is_direct = is_direct or is_excepted
    assert ("sni_hostname" in at.requests[0].extensions) is is_direct


def test_a_private_number_is_refused_behind_a_proxy(
    names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy inside could reach it."""
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    names["10.0.0.1"] = ["10.0.0.1"]
    said, at = asked(url="http://10.0.0.1/x")
    assert (said, at.requests) == ("10.0.0.1 is inside a private network (10.0.0.1)", [])


@pytest.mark.parametrize(
    ("addresses", "answers", "asked_at"),
    [
        ([PUBLIC], [b"x"], [PUBLIC]),
        (["8.8.8.8", PUBLIC], [b"x"], ["8.8.8.8"]),
        (["8.8.8.8", PUBLIC], [httpx.ConnectError("x"), b"x"], ["8.8.8.8", PUBLIC]),
        (["8.8.8.8", PUBLIC], [httpx.ConnectTimeout("x"), b"x"], ["8.8.8.8", PUBLIC]),
        (["8.8.8.8", "8.8.8.8"], [b"x"], ["8.8.8.8"]),
        (["198.18.0.7", "fc00::7"], [b"x"], ["198.18.0.7"]),
        (["198.19.255.255"], [b"x"], ["198.19.255.255"]),
    ],
    ids=str,
)
def test_the_addresses_of_a_name(
    addresses: list[str], answers: list[bytes | Exception], asked_at: list[str],
    names: dict[str, list[str]],
) -> None:  # fmt: skip
    """One after the other, each once; stand-ins of a proxy alone."""
    names["pictures.example"] = addresses
    made = [answer(each) if isinstance(each, bytes) else each for each in answers]
    said, at = asked(*made)
    assert (said, [request.url.host for request in at.requests]) == (b"x", asked_at)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True), ("9.255.255.255", True), ("10.0.0.0", False), ("11.0.0.0", True),
        ("126.255.255.255", True), ("127.0.0.0", False), ("128.0.0.0", True),
        ("198.17.255.255", True), ("198.18.0.0", False), ("223.255.255.255", True),
        ("224.0.0.0", False), ("2002:808:808::", True), ("2002:a00:1::", False),
        ("2001:0:0:0:0:0:f7f7:f7f7", True), ("2001:0:0:0:0:0:f5ff:fffe", False),
        ("::ffff:10.0.0.1", False), ("::ffff:8.8.8.8", True), ("64:ff9b::a00:1", False),
        ("64:ff9b::808:808", True), ("1fff::1", False), ("2000::1", True),
        ("4000::1", False), ("2001:db8::1", False), ("2600::1%eth0", True),
    ],
)  # fmt: skip
def test_the_borders_of_the_public_network(address: str, expected: bool) -> None:
    """Also of addresses that hold others."""
    assert is_public(address) is expected
