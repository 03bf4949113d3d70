"""Every fault of a picture: the answer stays complete, the link is kept, and a note says why."""

import base64
import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, features

import comet_magic as comet
from comet_magic.client import downloads
from comet_magic.generation import Status
from comet_magic.media.images import GeneratedImage
from tests.client.scripted import DONE, delta
from tests.faults.conftest import HANG, Outcome, Play
from tests.faults.fault import BOMB, CHUNKED, KEY, PAGE, SSE
from tests.faults.server import (
    CLOSE,
    LAST_CHUNK,
    RESET,
    STALL,
    Drip,
    FaultServer,
    Repeat,
    Step,
    chunk,
    head,
    whole,
)
from tests.pictures import encoded, png_with_size

# Pillow warns of what is odd in a picture, and the pictures here are.
pytestmark = pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")

PNG = encoded("PNG", (300, 200))
AS_PNG = "Content-Type: image/png"
FRAMES = [Image.new("P", (30, 20), shade) for shade in range(4)]


def shown(*links: str) -> list[Step]:
    """An answer whose text shows these pictures."""
    text = "\n".join(f"![gen]({link})" for link in links)
    return [whole(200, delta(text, "stop") + DONE, SSE)]


def saved(form: str, mode: str = "RGB", **options: object) -> bytes:
    """A picture of one colour and 30 × 20 pixels."""
    return encoded(form, (30, 20), mode, **options)


def animated(form: str) -> bytes:
    """A picture of four frames."""
    stream = io.BytesIO()
    FRAMES[0].save(stream, form, save_all=True, append_images=FRAMES[1:])
    return stream.getvalue()


@pytest.fixture
def fetch(play: Play, server: FaultServer) -> Play:
    """Asks for a picture that the endpoint's own host answers so."""

    def run(*answers: Sequence[Step], link: str | None = None, **options: object) -> Outcome:
        server.script("/x.png", *answers)
        link = f"{server.url}/x.png" if link is None else link
        return play("pictures", shown(link), model="gpt-4o-image", max_retries=0, **options)

    return run


def only_image(outcome: Outcome) -> GeneratedImage:
    """The picture of an answer that is complete; no key was sent for it, and none is shown."""
    assert outcome.error is None, repr(outcome.error)
    assert outcome.generation is not None
    assert outcome.generation.status is Status.COMPLETE
    assert [place for place, text in outcome.said.items() if KEY in text] == []
    posts = [request for request in outcome.requests if request.method == "POST"]
    assert len(posts) == 1
    for request in [*outcome.requests, *outcome.elsewhere]:
        if request.method == "GET":
            assert request.header("authorization") is None
    (image,) = outcome.generation.images
    return image


def gets(outcome: Outcome) -> int:
    """How often the picture was asked for."""
    return len([request for request in outcome.requests if request.method == "GET"])


