"""Results are fetched at once, checked and saved."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from comet_magic.client import collect, downloads
from comet_magic.client.endpoint import Endpoint as Asked
from comet_magic.errors import StreamError
from comet_magic.generation import Status
from comet_magic.media import archive
from comet_magic.media.addresses import data_uri
from comet_magic.media.audios import GeneratedAudio
from comet_magic.media.images import GeneratedImage
from comet_magic.settings.settings import Settings
from tests.client.pictured import LINK, fetched, picture_answer, taking
from tests.client.pictured import names as names  # noqa: PLC0414 - a fixture
from tests.client.scripted import (
    BASE_URL,
    DONE,
    KEY,
    Endpoint,
    answer,
    create,
    delta,
    sse,
)
from tests.pictures import MP4, encoded
from tests.sounds import MP3, OGG, wav

pytestmark = pytest.mark.usefixtures("without_waits")


def test_a_picture_is_fetched_checked_saved_and_previewed() -> None:
    """The bytes are on disk before the link dies, with what they were made from."""
    data = encoded("PNG", (1_200, 800))
    generation, endpoint = fetched(answer(data))
    (image,) = generation.images
    assert (image.data, image.media_type, image.width, image.height) == (
        data,
        "image/png",
        1200,
        800,
    )
    assert image.expires is not None
    assert image.path is not None
    assert image.path.parent == Path("comet_images")
    with Image.open(image.path) as saved:
        assert saved.size == (1200, 800)
        assert saved.text["prompt"] == "Hi"  # type: ignore[attr-defined]
    sidecar = json.loads(image.path.with_suffix(".json").read_text())
    assert (sidecar["file"], sidecar["prompt"], sidecar["model"]) == (image.path.name, "Hi", "m")
    assert image.preview is not None
    assert (image.preview.width, image.preview.height) == (768, 512)
    assert KEY not in image.path.with_suffix(".json").read_text() + repr(image.path.read_bytes())
    assert "authorization" not in endpoint.requests[1].headers


def test_several_pictures_keep_their_order() -> None:
    """One that fails does not take the others with it."""
    links = ("https://a.example/1.png", "https://a.example/2.png", "https://a.example/3.png")
    sizes = [(10, 10), (20, 20)]
    generation, _ = fetched(
        answer(encoded(size=sizes[0])), answer("", 403), answer(encoded(size=sizes[1])), links=links
    )
    assert len(generation.notes) == 1
    assert [image.data is None for image in generation.images].count(True) == 1
    assert len({image.path for image in generation.images if image.path}) == 2


@pytest.mark.parametrize("name", ["file", "no\ud800name"])
def test_a_folder_that_cannot_be_written_loses_no_picture(tmp_path: Path, name: str) -> None:
    """The picture stays in memory and in its preview, and a note says so."""
    (tmp_path / "file").touch()
    generation, _ = fetched(answer(encoded()), folder=tmp_path / name)
    (image,) = generation.images
    assert image.data
    assert image.preview
    assert image.path is None
    assert "could not be saved" in generation.notes[0]


def test_pictures_of_a_cut_stream_are_fetched() -> None:
    """What was paid for is kept also when the answer broke off behind it."""
    endpoint = Endpoint(sse(delta(f"![gen]({LINK})\n")), answer(encoded()))
    with pytest.raises(StreamError) as caught:
        asyncio.run(create(endpoint, model="gpt-4o-image", download=True))
    generation = caught.value.generation
    assert generation
    assert generation.status is Status.INTERRUPTED
    assert generation.images[0].path


def test_sounds_are_fetched_checked_and_saved(tmp_path: Path) -> None:
    """By link, out of a data URI, or as the bytes that a family has got already."""
    asked: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        content = b"<html>" if request.url.path == "/broken.mp3" else MP3
        return httpx.Response(200, content=content)

    media = [
        GeneratedAudio.from_url("https://a.example/hello.mp3", "Hello"),
        GeneratedAudio.from_url(data_uri("audio/x-unknown", wav()), "Inline"),
        GeneratedAudio("", data=OGG, alt="Bytes"),
        GeneratedAudio.from_url("https://a.example/broken.mp3"),
    ]

    async def run() -> tuple[list[Any], list[str]]:
        kept: list[Any] = []
        async with httpx.AsyncClient(transport=httpx.MockTransport(reply)) as http:
            settings = Settings(base_url=BASE_URL, save_dir=tmp_path)
            endpoint = Asked(settings, http, "api.example")
            return kept, await collect.collect(
                endpoint, list(enumerate(media)), {}, datetime.now(UTC), taking(kept.append)
            )

    kept, notes = asyncio.run(run())
    saved = sorted((item for item in kept if item.path), key=lambda item: item.alt)
    assert [(item.media_type, item.path.suffix) for item in saved] == [
        ("audio/ogg", ".ogg"), ("audio/mpeg", ".mp3"), ("audio/wav", ".wav"),
    ]  # fmt: skip
    assert all(item.path.read_bytes() == item.data for item in saved)
    assert notes == ["The sound could not be fetched: no sound but a web page."]
    assert len(asked) == 2
    assert "audio/*" in asked[0].headers["accept"]


def test_a_sound_that_cannot_be_saved_is_kept_in_memory() -> None:
    """And a note says why."""
    Path("file").touch()

    async def run() -> tuple[list[Any], list[str]]:
        kept: list[Any] = []
        async with httpx.AsyncClient() as http:
            settings = Settings(base_url=BASE_URL, save_dir=Path("file"))
            endpoint = Asked(settings, http, "api.example")
            media = [GeneratedAudio("", data=MP3)]
            return kept, await collect.collect(
                endpoint, list(enumerate(media)), {}, datetime.now(UTC), taking(kept.append)
            )

    kept, (note,) = asyncio.run(run())
    assert [(item.path, item.data) for item in kept] == 2 * [(None, MP3)]
    assert note.startswith("The sound could not be saved in file: ")
    assert note.endswith("It is kept in memory.")


def test_a_sound_may_have_64_mb(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is larger is not read to its end."""
    monkeypatch.setattr(collect, "MOST_AUDIO_BYTES", 1_000_000)
    assert downloads.MOST_AUDIO_BYTES == 64_000_000

    async def run() -> list[str]:
        large = httpx.MockTransport(lambda _: httpx.Response(200, content=bytes(1_000_001)))
        async with httpx.AsyncClient(transport=large) as http:
            endpoint = Asked(Settings(base_url=BASE_URL), http, "api.example")
            media = [GeneratedAudio.from_url("https://a.example/x.mp3")]
            return await collect.collect(
                endpoint, list(enumerate(media)), {}, datetime.now(UTC), taking(print)
            )

    assert asyncio.run(run()) == ["The sound could not be fetched: it has more than 1 MB."]


