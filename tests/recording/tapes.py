"""Recordings of scripted answers, without a network and without waiting."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from comet_magic.client.create import create
from comet_magic.client.endpoint import Endpoint as Asked
from comet_magic.client.http import new_http_client
from comet_magic.errors import CometError
from comet_magic.families.compose import compose
from comet_magic.generation import Generation
from comet_magic.recording.replay import Replay
from comet_magic.recording.tape import Tape
from comet_magic.recording.transports import RecordingTransport, ReplayTransport
from comet_magic.settings.key import ApiKey
from comet_magic.settings.settings import Settings
from tests.client.scripted import BASE_URL, KEY, Endpoint

URL = f"{BASE_URL}/chat/completions"
TAPE = Path("tape.jsonl")


def recording_client(endpoint: Endpoint, tape: Tape) -> httpx.AsyncClient:
    """A client whose requests are answered by `endpoint`, and recorded."""
    pool = httpx.AsyncClient(transport=httpx.MockTransport(endpoint))
    return new_http_client(RecordingTransport(pool, tape))


def replaying_client(speed: float = float("inf"), path: Path = TAPE) -> httpx.AsyncClient:
    """A client that is answered from the tape."""
    return new_http_client(ReplayTransport(Replay(path, speed)))


async def ask(http: httpx.AsyncClient, prompt: str = "Hi", **more: Any) -> Generation:
    """One generation, with the key if `keyed`, which is so by default."""
    keyed, download = more.pop("keyed", True), more.pop("download", False)
    settings = Settings(
        base_url=BASE_URL,
        api_key=ApiKey(KEY, "the test") if keyed else None,
        max_retries=more.pop("max_retries", 0),
        replayed=more.pop("replayed", ""),
    )
    model = more.pop("model", "gpt-4o-mini")
    request = compose(prompt, model=model, **more)
    return await create(Asked(settings, http, "api.example"), request, download=download)


def record(endpoint: Endpoint, *asked: Any, path: Path = TAPE, append: bool = False) -> list[Any]:
    """Records a generation for each of `asked`, a dict of arguments of `ask`; what came of each."""
    tape = Tape(path, "api.example", "test/1", append=append)
    tape.hide(ApiKey(KEY, "the test"))
    try:
        return play(recording_client(endpoint, tape), *asked)
    finally:
        tape.stop()


def play(http: httpx.AsyncClient, *asked: Any) -> list[Any]:
    """The generation for each of `asked`, or its error."""

    async def each() -> list[Any]:
        found: list[Any] = []
        for arguments in asked or ({},):
            try:
                found.append(await ask(http, **arguments))
            except Exception as error:  # noqa: BLE001
                found.append(error)
        return found

    return asyncio.run(each())


def send(http: httpx.AsyncClient, *calls: tuple[str, str] | tuple[str, str, bytes]) -> list[str]:
    """The text that answers each call, one after the other, or its error; a path is of the API."""

    async def each() -> list[str]:
        found = []
        for method, url, *content in calls:
            address = url if "://" in url else f"{BASE_URL}/{url}"
            try:
                response = await http.request(
                    method, address, content=content[0] if content else b""
                )
                found.append(response.text)
            except CometError as error:
                found.append(str(error))
        return found

    return asyncio.run(each())


def lines(path: Path = TAPE) -> list[dict[str, Any]]:
    """The lines of a recording."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


class Script(httpx.AsyncByteStream):
    """Gives parts of a body, running what stands between them."""

    def __init__(self, steps: Sequence[Any]) -> None:
        self._steps = steps

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for step in self._steps:
            if isinstance(step, bytes):
                yield step
            else:
                await step()
