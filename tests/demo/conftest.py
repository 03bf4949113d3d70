"""One demo server without waiting for the whole folder, and clients for it."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import openai
import pytest

from comet_magic.demo import DemoServer

Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="session")
def server() -> Iterator[DemoServer]:
    """A running server that does not wait."""
    with DemoServer(pace=0) as running:
        yield running


@pytest.fixture(scope="session")
def http(server: DemoServer) -> Iterator[httpx.Client]:
    """A plain HTTP client with the server's base URL."""
    with httpx.Client(base_url=server.base_url, timeout=20) as client:
        yield client


@pytest.fixture(scope="session")
def ai(server: DemoServer) -> Iterator[openai.OpenAI]:
    """The real OpenAI client, without retries."""
    with openai.OpenAI(base_url=server.base_url, api_key="sk-any", max_retries=0) as client:
        yield client


@pytest.fixture(scope="session")
def ask(http: httpx.Client) -> Ask:
    """Ask a model: a text or a list of messages, and any other field of the request."""

    def post(model: str, prompt: str | list[dict[str, Any]], **fields: Any) -> httpx.Response:
        messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt
        body = {"model": model, "messages": messages, **fields}
        return http.post("/chat/completions", json=body)

    return post
