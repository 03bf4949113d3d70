"""What is said of a download that fails, and what is asked for."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from comet_magic.client import downloads
from comet_magic.client.downloads import Allowance, DownloadError, download
from comet_magic.errors import NotRecordedError
from tests.client.pictured import LINK, PUBLIC
from tests.client.pictured import names as names  # noqa: PLC0414 - a fixture
from tests.client.scripted import Endpoint, Script, answer

pytestmark = pytest.mark.usefixtures("without_waits", "names", "without_proxies")
MB = 1_000_000


def asked(
    *answers: httpx.Response | Exception, url: str = LINK, **options: Any
) -> tuple[bytes | str, Endpoint]:
    """The bytes at `url`, or why there are none; and the endpoint that was asked."""
    endpoint = Endpoint(*answers)

    async def run() -> bytes | str:
        client = httpx.AsyncClient(transport=httpx.MockTransport(endpoint))
        try:
            known = {"most": MB, "endpoint": None, "allowance": Allowance()}
            return await download(client, url, **{**known, **options})
        except DownloadError as error:
            return str(error)

    return asyncio.run(run()), endpoint


@pytest.mark.parametrize(
    ("answers", "says", "tries"),
    [
        ([answer("", 403)], "403 from pictures.example", 1),
        ([answer("", 400)], "400 from pictures.example", 1),
        ([answer("", 404)] * 3, "404 from pictures.example", 3),
        ([answer("", 429)] * 3, "429 from pictures.example", 3),
        ([answer("", 499)], "499 from pictures.example", 1),
        ([answer("", 500)] * 3, "500 from pictures.example", 3),
        ([httpx.ConnectError("x")] * 3, "the connection to pictures.example failed", 3),
        ([httpx.ReadError("x")] * 3, "the connection to pictures.example failed", 3),
        ([httpx.ReadTimeout("x")] * 3, "pictures.example did not answer in time", 3),
        ([httpx.DecodingError("it broke")], "it broke", 1),
        ([httpx.DecodingError("")], "DecodingError", 1),
        ([NotRecordedError("not recorded")], "not recorded", 1),
        ([answer("", 302, Location="/x")] * 6, "it was redirected more than 5 times", 6),
        ([answer("", 302, Location="ftp://b.example/x")], "ftp links are not followed", 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_why_a_download_failed(
    answers: list[httpx.Response | Exception], says: str, tries: int
) -> None:
    """In words, after as many tries as make sense."""
    said, endpoint = asked(*answers)
    assert (said, len(endpoint.requests)) == (says, tries)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("x.png", "relative links are not followed"),
        ("file:///etc/passwd", "file links are not followed"),
        ("https:///x.png", "https links are not followed"),
        ("ftp://a.example/x.png", "ftp links are not followed"),
        ("http://a.example:99999/x.png", "99999 is not a valid port"),
        ("http://a.example:65536/x.png", "65536 is not a valid port"),
        ("http://[::/x.png", "http://[::/x.png is not a valid address"),
        ("data:image/png;base64,!!!",
         "a data URI with bad base64 (Only base64 data is allowed)"),
        ("data:image/png", "a data URI without data"),
    ],
    ids=lambda value: value[:30],
)  # fmt: skip
def test_what_cannot_be_followed(
    url: str, says: str, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said without a request."""
    names["a.example"] = [PUBLIC]
    said, endpoint = asked(url=url)
    assert (said, endpoint.requests) == (says, [])


@pytest.mark.parametrize("size", [MB - 1, MB, MB + 1])
@pytest.mark.parametrize("is_told", [False, True])
def test_how_large_a_file_can_be(size: int, is_told: bool) -> None:
    """By what the server says, or by what came."""
    headers = {} if is_told else {"Transfer-Encoding": "chunked"}
    content = b"x" * size
    response = answer(content) if is_told else httpx.Response(
        200, stream=Script([content]), headers=headers
    )  # fmt: skip
    said, _ = asked(response)
    assert said == (content if size <= MB else "it has more than 1 MB")


def test_a_data_uri_can_be_as_large_as_a_file() -> None:
    """With its base64 and its head; one that cannot be small enough is not decoded."""
    head = "data:image/png;base64,"
    assert asked(url=head + "AAAA" * (MB // 3))[0] == bytes(MB // 3 * 3)
    assert asked(url=head + "A" * (MB * 4 // 3 + 101))[0] == "it has more than 1 MB"


@pytest.mark.parametrize(("left", "is_enough"), [(2, False), (3, True)])
def test_what_is_left_for_all_downloads(left: int, is_enough: bool) -> None:
    """A file that takes more is not fetched, and those behind it are not asked for."""
    endpoint = Endpoint(answer(b"xxx"), answer(b"x"))

    async def run() -> list[str]:
        client = httpx.AsyncClient(transport=httpx.MockTransport(endpoint))
        allowance = Allowance(left=left)
        said = []
        for _ in range(2):
            try:
                await download(client, LINK, most=MB, endpoint=None, allowance=allowance)
            except DownloadError as error:
                said.append(str(error))
        return said

    too_many = "all files together have more than 512 MB"
    assert asyncio.run(run()) == ([too_many] if is_enough else [too_many] * 2)
    assert len(endpoint.requests) == (2 if is_enough else 1)


def test_a_download_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of an answer have the same time."""

    class Never(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            await asyncio.Event().wait()
            yield b""

    monkeypatch.setattr(downloads, "TIMEOUT", 0.0)
    assert asked(httpx.Response(200, stream=Never()))[0] == "it did not arrive within 0 s"


def test_what_a_download_asks_for() -> None:
    """A file as it is, on a connection of its own."""
    said, endpoint = asked(answer(b"x"))
    assert said == b"x"
    (request,) = endpoint.requests
    names = ("accept", "accept-encoding", "host", "connection")
    assert [request.headers[name] for name in names] == [
        "image/*, video/*, audio/*", "identity", "pictures.example", "close",
    ]  # fmt: skip
    assert request.method == "GET"
    assert "authorization" not in request.headers


def test_a_packed_file_is_refused() -> None:
    """It was not asked for, and could be of any size."""
    said, _ = asked(answer(b"x", **{"Content-Encoding": "gzip"}))
    assert said == "it is compressed (gzip), which was not asked for"
