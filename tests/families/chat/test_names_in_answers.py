"""Each name by which an answer in another shape is told."""

import json
from typing import Any

import pytest

from comet_magic.families.facts import Fact, Finished, Made, Origin, SentError, Used
from comet_magic.wire.usage import Usage
from tests.client.scripted import data, delta
from tests.families.chat.hearing import USAGE, facts_of, text_of
from tests.families.chat.test_empty_answers import IMAGE_MODEL
from tests.families.chat.test_foreign import MODEL, WHOLE, heard

LINK = "https://a.example/fox.png"


def error_in(facts: list[Fact]) -> bool:
    """Whether an error was sent."""
    return any(isinstance(fact, SentError) for fact in facts)


@pytest.mark.parametrize(
    "name",
    [
        "data", "result", "response", "output", "body", "payload", "completion", "chat_completion",
        "chunk", "message", "content",
    ],
)  # fmt: skip
def test_an_envelope_with_this_name(name: str) -> None:
    """As an object, as a list, as JSON in a string and as the data of an event in one."""
    plain = json.dumps(WHOLE)
    for inner in (WHOLE, [WHOLE], plain, f" [{plain}]", f"data: {plain}"):
        facts = heard({name: inner, "model": "m"})
        assert text_of(facts) == "Hello world"
        assert (Finished("stop") in facts, Origin("c", "m") in facts) == (True, True)
        assert not error_in(facts)


@pytest.mark.parametrize(("depth", "is_read"), [(4, True), (5, False)])
def test_envelopes_in_envelopes(depth: int, is_read: bool) -> None:
    """Four are opened."""
    body: dict[str, Any] = WHOLE
    for _ in range(depth):
        body = {"payload": body}
    assert text_of(heard(body)) == ("Hello world" if is_read else "")


def test_usage_beside_an_answer_in_another_shape() -> None:
    """With another provider's name."""
    usage = {"promptTokenCount": 1, "candidatesTokenCount": 2, "totalTokenCount": 3}
    assert Used(Usage(1, 2, 3)) in heard({"text": "Hi", "usageMetadata": usage})


def test_what_is_outside_of_an_envelope_counts_if_nothing_is_inside() -> None:
    """Id, model and usage; those inside are the answer's own."""
    choices = WHOLE["choices"]
    outer = {"id": "o", "model": "out", "usage": USAGE}
    facts = heard({**outer, "data": {"choices": choices}})
    assert Origin("o", "out") in facts
    assert Used(Usage(1, 2, 3)) in facts
    facts = heard({**outer, "data": {"id": "i", "model": "in", "choices": choices}})
    assert Origin("i", "in") in facts


def test_the_choices_of_several_answers_in_an_envelope_are_one_answer() -> None:
    """They follow each other."""
    pieces = [{"choices": [{"index": 0, "text": text}]} for text in ("Hello", " world")]
    assert text_of(heard({"data": pieces})) == "Hello world"


@pytest.mark.parametrize("key", ["message", "delta"])
def test_one_choice_that_is_no_list(key: str) -> None:
    """It is one if it has a message."""
    assert text_of(heard({"choices": {key: {"content": "Hello world"}}})) == "Hello world"


@pytest.mark.parametrize(
    "name",
    [
        "content", "text", "output_text", "response", "result", "answer", "reply",
        "generated_text", "completion", "output",
    ],
)  # fmt: skip
def test_a_text_with_this_name(name: str) -> None:
    """It is the answer, within another object too; not in a notice."""
    assert text_of(heard({name: "Hello world"})) == "Hello world"
    for holder in ("output", "result", "data", "response"):
        assert text_of(heard({holder: {name: "Hello world"}})) == "Hello world"
    for field in ("type", "event"):
        stream = data({name: "Searching", field: "search"}) + delta("Hello world")
        assert text_of(facts_of([stream], MODEL, is_whole=True)) == "Hello world"
    for value in ("", 1, {"a": 1}):
        assert text_of(heard({name: value})) == ""