def test_a_video_is_saved_with_its_poster() -> None:
    """Its bytes are on disk and not in memory; the poster is a picture."""
    text = "![p.png](https://a.example/p.png)\n[在线播放▶️](https://a.example/v.mp4)"
    endpoint = Endpoint(sse(delta(text, "stop"), DONE), answer(MP4), answer(encoded()))
    generation = asyncio.run(create(endpoint, model="sora-2", download=True))
    (video,) = generation.videos
    assert (video.media_type, video.size, video.data) == ("video/mp4", len(MP4), None)
    assert video.path is not None
    assert video.path.read_bytes() == MP4
    assert video.poster is not None
    assert video.poster.preview
    assert generation.images == ()
    assert video.save("copy.mp4").read_bytes() == MP4


LINKS = ("https://a.example/1.png", "https://a.example/2.png", "https://a.example/3.png")
UNFORESEEN = {
    "no memory": (MemoryError(), "there is not enough memory"),
    "no more threads": (
        RuntimeError("cannot schedule new futures after shutdown"),
        "cannot schedule new futures after shutdown",
    ),
    "port": (OverflowError("port must be 0-65535."), "port must be 0-65535"),
    "a mistake": (KeyError("x"), "'x'"),
    "no words": (RecursionError(), "RecursionError"),
}


