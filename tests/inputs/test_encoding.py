"""What a picture becomes before it is sent."""

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

from comet_magic.inputs import encoding
from comet_magic.inputs.encoding import LONG_SIDE, MOST_BYTES, encode

LOCATION = {1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)}


def noise(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """A picture that no encoder makes small."""
    channel = Image.effect_noise(size, 90)
    other = [Image.effect_noise(size, 90) for _ in mode[1:]]
    return Image.merge(mode, [channel, *other]) if other else channel


def split(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Left red, right blue."""
    image = Image.new("RGB", size, (220, 30, 30))
    image.paste((30, 30, 220), (size[0] // 2, 0, *size))
    return image.convert(mode)


def stored(image: Image.Image, form: str, **options: Any) -> Image.Image:
    """The picture as it is read from a file."""
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return Image.open(stream)


def sent(image: Image.Image) -> Image.Image:
    """The picture as its receiver sees it."""
    return Image.open(io.BytesIO(encode(image).data))


def is_red_then_blue(image: Image.Image) -> bool:
    """Whether the left is red and the right blue."""
    plain = image.convert("RGB")
    left = plain.getpixel((plain.width // 4, plain.height // 2))
    right = plain.getpixel((plain.width * 3 // 4, plain.height // 2))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    return left[0] > 150 > 100 > left[2] and right[2] > 150 > 100 > right[0]


@pytest.mark.parametrize(
    ("size", "small"),
    [((6000, 4000), (2048, 1365)), ((100, 3000), (68, 2048)), ((9000, 1), (2048, 1))],
)
def test_large_pictures_are_made_smaller(size: tuple[int, int], small: tuple[int, int]) -> None:
    """At most 2048 pixels on the long side, in their shape, and it is said."""
    found = encode(Image.new("RGB", size))
    assert (found.width, found.height) == small
    assert found.changes == (f"made smaller from {size[0]} × {size[1]}",)
    assert encode(Image.new("RGB", (LONG_SIDE, 8))).changes == ()


@pytest.mark.parametrize("mode", ["RGBA", "RGB"])
def test_large_files_are_made_smaller(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until they fit; the limit is that of base64 in five mebibytes."""
    monkeypatch.setattr(encoding, "MOST_BYTES", 40_000)
    found = encode(noise((300, 200), mode))
    assert len(found.data) <= 40_000
    assert found.width < 300
    assert found.width / found.height == pytest.approx(1.5, abs=0.05)
    assert found.changes == ("made smaller from 300 × 200",)
    assert MOST_BYTES * 4 / 3 < 5 * 1024 * 1024


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_are_turned_upright(orientation: int) -> None:
    """By the orientation in their EXIF data, which is then gone."""
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    turned = split()
    if orientation in turns:
        turned = turned.transpose(turns[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = sent(stored(turned, "JPEG", exif=exif, quality=95))
    assert image.size == (60, 40)
    assert is_red_then_blue(image)
    assert not image.getexif()


def test_a_photo_with_odd_metadata_is_turned_too() -> None:
    """Its width is a text, which Pillow cannot write anew."""
    head = b"Exif\0\0MM\0*\0\0\0\x08\0\2"
    width, turned = b"\1\0\0\2\0\0\0\4abc\0", b"\1\x12\0\3\0\0\0\1\0\6\0\0"
    photo = stored(split(), "JPEG", exif=head + width + turned + bytes(4))
    assert sent(photo).size == split().size[::-1]


def with_everything(form: str) -> Image.Image:
    """A picture with every sort of metadata that its format takes."""
    exif = Image.Exif()
    exif[0x010F] = "secret camera"
    if form != "TIFF":  # Pillow does not write it there
        exif[0x8825] = LOCATION
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, Any] = {"exif": exif, "icc_profile": profile}
    if form == "PNG":
        texts = PngInfo()
        texts.add_text("prompt", "secret prompt")
        texts.add_itxt("XML:com.adobe.xmp", "secret xmp")
        options |= {"pnginfo": texts, "dpi": (300, 300)}
    elif form == "JPEG":
        options |= {"comment": "secret comment", "dpi": (300, 300)}
    elif form == "WEBP":
        options["xmp"] = b"secret xmp"
    stream = io.BytesIO()
    split().save(stream, form, **options)
    # Phones hang whole films behind the end of a photo.
    return Image.open(io.BytesIO(stream.getvalue() + b"secret film"))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_nothing_but_pixels_is_sent(form: str, mode: str) -> None:
    """No EXIF, place, text, comment, profile or what hangs behind the end."""
    image = with_everything(form)
    if mode == "RGBA":
        image.putalpha(200)
    data = encode(image).data
    assert b"secret" not in data
    again = Image.open(io.BytesIO(data))
    again.load()
    assert not again.getexif()
    # Only what the format itself needs.
    assert set(again.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert is_red_then_blue(again)


def test_colours_are_converted_to_srgb() -> None:
    """A profile of another colour space is applied before it is dropped; a broken one is not."""
    wide = stored(split(), "PNG", icc_profile=_swapped_profile())
    shown = sent(wide).convert("RGB").getpixel((10, 20))
    assert shown != pytest.approx((220, 30, 30), abs=20)
    for broken in (b"no profile", _swapped_profile()[:200]):
        assert is_red_then_blue(sent(stored(split(), "PNG", icc_profile=broken)))
    transparent = stored(split("RGBA"), "PNG", icc_profile=_swapped_profile())
    transparent.putalpha(99)
    image = sent(transparent)
    assert image.getchannel("A").getextrema() == (99, 99)
    assert image.convert("RGB").getpixel((10, 20)) == shown


def _swapped_profile() -> bytes:
    """The sRGB profile with red and blue in each other's place, under another name."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red, blue = data.index(b"rXYZ"), data.index(b"bXYZ")
    mixed = bytearray(data)
    mixed[red : red + 4], mixed[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(mixed).replace("sRGB".encode("utf-16-be"), "mine".encode("utf-16-be"))


@pytest.mark.parametrize(
    ("image", "media_type"),
    [
        (split("RGBA"), "image/png"),
        (noise((200, 200)), "image/jpeg"),
        (noise((200, 200), "L"), "image/jpeg"),
        (split("P"), "image/png"),
        (split("1"), "image/png"),
    ],
    ids=["opaque", "photo", "grey-photo", "palette", "black-and-white"],
)
def test_the_format_suits_the_picture(image: Image.Image, media_type: str) -> None:
    """PNG for what has few colours, JPEG for photos; alpha that is opaque is none."""
    found = encode(image)
    assert found.media_type == media_type
    assert "A" not in sent(image).mode


def test_transparency_is_kept() -> None:
    """Of RGBA, grey with alpha, a transparent palette colour and a colour key: as PNG."""
    palette = stored(split("P"), "PNG", transparency=split("P").getpixel((0, 0)))
    key = stored(split(), "PNG", transparency=(220, 30, 30))
    alpha = split("RGBA")
    alpha.putalpha(Image.linear_gradient("L").resize(alpha.size))
    for image in (palette, key, alpha, alpha.convert("LA")):
        found = sent(image)
        assert found.format == "PNG"
        assert found.getchannel("A").getextrema() != (255, 255)
        assert image.mode != "P" or found.getpixel((0, 0)) == (*_rgb(found), 0)


def _rgb(image: Image.Image) -> tuple[int, ...]:
    pixel = image.convert("RGB").getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return tuple(int(part) for part in pixel)


def test_deep_and_printed_colours_are_converted() -> None:
    """16 bits are scaled, not clipped; CMYK becomes RGB; both are said."""
    deep = Image.new("I;16", (60, 40), 32_768)
    assert encode(deep).changes == ("converted to 8 bits",)
    assert sent(stored(deep, "PNG")).getpixel((0, 0)) == 128
    printed = stored(split("CMYK"), "JPEG", quality=95)
    assert encode(printed).changes == ("converted from CMYK",)
    assert is_red_then_blue(sent(printed))
    assert sent(Image.new("F", (8, 8), 0.5)).getpixel((0, 0)) == pytest.approx(128, abs=1)
    with pytest.raises(ValueError, match="floats must be from 0 to 1"):
        encode(Image.new("F", (8, 8), 300.0))


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_an_animation_the_first_frame_is_sent(form: str) -> None:
    """And it is said."""
    others = [Image.new("RGB", (60, 40), "green")] * 3
    moving = stored(split(), form, save_all=True, append_images=others)
    found = encode(moving)
    assert found.changes == ("frame 1 only",)
    assert is_red_then_blue(Image.open(io.BytesIO(found.data)))


def test_a_photo_with_a_second_picture_is_no_animation() -> None:
    """As phones and cameras write it: the second is a preview or a depth map."""
    photo = stored(split(), "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40))])
    assert (photo.format, getattr(photo, "n_frames", 1)) == ("MPO", 2)
    assert encode(photo).changes == ()
    assert is_red_then_blue(sent(photo))


def test_the_picture_of_the_user_is_left_as_it_is() -> None:
    """Its size, mode and metadata."""
    image = with_everything("PNG")
    image.load()
    before = (image.size, image.mode, dict(image.info), image.tobytes())
    encode(image)
    assert (image.size, image.mode, dict(image.info), image.tobytes()) == before
    large = Image.new("RGB", (4000, 10))
    encode(large)
    assert large.size == (4000, 10)


def test_lines_stay_sharp() -> None:
    """A chart comes through without a loss."""
    chart = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(chart).line([(0, 300), (130, 80), (250, 200), (400, 10)], "navy", 3)
    assert sent(chart).convert("RGB").tobytes() == chart.tobytes()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_no_exif_data_break_it(exif: bytes) -> None:
    """What a camera wrote wrong is dropped like the rest."""
    body = b"eXIf" + exif
    chunk = struct.pack(">I", len(exif)) + body + struct.pack(">I", zlib.crc32(body))
    stream = io.BytesIO()
    split().save(stream, "PNG")
    data = stream.getvalue()
    image = Image.open(io.BytesIO(data[:33] + chunk + data[33:]))
    assert {encode(image).width, encode(image).height} == {60, 40}
