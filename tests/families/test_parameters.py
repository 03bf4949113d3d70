"""The ranges that the endpoint documents, checked before anything is sent."""

from typing import Any

import numpy as np
import pytest

from comet_magic.families.parameters import PARAMETERS
from comet_magic.words import check_values


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 1), ("n", 10), ("temperature", 0), ("temperature", 2), ("temperature", 0.7),
        ("top_p", 0), ("top_p", 1.0), ("max_tokens", 1), ("stop", "END"),
        ("stop", ["a", "b", "c", "d"]), ("presence_penalty", -2), ("frequency_penalty", 2.0),
        ("logit_bias", {"50256": -100}), ("user", "student 7"), ("stream", False),
    ],
)  # fmt: skip
def test_documented_values_pass_unchanged(name: str, value: Any) -> None:
    """A value inside its range is sent as it was given."""
    assert check_values(PARAMETERS.values(), {name: value}) == {name: value}


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("n", 0, ValueError), ("n", 1.5, TypeError), ("n", True, TypeError), ("n", "2", TypeError),
        ("temperature", 3, ValueError), ("temperature", -0.1, ValueError),
        ("temperature", float("nan"), ValueError), ("temperature", "hot", TypeError),
        ("temperature", True, TypeError), ("top_p", 1.1, ValueError), ("max_tokens", 0, ValueError),
        ("stop", ["a"] * 5, ValueError), ("stop", "", ValueError), ("stop", [], ValueError),
        ("stop", [1], TypeError), ("stop", 7, TypeError), ("stop", b"x", TypeError),
        ("presence_penalty", 2.5, ValueError), ("frequency_penalty", -3, ValueError),
        ("logit_bias", {"1": 101}, ValueError), ("logit_bias", {"cat": 1}, ValueError),
        ("logit_bias", "{}", TypeError), ("logit_bias", {"1": "x"}, TypeError),
        ("user", 7, TypeError), ("stream", 1, TypeError), ("size", "1:1", TypeError),
    ],
)  # fmt: skip
def test_anything_else_is_named_with_its_range(name: str, value: Any, error: type) -> None:
    """A wrong value raises before anything is sent, and the text names the parameter."""
    with pytest.raises(error, match=name):
        check_values(PARAMETERS.values(), {name: value})


def test_unset_values_are_not_sent() -> None:
    """None means that a parameter was not set."""
    assert check_values(PARAMETERS.values(), {"n": None, "temperature": None, "user": None}) == {}


def test_numbers_of_numpy_become_plain_ones() -> None:
    """What a data scientist has at hand can be sent as JSON."""
    checked = check_values(PARAMETERS.values(), {"n": np.int64(2), "temperature": np.float32(0.5)})
    assert checked == {"n": 2, "temperature": 0.5}
    assert [type(value) for value in checked.values()] == [int, float]
