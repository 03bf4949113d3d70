"""An endpoint inside the process: it counts what it is asked, and answers as the test says."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import comet_magic as comet
from comet_magic.generation import Generation
from comet_magic.kernel import session

from ..client.scripted import DONE, answer, delta, sse

BASE_URL = "https://api.example/v1"
Answer = Callable[[str], Awaitable[httpx.Response]]


class Endpoint:
    """Answers each prompt; by default at once, with its own words.

    Attributes:
        prompts: In the order in which they came.
        at_once: How many are being answered.
        most: How many were at most.
        cancelled: How many were left before their answer.
        answers: What is said to a prompt, by the prompt; others are echoed.
    """

    def __init__(self) -> None:
        self.prompts: list[str] = []
        self.at_once = self.most = self.cancelled = 0
        self.answers: dict[str, Answer] = {}

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        content = json.loads(request.content)["messages"][-1]["content"]
        prompt = content if isinstance(content, str) else content[0]["text"]
        self.prompts.append(prompt)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            return await self.answers.get(prompt, echo)(prompt)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.at_once -= 1

    def together(self, count: int) -> Answer:
        """The same words, once so many are being answered."""
        return once(lambda: self.most >= count)


async def echo(prompt: str) -> httpx.Response:
    """The prompt, and one token for it."""
    await asyncio.sleep(0)
    usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    return sse(delta(f"You said: {prompt}", "stop", usage=usage), DONE)


def after(seconds: float) -> Answer:
    """The same, later."""

    async def later(prompt: str) -> httpx.Response:
        await asyncio.sleep(seconds)
        return await echo(prompt)

    return later


def once(true: Callable[[], bool]) -> Answer:
    """The same, as soon as something is true."""

    async def later(prompt: str) -> httpx.Response:
        while not true():
            await asyncio.sleep(0.01)
        return await echo(prompt)

    return later


def status(code: int, **headers: str) -> Answer:
    """An error."""

    async def refuse(_: str) -> httpx.Response:
        body = json.dumps({"error": {"message": "no", "code": "some_code"}})
        return answer(body, code, **headers)

    return refuse


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch, fresh_session: session.Session) -> Iterator[Endpoint]:
    """The endpoint in force; batches show no bar."""
    found = Endpoint()

    def client() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(found))

    monkeypatch.setattr(session, "new_http_client", client)
    monkeypatch.setenv("COMETAPI_BASE_URL", BASE_URL)
    yield found
    fresh_session.close()


def taken(batch: Iterator[Generation], into: list[Generation]) -> None:
    """Takes all results, also those before an error."""
    for result in batch:
        into.append(result)  # noqa: PERF402  # `extend` would lose those before an error


def options(**more: Any) -> dict[str, Any]:
    """Arguments of a batch in a test."""
    return {"model": "gpt-4o-mini", "progress": False, "download": False, **more}


FILE = Path("run.jsonl")


def lines() -> list[dict[str, Any]]:
    """The results in the file."""
    return [json.loads(line) for line in FILE.read_text("utf-8").splitlines()[1:]]


def run(*prompts: Any, **more: Any) -> list[comet.Generation]:
    """All results of a batch with a resume file."""
    return list(comet.map(prompts, **options(resume=FILE, **more)))
