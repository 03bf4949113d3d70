"""What has arrived is kept when the user stops while results are fetched or saved."""

import asyncio
import base64
import gc
import threading
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from comet_magic.client import collect
from comet_magic.client.endpoint import Endpoint as Asked
from comet_magic.generation import Generation, Status
from comet_magic.media.addresses import data_uri
from comet_magic.media.archive import save_media
from comet_magic.media.audios import GeneratedAudio
from comet_magic.settings.settings import Settings
from tests.client.pictured import LINK, collecting, taking
from tests.client.pictured import names as names  # noqa: PLC0414 - a fixture
from tests.client.scripted import (
    BASE_URL,
    Endpoint,
    Script,
    create,
    data,
)
from tests.pictures import encoded
from tests.sounds import wav

pytestmark = pytest.mark.usefixtures("without_waits")


def test_inline_sounds_of_a_stopped_answer_are_decoded() -> None:
    """As pictures are; a broken one stays as it is."""
    media = [GeneratedAudio.from_url(data_uri("audio/wav", data)) for data in (wav(), b"no sound")]

    async def run() -> list[Any]:
        kept: list[Any] = []
        async with httpx.AsyncClient() as http:
            endpoint = Asked(Settings(base_url=BASE_URL), http, "api.example")
            await collect.unpack(endpoint, list(enumerate(media)), taking(kept.append))
        return kept

    assert [item.data for item in asyncio.run(run())] == [wav()]


def test_a_picture_is_kept_though_an_earlier_one_is_on_its_way() -> None:
    """They are saved in their order; who stops meanwhile has what came in memory."""

    async def run() -> list[Any]:
        kept: list[Any] = []
        came = asyncio.Event()

        async def reply(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/slow.png":
                await asyncio.Event().wait()
            return httpx.Response(200, content=encoded())

        def keep(item: Any) -> None:
            kept.append(item)
            came.set()

        async with httpx.AsyncClient(transport=httpx.MockTransport(reply)) as http:
            links = ("https://a.example/slow.png", "https://a.example/quick.png")
            task = collecting(http, *links, keep=keep)
            await came.wait()
            task.cancel()
            await asyncio.wait([task])
        return kept

    (quick,) = asyncio.run(run())
    assert (quick.url, quick.data) == ("https://a.example/quick.png", encoded())


def stopped_while_saving(monkeypatch: pytest.MonkeyPatch, times: int, *, ends: bool) -> list[Any]:
    """What is kept of a picture if it is stopped so often while its file is written."""
    begun, go = threading.Event(), threading.Event()

    def save(*arguments: Any) -> Any:
        begun.set()
        go.wait(10)
        return save_media(*arguments)

    monkeypatch.setattr(collect, "save_media", save)

    async def run() -> list[Any]:
        kept: list[Any] = []
        reply = httpx.MockTransport(lambda _: httpx.Response(200, content=encoded()))
        async with httpx.AsyncClient(transport=reply) as http:
            task = collecting(http, LINK, keep=kept.append)
            await asyncio.to_thread(begun.wait, 10)
            for _ in range(times):
                task.cancel()
                await asyncio.sleep(0)
            if ends:
                go.set()
            await asyncio.wait([task])
            go.set()
            assert task.cancelled()
        return kept

    return asyncio.run(run())


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_picture_that_is_being_saved_is_saved_though_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Whoever stops at that moment, even twice, has it on disk, and knows where."""
    *_, saved = stopped_while_saving(monkeypatch, times, ends=True)
    assert saved.path.read_bytes()


def test_a_stop_does_not_wait_for_a_disk_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture is kept in memory."""
    monkeypatch.setattr(collect, "_MOST_SAVING_SECONDS", 0)
    (kept,) = stopped_while_saving(monkeypatch, 1, ends=False)
    assert (kept.path, kept.data) == (None, encoded())


@pytest.mark.parametrize("outside", [True, False], ids=["beside the text", "in a long line"])
def test_a_picture_in_the_answer_is_kept_though_the_answer_is_stopped(outside: bool) -> None:
    """It is all there, and was paid for."""
    picture = encoded(size=(200, 200), mode="L")
    uri = f"data:image/png;base64,{base64.b64encode(picture + bytes(60_000)).decode()}"
    event = {"images": [uri]} if outside else {"content": f"Here:\n![x]({uri})"}
    seen: list[Generation] = []

    class Open(Script):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield data({"choices": [{"index": 0, "delta": event}]})
            come.set()
            await asyncio.sleep(60)

    async def run() -> None:
        response = httpx.Response(200, stream=Open(()))
        work = create(Endpoint(response), seen.append, model="gpt-4o-image", download=True)
        task = asyncio.ensure_future(work)
        await come.wait()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    come = asyncio.Event()
    asyncio.run(run())
    (image,) = seen[-1].images
    assert seen[-1].status is Status.INTERRUPTED
    assert (image.width, image.height) == (200, 200)
    assert image.preview


def test_a_stop_before_the_first_request_says_nothing() -> None:
    """Python would warn of a coroutine that was never awaited, in the middle of the notebook."""

    async def run() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(Endpoint())) as http:
            task = collecting(http, LINK, keep=print)
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()

    asyncio.run(run())
    gc.collect()
