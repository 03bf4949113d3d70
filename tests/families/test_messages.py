"""Messages: how they are written, and what of them is kept."""

from typing import Any

import pytest

from comet_magic.families.messages import message, sendable, without_inline_pictures

LINK, INLINE = "https://a.example/x.png", "data:image/png;base64,AA=="


def test_a_text_alone_is_no_list() -> None:
    """Pictures make a list of parts; an empty text is no part of it."""
    assert message("user", "Hi") == {"role": "user", "content": "Hi"}
    assert message("user", "", [LINK])["content"] == [
        {"type": "image_url", "image_url": {"url": LINK}}
    ]


@pytest.mark.parametrize(
    ("text", "pictures", "kept"),
    [
        ("Look", [INLINE], [message("user", "Look")]),
        ("Look", [INLINE, LINK], [message("user", "Look", [LINK])]),
        ("", [INLINE], []),
        ("", [LINK], [message("user", "", [LINK])]),
        ("Look", [], [message("user", "Look")]),
    ],
)
def test_inline_pictures_are_left_out(text: str, pictures: list[str], kept: list[Any]) -> None:
    """Links stay; a message that held nothing else goes."""
    assert without_inline_pictures([message("user", text, pictures)]) == kept


@pytest.mark.parametrize("value", ["", " \n"])
def test_an_empty_text_is_refused_unless_it_may_be_empty(value: str) -> None:
    """The error names what is empty."""
    with pytest.raises(ValueError, match="system is empty"):
        sendable("system", value)
    assert sendable("system", value, may_be_empty=True) == value


def test_what_is_said_of_a_text_that_cannot_be_sent() -> None:
    """What it is, and where it breaks."""
    for value, says in (
        ("ab\ud83d", "prompt holds half a character (position 2)"),
        (7, "prompt must be a text, not int"),
        (" ", "prompt is empty"),
    ):
        with pytest.raises((TypeError, ValueError)) as caught:
            sendable("prompt", value)
        assert str(caught.value) == says
