"""Names, numbers and words at their borders: of addresses, files, names and previews."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from comet_magic import hooks
from comet_magic.media.addresses import absolute, cleaned, expiry, is_data_uri, is_relative
from comet_magic.media.archive import slug
from comet_magic.media.audios import MOST_EMBEDDED, GeneratedAudio
from comet_magic.media.images import GeneratedImage
from comet_magic.media.inline import fold, inline_address
from comet_magic.media.media_file import file_size
from comet_magic.media.pixels import FORMATS, Preview, make_preview, make_sheet
from comet_magic.media.sniffing import extension, looks_like, media_type_of
from comet_magic.media.videos import GeneratedVideo
from tests.pictures import MP4, encoded
from tests.sounds import MP3


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"),
        (b"BM", "image/bmp"), (b"II*\0", "image/tiff"), (b"MM\0*", "image/tiff"),
        (b"\x1a\x45\xdf\xa3", "video/webm"), (b"ID3", "audio/mpeg"), (b"OggS", "audio/ogg"),
        (b"fLaC", "audio/flac"), (b"RIFF1234WEBP", "image/webp"), (b"RIFF1234WAVE", "audio/wav"),
        *(
            (b"1234ftyp" + brand, media_type)
            for brand, media_type in (
                (b"avif", "image/avif"), (b"avis", "image/avif"), (b"heic", "image/heic"),
                (b"heix", "image/heic"), (b"mif1", "image/heic"), (b"M4A ", "audio/mp4"),
                (b"M4B ", "audio/mp4"), (b"qt  ", "video/quicktime"), (b"isom", "video/mp4"),
            )
        ),
        (b"\xff\xfb\x90", "audio/mpeg"), (b"\xff\xfa\x90", "audio/mpeg"),
        (b"\xff\xf3\x90", "audio/mpeg"), (b"\xff\xe3\x90", "audio/mpeg"),
        (b"\xff\xeb\x90", None), (b"\xff\xfd\x90", None), (b"\xff\xff\x90", None),
        (b"\xff\xfb\xe0", "audio/mpeg"), (b"\xff\xfb\xf0", None), (b"\xff\xfb\x9c", None),
        (b"\xff\xfb\x98", "audio/mpeg"), (b"\xff\xf1\x30", "audio/aac"),
        (b"\xff\xf0\x30", "audio/aac"), (b"\xff\xf9\x30", "audio/aac"), (b"\xff\xf1\x34", None),
        (b"\xff\xf1", None), (b"\xfe\xfb\x90", None), (b"", None), (b"PNG", None), (b"RIFF", None),
    ],
    ids=repr,
)  # fmt: skip
def test_how_files_begin(data: bytes, media_type: str | None) -> None:
    """Frames of sounds have no header: their bits are told from those of other files."""
    assert media_type_of(data) == media_type


@pytest.mark.parametrize(
    ("media_type", "ending"),
    [
        ("image/png", ".png"), ("image/jpeg", ".jpg"), ("video/quicktime", ".mov"),
        ("audio/mpeg", ".mp3"), ("audio/mp4", ".m4a"), ("video/mp4", ".mp4"), ("", ".bin"),
        (None, ".bin"),
    ],
)  # fmt: skip
def test_the_ending_of_a_media_type(media_type: str | None, ending: str) -> None:
    """People know some under another name."""
    assert extension(media_type) == ending


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "1 kB"), (1_999, "1 kB"), (2_000, "2 kB"), (999_999, "999 kB"), (1_000_000, "1.0 MB"),
        (3_450_000, "3.5 MB"),
    ],
)  # fmt: skip
def test_the_size_of_a_file_in_words(size: int, words: str) -> None:
    """In thousands of bytes, and in millions."""
    assert file_size(size) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * 48, "x" * 48), ("x" * 49, "x" * 48), ("x" * 47 + " y", "x" * 47),
        ("a_b", "a-b"), ("画" * 41, "画" * 40), ("画" * 40, "画" * 40), (" " * 500 + "x", ""),
        (" " * 499 + "x", "x"),
    ],
    ids=lambda value: f"{len(value)}",
)  # fmt: skip
def test_how_long_a_name_can_be(text: str, expected: str) -> None:
    """48 characters or 120 bytes of the first 500 characters."""
    assert slug(text) == expected


@pytest.mark.parametrize(
    ("url", "is_path"),
    [
        ("/files/x.png", True), ("x.png", True), ("//a.example/x", True), ("", True),
        ("https://a.example", False), ("data:,", False), ("HTTP:x", False), ("a+b-c.d1:x", False),
        ("1a:x", True),
        *((f"/{name}/x.png", False) for name in (
            "mnt", "tmp", "home", "root", "var", "usr", "opt", "Users", "workspace")),
        ("/mnt", True), ("/users/x.png", True), ("/a/mnt/x.png", True),
    ],
)  # fmt: skip
def test_a_path_of_the_endpoint(url: str, is_path: bool) -> None:
    """A file on the model's own machine is none."""
    assert is_relative(url) is is_path
    joined = absolute(url, "https://a.example/v1")
    assert (joined == url) is (not is_path or not url)


