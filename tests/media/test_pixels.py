"""Decoding within limits: of pixels for each picture, and for all that are decoded at once."""

import io
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageFile, _imaging

from comet_magic.media import pixels
from comet_magic.media.images import GeneratedImage
from comet_magic.media.pixels import MOST_PIXELS, PixelsAtWork, make_preview, open_picture
from comet_magic.media.sniffing import MediaError
from tests.pictures import encoded


class Sized:
    """As much of a picture as counts."""

    def __init__(self, millions: int) -> None:
        self.width, self.height = millions, 1_000_000


def test_pictures_at_work_share_their_pixels() -> None:
    """Six large ones go one after the other, small ones together."""
    at_work = PixelsAtWork()
    together, most = 0, 0
    lock = threading.Lock()

    def decode(millions: int) -> None:
        nonlocal together, most
        with at_work.room_for(Sized(millions)):  # type: ignore[arg-type]
            with lock:
                together += millions
                most = max(most, together)
            threading.Event().wait(0.001)
            with lock:
                together -= millions

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(decode, [64, 16, 64, 1, 40, 16, 16, 16, 64, 1, 64, 30] * 4))
    assert together == 0
    assert most <= MOST_PIXELS // 1_000_000
    with at_work.room_for(Sized(32)), at_work.room_for(Sized(32)):  # type: ignore[arg-type]
        pass


def test_a_failure_gives_its_room_back() -> None:
    """Whatever ended the work."""
    at_work = PixelsAtWork()
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt), at_work.room_for(Sized(64)):  # type: ignore[arg-type]
            raise KeyboardInterrupt


def test_a_picture_takes_its_room_while_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """From before its pixels are loaded until its preview is made."""
    taken: list[int] = []
    load, preview = ImageFile.ImageFile.load, pixels.make_preview

    def loading(image: Any) -> Any:
        taken.append(pixels.at_work._pixels)
        return load(image)

    def previewing(*arguments: Any) -> Any:
        taken.append(pixels.at_work._pixels)
        return preview(*arguments)

    monkeypatch.setattr(ImageFile.ImageFile, "load", loading)
    monkeypatch.setattr("comet_magic.media.images.make_preview", previewing)
    GeneratedImage("").with_data(encoded("PNG", (30, 20)))
    assert set(taken) == {600}
    # Only blocks of this size are given back to the system.
    assert _imaging.get_block_size() > 32 * 2**20
    assert pixels.at_work._pixels == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_waits_for_nobody() -> None:
    """The threads that were decoding are not there any more."""
    with pixels.at_work.room_for(Sized(64)):  # type: ignore[arg-type]
        child = os.fork()
        if not child:
            GeneratedImage("").with_data(encoded("PNG", (30, 20)))
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize(
    "error", [MemoryError(), OSError("out of memory when reading image file")], ids=["own", "code"]
)
def test_want_of_memory_is_no_broken_picture(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said to be what it is, so that the bytes are kept."""

    def load(_: Any) -> None:
        raise error

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    with pytest.raises(MemoryError), open_picture(io.BytesIO(encoded())):
        pass


def test_a_large_picture_is_not_copied_for_its_preview(monkeypatch: pytest.MonkeyPatch) -> None:
    """No copy of its full size, not even to turn it: one of 64 million pixels has 256 MB."""
    data = encoded("JPEG", (3_000, 2_000), exif=_turned(6))
    copied: list[tuple[int, int]] = []
    new = Image.Image._new

    def copying(image: Any, core: Any) -> Any:
        copied.append(core.size)
        return new(image, core)

    monkeypatch.setattr(Image.Image, "_new", copying)
    made = GeneratedImage("").with_data(data)
    assert (made.width, made.height) == (2_000, 3_000)
    assert made.preview
    assert (made.preview.width, made.preview.height) == (512, 768)
    assert copied
    assert max(max(size) for size in copied) < 2_000


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_preview_is_upright(turned: int) -> None:
    """As the whole picture, turned first, would be."""
    image = Image.new("RGB", (40, 20))
    image.paste((255, 0, 0), (0, 0, 10, 10))
    stream = io.BytesIO()
    image.save(stream, "PNG", exif=_turned(turned))
    made = GeneratedImage("").with_data(stream.getvalue())
    whole = made.to_pil()
    assert (made.width, made.height) == whole.size
    assert made.preview
    with Image.open(io.BytesIO(made.preview.data)) as small:
        assert small.size == whole.size
        for corner in [(3, 3), (-4, 3), (3, -4), (-4, -4)]:
            place = tuple(at % side for at, side in zip(corner, small.size, strict=True))
            is_red = whole.getpixel(place)[0] > 128  # type: ignore[index,arg-type]
            assert (small.getpixel(place)[0] > 128) is is_red  # type: ignore[index,arg-type]


def test_a_colour_that_is_transparent_stays_so() -> None:
    """It is made transparent before the pixels are mixed."""
    image = Image.new("RGB", (100, 100), (10, 200, 10))
    image.info["transparency"] = (10, 200, 10)
    preview = make_preview(image, 50)
    assert preview.media_type == "image/png"
    with Image.open(io.BytesIO(preview.data)) as small:
        assert small.getchannel("A").getextrema() == (0, 0)


def test_bytes_that_are_not_decoded_are_a_picture_all_the_same() -> None:
    """By their beginning; anything else is refused."""
    data = encoded("WEBP", (30, 20))
    kept = GeneratedImage("https://a.example/x.webp").undecoded(data)
    assert (kept.data, kept.media_type, kept.width, kept.preview) == (
        data,
        "image/webp",
        None,
        None,
    )
    assert "not decoded" in repr(kept)
    with pytest.raises(MediaError, match="a web page"):
        GeneratedImage("").undecoded(b"<html>")


def _turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return exif
