"""The clients that are compared: each asks once and returns the text of a whole answer.

Each is made once for a process, so that a client of its own is not part of what is measured.
"""

import asyncio
import importlib
import json
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from .wire import MODEL

Reader = Callable[[], str]
_MESSAGES: list[Any] = [{"role": "user", "content": "go on"}]
BODY = {
    "model": MODEL, "messages": _MESSAGES, "stream": True,
    "stream_options": {"include_usage": True},
}  # fmt: skip


async def aiohttp_text(session: Any, url: str) -> str:
    """The text of one answer with aiohttp and `json`, by the least that reads events."""
    said: list[str] = []
    async with session.post(f"{url}/chat/completions", json=BODY) as response:
        async for line in response.content:
            if line.startswith(b"data: {"):
                choices = json.loads(line[6:])["choices"]
                said += [choice["delta"].get("content") or "" for choice in choices]
    return "".join(said)


def comet(url: str) -> Reader:
    """This package."""
    api = importlib.import_module("comet_magic")
    options = {"model": MODEL, "base_url": url, "download": False}
    return lambda: str(api.generate("go on", **options).text)


def openai(url: str) -> Reader:
    """The openai SDK, as its README shows it."""
    client = importlib.import_module("openai").OpenAI(base_url=url, api_key="-")

    def read() -> str:
        stream = client.chat.completions.create(**BODY)
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)

    return read


def openai_async(url: str) -> Reader:
    """The openai SDK on a loop."""
    client = importlib.import_module("openai").AsyncOpenAI(base_url=url, api_key="-")
    runner = asyncio.Runner()

    async def read() -> str:
        stream = await client.chat.completions.create(**BODY)
        return "".join(
            [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
        )

    return lambda: runner.run(read())


def litellm(url: str) -> Reader:
    """litellm, as its documentation shows it."""
    completion = importlib.import_module("litellm").completion

    def read() -> str:
        stream = completion(**{**BODY, "model": f"openai/{MODEL}"}, base_url=url, api_key="-")
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)

    return read


def raw(url: str) -> Reader:
    """A socket and `json`: the least that reads chunked HTTP/1.1 and its events."""
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    address = (parts.hostname, parts.port)
    body = json.dumps(BODY).encode()
    request = (
        f"POST {parts.path}/chat/completions HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body

    def read() -> str:
        said: list[str] = []
        rest = b""
        with socket.create_connection(address) as connection:
            connection.sendall(request)
            with connection.makefile("rb", 65_536) as file:
                while file.readline().strip():
                    pass
                while size := int(file.readline(), 16):
                    *lines, rest = (rest + file.read(size)).split(b"\n")
                    file.read(2)
                    for line in lines:
                        if line.startswith(b"data: {"):
                            choices = json.loads(line[6:])["choices"]
                            said += [choice["delta"].get("content") or "" for choice in choices]
                file.readline()
        return "".join(said)

    return read


READERS = {
    "comet_magic": comet, "openai": openai, "openai, async": openai_async, "litellm": litellm,
    "raw socket": raw,
}  # fmt: skip
