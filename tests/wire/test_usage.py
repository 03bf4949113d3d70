"""Usage is read under all of its names, and nothing is made up."""

import pytest

from comet_magic.wire.usage import Usage


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ({"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}, Usage(3, 4, 7)),
        ({"input_tokens": 3, "output_tokens": 4}, Usage(3, 4)),
        ({"total_tokens": 7.0, "prompt_tokens": "3"}, Usage(total_tokens=7)),
        ({"prompt_tokens": True}, None),
        ({}, None),
        (None, None),
        ([1], None),
        (
            {"prompt_tokens": 1, "prompt_tokens_details": {"CachedCreationTokens": 0}},
            Usage(1, prompt_tokens_details={"CachedCreationTokens": 0}),
        ),
    ],
)
def test_usage_is_what_was_received(received: object, expected: Usage | None) -> None:
    """Counts are read under their known names; nothing is filled in or added up."""
    assert Usage.from_json(received) == expected
