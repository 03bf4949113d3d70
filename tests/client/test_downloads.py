"""Pictures are fetched at once, within bounds, never from inside, and kept."""

import asyncio
import base64
import gc
import gzip
import json
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from comet_magic.client import collect, downloads
from comet_magic.client.downloads import DownloadError, download, is_public
from comet_magic.client.endpoint import Endpoint as Asked
from comet_magic.errors import StreamError
from comet_magic.generation import Generation, Status
from comet_magic.media.addresses import data_uri
from comet_magic.media.archive import save_media
from comet_magic.media.audios import GeneratedAudio
from comet_magic.media.images import GeneratedImage
from comet_magic.settings.settings import Settings
from tests.client.scripted import (
    BASE_URL,
    DONE,
    KEY,
    Endpoint,
    Script,
    answer,
    create,
    data,
    delta,
    sse,
)
from tests.pictures import MP4, encoded
from tests.sounds import MP3, OGG, wav

LINK = "https://pictures.example/x.png?sig=1&se=2026-11-28T12%3A00%3A00Z"
PUBLIC = "93.184.215.14"


pytestmark = pytest.mark.usefixtures("without_waits")


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


def test_the_checked_address_is_the_one_connected_to() -> None:
    """The name is asked for once; TLS and the server still see it."""
    _, endpoint = fetched(answer(encoded()))
    request = endpoint.requests[1]
    assert request.url.host == PUBLIC
    assert request.headers["Host"] == "pictures.example"
    assert request.extensions["sni_hostname"] == "pictures.example"
    # A pool would use the connection again for any other name with this address.
    assert request.headers["Connection"] == "close"


def test_an_address_that_leads_nowhere_is_soon_left(names: dict[str, list[str]]) -> None:
    """Where IPv6 does, each picture would wait half a minute for each such address."""
    names["pictures.example"] = ["2606:4700::1", PUBLIC]
    generation, endpoint = fetched(httpx.ConnectTimeout("nothing"), answer(encoded()))
    _, first, last = endpoint.requests
    assert (first.url.host, last.url.host) == ("2606:4700::1", PUBLIC)
    assert first.extensions["timeout"]["connect"] < last.extensions["timeout"]["connect"]
    assert generation.images[0].data


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("http://127.0.0.1/x.png", "private network"),
        ("http://localhost/x.png", "private network"),
        ("http://169.254.169.254/latest/x.png", "private network"),
        ("http://10.0.0.1/x.png", "private network"),
        ("http://inside.example/x.png", "private network"),
        ("http://mixed.example/x.png", "private network"),
        ("data:image/png;base64,!!!", "bad base64"),
        ("http://0/x.png", "private network"),
    ],
)
def test_private_addresses_are_refused(link: str, says: str, names: dict[str, list[str]]) -> None:
    """By number, by name, and hidden among public ones; the generation is still complete."""
    names.update({
        "localhost": ["127.0.0.1"], "127.0.0.1": ["127.0.0.1"], "inside.example": ["192.168.1.1"],
        "mixed.example": [PUBLIC, "10.0.0.1"], "169.254.169.254": ["169.254.169.254"],
        "10.0.0.1": ["10.0.0.1"], "0": ["0.0.0.0"],
    })  # fmt: skip
    generation, endpoint = fetched(links=(link,))
    assert len(endpoint.requests) == 1
    assert generation.status is Status.COMPLETE
    assert generation.images[0].url == link
    assert generation.images[0].data is None
    assert says in generation.notes[0]