@pytest.mark.parametrize(
    ("url", "base_url", "expected"),
    [
        ("/x", "https://a.example/v1", "https://a.example/x"),
        ("x", "https://a.example/v1", "https://a.example/v1/x"),
        ("//b.example/x", "https://a.example/v1", "https://b.example/x"),
        ("/x", "", "/x"),
        ("x", "", "x"),
        ("", "https://a.example", ""),
        ("//[", "https://a.example", "//["),
    ],
)
def test_an_address_is_joined_to_that_of_the_endpoint(
    url: str, base_url: str, expected: str
) -> None:
    """As far as there is one."""
    assert absolute(url, base_url) == expected


@pytest.mark.parametrize("sign", ["&amp;", "&#38;", "&#x26;", "\\u0026", "&amp;amp;", "&AMP;"])
def test_an_address_as_html_and_json_write_it(sign: str) -> None:
    """It is what was meant; a data URI stays as it is."""
    assert cleaned(f" https://a.example/x?a=1{sign}b=2 ") == "https://a.example/x?a=1&b=2"
    assert cleaned(f"data:,{sign}") == f"data:,{sign}"
    assert is_data_uri("DATA:,")
    assert not is_data_uri("data")


@pytest.mark.parametrize("url", ["/x.png?se=2026-01-18", "ftp://a.example/x?se=2026-01-18"])
def test_only_web_addresses_expire(url: str) -> None:
    """Of others nobody knows."""
    assert expiry(url) is None
    assert expiry("http://a.example/x.png") is None


@pytest.mark.parametrize(
    ("count", "size"),
    [
        (1, (400, 400)), (2, (808, 400)), (3, (1_216, 400)), (4, (1_216, 808)),
        (30, (1_216, 4_072)), (31, (1_216, 4_072)),
    ],
)  # fmt: skip
def test_a_sheet_of_previews(count: int, size: tuple[int, int]) -> None:
    """Three squares in a row, ten rows at most, with a gap between them, on white."""
    preview = make_preview(Image.new("RGB", (60, 30), (200, 30, 30)), 60)
    sheet = make_sheet([preview] * count)
    assert (sheet.width, sheet.height, sheet.media_type) == (*size, "image/jpeg")
    with Image.open(io.BytesIO(sheet.data)) as image:
        assert _is_red(image, 200, 110)
        assert _is_red(image, 200, 290)
        assert not _is_red(image, 200, 90)
        assert not _is_red(image, 200, 310)
        if count > 1:
            assert _is_red(image, 418, 200)
            assert not _is_red(image, 404, 200)
        if count > 3:
            assert _is_red(image, 200, 608)


def _is_red(image: Image.Image, x: int, y: int) -> bool:
    red, green, *_ = tuple(image.getpixel((x, y)))  # type: ignore[arg-type]
    return bool(red > 150 and green < 100)


@pytest.mark.parametrize(
    ("size", "pixels", "expected"),
    [
        ((100, 50), 100, (100, 50)), ((101, 50), 100, (100, 50)), ((50, 200), 100, (25, 100)),
        ((1_000, 1), 100, (100, 1)), ((1, 1_000), 100, (1, 100)),
    ],
)  # fmt: skip
def test_the_size_of_a_preview(
    size: tuple[int, int], pixels: int, expected: tuple[int, int]
) -> None:
    """Its long side is the limit, and no side is nothing."""
    preview = make_preview(Image.new("RGB", size), pixels)
    assert (preview.width, preview.height) == expected


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP"])
def test_the_formats_that_are_decoded(form: str) -> None:
    """Those that models make."""
    assert form in FORMATS
    made = GeneratedImage("").with_data(encoded(form, (30, 20)))
    assert (made.media_type, made.width, made.height) == (f"image/{form.lower()}", 30, 20)


