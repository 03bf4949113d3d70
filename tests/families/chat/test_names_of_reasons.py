"""Each name by which the reason of an empty answer is told."""

import json
from typing import Any

import pytest

from comet_magic.families.facts import Failed, SentError
from tests.client.scripted import DONE, data, delta
from tests.families.chat.hearing import facts_of
from tests.families.chat.test_empty_answers import IMAGE_MODEL, TEXT_MODEL, chunk
from tests.families.chat.test_foreign import heard


def reason_of(*chunks: bytes, model: str = TEXT_MODEL) -> str:
    """Why the answer in these chunks has no result."""
    facts = facts_of([b"".join(chunks)], model, is_whole=True)
    (failed,) = [fact.reason for fact in facts if isinstance(fact, Failed)]
    return failed


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        *(
            (name, "It goes too far.", "It goes too far")
            for name in (
                "finish_message", "finishMessage", "native_finish_reason", "block_reason_message",
                "blockReasonMessage",
            )
        ),
        *((name, "SAFETY", "blocked: SAFETY") for name in ("block_reason", "blockReason")),
        *(
            (name, [{"category": "HATE", "blocked": True}, {"blocked": "x"}], "filtered: HATE")
            for name in ("safety_ratings", "safetyRatings")
        ),
        *((name, True, name) for name in ("input_sensitive", "output_sensitive")),
        *(
            (name, {"hate": {mark: True}, "x": {mark: False}, "y": 1}, "filtered: hate")
            for name in ("content_filter_results", "content_filter_result")
            for mark in ("filtered", "detected")
        ),
        *(
            (name, [{"content_filter_results": {"hate": {"filtered": True}}}, 1], "filtered: hate")
            for name in ("prompt_filter_results", "prompt_annotations")
        ),
        ("audio", {"data": "AAAA"}, "it sent a sound"),
    ],
)  # fmt: skip
def test_a_field_that_explains_an_empty_answer(field: str, value: Any, said: str) -> None:
    """In a choice, in its message, and beside the choices."""
    expected = f"The answer is empty ({said})."
    assert reason_of(chunk(None, **{field: value})) == expected
    assert reason_of(chunk(None, {field: value})) == expected
    assert reason_of(data({"choices": [{"delta": {}}], field: value})) == expected
    assert reason_of(data({field: value})) == expected
    assert reason_of(chunk(None, **{field: value}), data({field: value})) == expected


@pytest.mark.parametrize("name", ["prompt_feedback", "promptFeedback"])
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("block_reason", "SAFETY", "blocked: SAFETY"),
        ("blockReason", "SAFETY", "blocked: SAFETY"),
        ("block_reason_message", "Too far.", "Too far"),
        ("blockReasonMessage", "Too far.", "Too far"),
        ("safety_ratings", [{"category": "HATE", "blocked": True}], "filtered: HATE"),
        ("safetyRatings", [{"category": "HATE", "blocked": True}], "filtered: HATE"),
    ],
)
def test_feedback_on_the_prompt(name: str, field: str, value: object, said: str) -> None:
    """It is an object of its own."""
    assert (
        reason_of(data({"choices": [], name: {field: value}})) == f"The answer is empty ({said})."
    )


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning", "thinking"])
def test_a_field_for_thoughts(name: str) -> None:
    """A text model only thought; that says nothing of a missing picture's reason but itself."""
    assert reason_of(chunk(None, {name: "Hm"})) == "The model only thought."
    assert reason_of(chunk(None, {name: "Hm"}), model=IMAGE_MODEL) == (
        "The model finished without a picture (it thought)."
    )
    assert reason_of(chunk(None, {name: ""})) == "The answer is empty."


@pytest.mark.parametrize(
    "fields",
    [
        {"tool_calls": [{"function": {"name": "draw"}}, {"function": None}, 1]},
        {"tool_calls": [{"name": "draw"}]},
        {"tool_calls": [{"function": {"name": ""}}], "function_call": {"name": "draw"}},
    ],
    ids=json.dumps,
)
def test_the_name_of_a_tool(fields: dict[str, Any]) -> None:
    """In a call, or in its function."""
    assert reason_of(chunk(None, fields)) == "The model only called a tool: draw."


@pytest.mark.parametrize(
    "reason",
    ["stop", "STOP", "FinishReason.STOP", "end_turn", "eos", "eos_token", "completed", "complete"],
)
def test_an_ordinary_finish_reason(reason: str) -> None:
    """It is told if nothing else is known, and not behind words or as somebody's message."""
    said = reason_of(chunk(reason), model=IMAGE_MODEL)
    assert said == f"The model finished without a picture (finish reason {reason})."
    assert reason_of(delta("I cannot.", reason), model=IMAGE_MODEL) == "I cannot."
    said = reason_of(chunk("SAFETY", native_finish_reason=reason))
    assert said == "The answer is empty (finish reason SAFETY)."
    assert reason_of(chunk("SAFETY", native_finish_reason="safety")) == said


@pytest.mark.parametrize("reason", ["length", "max_tokens", "MAX_TOKENS"])
def test_an_answer_without_room(reason: str) -> None:
    """What helps is said."""
    assert reason_of(chunk(reason)) == (
        f"The answer is empty (finish reason {reason}; a greater max_tokens may help)."
    )


@pytest.mark.parametrize(("spent", "said"), [(0, ""), (1234, " (1,234 tokens of reasoning)")])
def test_tokens_of_reasoning(spent: int, said: str) -> None:
    """They are told if there are any."""
    usage = {"total_tokens": 5, "completion_tokens_details": {"reasoning_tokens": spent}}
    assert reason_of(data({"choices": [], "usage": usage}), DONE) == f"The answer is empty{said}."


def test_of_very_much_that_explains_an_empty_answer_the_beginning_is_told() -> None:
    """Ten remarks, and 200 characters of each."""
    found = {f"k{number}": {"filtered": True} for number in range(20)}
    said = reason_of(chunk(None, content_filter_results=found))
    assert said == f"The answer is empty ({'; '.join(f'filtered: k{n}' for n in range(10))})."
    said = reason_of(chunk("x" * 300, finish_message="y" * 300))
    assert "x" * 199 + "…" in said
    assert "y" * 199 + "…" in said
    assert len(said) < 480


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"reasoning": "Hm"}, "The model only thought."),
        ({"usage": {"total_tokens": 5}}, "The answer is empty."),
        ({"choices": [{"message": {}}]}, "The answer is empty."),
        ({"done": True}, "The answer is empty."),
    ],
    ids=json.dumps,
)
def test_a_body_without_a_result_is_an_answer(body: dict[str, Any], said: str) -> None:
    """It says something; one that does not is quoted."""
    assert [fact.reason for fact in heard(body) if isinstance(fact, Failed)] == [said]
    (sent,) = [fact for fact in heard({"x": 1}) if isinstance(fact, SentError)]
    assert sent.failure.message == 'not a chat completion: {"x": 1}'
