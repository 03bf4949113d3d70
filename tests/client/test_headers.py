"""What requests say of themselves."""

import asyncio
from typing import Any

import httpx
import pytest

import comet_magic as comet
from comet_magic.client.catalogue import Catalogue
from comet_magic.client.create import create as create_with
from comet_magic.client.http import new_http_client
from comet_magic.families.compose import compose
from tests.client.scripted import BASE_URL, DONE, KEY, Endpoint, answer, create, delta, sse


def sent(use: Any, *answers: httpx.Response) -> httpx.Request:
    """The request that a function of a client sends."""
    endpoint = Endpoint(*answers)

    async def run() -> None:
        async with new_http_client(httpx.MockTransport(endpoint)) as http:
            await use(http)

    asyncio.run(run())
    return endpoint.requests[0]


def test_every_request_says_who_asks_and_how_it_may_be_packed() -> None:
    """Brotli and zstd are not asked for: their decoders have no limit."""
    request = sent(lambda http: http.get(BASE_URL), answer("x"))
    assert request.headers["User-Agent"] == f"comet_magic/{comet.__version__}"
    assert request.headers["Accept-Encoding"] == "gzip, deflate"
    assert "authorization" not in request.headers
    assert request.extensions["timeout"] == {
        "connect": 30, "read": 30, "write": 30, "pool": None,
    }  # fmt: skip


def test_cookies_are_neither_kept_nor_sent() -> None:
    """Whatever an endpoint sets."""
    endpoint = Endpoint(answer("x", 200, **{"Set-Cookie": "a=b; Path=/"}), answer("x"))

    async def run() -> None:
        async with new_http_client(httpx.MockTransport(endpoint)) as http:
            await http.get(BASE_URL)
            await http.get(BASE_URL)

    asyncio.run(run())
    assert "cookie" not in endpoint.requests[1].headers


def test_a_price_list_is_asked_for_without_the_key() -> None:
    """At the host of the endpoint, unpacked."""
    request = sent(lambda http: Catalogue().fetch(http, BASE_URL), answer("{}"))
    assert (request.method, str(request.url)) == ("GET", "https://api.example/api/models")
    assert request.headers["Accept"] == "application/json"
    assert request.headers["Accept-Encoding"] == "identity"
    assert "authorization" not in request.headers


def test_a_question_has_the_key_and_its_times() -> None:
    """The time until the answer begins is another than that between two pieces of it."""
    endpoint = Endpoint(sse(delta("Hi", "stop"), DONE))
    asyncio.run(create(endpoint, timeout=7.0, connect_timeout=3.0, first_byte_timeout=5.0))
    (request,) = endpoint.requests
    assert (request.method, str(request.url)) == ("POST", f"{BASE_URL}/chat/completions")
    names = ("authorization", "content-type", "accept")
    assert [request.headers[name] for name in names] == [
        f"Bearer {KEY}", "application/json", "text/event-stream, application/json",
    ]  # fmt: skip
    times = request.extensions["timeout"]
    assert (times["connect"], times["write"], times["pool"]) == (3, 7, None)
    assert times["read"] == 7  # once the answer has begun


def test_the_time_until_an_answer_begins() -> None:
    """It is in force while nothing has come."""
    seen: list[float] = []
    endpoint = Endpoint(sse(delta("Hi", "stop"), DONE))
    answered = endpoint.__call__

    class Watching(Endpoint):
        def __call__(self, request: httpx.Request) -> httpx.Response:
            seen.append(request.extensions["timeout"]["read"])
            return answered(request)

    asyncio.run(create(Watching(), timeout=7.0, first_byte_timeout=5.0))
    assert seen == [5]


@pytest.mark.parametrize(
    ("text", "says"), [("Grüße 🎨", "Grüße 🎨"), ("<a>", "<a>"), ("a\u2028b", "a\u2028b")]
)
def test_a_prompt_is_sent_as_it_is(text: str, says: str) -> None:
    """In UTF-8, without escapes."""
    endpoint = Endpoint(sse(delta("Hi", "stop"), DONE))
    asyncio.run(create_with(endpoint.asked(), compose(text, model="m"), download=False))
    assert says.encode() in endpoint.requests[0].content
