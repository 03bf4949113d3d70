"""Everything that is shown, whole: HTML with its styles, and the text form."""

import pytest

from tests.render.panel_samples import PANEL_SAMPLES
from tests.render.samples import FOLDER, SAMPLES, sheet

ALL = {**SAMPLES, **PANEL_SAMPLES}


@pytest.mark.parametrize("name", ALL)
def test_each_sample_looks_as_on_the_sheet(name: str) -> None:
    """To the last style; `python -m tests.render.samples` writes what is meant to change."""
    expected = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert sheet(ALL[name]()).splitlines() == expected.splitlines()


def test_the_sheet_has_no_sample_that_is_not_compared() -> None:
    """A file for each sample, and no other."""
    assert {path.stem for path in FOLDER.iterdir()} == set(ALL)
