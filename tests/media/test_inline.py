"""Pictures whose bytes stand in a text are found, and cut out where text is shown."""

import base64

import pytest

from comet_magic.media.addresses import data_uri, data_uri_bytes
from comet_magic.media.inline import fold, inline_address, inline_medium
from comet_magic.media.medium import Medium
from comet_magic.text import unwrapped, without_bytes
from tests.pictures import MP4, encoded

PNG = encoded()
BASE64 = base64.b64encode(PNG).decode()


@pytest.mark.parametrize(
    "text",
    [
        BASE64,
        f"image/png;base64,{BASE64}",
        f"base64:{BASE64}",
        f"data:image/png;base64,{BASE64}",
        f"DATA:image/PNG;BASE64,{BASE64}",
        f"data:application/octet-stream;base64,{BASE64}",
        f"data:;base64,{BASE64}",
        f"data:image/png;name=fox.png;base64,{BASE64}",
        f"data:image/png;base64, {BASE64}",
    ],
    ids=lambda text: text[:30],
)
def test_a_picture_is_found_however_its_address_begins(text: str) -> None:
    """With a head, with half of one, in capitals, with another type, or with none."""
    before, after = 'See "', '", please.'
    folded, found = fold(before + text + after)
    (short,) = found
    assert folded == before + short + after
    assert inline_medium(short) is inline_medium(found[short]) is Medium.IMAGE
    assert data_uri_bytes(found[short]) == PNG
    assert inline_address(text) == found[short]
    assert inline_address(before + text) is None


@pytest.mark.parametrize(
    "text",
    [
        f"https://a.example/{BASE64}",
        "base64,iVBORw0KGgo",
        "iVBORw0KGgo is how a PNG begins",
        "/9j/4 and UklGR and R0lGOD",
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_picture_stays(text: str) -> None:
    """The beginning of one, or a part of an address."""
    assert fold(text) == (text, {})
    assert inline_address(text) is None


@pytest.mark.parametrize(
    "text",
    [
        f"data:text/plain;base64,{base64.b64encode(b'a' * 90).decode()}",
        "data:image/png;base64,AAAA",
    ],
    ids=lambda text: text[:30],
)
def test_a_data_uri_without_a_picture_stays(text: str) -> None:
    """It is an address all the same: of another file, or of hardly anything."""
    assert fold(text) == (text, {})
    assert inline_address(text) == text


def test_bytes_decide_before_the_type() -> None:
    """A video that calls itself a picture is a video; without known bytes the type decides."""
    assert inline_medium(data_uri("image/png", MP4)) is Medium.VIDEO
    assert inline_medium(data_uri("video/mp4", PNG)) is Medium.IMAGE
    assert inline_medium(data_uri("image/png", b"?")) is Medium.IMAGE
    assert inline_medium("data:audio/wav;base64,AAAA") is None


def test_an_unfinished_picture_at_the_end_is_cut_off() -> None:
    """It may grow: only a finished text ends with a picture."""
    text = f"Here: data:image/png;base64,{BASE64}"
    assert fold(text, is_whole=False) == ("Here: ", {})
    assert list(fold(text)[1].values()) == [text[6:]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n> "], ids=repr)
def test_base64_in_lines_is_joined(end: str) -> None:
    """Lines of 76 characters, as MIME has them; the text around them keeps its line ends."""
    code = base64.b64encode(PNG * 5).decode()
    lines = end.join(code[at : at + 76] for at in range(0, len(code), 76))
    text = f"A fox:\n![x](data:image/png;base64,{lines})\nDone\n"
    assert unwrapped(text) == f"A fox:\n![x](data:image/png;base64,{code})\nDone\n"
    assert without_bytes(text) == "A fox:\n![x](data:image/png;base64,…)\nDone\n"


def test_inline_data_is_cut_from_a_text() -> None:
    """The text around it stays, and so do short data URIs."""
    long, short = data_uri("audio/wav", bytes(400)), data_uri("image/png", b"short")
    assert without_bytes(f"a ![b]({long}) c") == "a ![b](data:audio/wav;base64,…) c"
    assert without_bytes(f"a ![b]({short}) c") == f"a ![b]({short}) c"
    cut = data_uri("image/png", PNG * 9)[:-5]
    assert without_bytes(f"a ![b]({cut}") == "a ![b](data:image/png;base64,…"
    assert without_bytes(f"a {BASE64} c", 64) == "a … c"


@pytest.mark.parametrize(("length", "shown"), [(400, "A" * 400), (401, "…")], ids=["400", "401"])
def test_base64_of_more_than_400_characters_is_cut(length: int, shown: str) -> None:
    """Icons in a style sheet are as long as that."""
    head = "a ![b](data:image/png;base64,"
    assert without_bytes(f"{head}{'A' * length}) c") == f"{head}{shown}) c"


HOSTILE = [
    "data:image/png;base64,", "](data:image/png;base64,", "data:image/png;base64,A ", "/9j/4",
    "iVBORw0KGgo ", "base64,", "a/a;base64,iVBORw0KGgo", "A\n", "A" * 76 + "\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_hostile_repetition_is_linear(piece: str) -> None:
    """A million characters of any building block; a square would time out."""
    text = piece * (1_000_000 // len(piece))
    fold(text)
    without_bytes(text)
    unwrapped(text)