NO_PICTURES = {
    "missing": ([whole(404, "")], "404", 3),
    "gone": ([whole(410, "")], "410", 1),
    "forbidden": ([whole(403, "<?xml?><Error>expired</Error>")], "403", 1),
    "html": ([whole(200, PAGE, AS_PNG)], "a web page", 1),
    "json": ([whole(200, '{"error": "gone"}', AS_PNG)], "JSON", 1),
    "empty": ([whole(200, "", AS_PNG)], "nothing", 1),
    "no content": ([head(204)], "nothing", 1),
    "svg": ([whole(200, "<svg onload='alert(1)'></svg>", "Content-Type: image/svg+xml")], "SVG", 1),
    "truncated": ([whole(200, PNG[: len(PNG) // 2], AS_PNG)], "a broken picture", 1),
    "cut": ([whole(200, PNG, AS_PNG)[:-20], CLOSE], "connection to 127.0.0.1 failed", 3),
    "reset": ([whole(200, PNG, AS_PNG)[:-20], RESET], "connection to 127.0.0.1 failed", 3),
    "reset before headers": ([RESET], "connection to 127.0.0.1 failed", 3),
    "no http": ([b"\0" * 100, CLOSE], "connection to 127.0.0.1 failed", 3),
    "busy": ([whole(503, "")], "503", 3),
    "endless": ([head(200, CHUNKED), Repeat(chunk(b"x" * 1_000_000), 100)], "more than 64 MB", 1),
    "too large": ([head(200, "Content-Length: 64000001"), STALL], "more than 64 MB", 1),
    "60000 x 60000": ([whole(200, png_with_size(60_000, 60_000))], "pixels", 1),
    "10000 x 10000": ([whole(200, png_with_size(10_000, 10_000))], "pixels", 1),
    "0 x 0": ([whole(200, png_with_size(0, 0))], "a broken picture", 1),
    "gzip": ([whole(200, gzip.compress(PNG), "Content-Encoding: gzip")], "(gzip), which was", 1),
    "promised gzip": ([whole(200, PNG, "Content-Encoding: gzip")], "(gzip), which was not", 1),
    "brotli": ([whole(200, b"\x1b" + PNG, "Content-Encoding: br")], "(br), which was not", 1),
    "zstd": ([whole(200, b"(" + PNG, "Content-Encoding: zstd")], "(zstd), which was not", 1),
    "gzip bomb": ([whole(200, BOMB, "Content-Encoding: gzip, gzip")], "compressed more than", 1),
    "circles": ([whole(302, "", "Location: /x.png")], "redirected more than 5 times", 6),
    "redirect nowhere": ([whole(302, "")], "302 from", 1),
    "redirect to a file": ([whole(302, "", "Location: file:///etc/passwd")], "file links", 1),
    "redirect to 10.0.0.1": ([whole(302, "", "Location: http://10.0.0.1/")], "private network", 1),
    "redirect to metadata": ([whole(307, "", "Location: http://169.254.169.254/")], "private net",
    1),
    "redirect to a zero": ([whole(302, "", "Location: http://0/x.png")], "private network", 1),
    "redirect to ipv6": ([whole(302, "", "Location: http://[::ffff:10.0.0.1]/")], "private net", 1),
    "redirect to no name": ([whole(302, "", "Location: http://a..b/x.png")], "name", None),
    "redirect to a long name": ([whole(302, "", f"Location: http://{'a' * 70}.example/")], "name",
    None),
    "redirect to a negative port": ([whole(302, "", "Location: http://127.0.0.1:-1/")], "port", 1),
    "redirect to a port": ([whole(302, "", "Location: http://127.0.0.1:99999/")], "", None),
    "redirect to half a host": ([whole(302, "", "Location: http://[::1/x.png")], "", None),
    "redirect to nonsense": ([whole(302, "", "Location: http://\udcff\udcfe/\udcff")], "", None),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "says", "times"), NO_PICTURES.values(), ids=[*NO_PICTURES])
def test_a_picture_that_cannot_be_had(
    fetch: Play, server: FaultServer, answer: list[Step], says: str, times: int | None
) -> None:
    """The answer was paid for and is complete: the link stays, a note says what is wrong."""
    outcome = fetch(answer)
    image = only_image(outcome)
    assert (image.data, image.path, image.url) == (None, None, f"{server.url}/x.png")
    assert outcome.generation is not None
    (note,) = outcome.generation.notes
    assert says in note
    assert len(note.splitlines()) == 1
    assert len(note) < 500
    assert times is None or gets(outcome) == times
    assert outcome.seconds < HANG


EXIF = (
    b"Exif\0\0MM\0*\0\0\0\x08\0\x02"
    b"\x01\x12\0\x03\xff\xff\xff\xff\0\x06\0\0"
    b"\x87i\0\x04\0\0\0\x01\xff\xff\xff\xff"
)
PICTURES = {
    "png": (saved("PNG"), "image/png"),
    "png, 16 bit": (saved("PNG", "I;16"), "image/png"),
    "png, one bit": (saved("PNG", "1"), "image/png"),
    "png, transparent": (saved("PNG", "RGBA"), "image/png"),
    "png, animated": (animated("PNG"), "image/png"),
    "jpeg": (saved("JPEG"), "image/jpeg"),
    "jpeg, cmyk": (saved("JPEG", "CMYK"), "image/jpeg"),
    "jpeg, broken exif": (saved("JPEG", exif=b"Exif\0\0garbage"), "image/jpeg"),
    "jpeg, lying exif": (saved("JPEG", exif=EXIF), "image/jpeg"),
    "gif, animated": (animated("GIF"), "image/gif"),
    "webp": (saved("WEBP"), "image/webp"),
    "webp, animated": (animated("WEBP"), "image/webp"),
    "avif": (saved("AVIF") if features.check("avif") else b"", "image/avif"),
    "bmp": (saved("BMP"), "image/bmp"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "media_type"), PICTURES.values(), ids=[*PICTURES])
def test_every_kind_of_picture(fetch: Play, data: bytes, media_type: str) -> None:
    """The bytes decide, whatever the server calls them; each has a preview and a file."""
    if not data:
        pytest.skip("this Pillow reads no such pictures")
    image = only_image(fetch([whole(200, data, "Content-Type: text/html")]))
    assert (image.data, image.media_type) == (data, media_type)
    assert (image.width, image.height) in [(30, 20), (20, 30)]
    assert image.preview is not None
    assert image.path is not None
    assert image.path.exists()


WAYS = {
    "drip": [[Drip(whole(200, PNG))]],
    "chunked": [[head(200, CHUNKED) + chunk(PNG[:50]) + chunk(PNG[50:]) + LAST_CHUNK]],
    "without length": [[head(200, version="1.0") + PNG, CLOSE]],
    "redirect": [[whole(302, "", "Location: /x.png?again")], [whole(200, PNG)]],
    "reset, then whole": [[whole(200, PNG)[:-20], RESET], [whole(200, PNG)]],
    "cut, then whole": [[whole(200, PNG)[:-20], CLOSE], [whole(200, PNG)]],
    "reset before headers, then whole": [[RESET], [whole(200, PNG)]],
    "busy, then whole": [[whole(503, "")], [whole(429, "")], [whole(200, PNG)]],
}


@pytest.mark.parametrize("answers", WAYS.values(), ids=[*WAYS])
def test_every_way_of_getting_it(
    fetch: Play, server: FaultServer, answers: list[Sequence[Step]]
) -> None:
    """Fetching costs nothing, so it is tried again after any break."""
    server.script("/x.png?again", [whole(200, PNG)])
    outcome = fetch(*answers)
    image = only_image(outcome)
    assert image.data == PNG
    assert outcome.generation is not None
    assert outcome.generation.notes == ()


@pytest.mark.parametrize("way", ["directly", "by redirect"])
def test_another_host_inside_is_not_asked(fetch: Play, elsewhere: FaultServer, way: str) -> None:
    """An endpoint on this machine opens its own host to its pictures, and no other."""
    link = f"{elsewhere.url}/x.png"
    if way == "directly":
        outcome = fetch([whole(200, PNG)], link=link)
    else:
        outcome = fetch([whole(302, "", f"Location: {link}")])
    assert only_image(outcome).data is None
    assert outcome.elsewhere == []
    assert outcome.generation is not None
    assert "private network" in outcome.generation.notes[0]


def test_a_picture_that_stalls_is_given_up(fetch: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time the answer is shown without it, and the connection is closed."""
    monkeypatch.setattr(downloads, "TIMEOUT", 0.2)
    outcome = fetch([whole(200, PNG)[:-20], STALL])
    only_image(outcome)
    assert outcome.generation is not None
    assert "did not arrive within 0.2 s" in outcome.generation.notes[0]


def test_downloads_share_their_time(
    play: Play, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred links that never end hold a cell up no longer than one; each has its note."""
    monkeypatch.setattr(downloads, "TIMEOUT", 0.3)
    for number in range(100):
        server.script(f"/slow-{number}.png", [head(200), STALL])
    links = [f"{server.url}/slow-{number}.png" for number in range(100)]
    outcome = play("slow", shown(*links), model="gpt-4o-image")
    assert outcome.generation is not None
    assert outcome.generation.status is Status.COMPLETE
    assert [image.url for image in outcome.generation.images] == links
    notes = outcome.generation.notes
    assert len(notes) == 100
    assert all("did not arrive within 0.3 s" in note for note in notes)
    assert gets(outcome) == 4  # the others were not begun


def test_downloads_share_their_bytes(
    play: Play, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has come before the limit is kept, and no more is read."""
    monkeypatch.setattr(downloads, "MOST_BYTES", 2_000_000)
    endless: list[Step] = [head(200, CHUNKED), Repeat(chunk(b"x" * 50_000), 1_000)]
    server.script("/good.png", [whole(200, PNG)])
    for number in range(20):
        server.script(f"/endless-{number}.png", endless)
    links = [f"{server.url}/endless-{number}.png" for number in range(20)]
    outcome = play("endless", shown(f"{server.url}/good.png", *links), model="gpt-4o-image")
    assert outcome.generation is not None
    assert outcome.generation.images[0].data == PNG
    notes = outcome.generation.notes
    assert len(notes) == 20
    assert all("all files together have more than 2 MB" in note for note in notes)
    assert gets(outcome) <= 1 + 4  # the others were not begun
    # Beside what was read, each connection has some that is on its way.
    assert outcome.taken < 40_000_000


LINKS = {
    "negative port": "http://127.0.0.1:-1/x.png",
    "negative port of a name": "http://a.example:-80/x.png",
    "port": "http://127.0.0.1:99999999/x.png",
    "empty label": "http://a..b/x.png",
    "long label": f"http://{'a' * 70}.example/x.png",
    "bad data": "data:image/png;base64,!!!",
    "data without end": "data:image/png;base64,iVBORw0KGgo",
    "half a character": "http://127.0.0.1:1/\\ud800.png",
}


@pytest.mark.parametrize("link", LINKS.values(), ids=[*LINKS])
def test_a_link_that_leads_nowhere(play: Play, link: str) -> None:
    """Whatever a model writes as a link, its answer is complete."""
    event = delta("![gen](LINK)", "stop").replace(b"LINK", link.encode())
    outcome = play("links", [whole(200, event + DONE, SSE)], model="gpt-4o-image", max_retries=0)
    assert only_image(outcome).data is None
    assert outcome.generation is not None
    assert len(outcome.generation.notes) == 1


def test_a_file_is_no_picture(play: Play, tmp_path: Path) -> None:
    """A link to a file of the user's is not read, not even when it is a picture."""
    (tmp_path / "secret.png").write_bytes(PNG)
    link = (tmp_path / "secret.png").as_uri()
    outcome = play("file", shown(link), model="gpt-4o-image", max_retries=0)
    assert type(outcome.error) is comet.GenerationError
    assert "made no picture" in str(outcome.error)
    assert outcome.generation is not None
    assert outcome.generation.images == ()


def test_an_inline_picture_of_20_mb(play: Play) -> None:
    """It needs no request, and is read in seconds; a square would take minutes."""
    picture = PNG + bytes(20_000_000)
    link = "data:image/png;base64," + base64.b64encode(picture).decode()
    outcome = play("inline", shown(link), model="gpt-4o-image", timeout=10)
    image = only_image(outcome)
    assert image.data == picture
    assert gets(outcome) == 0
    assert outcome.seconds < HANG


@pytest.mark.parametrize("field", ["revised prompt", "id", "text"])
def test_half_a_character_loses_no_picture(play: Play, server: FaultServer, field: str) -> None:
    """Where the wire holds half a surrogate pair, everything that was paid for is still saved."""
    server.script("/y.png", [whole(200, PNG)])
    block = '{"prompt": "a \\ud83d"}' if field == "revised prompt" else "a \\ud83d"
    text = (block if field != "id" else "a") + f"\n\n![gen]({server.url}/y.png)"
    event = delta(text.replace("\\ud83d", "HALF"), "stop")
    event = event.replace(b"HALF", rb"\\ud83d" if field == "revised prompt" else rb"\ud83d")
    if field == "id":
        event = event.replace(b'"c1"', rb'"c\ud83d"')
    outcome = play("half", [whole(200, event + DONE, SSE)], model="gpt-4o-image")
    image = only_image(outcome)
    assert image.path is not None
    assert outcome.generation is not None
    outcome.generation.text.encode()


def test_one_bad_picture_does_not_take_the_others_with_it(play: Play, server: FaultServer) -> None:
    """Order and places are kept."""
    server.script("/1.png", [whole(200, PNG)])
    server.script("/2.png", [RESET])
    server.script("/3.png", [whole(200, PNG)])
    links = [f"{server.url}/{number}.png" for number in (1, 2, 3)]
    outcome = play("three", shown(*links), model="gpt-4o-image")
    assert outcome.generation is not None
    assert [image.data is not None for image in outcome.generation.images] == [True, False, True]
    assert len({image.path for image in outcome.generation.images if image.path}) == 2
