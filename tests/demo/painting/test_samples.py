"""Every drawing, place, style and edit looks as on the sheet of samples."""

import pytest

from tests.demo.painting.samples import all_samples, differ, on_sheet

# Mean difference of a channel. Pillow 10.1 to 13 and Python 3.11 to 3.13 differ by 1.0 at most, an
# empty drawing by at least 4.0, and any two things by at least 6.1.
LIMIT = 1.5


@pytest.mark.parametrize("name", all_samples())
def test_it_looks_as_on_the_sheet(name: str) -> None:
    """Nothing is missing, and nothing is drawn in place of something else."""
    assert differ(all_samples()[name](), on_sheet(name)) < LIMIT
