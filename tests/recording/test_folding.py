"""Base64 out of texts and back."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comet_magic.recording.folding import file_name, fold, fold_all, unfold

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
LONG = base64.b64encode(PNG).decode()


def round_trip(text: str) -> str:
    """The text after it was folded and unfolded."""
    files: dict[str, bytes] = {}

    def keep(data: bytes) -> str:
        files[file_name(data)] = data
        return file_name(data)

    return unfold(fold(text, keep), files.__getitem__)


def test_a_picture_inside_a_text_becomes_the_name_of_its_file() -> None:
    """The text around it stays readable."""
    uri = f"![x](data:image/png;base64,{LONG})"
    name = file_name(PNG)
    assert fold(uri) == ["![x](data:image/png;base64,", {"base64_of": name}, ")"]
    assert name.endswith(".png")


def test_short_base64_and_words_stay() -> None:
    """Only what would spoil a diff is taken out."""
    text = f"data:image/png;base64,{LONG[:900]}"
    assert fold(text) == text
    assert fold("word " * 1000) == "word " * 1000


def test_every_text_of_a_json_value_is_folded() -> None:
    """In lists and dicts; numbers and keys are as they were."""
    value = {"n": 2, "messages": [{"content": [{"url": LONG}, "x"]}]}
    folded = {"n": 2, "messages": [{"content": [{"url": [{"base64_of": file_name(PNG)}]}, "x"]}]}
    assert fold_all(value) == folded


@pytest.mark.parametrize("cut", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("ending", ["", "=", "==", "\\/", '"}'])
def test_a_run_that_is_no_whole_base64_comes_back_to_the_character(cut: int, ending: str) -> None:
    """Cut in a group, with an ending that is not its own, or bits left over in its last letter."""
    for last in "AQgw/":
        text = "a" + LONG.rstrip("=")[cut:] + last + ending
        assert round_trip(text) == text


@settings(deadline=None)
@given(st.lists(st.one_of(st.text(), st.sampled_from([LONG, "A" * 1001, "=", "/", "+", LONG[:7]]))))
def test_any_text_comes_back_to_the_character(parts: list[str]) -> None:
    """Whatever stands beside the base64."""
    text = "".join(parts)
    assert round_trip(text) == text


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (b"\xff\xd8\xff\xe0", ".jpg"),
        (b"GIF89a", ".gif"),
        (b"RIFF0000WEBP", ".webp"),
        (b"RIFF0000WAVE", ".wav"),
        (b"ID3\4\0", ".mp3"),
        (b"0000ftypmp42", ".mp4"),
        (b"0000ftypavif", ".avif"),
        (b"\x1a\x45\xdf\xa3", ".webm"),
        (b"", ".bin"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_have_the_ending_of_what_is_in_them(data: bytes, ending: str) -> None:
    """So that they open with a double click."""
    assert file_name(data).endswith(ending)
