"""An endpoint that answers with bytes written by the test: the chunking is the test."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from copy import copy
from pathlib import Path
from typing import Any

import httpx

from comet_magic.client.create import create as create_with
from comet_magic.client.endpoint import Endpoint as Asked
from comet_magic.families.compose import compose
from comet_magic.generation import Generation
from comet_magic.settings.key import ApiKey
from comet_magic.settings.settings import Settings

Step = bytes | Exception
BASE_URL = "https://api.example/v1"
KEY = "sk-canary-0123456789"
# In JSON, each character can be written as its code.
ESCAPED_KEY = "".join(f"\\u{ord(character):04x}" for character in KEY)


class Script(httpx.AsyncByteStream):
    """Sends each piece of bytes in a read of its own; an exception in the list is raised."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for step in self._steps:
            if isinstance(step, Exception):
                raise step
            yield step

    async def aclose(self) -> None:
        self.closed = True


def sse(*steps: Step, **headers: str) -> httpx.Response:
    """A streamed response."""
    all_headers = {"Content-Type": "text/event-stream", **headers}
    return httpx.Response(200, headers=all_headers, stream=Script(steps))


def answer(content: bytes | str, status: int = 200, /, **headers: str) -> httpx.Response:
    """A response in one piece."""
    return httpx.Response(status, headers=headers, content=content)


def event(text: str, name: str = "") -> bytes:
    """One event, with a name or without."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {text}\n\n".encode()


def data(value: Any, name: str = "") -> bytes:
    """One event that holds JSON."""
    return event(json.dumps(value, ensure_ascii=False), name)


def delta(content: Any, finish_reason: str | None = None, index: int = 0, **more: Any) -> bytes:
    """An event with a piece of text."""
    choice = {"index": index, "delta": {"content": content}, "finish_reason": finish_reason}
    return data({"id": "c1", "model": "m", "choices": [choice], **more})


DONE = b"data: [DONE]\n\n"


class Endpoint:
    """Answers requests from a list, and keeps what was asked.

    Attributes:
        answers: What is left to answer with, in order.
        requests: In order, as they were when they came.
    """

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        # The client takes the key out of its own when it has been sent.
        kept = copy(request)
        kept.headers, kept.extensions = request.headers.copy(), request.extensions
        self.requests.append(kept)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def asked(self, folder: Path = Path("comet_images"), **settings: Any) -> Asked:
        """The endpoint as the client asks it: its requests end here."""
        http = httpx.AsyncClient(transport=httpx.MockTransport(self))
        values = {"base_url": BASE_URL, "api_key": ApiKey(KEY, "the test"), "save_dir": folder}
        return Asked(Settings(**{**values, **settings}), http, "api.example")


async def create(
    endpoint: Endpoint,
    watch: Callable[[Generation], None] = lambda generation: None,
    *,
    model: str = "gpt-4o-mini",
    download: bool = False,
    parameters: Any = None,
    **settings: Any,
) -> Generation:
    """Asks the endpoint one question."""
    request = compose("Hi", model=model, **(parameters or {}))
    return await create_with(endpoint.asked(**settings), request, watch, download=download)
