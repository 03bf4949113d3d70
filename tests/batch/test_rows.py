"""Rows of a batch: texts, arguments, and tables through a template."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from comet_magic.batch.rows import check_prompts, count, read_rows


class Table:
    """What a DataFrame of any library is to a batch: named columns."""

    def __init__(self, **columns: list[Any]) -> None:
        self._columns = columns
        self.columns = list(columns)

    def __getitem__(self, name: str) -> list[Any]:
        return self._columns[name]


TABLE = Table(animal=["cat", "dog"], place=["Rome", "{animal}"])

SHOP = Table(price=[2.5], **{"product name": ["tea"]})


def prompts(rows: Any, template: str | None = None) -> list[Any]:
    """What would be sent; None for a row with a problem."""
    check_prompts(rows, template)
    return [
        None if row.problem else row.arguments["prompt"] for row in read_rows(rows, template, {})
    ]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("A {animal} in {place}", ["A cat in Rome", "A dog in {animal}"]),
        ('{{x}} {animal} {"a": 1}', ['{x} cat {"a": 1}', '{x} dog {"a": 1}']),
    ],
)
def test_a_template_is_filled_from_each_row(template: str, expected: list[str]) -> None:
    """By the rules of a cell; what was put in is not read again."""
    assert prompts(TABLE, template) == expected
    rows = [{"animal": "cat", "place": "Rome"}, {"animal": "dog", "place": "{animal}"}]
    assert prompts(rows, template) == expected


def test_a_pandas_data_frame() -> None:
    """Real ones have columns of their own types."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"animal": ["cat", "dog"], "n": [1, 2], "score": [0.5, None]})
    assert prompts(frame, "{n} {animal}") == ["1 cat", "2 dog"]
    assert count(frame) == 2


def test_missing_values_of_pandas_are_not_sent() -> None:
    """A picture of "a nan" would be paid for. What the template does not name may be missing."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "animal": ["cat", None, "dog"],
            "n": pandas.array([1, 2, None], dtype="Int64"),
            "day": pandas.to_datetime(["2026-01-01", None, None]),
            "score": [None, 0.5, 0.5],
        }
    )
    assert prompts(frame, "A {animal}") == ["A cat", None, "A dog"]
    assert prompts(frame, "{n} animals") == ["1 animals", "2 animals", None]
    assert [bool(prompt) for prompt in prompts(frame, "{day}")] == [True, False, False]


def test_a_value_that_cannot_be_compared_is_one() -> None:
    """Arrays have no truth; they are sent as Python writes them."""
    assert prompts([{"sizes": np.array([1, 2])}], "{sizes}") == ["[1 2]"]


def test_braces_of_code_stay() -> None:
    """Those that are doubled, and those in which no column is named."""
    template = 'A {price} {{price:.2f}} {"price": 1} {colour: red} {x y}'
    assert prompts(SHOP, template) == ['A 2.5 {price:.2f} {"price": 1} {colour: red} {x y}']


@pytest.mark.parametrize(
    ("rows", "template", "error", "says"),
    [
        (TABLE, None, TypeError, "a table needs a template"),
        (TABLE, "A {animl}", ValueError, "no column 'animl'; it has animal, place"),
        (["a"], 7, TypeError, "template must be a text"),
        (SHOP, "A {product name}", ValueError, r"{product name} would be sent as written"),
        (SHOP, "A {price:.2f}", ValueError, r"{price:.2f} would be sent as written"),
        (SHOP, "A { price } {price!r}", ValueError, r"{ price } would be sent as written"),
    ],
)
def test_a_call_that_cannot_work_is_refused(
    rows: Any, template: Any, error: type, says: str
) -> None:
    """Before a row is read."""
    with pytest.raises(error, match=says):
        check_prompts(rows, template)


@pytest.mark.parametrize(
    ("row", "template", "says"),
    [
        ({"animal": "cat"}, "A {animal} in {place}", "the row has no 'place'"),
        ("cat", "A {animal}", "must be a dict of its values, not str"),
        ({"animal": "cat"}, None, "needs a 'prompt'"),
        ({"prompt": "x", "base_url": "http://x"}, None, "base_url belongs to the call"),
        ({"prompt": "x", 7: 8}, None, "7 is no name"),
        ({"animal": None}, "A {animal}", "the row has no value for 'animal'"),
        ({"animal": float("nan")}, "A {animal}", "the row has no value for 'animal'"),
        ({"size": 1.5}, "{size:.2f} m", "{size:.2f} would be sent as written"),
    ],
)
def test_a_row_that_cannot_be_sent_says_why(row: Any, template: str | None, says: str) -> None:
    """The rows after it are read all the same."""
    first, second = read_rows([row, {"prompt": "x", "animal": "a", "place": "b"}], template, {})
    assert says in str(first.problem)
    assert second.problem is None


def test_the_rows_of_a_generator_are_not_counted() -> None:
    """Their number is not known before they are read."""
    assert count(iter("abc")) is None
    assert count(["a"]) == 1


def test_what_has_columns_and_no_items_is_no_table() -> None:
    """As the cursor of a database: its rows are prompts."""
    cursor = Cursor()
    check_prompts(cursor, None)
    assert [row.arguments["prompt"] for row in read_rows(cursor, None, {})] == ["a", "b"]


class Cursor:
    """Rows one after the other, and the names of their columns."""

    columns = ("prompt",)

    def __iter__(self) -> Iterator[str]:
        return iter("ab")
