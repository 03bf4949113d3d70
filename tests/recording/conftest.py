"""A name server that knows every name, and tells who was looked for."""

import asyncio
from typing import Any

import pytest

PUBLIC = "93.184.215.14"


@pytest.fixture(autouse=True)
def _without_waits(without_waits: list[float]) -> None:
    """No test here waits before a request is sent again."""


@pytest.fixture(autouse=True)
def looked_up(without_proxies: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that were looked up; each has a public address."""
    names: list[str] = []

    async def getaddrinfo(loop: Any, host: str, port: int, **_: Any) -> list[Any]:
        names.append(host)
        return [(0, 0, 0, "", (PUBLIC, port))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return names
