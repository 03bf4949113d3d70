"""Usage is read under all of its names and in all of its places, and nothing is made up."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comet_magic.families.chat.reading import read_chunks
from comet_magic.wire.usage import Usage, in_words, usage_in


def prompt(count: object) -> Usage | None:
    """The usage in which the endpoint sends this for the tokens that it read."""
    return Usage.from_json({"prompt_tokens": count})


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ({"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}, Usage(3, 4, 7)),
        ({"input_tokens": 3, "output_tokens": 4}, Usage(3, 4)),
        ({"promptTokens": 3, "completionTokens": 4, "totalTokens": 7}, Usage(3, 4, 7)),
        (
            {"promptTokenCount": 3, "candidatesTokenCount": 4, "totalTokenCount": 7},
            Usage(3, 4, 7),
        ),
        ({"prompt_tokens": None, "input_tokens": 3}, Usage(3)),
        ({"total_tokens": 7.0, "prompt_tokens": "3"}, Usage(3, None, 7)),
        ({"prompt_tokens": 3, "completion_tokens": 4}, Usage(3, 4)),
        ({"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": -1_000_000}, Usage(3, 4)),
        ({"prompt_tokens": -1, "completion_tokens": 4, "total_tokens": -1}, Usage(None, 4)),
        ({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}, Usage(0, 0, 0)),
        ({"prompt_tokens": -1, "completion_tokens": -1, "total_tokens": -1}, None),
        ({"prompt_tokens": True}, None),
        ({}, None),
        (None, None),
        ([1], None),
        (18, None),
        ("12 tokens", None),
    ],
)
def test_usage_is_what_was_received(received: object, expected: Usage | None) -> None:
    """Counts are read under their known names; nothing is filled in or added up."""
    assert Usage.from_json(received) == expected


@pytest.mark.parametrize(
    ("sent", "count"),
    [
        (11, 11), (11.0, 11), ("11", 11), (" 11 ", 11), ("11.0", 11), ("1,234", 1_234),
        ("1,234,567", 1_234_567), (0, 0), ("0", 0), (10**9, 10**9),
    ],
)  # fmt: skip
def test_a_count_is_a_whole_number_from_0_up(sent: object, count: int) -> None:
    """Some gateways write it as text or with a fraction of 0."""
    assert prompt(sent) == Usage(count)


@pytest.mark.parametrize(
    "sent",
    [
        -1, -1.0, "-1", -1_000_000, 11.5, "11.5", True, False, None, "", " ", "unknown",
        "12 tokens", "12,34", "1.234,5", "1e3", "0x10", "١٢", "NaN",
        float("nan"), float("inf"), -float("inf"), 1e308, 10**400, -(10**400),
        "9" * 20, "9" * 5_000, 10**9 + 1, [11], {"value": "x"},
    ],
    ids=lambda sent: repr(sent)[:20],
)  # fmt: skip
def test_anything_else_is_no_count(sent: object) -> None:
    """It is None, as if nothing had been sent: no credit, no endless number, no crash."""
    assert prompt(sent) is None
    assert Usage.from_json({"prompt_tokens": sent, "total_tokens": 7}) == Usage(total_tokens=7)


@pytest.mark.parametrize(
    "chunk",
    [
        {"usage": {"total_tokens": 7}},
        {"choices": [], "usage": {"total_tokens": 7}},
        {"choices": [{"index": 0, "usage": {"total_tokens": 7}}]},
        {"choices": [{"index": 0, "usage": {"total_tokens": 7}}], "usage": None},
        {"choices": [{"index": 0, "usage": {"total_tokens": 7}}], "usage": {"total_tokens": -1}},
        {"choices": ["x", None], "x_groq": {"id": "r", "usage": {"total_tokens": 7}}},
        {"usageMetadata": {"totalTokenCount": 7}},
        {"usage": {"usage": {"total_tokens": 7}}},
        {"usage": {"cost": 0.1, "tokens": {"total_tokens": 7}}},
        {"usage": {"total_tokens": -1, "tokens": {"total_tokens": 7}}},
    ],
    ids=lambda chunk: json.dumps(chunk)[:60],
)
def test_usage_is_found_in_its_places(chunk: dict[str, Any]) -> None:
    """At the top, in a choice, in an object of the gateway, and wrapped once more."""
    assert usage_in(chunk) == Usage(total_tokens=7)
    assert read_chunks(json.dumps(chunk))[0].usage == Usage(total_tokens=7)


def test_counts_of_ollama_stand_beside_its_message() -> None:
    """They come with its last chunk."""
    chunk = {"message": {"content": ""}, "done": True, "prompt_eval_count": 26, "eval_count": 298}
    assert usage_in(chunk) == Usage(26, 298)
    assert read_chunks(json.dumps(chunk))[0].usage == Usage(26, 298)


@pytest.mark.parametrize(
    "chunk",
    [
        {},
        {"usage": None},
        {"usage": []},
        {"usage": "18"},
        {"usage": {"prompt_tokens_details": {"input_tokens": 7}}},
        {"choices": "x", "usage": {"a": {"b": {"total_tokens": 7}}}},
        {"choices": [{"delta": {"content": '{"usage": {"total_tokens": 7}}'}}]},
    ],
    ids=lambda chunk: json.dumps(chunk)[:60],
)
def test_what_is_no_usage_is_none(chunk: dict[str, Any]) -> None:
    """Neither details alone, nor what the model writes, nor what lies deeper."""
    assert usage_in(chunk) is None


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e400", "1" * 4_000, "1" * 5_000]
)
def test_numbers_that_json_does_not_know_stop_nothing(number: str) -> None:
    """The text beside them is read."""
    text = (
        f'{{"choices": [{{"delta": {{"content": "Hi"}}}}], "usage": {{"total_tokens": {number}}}}}'
    )
    (chunk,) = read_chunks(text)
    assert (chunk.choices[0].text, chunk.usage, chunk.error) == ("Hi", None, None)


@pytest.mark.parametrize(
    ("received", "kept"),
    [
        ({"cached_tokens": 7, "audio_tokens": 0}, {"cached_tokens": 7, "audio_tokens": 0}),
        ({"cached_tokens": "7", "audio_tokens": -1, "text_tokens": None}, {"cached_tokens": 7}),
        ({"a": {"b": 7, "c": {"d": 7}}}, {"a": {"b": 7}}),
        ({"a": 10**400, "b": "x" * 10**6, "c": True, "d": [1]}, {}),
        ({"n" * 10**6: 1}, {"n" * 100: 1}),
        ([1], {}),
        (None, {}),
    ],
    ids=["counts", "odd", "nested", "hostile", "long-name", "list", "none"],
)  # fmt: skip
def test_details_are_counts(received: object, kept: dict[str, Any]) -> None:
    """Under the names of the endpoint, one mapping deep; nothing else is kept."""
    for name in ("prompt_tokens_details", "input_tokens_details"):
        usage = Usage.from_json({"prompt_tokens": 1, name: received})
        assert usage == Usage(1, prompt_tokens_details=kept)


def test_many_details_are_cut() -> None:
    """No endpoint has a hundred of them."""
    usage = Usage.from_json(
        {"total_tokens": 1, "output_tokens_details": dict.fromkeys(map(str, range(9_999)), 1)}
    )
    assert usage is not None
    assert len(usage.completion_tokens_details) == 50


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9))
def test_whatever_is_sent_the_counts_are_sound(sent: object) -> None:
    """None, or a number that can be added to a budget."""
    usage = prompt(sent) or Usage()
    assert usage.prompt_tokens is None or 0 <= usage.prompt_tokens <= 10**9


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        (Usage(24, 1_120, 1_144), "24 + 1,120 = 1,144 tokens"),
        (Usage(24, 1_120, 2_000), "2,000 tokens (24 + 1,120)"),
        (Usage(24, 1_120), "24 + 1,120 tokens"),
        (Usage(24), "24 tokens read"),
        (Usage(completion_tokens=1_120), "1,120 tokens written"),
        (Usage(24, None, 1_144), "1,144 tokens"),
        (Usage(total_tokens=1_144), "1,144 tokens"),
        (Usage(0, 0, 0), "0 + 0 = 0 tokens"),
    ],
)
def test_words_say_what_was_received(usage: Usage, said: str) -> None:
    """A total that was not received is not said, and no sum is wrong."""
    assert in_words(usage) == said


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        pytest.param(None, Usage(5, 7, 12), Usage(5, 7, 12), id="one"),
        pytest.param(Usage(5, 1, 6), Usage(5, 7, 12), Usage(5, 7, 12), id="grown"),
        pytest.param(Usage(5, 0, 5), Usage(None, 7), Usage(5, 7), id="parts"),
        pytest.param(Usage(5), Usage(None, 7, 12), Usage(5, 7, 12), id="parts-and-total"),
        pytest.param(Usage(5, 7, 12), Usage(0, 0, 0), Usage(5, 7, 12), id="zeros-last"),
        pytest.param(Usage(0, 0, 0), Usage(5, 7, 12), Usage(5, 7, 12), id="zeros-first"),
        pytest.param(Usage(0, 0, 0), Usage(0, 0, 0), Usage(0, 0, 0), id="zeros"),
        pytest.param(Usage(5), Usage(0), Usage(5), id="zero"),
        pytest.param(Usage(None, 7), Usage(0), Usage(0, 7), id="zero-alone"),
        pytest.param(
            Usage(5, 7, 12, {"cached_tokens": 1}, {"a": 2}),
            Usage(5, 8, 13, {}, {"a": 3}),
            Usage(5, 8, 13, {"cached_tokens": 1}, {"a": 3}),
            id="details",
        ),
    ],
)
def test_of_several_usages_the_last_count_of_each_kind_counts(
    first: Usage | None, last: Usage, whole: Usage
) -> None:
    """What only an earlier one holds is kept, without a total that is out of date."""
    assert last.after(first) == whole
