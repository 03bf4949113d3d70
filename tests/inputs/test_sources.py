"""What `images=` takes, and what is said of anything else."""

import base64
import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from PIL import Image

from comet_magic import inputs
from comet_magic.families.compose import compose
from comet_magic.generation import Generation, GenerationBuilder
from comet_magic.inputs import Named, is_picture, read_images
from comet_magic.inputs.sources import MOST_TOTAL
from comet_magic.media.images import GeneratedImage
from comet_magic.media.videos import GeneratedVideo
from tests.pictures import encoded, png_with_size

RED = (200, 30, 30)


class Figure:
    """As much of a matplotlib figure as is used."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def savefig(self, stream: Any, **options: str) -> None:
        """Writes the figure."""
        if self._error:
            raise self._error
        assert options == {"format": "png"}
        stream.write(encoded())


class Tensor:
    """What is no array and can become one, as tensors do."""

    def __array__(self) -> Any:
        return np.zeros((4, 6), "uint8")


def generation(*images: GeneratedImage) -> Generation:
    """A generation with these pictures."""
    request = compose("A cat", model="gpt-4o-image")
    snapshot = GenerationBuilder(request, datetime.now(UTC), "demo").snapshot()
    return replace(snapshot, images=images)


def seen(url: str) -> Image.Image:
    """The picture in a data URI, as an endpoint decodes it."""
    head, _, body = url.partition(";base64,")
    image = Image.open(io.BytesIO(base64.b64decode(body, validate=True)))
    assert head == f"data:{image.get_format_mimetype()}"
    image.load()
    return image


def made() -> GeneratedImage:
    """A generated picture with its bytes."""
    return GeneratedImage.from_url("https://cdn.example/a.png").with_data(encoded())


DATA_URI = f"data:image/png;base64,{base64.b64encode(encoded()).decode()}"
LINK = "https://cdn.example/cat.png?sig=secret"
SORTS: dict[str, Any] = {
    "path": Path("red.png"),
    "text": "red.png",
    "data-uri": DATA_URI,
    "bytes": encoded(),
    "bytearray": bytearray(encoded()),
    "pil": Image.new("RGB", (60, 40), RED),
    "array": np.full((40, 60, 3), RED, "uint8"),
    "floats": np.full((40, 60, 3), np.array(RED) / 255),
    "figure": Figure(),
    "generated": made(),
    "inline": GeneratedImage.from_url(DATA_URI),
    "saved": GeneratedImage("https://cdn.example/a.png", path=Path("red.png")),
    "generation": generation(made()),
    "list": [made()],
}


@pytest.mark.parametrize("value", SORTS.values(), ids=SORTS)
def test_each_sort_of_picture_is_sent_as_its_pixels(value: Any) -> None:
    """As a data URI of a decoded, encoded PNG or JPEG, with a note of its size."""
    Path("red.png").write_bytes(encoded())
    found = read_images(value)
    (url,), (note,) = found.urls, found.notes
    image = seen(url).convert("RGB")
    assert image.size == (60, 40)
    pixel = image.getpixel((30, 20))
    assert pixel == pytest.approx(RED, abs=3)
    assert "60 × 40, 1 kB" in note
    assert "base64" not in repr(found)


@pytest.mark.parametrize("value", [LINK, GeneratedImage.from_url(LINK)], ids=["text", "generated"])
def test_a_link_is_sent_as_it_is(value: Any) -> None:
    """It is not fetched; its query, which may be a signature, is not shown."""
    found = read_images(value)
    assert found.urls == (LINK,)
    assert found.notes == ("with https://cdn.example/cat.png, sent as a link",)


def test_pictures_keep_their_order_and_have_names() -> None:
    """A generation stands for all of its pictures; a file is called by its name."""
    Path("red.png").write_bytes(encoded())
    several = generation(made(), GeneratedImage.from_url(LINK))
    found = read_images([several, "red.png", Named("cats", [made(), made()]), encoded()])
    assert found.urls[1] == LINK
    assert [note.split(",")[0] for note in found.notes] == [
        "with https://cdn.example/a.png", "with https://cdn.example/cat.png", "with red.png",
        "with cats[0]", "with cats[1]", "with image 6",
    ]  # fmt: skip


@pytest.mark.parametrize("value", [None, (), []])
def test_no_picture_is_no_picture(value: Any) -> None:
    """Nothing is sent and nothing is said."""
    assert read_images(value).urls == ()


def test_paths_begin_at_home_or_in_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` and relative paths; spaces are part of a name."""
    monkeypatch.setenv("HOME", str(Path.cwd()))
    Path("my pictures").mkdir()
    Path("my pictures/red cat.png").write_bytes(encoded())
    for path in ("~/my pictures/red cat.png", "my pictures/red cat.png"):
        assert read_images(path).notes[0].startswith("with red cat.png, 60 × 40")


