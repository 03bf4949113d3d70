"""One event or body may hold several values, an end mark, or text; each is read."""

import json
from typing import Any

import pytest

from comet_magic.families.chat.framing import Mark, Words, is_end_mark, values
from comet_magic.families.chat.reading import is_end
from comet_magic.wire.events import Event

A, B = {"a": 1}, {"b": "}data: {"}
ONE, TWO = json.dumps(A), json.dumps(B)

FRAMED: dict[str, tuple[str, list[Any]]] = {
    "one": (ONE, [A]),
    "glued": (f"{ONE}data: {TWO}", [A, B]),
    "glued to the end mark": (f"{ONE}data: [DONE]", [A, Mark.END]),
    "without a prefix": (f"{ONE}{TWO}", [A, B]),
    "a comma": (f"{ONE}, {TWO}", [A, B]),
    "lines": (f"{ONE}\n{TWO}\n[DONE]", [A, B, Mark.END]),
    "lines over several lines": (f"{json.dumps(A, indent=1)}\n{json.dumps(B, indent=1)}", [A, B]),
    "escaped line ends": (rf"{ONE}\n\n{TWO}\n\n", [A, B]),
    "a prefix twice": (f"data: {ONE}", [A]),
    "an array": (f"[{ONE}, {TWO}]", [A, B]),
    "a string": (json.dumps(ONE), [A]),
    "a string with events": (json.dumps(f"data: {ONE}\n\ndata: [DONE]\n\n"), [A, Mark.END]),
    "an end mark as a string": ('"DONE"', [Mark.END]),
    "a word as a string": ('"busy"', [Words("busy")]),
    "words before": (f"Notice: x\n{ONE}", [Words("Notice: x"), A]),
    "words between": (f"{ONE}\nbusy\n{TWO}", [A, Words("busy"), B]),
    "words behind": (f"{ONE}busy", [A, Words("busy")]),
    "fields of events": (f"event: x\nid: 1\n: ping\ndata: {ONE}", [A]),
    "an error": (f"{ONE}\nerror: busy", [A, {"error": "busy"}]),
    "an error as an object": ('error: {"code": 1}', [{"error": {"code": 1}}]),
    "a line end in a string": ('{"a": "x\ny"}', [{"a": "x\ny"}]),
    "words": ("busy", [Words("busy")]),
    "cut": ('{"a": ', [Words('{"a":')]),
    "nothing": ("[]", []),
    "null": ("null", [None]),
}


@pytest.mark.parametrize(("text", "expected"), FRAMED.values(), ids=FRAMED)
def test_the_values_in_a_text(text: str, expected: list[Any]) -> None:
    """In order; what is no JSON is kept as words."""
    assert list(values(text)) == expected


MARKS = [
    "[DONE]",
    "[done]",
    "[Done]",
    "DONE",
    "done",
    '"[DONE]"',
    "'[DONE]'",
    "[DONE].",
    "<DONE>",
    "<|DONE|>",
    "[ DONE ]",
    "(DONE)",
    "DONE]",
    "[END]",
    "[EOF]",
    "[[DONE]]",
    r"[DONE]\n",
]


@pytest.mark.parametrize("mark", MARKS)
def test_an_end_mark_in_any_spelling(mark: str) -> None:
    """Alone, and glued to the last chunk."""
    assert list(values(mark)) == [Mark.END]
    for data in (mark, f"{ONE}data: {mark}", f"{ONE}\n{mark}"):
        assert is_end(Event("", data, len(data)))


@pytest.mark.parametrize(
    "text",
    ["DONE deal", "done: 3 of 4", "[DONE", "stop", "end", "undone", "[]", ONE, '{"x": "[DONE]"}'],
)
def test_what_is_no_end_mark(text: str) -> None:
    """Words that only begin like one, and an object that holds one."""
    assert not is_end_mark(text)
    assert not is_end(Event("", text, len(text)))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("[" * 250_000, 1),
        ('""' * 50_000, 0),
        ('{\n"a":\n' * 25_000, 50_000),
        (f"{ONE}data: " * 25_000, 25_000),
        ("\\n" * 125_000, 0),
        ("[1,\n" * 50_000, 50_000),
        (" " * 250_000 + "x", 1),
        ("data:" * 50_000, 0),
    ],
    ids=lambda value: repr(value[:12]) if isinstance(value, str) else "",
)
def test_hostile_texts_take_linear_time(text: str, count: int) -> None:
    """And nothing raises or is lost. At a quadratic cost one of them would take minutes."""
    assert len(list(values(text))) == count
