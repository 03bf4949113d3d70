"""By which name a row is recognised in a rerun, in another process and from other types."""

import re
from typing import Any

import pytest

from comet_magic.batch.identity import Identities


class Number:
    """A number of numpy, as far as it matters."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def tolist(self) -> Any:
        """The plain value."""
        return self.value


def name_of(**arguments: Any) -> str:
    """The name of a row that is the first of its kind."""
    return Identities().of({"prompt": "x", **arguments})


def test_rows_that_ask_for_the_same_are_numbered() -> None:
    """A hash, and a number behind it: files of earlier versions have such names."""
    names = Identities()
    first, second, other = (names.of({"prompt": prompt}) for prompt in ("a", "a", "b"))
    assert re.fullmatch("[0-9a-f]{32}-1", first)
    assert second == f"{first.removesuffix('-1')}-2"
    assert other.endswith("-1")
    assert first != other


@pytest.mark.parametrize(
    ("value", "same"),
    [
        (Number(0.5), 0.5),
        (Number([1, 2]), [1, 2]),
        ((1, Number(2)), [1, 2]),
        ({1: (2,)}, {"1": [2]}),
    ],
    ids=["a number", "an array", "in a tuple", "a mapping"],
)
def test_types_of_values_do_not_count(value: Any, same: Any) -> None:
    """JSON would hold the same."""
    assert name_of(stop=value) == name_of(stop=same)


def test_the_order_of_arguments_does_not_count() -> None:
    """It is another one if a call is written anew."""
    assert name_of(n=2, seed=3) == name_of(seed=3, n=2)


@pytest.mark.parametrize(
    ("one", "two"),
    [([1, 2], [2, 1]), ([[1]], [[2]]), ({"a": 1}, {"a": 2}), ("1", 1), (True, "True")],
    ids=["order", "nested", "mapping", "text", "flag"],
)
def test_values_count(one: Any, two: Any) -> None:
    """Another value asks for another answer."""
    assert name_of(stop=one) != name_of(stop=two)
