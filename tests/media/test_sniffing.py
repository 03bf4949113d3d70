"""What bytes are, judged by how they begin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comet_magic.media.sniffing import extension, looks_like, media_type_of
from tests.pictures import MP4, WEBM, encoded
from tests.sounds import AAC, FLAC, M4A, MP3, MP3_WITH_TITLE, OGG, wav

KNOWN = {
    "png": (encoded(), "image/png", ".png", "a picture"),
    "jpeg": (encoded("JPEG"), "image/jpeg", ".jpg", "a picture"),
    "webp": (encoded("WEBP"), "image/webp", ".webp", "a picture"),
    "gif": (encoded("GIF", mode="P"), "image/gif", ".gif", "a picture"),
    "bmp": (encoded("BMP"), "image/bmp", ".bmp", "a picture"),
    "tiff": (encoded("TIFF"), "image/tiff", ".tiff", "a picture"),
    "avif": (b"\0\0\0\x1cftypavif\0\0\0\0", "image/avif", ".avif", "a picture"),
    "heic": (b"\0\0\0\x18ftypheic\0\0", "image/heic", ".heic", "an HEIC photo"),
    "mp4": (MP4, "video/mp4", ".mp4", "a video"),
    "mov": (MP4.replace(b"mp42", b"qt  "), "video/quicktime", ".mov", "a video"),
    "webm": (WEBM, "video/webm", ".webm", "a video"),
    "mp3": (MP3, "audio/mpeg", ".mp3", "a sound"),
    "mp3 with a title": (MP3_WITH_TITLE, "audio/mpeg", ".mp3", "a sound"),
    "wav": (wav(), "audio/wav", ".wav", "a sound"),
    "ogg": (OGG, "audio/ogg", ".ogg", "a sound"),
    "flac": (FLAC, "audio/flac", ".flac", "a sound"),
    "aac": (AAC, "audio/aac", ".aac", "a sound"),
    "m4a": (M4A, "audio/mp4", ".m4a", "a sound"),
}


@pytest.mark.parametrize(
    ("data", "media_type", "ending", "words"), KNOWN.values(), ids=KNOWN.keys()
)
def test_media_are_known_by_their_bytes(
    data: bytes, media_type: str, ending: str, words: str
) -> None:
    """The first 12 bytes give the type, the extension and the word for it."""
    assert media_type_of(data) == media_type_of(data[:12]) == media_type
    assert extension(media_type) == ending
    assert looks_like(data) == words


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "nothing"),
        (b" <!DOCTYPE html>", "a web page"),
        (b"<?xml version='1.0'?><svg/>", "an SVG drawing, which can hold scripts"),
        (b' {"error": 1}', "JSON"),
        (b"%PDF-1.7", "a PDF"),
        (b"hello", "text"),
        (b"BM and ID3 are abbreviations", "text"),
        (("é" * 400).encode()[:499], "text"),
        (b"x" * 492 + b"\xe9" + b"x" * 20, "text"),
        (b"x" * 480 + b"\xe9" + b"x" * 20, "something else"),
        (b"\n <HTML>", "a web page"),
        (b"[1]", "JSON"),
        ("hello".encode("utf-16"), "something else"),
        (b"RIFF\0\0\0\0AVI ", "something else"),
        (b"\xff\xff\xff\xff", "something else"),
        (b"\0\1", "something else"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_everything_else_is_named(data: bytes, words: str) -> None:
    """What is no picture, video or sound has a word for people."""
    assert looks_like(data) == words


@given(st.binary(max_size=40))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    """Any bytes have a word and an extension."""
    assert looks_like(data)
    assert extension(media_type_of(data)).startswith(".")


def test_unknown_types_have_an_extension_too() -> None:
    """A type that is not known gives its second half, and none gives `.bin`."""
    assert extension("video/x-new") == ".x-new"
    assert extension(None) == ".bin"
