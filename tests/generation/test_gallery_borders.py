"""A gallery and its numbers at their borders; the log of an exchange at a gap."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import comet_magic as comet
from comet_magic.generation.gallery import thumbnail
from comet_magic.generation.timeline import Moment, Phase, phases
from comet_magic.media.audios import GeneratedAudio
from comet_magic.media.images import GeneratedImage
from comet_magic.media.videos import GeneratedVideo
from tests.generation.test_gallery import generation, picture
from tests.pictures import encoded

LINK = "https://a.example/x.png"


@pytest.mark.parametrize(
    ("columns", "error", "says"),
    [
        (0, ValueError, "columns must be a whole number from 1 to 12, not 0"),
        (13, ValueError, "columns must be a whole number from 1 to 12, not 13"),
        ("3", TypeError, "columns must be a whole number from 1 to 12, not '3'"),
        (True, TypeError, "columns must be a whole number from 1 to 12, not True"),
        (1.0, TypeError, "columns must be a whole number from 1 to 12, not 1.0"),
    ],
)
def test_columns_that_are_refused(columns: Any, error: type, says: str) -> None:
    """With what would be right."""
    with pytest.raises(error, match=f"^{re.escape(says)}$"):
        comet.grid([], columns)


@pytest.mark.parametrize("columns", [None, 1, 12])
def test_columns_that_are_taken(columns: int | None) -> None:
    """None are as many as fit."""
    assert comet.grid([], columns).columns == columns


def test_a_gallery_in_a_line() -> None:
    """Without what it shows, which could fill a screen."""
    assert repr(comet.grid([generation()], 3)) == "Gallery(total=1, columns=3)"
    with pytest.raises(TypeError, match=r"^a grid shows Generations, not str$"):
        comet.grid(["a"])  # type: ignore[list-item]


@pytest.mark.parametrize(("before", "shown"), [(98, 2), (99, 1), (100, 0)])
def test_the_hundredth_place_ends_a_gallery(before: int, shown: int) -> None:
    """Also between two pictures of one generation; all are counted."""
    two = generation(images=(GeneratedImage(LINK), GeneratedImage(LINK)))
    gallery = comet.grid([*[generation()] * before, two])
    assert (len(gallery.cells), gallery.total) == (min(before + shown, 100), before + 2)
    assert [cell.number for cell in gallery.cells[before:]] == [before + 1] * shown


@pytest.mark.parametrize(
    ("media", "size"),
    [
        (picture((640, 320)), (320, 160)),
        (picture((100, 50)), (100, 50)),
        (GeneratedImage(LINK, encoded(size=(640, 320))), (320, 160)),
        (GeneratedImage(LINK, b"no picture"), None),
        (GeneratedImage(LINK), None),
        (GeneratedImage(LINK, path=Path("nowhere.png")), None),
        (GeneratedVideo(LINK, poster=picture((640, 320))), (320, 160)),
        (GeneratedVideo(LINK), None),
        (GeneratedAudio(LINK), None),
        (None, None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_small_picture_of_a_result(media: Any, size: tuple[int, int] | None) -> None:
    """Of a picture or a poster, as far as there is one to read."""
    found = thumbnail(media)
    assert (found and (found.width, found.height)) == size


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([(0.0, "sent", "POST")], [("waiting", 0.0, 4.0)]),
        ([(0.0, "sent", "x"), (0.001, "first text", "x")],
         [("waiting", 0.0, 0.001), ("answering", 0.001, 4.0)]),
        ([(0.0, "sent", "x"), (0.0009, "first text", "x")], [("answering", 0.0009, 4.0)]),
        ([(0.0, "sent", "x"), (4.0, "first text", "x")], [("waiting", 0.0, 4.0)]),
        ([(4.0, "sent", "x")], [("waiting", 4.0, 4.0)]),
        ([(5.0, "sent", "x")], [("waiting", 5.0, 5.0)]),
        ([(0.0, "stage", "complete"), (1.0, "usage", "x")], []),
    ],
)  # fmt: skip
def test_how_long_a_phase_is(
    found: list[tuple[float, str, str]], expected: list[tuple[str, float, float]]
) -> None:
    """A thousandth of a second at least, unless there is no other."""
    moments = [Moment(*each) for each in found]
    assert phases(moments, 4.0) == tuple(Phase(*each) for each in expected)


def test_on_disk_nothing_takes_memory() -> None:
    """Neither the bytes of saved files nor the exchange; what is not saved is kept."""
    path = Path("x.png")
    saved, unsaved = replace(picture(), path=path), picture()
    sound = GeneratedAudio(LINK, b"x", path=Path("x.mp3"))
    video = GeneratedVideo(LINK, b"x", path=Path("x.mp4"))
    inner = generation(images=(saved,))
    made = generation(images=(saved, unsaved), audios=(sound,), videos=(video,), choices=(inner,))
    kept = made.on_disk()
    assert [(image.data, image.preview) for image in kept.images] == [
        (None, None), (unsaved.data, unsaved.preview),
    ]  # fmt: skip
    assert (kept.audios[0].data, kept.videos[0].data) == (None, None)
    assert kept.choices[0].images[0].data is None
    assert kept.exchange is None
