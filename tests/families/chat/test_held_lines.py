"""Lines of a link, a tag or an inline picture are read together."""

import base64

import pytest

from comet_magic.families.chat.transcript import Transcript, TranscriptParser
from tests.pictures import encoded

LINK = "https://a.example/x.png"


def read(text: str, size: int) -> Transcript:
    """The facts of a text that comes in pieces; a frame is drawn after each."""
    parser = TranscriptParser()
    for at in range(0, len(text), size):
        parser.feed(text[at : at + size])
    return parser.close()


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    ("text", "prose"),
    [
        (f"Look:\n![a red\nfox, at\nnight]({LINK})\nGood?", "Look:\nGood?"),
        (f"<img\n  alt='x'\n  src='{LINK}'\n/>\nGood?", "Good?"),
        (f"![x](\n{LINK}\n)\nGood?", "Good?"),
        (f"![a fox\n\nGood?\n![b]({LINK})", "Good?"),
        (f"![a fox\n> Progress 20%\n![b]({LINK})", ""),
    ],
    ids=["alt text", "tag", "address", "blank line", "quote"],
)
def test_what_goes_on_is_joined(text: str, prose: str, size: int) -> None:
    """A blank line, code and a quote end what was never closed; no words are lost."""
    facts = read(text, size)
    assert facts.images == (LINK,)
    assert facts.prose == prose


@pytest.mark.parametrize("size", [11, 10_000])
@pytest.mark.parametrize("form", ["![x]({})", "Look: {}", "<img src='{}'>"])
def test_a_picture_in_lines_of_mime_is_one(form: str, size: int) -> None:
    """As `base64` and `encodebytes` write it: lines of 76 characters."""
    uri = "data:image/png;base64," + base64.encodebytes(encoded(size=(90, 70))).decode().strip()
    facts = read(form.format(uri) + "\nGood?\n", size)
    assert facts.images == (uri.replace("\n", ""),)
    assert facts.prose in ("Good?", "Look:\nGood?", "Look: \nGood?")


@pytest.mark.parametrize("line", ["![", "<img src=", "![x](", "A" * 76], ids=lambda line: line[:9])
def test_what_is_never_closed_is_read_in_linear_time(line: str) -> None:
    """Every line begins what no line ends; a picture behind them is found."""
    facts = read(f"{line}\n" * (200_000 // len(line)) + f"\n![b]({LINK})\n", 50_000)
    assert facts.images == (LINK,)
