"""How long is waited between two attempts."""

import pytest

from comet_magic.client.backoff import LONGEST_WAIT, backoff


@pytest.mark.parametrize(
    ("failures", "middle"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (7, 30), (5_000, 30)]
)
def test_the_wait_doubles_up_to_half_a_minute(failures: int, middle: float) -> None:
    """With a quarter of jitter to both sides, and no overflow after thousands."""
    waits = [backoff(failures) for _ in range(200)]
    assert 0.75 * middle <= min(waits) < 0.9 * middle
    assert 1.1 * middle < max(waits) <= 1.25 * middle


@pytest.mark.parametrize(("asked", "waited"), [(0.0, 0.0), (7.5, 7.5), (1e9, LONGEST_WAIT)])
def test_what_the_endpoint_asks_for_comes_first(asked: float, waited: float) -> None:
    """Without jitter, however often it failed before; two minutes at most."""
    assert backoff(1, asked) == backoff(9, asked) == waited
