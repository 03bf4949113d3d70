"""Answers whose pictures are downloaded, without any network."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from comet_magic.client import collect
from comet_magic.client.endpoint import Endpoint as Asked
from comet_magic.generation import Generation
from comet_magic.media.images import GeneratedImage
from comet_magic.settings.settings import Settings
from tests.client.scripted import (
    BASE_URL,
    DONE,
    Endpoint,
    create,
    delta,
    sse,
)

LINK = "https://pictures.example/x.png?sig=1&se=2026-11-28T12%3A00%3A00Z"
PUBLIC = "93.184.215.14"


@pytest.fixture(autouse=True)
def names(without_proxies: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The name server of the tests: each name has one public address unless it is given others."""
    known: dict[str, list[str]] = {}

    async def getaddrinfo(loop: Any, host: str, port: int, **_: Any) -> list[Any]:
        return [(0, 0, 0, "", (address, port)) for address in known.get(host, [PUBLIC])]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return known


def picture_answer(*links: str) -> httpx.Response:
    """A whole stream whose text shows these pictures."""
    text = "\n".join(f"![gen]({link})" for link in links)
    return sse(delta(text), delta("", "stop"), DONE)


def fetched(
    *answers: httpx.Response | Exception, links: tuple[str, ...] = (LINK,), **settings: Any
) -> tuple[Generation, Endpoint]:
    """The generation whose pictures are answered so."""
    endpoint = Endpoint(picture_answer(*links), *answers)
    generation = asyncio.run(create(endpoint, model="gpt-4o-image", download=True, **settings))
    return generation, endpoint


def taking(keep: Any) -> Any:
    """Passes on what is kept, without what it is known by."""
    return lambda _, item: keep(item)


def collecting(http: httpx.AsyncClient, *links: str, keep: Any) -> "asyncio.Task[list[str]]":
    """A task that collects the pictures at these links."""
    endpoint = Asked(Settings(base_url=BASE_URL), http, "api.example")
    made = [(link, GeneratedImage.from_url(link)) for link in links]

    work = collect.collect(endpoint, made, {}, datetime.now(UTC), taking(keep))
    return asyncio.ensure_future(work)
