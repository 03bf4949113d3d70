"""Price lists as they are written, and what is reckoned from them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comet_magic.money.prices import Price, dollars, estimate, read_catalogue, read_prices
from comet_magic.wire.usage import Usage

USAGE = Usage(1_000, 500, 1_500)


@pytest.mark.parametrize(
    ("price", "cost"),
    [
        (Price(input=2, output=8), 0.006),
        (Price(per_request=0.02), 0.02),
        (Price(per_second=0.1), 0.8),
        (Price(input=2, per_request=0.02), 0.022),
        (Price(), 0),
    ],
    ids=["tokens", "request", "seconds", "both", "free"],
)
def test_what_was_used_is_added_up(price: Price, cost: float) -> None:
    """Tokens by the million, requests and seconds by one."""
    assert estimate(price, USAGE, 1, 8.0) == pytest.approx(cost)


@pytest.mark.parametrize(
    ("price", "usage", "requests", "seconds"),
    [
        (Price(input=2), None, 1, 8.0),
        (Price(output=2), Usage(prompt_tokens=7), 1, 8.0),
        (Price(input=2, per_request=1), USAGE, None, 8.0),
        (Price(per_second=1), USAGE, 1, None),
        (Price(input=2), Usage(-5, 0, 0), 1, None),
        (Price(input=2), Usage(10**400, 0, 0), 1, None),
        (Price(per_second=1), None, 1, float("nan")),
    ],
    ids=["no-usage", "half-usage", "no-request", "no-seconds", "negative", "endless", "nan"],
)
def test_without_a_number_there_is_no_estimate(
    price: Price, usage: Usage | None, requests: int | None, seconds: float | None
) -> None:
    """A part that is charged for and not known makes the whole unknown."""
    assert estimate(price, usage, requests, seconds) is None


def test_users_write_prices_as_dicts() -> None:
    """Each model with the names that it has; a `Price` is one."""
    given = {"a": {"per_request": 0.02}, "b": {"input": 1, "output": None}, "c": Price(input=3)}
    assert read_prices(given) == {"a": Price(per_request=0.02), "b": Price(1), "c": Price(3)}


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (["a"], "prices must be a dict of models"),
        ({"a": 0.02}, r"prices\['a'\] must be a dict with input, output, per_request, per_second"),
        ({"a": {}}, "must be a dict with input"),
        ({"a": {"per_image": 1}}, "has 'per_image'; known are input"),
        ({"a": {"input": -1}}, "has input '-1'; it must be a number from 0 up"),
        ({"a": {"input": "1"}}, "it must be a number"),
        ({"a": {"input": True}}, "it must be a number"),
        ({"a": {"input": float("nan")}}, "it must be a number"),
        ({"a": {"input": float("inf")}}, "it must be a number"),
    ],
)
def test_a_malformed_price_is_named(value: Any, says: str) -> None:
    """With the model, the name and what it must be."""
    with pytest.raises(ValueError, match=says):
        read_prices(value)


def test_the_catalogue_is_read_as_far_as_it_is_one() -> None:
    """What has no usable price is left out; all zeros may mean that it is unknown."""
    data = [
        {"id": "a", "model_type": "text", "pricing": {"input": 0.15, "output": 0.6}},
        {"id": "b", "pricing": {"input": 0, "per_request": 0.02, "per_second": None, "new": "x"}},
        {"id": "zero", "pricing": {"input": 0, "output": 0}},
        {"id": "odd", "pricing": {"input": "0.15"}},
        {"id": "none"},
        {"id": 7, "pricing": {"input": 1}},
        "text",
    ]
    found = read_catalogue({"success": True, "data": data})
    assert found == {"a": Price(0.15, 0.6), "b": Price(per_request=0.02)}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["data", "id", "pricing", "input"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(anything)
def test_any_other_shape_is_no_catalogue(value: Any) -> None:
    """It is read without an error, and what comes of it can be reckoned with."""
    for price in [*read_catalogue(value).values(), *read_catalogue({"data": [value]}).values()]:
        cost = estimate(price, USAGE, 1, 1.0)
        assert cost is not None
        assert cost >= 0


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.02, "$0.02"), (0.0034567, "$0.0035"), (1234.5, "$1,234.50"), (0.0, "$0.00"),
        (1.999, "$2.00"), (0.25, "$0.25"), (0.00035, "$0.00035"), (1e-9, "less than $0.000001"),
        (0.000001, "$0.000001"), (0.009949, "$0.0099"), (0.0996, "$0.10"), (0.1, "$0.10"),
        (1_000_000, "$1,000,000.00"), (0.5004, "$0.50"),
    ],
)  # fmt: skip
def test_dollars_have_cents_or_two_digits(value: float, shown: str) -> None:
    """Never more digits than an estimate deserves."""
    assert dollars(value) == shown


@pytest.mark.parametrize("count", [0, 1_000_000_000])
def test_the_most_that_can_have_been_used(count: int) -> None:
    """Up to a thousand million of anything; more is a mistake, and less than nothing as well."""
    assert estimate(Price(per_request=1), None, count, None) == count
    assert estimate(Price(input=1), Usage(count, None, None), None, None) == count / 1_000_000
    beyond = count + 1 if count else -1
    assert estimate(Price(per_request=1), None, beyond, None) is None


@pytest.mark.parametrize(
    ("name", "cost"), [("input", 0.002), ("output", 0.001), ("per_request", 2.0), ("per_second", 6)]
)
def test_each_part_of_a_price_is_for_something_else(name: str, cost: float) -> None:
    """A million tokens read or written, a request, a second."""
    price = Price.from_mapping({name: 2})
    assert price == Price(**{name: 2.0})
    assert estimate(price, USAGE, 1, 3.0) == pytest.approx(cost)
    free = Price.from_mapping({name: None})
    assert free == Price()