def failing_once(function: Any, error: Exception, *, is_async: bool = False) -> Any:
    """`function`, which fails at its second call."""
    calls = 0

    def count() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise error

    async def call_async(*arguments: Any, **named: Any) -> Any:
        count()
        return await function(*arguments, **named)

    def call(*arguments: Any, **named: Any) -> Any:
        count()
        return function(*arguments, **named)

    return call_async if is_async else call


@pytest.mark.parametrize(("error", "says"), UNFORESEEN.values(), ids=[*UNFORESEEN])
@pytest.mark.parametrize("step", ["download", "decode", "save"])
def test_whatever_fails_is_a_note_of_one_picture(
    step: str, error: Exception, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is complete, the other pictures are saved, and bytes that came are kept."""
    if step == "download":
        work = failing_once(downloads.download, error, is_async=True)
        monkeypatch.setattr(collect, "download", work)
    elif step == "decode":
        work = failing_once(GeneratedImage.with_data, error)
        monkeypatch.setattr(GeneratedImage, "with_data", work)
    else:
        monkeypatch.setattr(collect, "save_media", failing_once(archive.save_media, error))
    generation, _ = fetched(*[answer(encoded()) for _ in LINKS], links=LINKS)
    assert generation.status is Status.COMPLETE
    (note,) = generation.notes
    assert says in note
    saved = [image.path is not None for image in generation.images]
    with_bytes = [image.data is not None for image in generation.images]
    assert with_bytes.count(False) == (step == "download")
    assert saved.count(False) == (step != "decode")
    assert {image.data for image in generation.images} <= {encoded(), None}


def test_bytes_that_cannot_be_decoded_for_want_of_memory_are_saved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only what is no picture at all is refused, as ever."""

    def no_memory(*_: Any, **__: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(GeneratedImage, "with_data", no_memory)
    data = encoded("JPEG")
    generation, _ = fetched(answer(data), answer("<html>"), links=LINKS[:2])
    image, page = sorted(generation.images, key=lambda image: image.data is None)
    assert image.path is not None
    assert image.path.read_bytes() == data
    assert (image.media_type, image.preview) == ("image/jpeg", None)
    assert "cannot be shown" in generation._repr_mimebundle_()["text/html"]
    assert page.path is None
    assert sorted(generation.notes) == [
        "The picture could not be decoded: there is not enough memory. Its bytes are kept.",
        "The picture could not be fetched: no picture but a web page.",
    ]


def test_a_png_is_saved_also_where_its_texts_find_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """They take a copy of it."""

    def no_memory(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(archive, "with_png_text", no_memory)
    data = encoded("PNG")
    generation, _ = fetched(answer(data))
    (image,) = generation.images
    assert image.path is not None
    assert image.path.read_bytes() == data
    assert image.path.with_suffix(".json").exists()
    assert generation.notes == ()


def test_pictures_are_saved_though_the_threads_take_no_more_work() -> None:
    """As at the end of a script: then the loop does the work itself."""
    endpoint = Endpoint(picture_answer(*LINKS), *[answer(encoded()) for _ in LINKS])

    async def run() -> Any:
        pool = ThreadPoolExecutor(1)
        asyncio.get_running_loop().set_default_executor(pool)
        pool.shutdown()
        return await create(endpoint, model="gpt-4o-image", download=True)

    generation = asyncio.run(run())
    assert generation.notes == ()
    assert all(image.path and image.preview for image in generation.images)


def test_a_poster_that_fails_takes_no_video_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was wrong with it."""
    text = "![p.png](https://a.example/p.png)\n[在线播放▶️](https://a.example/v.mp4)"
    endpoint = Endpoint(sse(delta(text, "stop"), DONE), answer(MP4), answer(encoded()))
    work = failing_once(downloads.download, KeyError("x"), is_async=True)
    monkeypatch.setattr(collect, "download", work)
    generation = asyncio.run(create(endpoint, model="sora-2", download=True))
    (video,) = generation.videos
    assert video.path is not None
    assert generation.notes == ()
