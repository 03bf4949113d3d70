"""Pictures: checked, previewed, saved."""

import io
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from comet_magic.media.images import GeneratedImage
from comet_magic.media.pixels import MOST_PIXELS
from comet_magic.media.sniffing import MediaError
from tests.pictures import encoded, png_with_size

URL = "https://a.example/cdn/x%20y.png?sig=secret"


def image(data: bytes, **options: Any) -> GeneratedImage:
    """A picture with these bytes."""
    return GeneratedImage.from_url(URL, "A cat").with_data(data, **options)


@pytest.mark.parametrize(
    ("form", "mode", "media_type", "preview_type"),
    [
        ("PNG", "RGB", "image/png", "image/jpeg"),
        ("PNG", "RGBA", "image/png", "image/png"),
        ("PNG", "P", "image/png", "image/jpeg"),
        ("PNG", "L", "image/png", "image/jpeg"),
        ("PNG", "1", "image/png", "image/jpeg"),
        ("PNG", "I;16", "image/png", "image/jpeg"),
        ("JPEG", "RGB", "image/jpeg", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg", "image/jpeg"),
        ("WEBP", "RGB", "image/webp", "image/jpeg"),
        ("WEBP", "RGBA", "image/webp", "image/png"),
        ("GIF", "P", "image/gif", "image/jpeg"),
        ("BMP", "RGB", "image/bmp", "image/jpeg"),
    ],
)
def test_every_kind_of_picture_gets_a_preview(
    form: str, mode: str, media_type: str, preview_type: str
) -> None:
    """A preview is a JPEG, or a PNG where there is transparency, whatever the picture is."""
    made = image(encoded(form, (120, 90), mode), preview_pixels=64)
    assert (made.media_type, made.width, made.height) == (media_type, 120, 90)
    assert made.preview is not None
    assert (made.preview.media_type, made.preview.width, made.preview.height) == (
        preview_type,
        64,
        48,
    )
    with Image.open(io.BytesIO(made.preview.data)) as shown:
        assert shown.size == (64, 48)
    assert made.to_pil().size == (120, 90)


def test_opaque_alpha_needs_no_png() -> None:
    """Most pictures with an alpha channel do not use it."""
    stream = io.BytesIO()
    Image.new("RGBA", (90, 90), (1, 2, 3, 255)).save(stream, "PNG")
    preview = image(stream.getvalue()).preview
    assert preview is not None
    assert preview.media_type == "image/jpeg"


def test_small_pictures_are_not_enlarged() -> None:
    """A preview is never larger than the picture."""
    preview = image(encoded(size=(10, 5))).preview
    assert preview is not None
    assert (preview.width, preview.height) == (10, 5)


def test_pictures_are_shown_upright_and_without_metadata() -> None:
    """The camera's orientation is applied; what else it wrote stays out of the notebook."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°
    exif[0x010E] = "secret place"
    made = image(encoded("JPEG", (60, 40), exif=exif))
    assert (made.width, made.height) == (40, 60)
    assert made.preview is not None
    assert (made.preview.width, made.preview.height) == (40, 60)
    assert b"secret" not in made.preview.data


def test_odd_metadata_break_no_picture() -> None:
    """Pillow cannot write anew a width that is a text; how the picture is turned is known."""
    head = b"Exif\0\0MM\0*\0\0\0\x08\0\2"
    width = b"\1\0\0\2\0\0\0\4abc\0"
    turned = b"\1\x12\0\3\0\0\0\1\0\6\0\0"
    made = image(encoded("JPEG", (30, 20), exif=head + width + turned + bytes(4)))
    assert (made.width, made.height, made.to_pil().size) == (20, 30, (20, 30))
    wrong = turned.replace(b"\6", b"\0")
    made = image(encoded("WEBP", (30, 20), exif=head + width + wrong + bytes(4)))
    assert (made.width, made.height) == (30, 20)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "nothing"),
        (b"<html>", "a web page"),
        (b'{"error": 1}', "JSON"),
        (b"<?xml version='1.0'?><svg onload='x()'/>", "SVG"),
        (b"hello", "no picture but text"),
        (b"\x00\x01", "something else"),
        (encoded()[:50], "a broken picture"),
        (encoded("JPEG", (500, 500))[:-900], "a broken picture"),
        (png_with_size(60_000, 60_000), "a huge picture"),
        (png_with_size(8_001, 8_000), f"more than {MOST_PIXELS:,}"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_named(data: bytes, says: str) -> None:
    """Whatever the bytes are, the error says what, and nothing is decoded that is too large."""
    with pytest.raises(MediaError, match=says):
        image(data)


def test_what_pillow_warns_of_is_not_said() -> None:
    """A warning would stand in the notebook; here it would be an error."""
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\xff\xff\xff\xff\0\x06\0\0"
    made = image(encoded("JPEG", (30, 20), exif=exif))
    assert (made.width, made.to_pil().width) == (30, 30)
    with pytest.raises(MediaError, match="a picture of 10000 × 10000"):
        image(png_with_size(10_000, 10_000))


def test_saving(tmp_path: Path) -> None:
    """To a file, or into a folder under the name it was received with."""
    made = image(encoded())
    assert made.save(tmp_path / "cat.png").read_bytes() == made.data
    assert made.save(str(tmp_path)).name == "x-20y.png"
    assert made.save(str(tmp_path)).name == "x-20y-2.png"
    assert replace(made, url="https://a.example/CON.png").save(tmp_path).name == "picture.png"
    assert replace(made, url="https://a.example/..%2F").save(tmp_path).parent == tmp_path
    with pytest.raises(ValueError, match="no bytes"):
        GeneratedImage.from_url(URL).save(tmp_path)
    with pytest.raises(ValueError, match="not downloaded"):
        GeneratedImage.from_url(URL).to_pil()


def test_a_repr_is_short_and_holds_no_signature() -> None:
    """Neither bytes nor the secret part of a link."""
    for shown in (
        repr(image(encoded())),
        repr(GeneratedImage.from_url("data:image/png;base64," + "A" * 10_000)),
    ):
        assert len(shown) < 150
        assert "secret" not in shown


def test_values_can_be_pickled_and_compared() -> None:
    """They cross process boundaries and stay equal."""
    made = image(encoded())
    assert pickle.loads(pickle.dumps(made)) == made