@pytest.mark.parametrize(
    ("array", "pixel"),
    [
        (np.full((4, 6), 200, "uint8"), 200),
        (np.full((4, 6), 0.5, "float32"), 128),
        (np.full((4, 6), 0.5, ">f4"), 128),
        (np.full((4, 6), fill_value=True), 255),
        (np.full((4, 6, 3), fill_value=True), (255, 255, 255)),
        (np.full((4, 6, 4), 128, "uint8"), (128, 128, 128, 128)),
        (np.full((8, 12), 7, "uint8")[::2, ::2], 7),
        (Tensor(), 0),
    ],
    ids=["grey", "floats", "big-endian", "bool", "bool-colour", "alpha", "view", "tensor"],
)
def test_arrays_become_pictures(array: Any, pixel: Any) -> None:
    """Grey, RGB or RGBA; rows come first."""
    image = seen(read_images(array).urls[0])
    assert image.size == (6, 4)
    assert image.getpixel((0, 0)) == pixel


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.zeros((4, 6), "int64"), "an array of int64; it must be of uint8, bool"),
        (np.full((4, 6), 255.0), "floats that are not all from 0 to 1"),
        (np.full((4, 6), 1.01), "floats that are not all from 0 to 1"),
        (np.full((4, 6), -0.01), "floats that are not all from 0 to 1"),
        (np.zeros((4, 6, 2), "uint8"), "an array of 4 × 6 × 2; it must be height × width"),
        (np.full((4, 6), np.nan), "floats that are not all from 0 to 1"),
        (np.zeros((3, 4, 6), "uint8"), "an array of 3 × 4 × 6; it must be height × width"),
        (np.zeros(9, "uint8"), "an array of 9"),
        (np.zeros((0, 6), "uint8"), "an array of 0 × 6"),
        (np.float64(1), "an array of no size"),
    ],
    ids=[
        "integers",
        "large",
        "above one",
        "below zero",
        "two channels",
        "nan",
        "channels-first",
        "row",
        "empty",
        "number",
    ],
)
def test_other_arrays_are_refused(array: Any, says: str) -> None:
    """The text says what the array is and what it must be."""
    with pytest.raises(ValueError, match=says):
        read_images(array)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("cat.svg", b'<?xml version="1.0"?><svg/>', "no picture but an SVG drawing"),
        ("notes.txt", "Grüße an alle".encode(), "no picture but text; PNG, JPEG"),
        ("a.json", b'{"a": 1}', "no picture but JSON"),
        ("a.pdf", b"%PDF-1.7\n\0", "no picture but a PDF"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0", "no picture but an HEIC photo"),
        ("a.mp4", b"\0\0\0\x18ftypmp42\0\0", "no picture but a video"),
        ("zero.png", b"", "the file is empty"),
        ("cut.png", encoded()[:60], "a broken picture"),
        ("cut.jpg", encoded("JPEG")[:-300], "a broken picture"),
        ("huge.png", png_with_size(25_000, 20_000), "a huge picture; more than 64,000,000 pixels"),
        ("large.png", png_with_size(10_000, 8_000), "a picture of 10000 × 8000; more than"),
    ],
)
def test_files_that_are_no_pictures_are_refused(name: str, data: bytes, says: str) -> None:
    """With their name and what they are, in one line."""
    Path(name).write_bytes(data)
    with pytest.raises(ValueError, match=says) as caught:
        read_images([encoded(), name])
    assert str(caught.value).startswith(f"image {name}: ")
    assert "\n" not in str(caught.value)


