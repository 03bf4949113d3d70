"""Which results can be asked for again, and which can be gone on from."""

from dataclasses import replace
from typing import Any

import pytest

from comet_magic.generation import Status
from comet_magic.media.images import GeneratedImage
from comet_magic.notebook.panel.draft import Draft
from comet_magic.notebook.panel.results import results_of, which
from tests.generation.test_gallery import generation
from tests.pictures import encoded

DRAFT = Draft("A boat", "m")
PICTURE = GeneratedImage("https://a.example/x.png").with_data(encoded())


@pytest.mark.parametrize(
    ("changes", "again", "goes_on"),
    [
        ({}, False, True),
        ({"status": Status.INTERRUPTED}, True, False),
        *(({"status": Status.FAILED, "status_code": code}, True, False)
          for code in (None, 401, 403, 429, 500, 503)),
        *(({"status": Status.FAILED, "status_code": code}, False, False)
          for code in (400, 404, 405, 413, 422)),
    ],
    ids=str,
)  # fmt: skip
def test_what_can_come_next(changes: dict[str, Any], again: bool, goes_on: bool) -> None:
    """What was refused for good is not sent again, and what was not made here cannot be."""
    made = generation(**changes)
    (result,) = results_of(made, made, DRAFT)
    assert (result.can_try_again, result.can_continue) == (again, goes_on)
    (other,) = results_of(made, made, None)
    assert not other.can_try_again


def test_a_choice_that_failed_can_be_asked_for_again() -> None:
    """Though another one is complete."""
    choices = (generation(), generation(status=Status.FAILED))
    made = generation(choices=choices)
    results = results_of(made, made, DRAFT)
    assert [each.can_try_again for each in results] == [False, True]
    assert [each.which for each in results] == ["1 of 2", "2 of 2"]


def test_each_picture_is_a_result() -> None:
    """In order, with a small copy."""
    made = generation(images=(PICTURE, replace(PICTURE, alt="b")))
    results = results_of(made, made, None)
    assert [each.cell.number for each in results] == [1, 2]
    assert [each.cell.media.alt for each in results if each.cell.media] == ["", "b"]
    assert all(each.cell.thumbnail for each in results)
    assert all(each.generation is made for each in results)


@pytest.mark.parametrize(
    ("number", "count", "text"), [(1, 1, ""), (1, 2, "1 of 2"), (2, 2, "2 of 2")]
)
def test_one_of_several_has_a_number(number: int, count: int, text: str) -> None:
    """One alone has none."""
    assert which(number, count) == text
