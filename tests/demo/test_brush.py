"""Bytes of pictures: what is made, what is read, and what is refused."""

import base64
import io

import pytest
from PIL import Image

from comet_magic.demo import brush
from comet_magic.demo.api_errors import ApiError


def png(size: tuple[int, int] = (60, 40), mode: str = "RGB", orientation: int = 1) -> bytes:
    """Give a picture; an EXIF orientation of 6 means that it lies on its side."""
    image, output = Image.new(mode, size), io.BytesIO()
    exif = image.getexif()
    exif[0x0112] = orientation
    image.save(output, "PNG", exif=exif)
    return output.getvalue()


def opened(data: bytes) -> Image.Image:
    """Give the picture, read to its end."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
    return image


def test_a_picture_follows_prompt_ratio_and_variant() -> None:
    """Each of them gives another PNG."""
    asked = [("A boat", "3:2", 0), ("A cat", "3:2", 0), ("A boat", "1:1", 0), ("A boat", "3:2", 1)]
    pictures = [brush.painted(*arguments) for arguments in asked]
    assert len(set(pictures)) == 4
    assert [opened(data).format for data in pictures] == ["PNG"] * 4
    assert [opened(data).size for data in pictures[1:3]] == [(1024, 683), (1024, 1024)]


def test_an_edit_keeps_the_size_and_follows_the_words() -> None:
    """It is another picture than the one it came from."""
    source = png((90, 60))
    night, frame = (brush.edited(source, words, 0) for words in ("night", "a frame"))
    assert len({night, frame, source}) == 3
    assert opened(night).size == opened(frame).size == (90, 60)


@pytest.mark.parametrize(
    ("size", "ratio"),
    [((50, 50), "1:1"), ((90, 60), "3:2"), ((60, 90), "2:3"), ((160, 91), "16:9")],
)
def test_the_nearest_usual_ratio(size: tuple[int, int], ratio: str) -> None:
    """A picture of odd size has the ratio that comes next."""
    assert brush.ratio_of(png(size)) == ratio


def test_a_large_picture_is_reduced_and_put_upright() -> None:
    """At most 1,024 pixels a side, turned as its EXIF says, with transparency kept."""
    reduced = opened(brush.reduced(png((2000, 1000), "LA", orientation=6)))
    assert (reduced.size, reduced.mode) == ((512, 1024), "RGBA")
    assert opened(brush.reduced(png((30, 20)))).size == (30, 20)


def test_a_data_uri_holds_the_bytes() -> None:
    """What was put into it comes out of it."""
    for data in (png(), png((3, 4))):
        uri = brush.data_uri(data)
        assert uri.startswith("data:image/png;base64,")
        assert brush.uploaded(uri) == data


def test_what_is_no_picture_is_refused() -> None:
    """Neither other bytes, nor half a picture, nor more pixels than the server can take."""
    huge = png((10_001, 5_000), "1")
    for data, code in (
        (b"hello", "invalid_image"),
        (png()[:60], "invalid_image"),
        (huge, "image_size"),
    ):
        with pytest.raises(ApiError) as caught:
            brush.uploaded(f"data:image/png;base64,{base64.b64encode(data).decode()}")
        assert (caught.value.status, caught.value.code) == (400, code)


def test_a_description_is_of_the_picture() -> None:
    """Two pictures are described in different words."""
    assert "60 × 40" in brush.described(png())
    assert "3 × 4" in brush.described(png((3, 4)))
