"""Tokens where the endpoint did not count them."""

import pytest

from comet_magic.money.tokens import estimated_tokens


@pytest.mark.parametrize(
    ("size", "pictures", "tokens"),
    [(0, 0, 0), (1, 0, 1), (4, 0, 1), (5, 0, 2), (4_000, 0, 1_000), (0, 2, 2_000), (1, 1, 1_001)],
)
def test_four_bytes_are_a_token_and_a_picture_is_a_thousand(
    size: int, pictures: int, tokens: int
) -> None:
    """Rounded up, so that no text is free."""
    assert estimated_tokens(size, pictures) == tokens