def test_a_huge_picture_that_is_open_is_not_decoded() -> None:
    """Pillow opens pictures without reading them."""
    huge = Image.open(io.BytesIO(png_with_size(10_000, 8_000)))
    with pytest.raises(ValueError, match="image 1: a picture of 10000 × 8000; more than"):
        read_images(huge)


def test_of_a_huge_file_only_the_header_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """500 megapixels are refused before they are decoded."""
    Path("huge.png").write_bytes(png_with_size(25_000, 20_000) + b"\0" * 5_000_000)
    reads: list[int] = []
    real = io.BufferedReader

    class Counting(io.BufferedReader):
        def read(self, size: int | None = -1, /) -> bytes:
            data = real.read(self, size)
            reads.append(len(data))
            return data

    monkeypatch.setattr(Path, "open", lambda path, mode: Counting(io.FileIO(path)))
    with pytest.raises(ValueError, match="a huge picture"):
        read_images("huge.png")
    assert 0 < sum(reads) < 100_000


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("Kat.PNG", "there is no such file in .*; did you mean cat.png?"),
        ("sub/cat.pgn", "did you mean sub/cat.png?"),
        ("nothing-like-it.png", "there is no such file in [^;]*$"),
        ("elsewhere/cat.png", "there is no folder .*elsewhere"),
        ("sub", "a folder; name a file in it"),
        ("a\0b", "image a.b: there is no such file"),
        ("x" * 5000, "the file cannot be read"),
        ("http://", "the link is malformed"),
        ("https://a b/c.png", "the link is malformed"),
        ("data:image/png;base64,***", "a data URI with bad base64"),
        ("data:text/plain,hello", "no picture but text"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said(path: str, says: str) -> None:
    """With a file that has nearly the same name."""
    Path("sub").mkdir()
    for name in ("cat.png", "sub/cat.png"):
        Path(name).write_bytes(encoded())
    with pytest.raises(ValueError, match=says):
        read_images(path)


def test_a_file_that_may_not_be_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the system's reason."""
    Path("cat.png").write_bytes(encoded())

    def refuse(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ValueError, match=r"cannot be read \(Permission denied\)"):
        read_images("cat.png")


@pytest.mark.parametrize(
    "value", [7, {"a": 1}, object(), GeneratedVideo("https://x/y.mp4"), np.ndarray, open],
    ids=["number", "dict", "object", "video", "class", "function"],
)  # fmt: skip
def test_other_types_are_refused(value: Any) -> None:
    """With what is taken."""
    with pytest.raises(TypeError, match="image 1: no picture but a value of type") as caught:
        read_images(value)
    assert "matplotlib figure" in str(caught.value)
    assert not is_picture(value)


def test_a_generation_without_a_picture_is_refused() -> None:
    """It says how it ended."""
    with pytest.raises(ValueError, match="the generation is queued and has no picture"):
        read_images(Named("cat", generation()))


def test_a_figure_that_cannot_be_drawn_is_said() -> None:
    """With what its library said."""
    with pytest.raises(ValueError, match=r"the figure cannot be drawn .*no backend"):
        read_images(Figure(RuntimeError("no\nbackend")))


def test_a_figure_of_matplotlib() -> None:
    """A real one is drawn as it is seen, without opening a window or a loss of its lines."""
    figures = pytest.importorskip("matplotlib.figure")
    figure = figures.Figure(figsize=(3, 2), dpi=100)
    figure.add_axes((0, 0, 1, 1)).imshow(np.full((2, 3, 3), RED, "uint8"))
    assert is_picture(figure)
    image = seen(read_images(figure).urls[0])
    assert (image.format, image.size) == ("PNG", (300, 200))
    assert image.convert("RGB").getpixel((150, 100)) == RED


class Meeting:
    """Notes whether two threads were in it together; the first one waits a moment for another."""

    def __init__(self) -> None:
        self.took_place = False
        self._both = threading.Barrier(2)

    def come(self) -> None:
        """Is called by what only one may do at a time."""
        with suppress(threading.BrokenBarrierError):
            self._both.wait(0.1)
            self.took_place = True


class Watched(io.BytesIO):
    """A file that notes whether two threads read it together."""

    meeting = Meeting()

    def read(self, size: int | None = -1, /) -> bytes:
        """Reads on."""
        self.meeting.come()
        return super().read(size)


def shared_picture(meeting: Meeting) -> Any:
    """A picture of which Pillow has read the header."""
    file = Watched(encoded())
    picture = Image.open(file)
    file.meeting = meeting
    return picture


def shared_figure(meeting: Meeting) -> Any:
    """A figure whose drawing is watched."""
    figure = Figure()
    draw = figure.savefig

    def savefig(stream: Any, **options: str) -> None:
        meeting.come()
        draw(stream, **options)

    figure.savefig = savefig  # type: ignore[method-assign]
    return figure


@pytest.mark.parametrize("shared", [shared_picture, shared_figure])
def test_rows_that_share_a_picture_get_it_whole(shared: Callable[[Meeting], Any]) -> None:
    """Threads that read one file, or draw one figure, at the same time would get a mixture."""
    meeting = Meeting()
    value = shared(meeting)
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(read_images, [value, value])
    assert not meeting.took_place
    assert first.urls == second.urls


class Stubborn:
    """A variable that raises whatever it is asked, such as a proxy of nothing."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


class Broken:
    """Says that it is an array, and is not."""

    __array_interface__: ClassVar[dict[str, Any]] = {}


def test_variables_that_raise_are_no_pictures() -> None:
    """They are not offered; an array that is none is said to be that."""
    assert not is_picture(Stubborn())
    assert not is_picture(Broken())
    with pytest.raises(ValueError, match="image 1: it cannot be read as an array"):
        read_images(Broken())
    undecodable = UnicodeDecodeError("utf-8", b"x", 0, 1, "why")
    with pytest.raises(ValueError, match=r"image 1: .*why"):
        read_images(Figure(undecodable))


def test_too_much_for_one_request_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture that is too many is named; those behind it are not even read."""
    monkeypatch.setattr(inputs.sources, "MOST_TOTAL", 300)
    with pytest.raises(ValueError, match=r"image 2: with it the pictures have 0\.0 of 0\.0003 MB"):
        read_images([encoded(), encoded(size=(61, 40)), 7])
    assert MOST_TOTAL == 20_000_000


@pytest.mark.parametrize("value", [encoded(), np.zeros((4, 6), "uint8"), Figure(), made()])
def test_pictures_are_known_among_variables(value: Any) -> None:
    """For completion; a text or a table of numbers is not offered."""
    assert is_picture(value)
    assert is_picture(generation(made()))
    assert not is_picture(generation())
    assert not is_picture("cat.png")
    assert not is_picture(np.float64(1))


def test_what_is_no_picture_is_told_what_would_be() -> None:
    """In one sentence, with its type."""
    with pytest.raises(TypeError) as caught:
        read_images(object())
    assert str(caught.value).startswith(
        "image 1: no picture but a value of type object; it can be "
    )
    assert "bytes" in str(caught.value)
