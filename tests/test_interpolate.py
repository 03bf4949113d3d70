"""`{name}` in a cell's text."""

import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comet_magic.interpolate import interpolate

NAMESPACE = {
    "name": "Ada", "number": 7, "braces": "{name} {{x}}", "d": {"k": 1, "a b": 2},
    "items": ["x", "y"],
    "o": SimpleNamespace(attr=SimpleNamespace(deep="d")), "größe": "L",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{name} is {number}", "Ada is 7"),
        ("{d[k]} {d['a b']} {d[a b]} {items[1]} {items[-1]}", "1 2 2 y y"),
        ("{o.attr.deep}", "d"),
        ("{größe}", "L"),
        ("{{name}} {{}} }} {{", "{name} {} } {"),
        ("{braces}", "{name} {{x}}"),
        ("{{{name}}}", "{Ada}"),
        ('{"a": {"b": [1, {"c": 2}]}}', '{"a": {"b": [1, {"c": 2}]}}'),
        ("function f() { return {a: {}} }", "function f() { return {a: {}} }"),
        ("{ name } {name!r} {name:>5} {} {0} {name", "{ name } {name!r} {name:>5} {} {0} {name"),
        ("no braces", "no braces"),
        ("", ""),
    ],
)
def test_what_is_replaced_and_what_is_not(text: str, expected: str) -> None:
    """Names, attributes and keys; doubled braces are braces; all else is sent as written."""
    assert interpolate(text, NAMESPACE) == (expected, [])


def test_unknown_names_are_kept_and_named_once() -> None:
    """Also an attribute or a key that is not there."""
    text = "{nobody} {d[z]} {o.nothing} {items[9]} {name[k]} {nobody}"
    assert interpolate(text, NAMESPACE) == (
        text, ["nobody", "d[z]", "o.nothing", "items[9]", "name[k]"],
    )  # fmt: skip


KEYS = st.text(alphabet=st.characters(exclude_characters="{}"))


@given(st.recursive(st.integers(), lambda inner: st.dictionaries(KEYS, inner), max_leaves=8))
def test_json_is_sent_as_written(value: object) -> None:
    """Pasted JSON keeps its braces however deeply it is nested."""
    text = json.dumps(value)
    assert interpolate(text, NAMESPACE) == (text, [])


@given(st.text(alphabet="{}ab[]. \"'"))
def test_any_text_can_be_read(text: str) -> None:
    """Nothing raises, and a text without braces is unchanged."""
    out, _ = interpolate(text, {"a": 1})
    if "{" not in text and "}" not in text:
        assert out == text