def test_pictures_of_a_private_endpoint_are_fetched(names: dict[str, list[str]]) -> None:
    """An endpoint on this machine may serve its own pictures."""
    link = "http://127.0.0.1:8000/x.png"
    generation, _ = fetched(answer(encoded()), links=(link,), base_url="http://localhost:8000/v1")
    assert generation.images[0].data
    assert not names


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0", "::1",
     "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "224.0.0.1", "100.64.0.1",
     "64:ff9b::10.0.0.1", "64:ff9b:1::1", "::ffff:0:127.0.0.1", "::127.0.0.1", "fec0::1", "::",
     "2001:0:0:0:0:0:80ff:fefe", "ff0e::1", "5f00::1", "255.255.255.255", "240.0.0.1"],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    """Loopback, link-local, private, shared and multicast ranges, also wrapped in IPv6."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
)
def test_addresses_that_are_public(address: str) -> None:
    """Also those by which a network without IPv4 reaches it."""
    assert is_public(address)


def test_redirects_are_checked_at_each_step(names: dict[str, list[str]]) -> None:
    """A public server cannot send us into the private network, nor round in circles."""
    names["inside.example"] = ["10.0.0.1"]
    inward = [answer("", 302, Location="http://inside.example/x.png")]
    assert "private network" in fetched(*inward)[0].notes[0]
    circle = [answer("", 302, Location="/x.png") for _ in range(7)]
    assert "redirected more than 5 times" in fetched(*circle)[0].notes[0]
    scheme = [answer("", 302, Location="file:///etc/passwd")]
    assert "file links are not followed" in fetched(*scheme)[0].notes[0]
    onward = [answer("", 302, Location="https://other.example/y.png"), answer(encoded())]
    generation, endpoint = fetched(*onward)
    assert generation.images[0].data
    assert endpoint.requests[2].headers["Host"] == "other.example"


def test_a_proxy_for_the_whole_machine_may_answer_for_names(names: dict[str, list[str]]) -> None:
    """It gives each an address of 198.18.0.0/15 and connects to the name; as a link it is none."""
    names["pictures.example"] = ["fc00::7", "198.18.0.7"]
    names["198.18.0.7"] = ["198.18.0.7"]
    generation, endpoint = fetched(answer(encoded()))
    assert generation.images[0].data
    assert (endpoint.requests[1].url.host, endpoint.requests[1].headers["Host"]) == (
        "198.18.0.7",
        "pictures.example",
    )
    assert "private network" in refused("https://198.18.0.7/x.png")


@pytest.mark.parametrize(
    ("response", "says"),
    [
        (answer("", 403), "403"),
        (answer("<!DOCTYPE html><html>"), "a web page"),
        (answer(""), "nothing"),
        (answer(encoded()[:60]), "a broken picture"),
        (answer("<svg onload='x()'></svg>"), "SVG"),
        (answer(b"x", **{"Content-Length": "99999999"}), "more than 64 MB"),
    ],
    ids=["forbidden", "html", "empty", "truncated", "svg", "too large"],
)
def test_what_is_no_picture_is_said(response: httpx.Response, says: str) -> None:
    """The link is kept with a note, and the generation is complete: it was answered."""
    generation, _ = fetched(response)
    assert says in generation.notes[0]
    assert generation.status is Status.COMPLETE
    assert (generation.images[0].data, generation.images[0].path) == (None, None)


def refused(url: str, *answers: httpx.Response) -> str:
    """Why the download of `url` is refused."""

    async def run() -> str:
        client = httpx.AsyncClient(transport=httpx.MockTransport(Endpoint(*answers)))
        with pytest.raises(DownloadError) as caught:
            await download(client, url, most=50_000, endpoint=None)
        return str(caught.value)

    return asyncio.run(run())


def test_an_endless_picture_is_stopped() -> None:
    """A server that never stops sending is cut off at the limit, and its connection closed."""
    endless = Script([b"x" * 1_000] * 100)
    assert "more than" in refused(LINK, httpx.Response(200, stream=endless))
    assert endless.closed
    assert downloads.MOST_IMAGE_BYTES == 64_000_000


@pytest.mark.parametrize("address", ["::1", "::ffff:10.0.0.1", "fe80::1"])
def test_private_ipv6_addresses_are_refused(address: str, names: dict[str, list[str]]) -> None:
    """In brackets, too."""
    names[address] = [address]
    assert "private network" in refused(f"http://[{address}]/x.png")


def test_a_download_that_fails_is_tried_again() -> None:
    """Fetching costs nothing, so it is repeated freely."""
    generation, endpoint = fetched(httpx.ConnectError("x"), answer("", 503), answer(encoded()))
    assert generation.images[0].data
    assert len(endpoint.requests) == 4


def test_a_host_that_is_dead_is_given_up() -> None:
    """After three attempts."""
    generation, endpoint = fetched(*[httpx.ConnectError("x")] * 3, answer(encoded()))
    assert not generation.images[0].data
    assert len(endpoint.requests) == 1 + 3


def test_what_is_packed_twice_is_not_unpacked() -> None:
    """15 KB can be a gigabyte, which would be unpacked at one go."""
    packed = gzip.compress(gzip.compress(bytes(100_000)))
    bomb = answer(packed, **{"content-encoding": "gzip, gzip"})
    assert "more than once" in refused(LINK, bomb)


def test_four_pictures_at_once() -> None:
    """More at a time would be slower on a weak network."""
    at_once = most = 0

    class Slow(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0.01)
            at_once -= 1
            yield encoded()

    links = tuple(f"https://pictures.example/{number}.png" for number in range(10))
    generation, _ = fetched(*[httpx.Response(200, stream=Slow()) for _ in links], links=links)
    assert all(image.data for image in generation.images)
    assert most == 4


def test_a_picture_that_is_not_there_yet_is_asked_for_again() -> None:
    """The link can be in the answer a second before every server of the store knows the file."""
    generation, _ = fetched(answer("", 404), answer(encoded()))
    assert generation.images[0].data


def test_an_inline_picture_is_decoded() -> None:
    """A data URI needs no request."""
    data = encoded("WEBP")
    link = "data:image/webp;base64," + base64.b64encode(data).decode().rstrip("=")
    generation, endpoint = fetched(links=(link,))
    assert generation.images[0].data == data
    assert len(endpoint.requests) == 1


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


def taking(keep: Any) -> Any:
    """Passes on what is kept, without what it is known by."""
    return lambda _, item: keep(item)


def collecting(http: httpx.AsyncClient, *links: str, keep: Any) -> "asyncio.Task[list[str]]":
    """A task that collects the pictures at these links."""
    endpoint = Asked(Settings(base_url=BASE_URL), http, "api.example")
    made = [(link, GeneratedImage.from_url(link)) for link in links]

    work = collect.collect(endpoint, made, {}, datetime.now(UTC), taking(keep))
    return asyncio.ensure_future(work)


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


def test_a_proxy_connects_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy our own name server may know nothing; private numbers stay refused."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    _, endpoint = fetched(answer(encoded()))
    assert endpoint.requests[1].url.host == "pictures.example"
    assert BASE_URL.startswith("https://api.example")
