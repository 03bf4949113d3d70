"""Listing the endpoint's models."""

import asyncio
import gzip
import json
import zlib

import httpx
import pytest

from comet_magic.client.models import list_models
from comet_magic.errors import (
    APIConnectionError,
    AuthenticationError,
    CometError,
    NotFoundError,
)
from tests.client.scripted import ESCAPED_KEY, KEY, Endpoint, Script, answer


def test_models_are_listed_in_the_order_of_the_endpoint() -> None:
    """The ids of OpenAI's list shape; the key is sent."""
    body = {"object": "list", "data": [{"id": "b"}, {"id": "a", "owned_by": "x"}]}
    endpoint = Endpoint(answer(json.dumps(body)))
    assert asyncio.run(list_models(endpoint.asked())) == ["b", "a"]
    (request,) = endpoint.requests
    assert str(request.url) == "https://api.example/v1/models"
    assert request.headers["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "body",
    [
        *["<html>", "{}", "[1]", '{"data": [1]}', '{"error": {"message": "no"}}', ""],
        *["[" * 200_000, '{"data":' * 50_000],
    ],
    ids=lambda body: body[:20],
)
def test_anything_else_is_a_wrong_base_url(body: str) -> None:
    """What is no list of models comes from something that is no such endpoint."""
    with pytest.raises(NotFoundError, match="base URL"):
        asyncio.run(list_models(Endpoint(answer(body)).asked()))


def test_a_web_page_is_told_from_other_answers() -> None:
    """A web site quotes its title, another service its reason; a key in it is hidden."""
    page = "<!DOCTYPE html><title>Welcome</title>"
    with pytest.raises(NotFoundError, match="answered with a web page") as caught:
        asyncio.run(list_models(Endpoint(answer(page)).asked()))
    assert "Welcome" in str(caught.value)
    refused = '{"code": 401, "msg": "bad key ' + ESCAPED_KEY + '", "request_id": "r-1"}'
    with pytest.raises(NotFoundError, match="sent no list of models") as caught:
        asyncio.run(list_models(Endpoint(answer(refused)).asked()))
    lines = str(caught.value).splitlines()
    assert lines[:2] == ["api.example sent no list of models (request id r-1).", "bad key [key]"]


def test_errors_are_those_of_a_request() -> None:
    """A refused key is said to be that."""
    endpoint = Endpoint(answer('{"error": {"message": "no"}}', 401))
    with pytest.raises(AuthenticationError, match="the key was refused"):
        asyncio.run(list_models(endpoint.asked()))
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate"])
def test_a_list_without_end_is_refused(encoding: str) -> None:
    """It is read to its limit, packed or not, and not asked for again."""
    data = b'{"data": [' + b'{"id": "a"}, ' * 2_000_000
    packed = {"": data, "gzip": gzip.compress(data), "deflate": zlib.compress(data)}[encoding]
    headers = {"content-encoding": encoding} if encoding else {}
    endpoint = Endpoint(httpx.Response(200, headers=headers, stream=Script([packed, b"never"])))
    with pytest.raises(CometError, match="more than 8 MB"):
        asyncio.run(list_models(endpoint.asked()))
    assert len(endpoint.requests) == 1


@pytest.mark.usefixtures("without_waits")
@pytest.mark.parametrize(
    "broken",
    [
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("gone"),
        httpx.Response(200, stream=Script([b'{"da', httpx.ReadError("reset")])),
    ],
    ids=["before", "in place of", "within"],
)
def test_a_list_is_asked_for_again(broken: httpx.Response | Exception) -> None:
    """It costs nothing, whatever has become of the first request; nor is a price spoken of."""
    working = Endpoint(broken, answer('{"data": [{"id": "a"}]}'))
    assert asyncio.run(list_models(working.asked()))
    dead = Endpoint(*[httpx.ReadError("reset")] * 2)
    with pytest.raises(APIConnectionError, match="broke") as caught:
        asyncio.run(list_models(dead.asked(max_retries=1)))
    assert len(dead.requests) == 2
    assert "charged" not in str(caught.value)


def test_without_a_key_no_authorization_is_sent() -> None:
    """An endpoint of one's own may need none."""
    endpoint = Endpoint(answer('{"data": []}'))
    assert asyncio.run(list_models(endpoint.asked(api_key=None))) == []
    assert "authorization" not in endpoint.requests[0].headers
