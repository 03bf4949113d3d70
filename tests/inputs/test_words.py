"""What is said of pictures that cannot be sent, and of those that are, whole."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from comet_magic.inputs import Inputs, Named, combined, is_picture, read_images
from comet_magic.inputs.encoding import encode
from comet_magic.media.images import GeneratedImage
from tests.generation.test_gallery import generation
from tests.pictures import encoded

READ = "PNG, JPEG, WebP, GIF, AVIF, BMP and TIFF are read"
TAKEN = (
    "a path, an http(s) link, a data URI, bytes, a PIL image, an array, a matplotlib figure, "
    "a GeneratedImage or a Generation"
)
SHAPE = "it must be height × width, × 3 or × 4"
KIND = "it must be of uint8, bool, or floats from 0 to 1"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, f"no picture but a value of type int; it can be {TAKEN}"),
        (b"", f"no picture but nothing; {READ}"),
        (b"hello", f"no picture but text; {READ}"),
        ("https://", "the link is malformed"),
        ("http://a b", "the link is malformed"),
        ("https://a.example/\n", "the link is malformed"),
        ("HTTPS://", "the link is malformed"),
        (generation(), "the generation is complete and has no picture"),
        (np.zeros((4, 6), "int64"), f"an array of int64; {KIND}"),
        (np.full((4, 6), 1.5), "an array of floats that are not all from 0 to 1"),
        (np.zeros((4, 6, 2), "uint8"), f"an array of 4 × 6 × 2; {SHAPE}"),
        (np.zeros((4, 6, 5), "uint8"), f"an array of 4 × 6 × 5; {SHAPE}"),
        (np.zeros((4, 6, 3, 1), "uint8"), f"an array of 4 × 6 × 3 × 1; {SHAPE}"),
        (np.zeros(4, "uint8"), f"an array of 4; {SHAPE}"),
        (np.zeros((4, 0), "uint8"), f"an array of 4 × 0; {SHAPE}"),
        (np.zeros((), "uint8"), f"an array of no size; {SHAPE}"),
    ],
)
def test_what_is_no_picture(value: Any, text: str) -> None:
    """By its name, cut if that is long; and what would be one."""
    with pytest.raises((ValueError, TypeError), match=r"^image ") as caught:
        read_images(value)
    assert str(caught.value).endswith(f": {text}")
    with pytest.raises((ValueError, TypeError)) as caught:
        read_images([encoded(), Named("x" * 61, value)])
    assert str(caught.value) == f"image {'x' * 59}…: {text}"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Kat.PNG", "there is no such file in {here}; did you mean cat.png?"),
        ("zzz", "there is no such file in {here}"),
        ("sub", "a folder; name a file in it"),
        ("no/cat.png", "there is no folder {here}/no"),
        ("empty.png", "the file is empty"),
    ],
)
def test_what_is_no_file(path: str, text: str) -> None:
    """With the folder, and with a file of nearly the same name."""
    Path("sub").mkdir()
    Path("cat.png").write_bytes(encoded())
    Path("empty.png").touch()
    with pytest.raises(ValueError, match=r"^image ") as caught:
        read_images(path)
    name = Path(path).name
    assert str(caught.value) == f"image {name}: {text.format(here=Path.cwd())}"


PICTURE = encoded(size=(60, 40))
LINK = "https://a.example/x.png?sig=secret"


@pytest.mark.parametrize(
    ("value", "note"),
    [
        (None, None),
        ([], None),
        (PICTURE, "with image 1, 60 × 40, 1 kB"),
        (LINK, "with https://a.example/x.png, sent as a link"),
        ("cat.png", "with cat.png, 60 × 40, 1 kB"),
        (Path("cat.png"), "with cat.png, 60 × 40, 1 kB"),
        (Named("mine", PICTURE), "with mine, 60 × 40, 1 kB"),
        (Named("mine", [PICTURE]), "with mine[0], 60 × 40, 1 kB"),
        (GeneratedImage(LINK), "with https://a.example/x.png, sent as a link"),
        (GeneratedImage(LINK).with_data(PICTURE), "with https://a.example/x.png, 60 × 40, 1 kB"),
        (replace(GeneratedImage(LINK), path=Path("cat.png")), "with cat.png, 60 × 40, 1 kB"),
        (replace(GeneratedImage(LINK), path=Path("gone.png")), "with gone.png, sent as a link"),
        (GeneratedImage("data:,").with_data(PICTURE), "with image 1, 60 × 40, 1 kB"),
        (generation(images=(GeneratedImage(LINK),)), "with https://a.example/x.png, sent as a"),
        (Image.new("CMYK", (3, 2)), "with image 1, 3 × 2, 1 kB (converted from CMYK)"),
        (
            Image.new("CMYK", (4_096, 2)),
            "with image 1, 2048 × 1, 1 kB (made smaller from 4096 × 2, converted from CMYK)",
        ),
        (Image.new("I;16", (3, 2)), "with image 1, 3 × 2, 1 kB (converted to 8 bits)"),
        (Image.new("L", (4_096, 2)), "with image 1, 2048 × 1, 1 kB (made smaller from 4096 × 2)"),
    ],
)
def test_what_is_said_of_a_picture(value: Any, note: str | None) -> None:
    """Its name, its size as it is sent, and what was changed."""
    Path("cat.png").write_bytes(PICTURE)
    notes = read_images(value).notes
    assert [each.startswith(note or "?") for each in notes] == ([True] if note else [])
    if note and not note.endswith("as a"):
        assert notes == (note,)


def test_pictures_of_several_calls_are_one_list() -> None:
    """In order; what was read once is taken as it is."""
    one, two = Inputs(("a",), ("1",)), Inputs(("b", "c"), ("2", "3"))
    assert combined([one, two]) == Inputs(("a", "b", "c"), ("1", "2", "3"))
    assert read_images(one) is one


@pytest.mark.parametrize(("megabytes", "is_taken"), [(20, True), (21, False)])
def test_twenty_megabytes_are_taken(megabytes: int, is_taken: bool) -> None:
    """Of base64, in all."""
    parts = [Inputs(("x" * 10_000_000,), ("",)), Inputs(("x" * (megabytes - 10) * 10**6,), ("",))]
    if is_taken:
        assert len(combined(parts).urls) == 2
        return
    with pytest.raises(ValueError, match=r".") as caught:
        combined(parts)
    assert str(caught.value) == "with it the pictures have 21.0 of 20 MB"


@pytest.mark.parametrize(
    ("shape", "is_one"),
    [((4,), False), ((4, 6), True), ((4, 6, 3), True), ((4, 6, 3, 1), False)],
    ids=str,
)
def test_which_arrays_are_offered(shape: tuple[int, ...], is_one: bool) -> None:
    """Those of two or three dimensions."""
    assert is_picture(np.zeros(shape, "uint8")) is is_one


@pytest.mark.parametrize(
    ("image", "media_type", "changes"),
    [
        (Image.new("RGB", (60, 40)), "image/png", ()),
        (Image.new("RGBA", (60, 40), (1, 2, 3, 4)), "image/png", ()),
        (Image.new("RGBA", (60, 40), (1, 2, 3, 255)), "image/png", ()),
        (Image.new("1", (60, 40)), "image/png", ()),
        (Image.new("P", (60, 40)), "image/png", ()),
        (Image.effect_noise((300, 300), 90).convert("RGB"), "image/jpeg", ()),
    ],
    ids=["colours", "transparent", "opaque", "black and white", "palette", "photo"],
)
def test_how_a_picture_is_sent(
    image: Image.Image, media_type: str, changes: tuple[str, ...]
) -> None:
    """The smaller of PNG and JPEG if there are few colours."""
    found = encode(image)
    assert (found.media_type, found.changes) == (media_type, changes)
    assert (found.width, found.height) == image.size
    assert "data" not in repr(found)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_each_form_that_is_named_is_read(form: str) -> None:
    """Here from its bytes."""
    assert read_images(encoded(form)).notes == ("with image 1, 60 × 40, 1 kB",)


def test_a_grey_picture_with_a_profile_stays_grey() -> None:
    """Its one channel is light already."""
    grey = Image.new("L", (60, 40), 100)
    grey.info["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    found = Image.open(io.BytesIO(encode(grey).data))
    assert (found.mode, found.getpixel((0, 0))) == ("L", 100)


@pytest.mark.parametrize(("low", "high"), [(-0.01, 0.5), (0.5, 1.01)])
def test_floats_are_from_0_to_1(low: float, high: float) -> None:
    """Others are no colours."""
    image = Image.new("F", (2, 1), low)
    image.putpixel((1, 0), high)
    with pytest.raises(ValueError, match=r"^image 1: its floats must be from 0 to 1$"):
        read_images(image)