@pytest.mark.parametrize(("left", "is_loaded"), [(0, True), (1, False)])
def test_how_large_a_sound_is_shown(left: int, is_loaded: bool) -> None:
    """A notebook holds what it shows."""
    data = MP3 + bytes(MOST_EMBEDDED + left - len(MP3))
    path = Path("sound.mp3")
    path.write_bytes(data)
    kept = GeneratedAudio("", size=len(data), path=path)
    assert (kept._loaded().data == data) is is_loaded
    path.unlink()
    assert kept._loaded() == kept


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (GeneratedImage("https://a.example/x.png?sig=1"),
         "<GeneratedImage https://a.example/x.png, not downloaded>"),
        (GeneratedImage("https://a.example/x.png", b"x", "image/png", 3, 2, Path("x.png")),
         "<GeneratedImage https://a.example/x.png, 3 × 2, saved as x.png>"),
        (GeneratedImage("https://a.example/x.png", b"x", "image/png"),
         "<GeneratedImage https://a.example/x.png, not decoded>"),
        (GeneratedImage("https://a.example/x.png", path=Path("x.png")),
         "<GeneratedImage https://a.example/x.png, not decoded, saved as x.png>"),
        (GeneratedVideo("https://a.example/v.mp4").with_data(MP4),
         "<GeneratedVideo https://a.example/v.mp4, 112 bytes>"),
        (GeneratedAudio("https://a.example/a.mp3", size=1234, path=Path("a.mp3")),
         "<GeneratedAudio https://a.example/a.mp3, 1,234 bytes, saved as a.mp3>"),
        (GeneratedAudio("https://a.example/a.mp3"),
         "<GeneratedAudio https://a.example/a.mp3, not downloaded>"),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_media_in_a_line(value: Any, expected: str) -> None:
    """What it is, where it came from, how large it is, and its file."""
    assert repr(value) == expected


def test_a_preview_in_a_line_has_no_bytes() -> None:
    """They would fill a screen."""
    shown = repr(Preview(b"x" * 99, "image/png", 3, 2))
    assert shown == "Preview(media_type='image/png', width=3, height=2)"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://a.example/fox.png", "fox.png"), ("https://a.example/a b.c.png", "a-b-c.png"),
        ("https://a.example/", "picture.png"), ("data:image/png;base64,AAAA", "picture.png"),
        ("https://a.example/con.png", "picture.png"), ("https://a.example/LPT1.png", "picture.png"),
        ("https://a.example/com1.png", "picture.png"), ("https://a.example/com.png", "com.png"),
        ("https://a.example/prn.png", "picture.png"), ("https://a.example/aux.x", "picture.png"),
        ("https://a.example/nul.png", "picture.png"), ("https://a.example/conx.png", "conx.png"),
        (f"https://a.example/{'x' * 61}.png", f"{'x' * 60}.png"),
        ("https://a.example/-a-.png", "a.png"),
    ],
)  # fmt: skip
def test_the_name_of_a_file_in_a_folder(address: str, name: str, tmp_path: Path) -> None:
    """That of the address, as every system takes it."""
    made = GeneratedImage(address, b"x", "image/png")
    assert [made.save(tmp_path).name for _ in range(3)] == [
        name, name.replace(".png", "-2.png"), name.replace(".png", "-3.png"),
    ]  # fmt: skip


def test_words_for_bytes() -> None:
    """A text is told by its first 500 bytes, which may end in the middle of a character."""
    assert looks_like(b"x" * 491 + b"\xe9" + b"x" * 20) == "text"
    assert looks_like(b"x" * 490 + b"\xe9" + b"x" * 20) == "something else"
    assert looks_like(b"x" * 499 + b"\xe9") == "text"


@pytest.mark.parametrize(("length", "is_found"), [(43, False), (44, True)])
def test_how_short_the_base64_of_a_picture_can_be(length: int, is_found: bool) -> None:
    """The smallest picture is hardly longer; a shorter text is a word."""
    text = "R0lGODlh".ljust(length, "A")
    assert bool(inline_address(text)) is is_found
    assert bool(fold(text)[1]) is is_found


def test_an_edit_fetches_what_it_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless it is asked not to."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(hooks, "generate", lambda prompt, **words: asked.append(words))
    image = GeneratedImage("https://a.example/x.png")
    image.edit("make it night")
    image.edit("make it night", download=False, images=["hat.png"], model="m", system="s", n=2)
    assert asked == [
        {"model": None, "system": None, "images": [image], "download": True},
        {"model": "m", "system": "s", "images": [image, ["hat.png"]], "download": False, "n": 2},
    ]
