"""Amounts as they are read."""

import pytest

from comet_magic.render.words import dollars


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.02, "$0.02"), (0.0034567, "$0.0035"), (1234.5, "$1,234.50"), (0.0, "$0.00"),
        (1.999, "$2.00"), (0.25, "$0.25"), (0.00035, "$0.00035"), (1e-9, "less than $0.000001"),
    ],
)  # fmt: skip
def test_dollars_have_cents_or_two_digits(value: float, shown: str) -> None:
    """Never more digits than an estimate deserves."""
    assert dollars(value) == shown