@pytest.mark.parametrize("name", ["finish_reason", "finishReason", "stop_reason", "done_reason"])
def test_a_finish_reason_beside_a_text(name: str) -> None:
    """It makes the text the whole answer, unless pieces say whether they are the last."""
    facts = heard({"text": "Hello world", name: "length"})
    assert (text_of(facts), Finished("length") in facts) == ("Hello world", True)
    whole = data({"text": "Hello world", name: "stop"})
    facts = facts_of([data({"text": "Hello"}), whole], MODEL, is_whole=True)
    assert text_of(facts) == "Hello world"
    last = data({"text": " world", name: "stop", "done": True})
    facts = facts_of([data({"text": "Hello"}), last], MODEL, is_whole=True)
    assert text_of(facts) == "Hello world"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"type": "content_block_delta", "delta": {"type": "text_delta", "text": "Hi"}}, "Hi"),
        ({"type": "content_block_delta", "delta": {"type": "input_json_delta", "text": "x"}}, ""),
        ({"type": "message_delta", "delta": {"stop_reason": "end_turn", "text": "x"}}, ""),
        ({"type": "response.output_text.delta", "delta": "Hi"}, "Hi"),
        ({"type": "response.refusal.delta", "delta": "x"}, ""),
        ({"type": "response.output_item.done", "item": {"type": "message", "text": "x"}}, ""),
        ({"type": "response.output_item.done", "item": None, "text": "x"}, ""),
    ],
    ids=json.dumps,
)
def test_an_event_of_another_api(value: dict[str, Any], text: str) -> None:
    """Only new text counts; what is whole has come in pieces before."""
    facts = heard(value)
    assert text_of(facts) == text
    assert not error_in(facts)


def test_the_end_of_a_message_has_its_reason() -> None:
    """As Anthropic sends it."""
    facts = heard({"type": "message_delta", "delta": {"stop_reason": "end_turn"}})
    assert Finished("end_turn") in facts


def test_a_picture_that_a_response_has_made() -> None:
    """It comes in an item that is done."""
    item = {"type": "image_generation_call", "result": "iVBORw0K", "output_format": "webp"}
    facts = heard({"type": "response.output_item.done", "item": item})
    assert [fact.url for fact in facts if isinstance(fact, Made)] == [
        "data:image/webp;base64,iVBORw0K"
    ]


@pytest.mark.parametrize(
    ("status", "is_over"), [("completed", True), ("incomplete", True), ("in_progress", False)]
)
def test_the_status_of_a_response(status: str, is_over: bool) -> None:
    """It says whether the answer is whole."""
    output = [{"type": "message", "content": [{"type": "output_text", "text": "Hi"}]}, "x"]
    facts = heard({"object": "response", "status": status, "output": output})
    assert (text_of(facts), Finished("stop") in facts) == ("Hix", is_over)


def test_gemini_has_names_of_its_own() -> None:
    """For the id, the model and the tokens."""
    facts = heard({
        "responseId": "r", "modelVersion": "gemini-9",
        "candidates": [None, {"content": {"parts": [{"text": "Hi"}]}}],
        "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2, "totalTokenCount": 3},
    })  # fmt: skip
    assert text_of(facts) == "Hi"
    assert Origin("r", "gemini-9") in facts
    assert Used(Usage(1, 2, 3)) in facts


@pytest.mark.parametrize("name", ["type", "event"])
@pytest.mark.parametrize("kind", ["search", "source", "citation", "partial_image"])
def test_links_that_are_no_results(name: str, kind: str) -> None:
    """Those of sources, and of pictures that are not finished; by a field or the event's name."""
    for said in (
        data({name: kind, "images": [LINK]}),
        data({"images": [LINK]}, kind),
    ):
        facts = facts_of([said + delta("Hi", "stop")], IMAGE_MODEL, is_whole=True)
        assert not any(isinstance(fact, Made) for fact in facts)
    facts = facts_of([data({name: "x", "images": [LINK]})], IMAGE_MODEL, is_whole=True)
    assert any(isinstance(fact, Made) for fact in facts)
