"""An answer with nothing in it is said to be that, with all that is known of the reason."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from comet_magic.families.chat.exchange import ChatExchange
from comet_magic.families.facts import Failed, SentError
from comet_magic.wire.body import Body
from comet_magic.wire.failure import Failure
from tests.client.scripted import DONE, data, delta
from tests.families.chat.hearing import exchange, facts_of
from tests.wire.feeding import feedings

TEXT_MODEL, IMAGE_MODEL, VIDEO_MODEL = "gpt-4o-mini", "gpt-4o-image", "sora-2"
HATE = {"hate": {"filtered": True, "severity": "high"}, "sexual": {"filtered": False}}


def chunk(reason: str | None = "stop", said: dict[str, Any] | None = None, **choice: Any) -> bytes:
    """A chunk of one choice: its delta, and fields beside that."""
    return data({"choices": [{"index": 0, "delta": said or {}, "finish_reason": reason, **choice}]})


def used(reasoning: int) -> bytes:
    """The last chunk, which holds the usage."""
    details = {"reasoning_tokens": reasoning}
    usage = {"prompt_tokens": 1, "completion_tokens": 9, "total_tokens": 10}
    return data({"choices": [], "usage": {**usage, "completion_tokens_details": details}})


def called(name: str | None, arguments: str = "") -> dict[str, Any]:
    """A delta with a piece of a call."""
    function = {"name": name, "arguments": arguments} if name else {"arguments": arguments}
    return {"tool_calls": [{"index": 0, "function": function}]}


EMPTY: dict[str, tuple[bytes, str]] = {
    "the end mark": (DONE, "The answer is empty."),
    "stop": (chunk() + DONE, "The answer is empty (finish reason stop)."),
    "white space": (delta("\n \n") + chunk(), "The answer is empty (finish reason stop)."),
    "usage": (used(0) + DONE, "The answer is empty."),
    "no choices": (data({"choices": []}) + DONE, "The answer is empty."),
    "choices null": (
        data({"object": "chat.completion.chunk", "choices": None}) + DONE, "The answer is empty."
    ),
    "length": (
        chunk("length"),
        "The answer is empty (finish reason length; a greater max_tokens may help).",
    ),
    "content_filter": (
        chunk("content_filter"), "The answer is empty (finish reason content_filter)."
    ),
    "which filter": (
        chunk("content_filter", content_filter_results=HATE),
        "The answer is empty (finish reason content_filter; filtered: hate).",
    ),
    "the prompt's filter": (
        data({"choices": [], "prompt_filter_results": [{"content_filter_results": HATE}]}) + DONE,
        "The answer is empty (filtered: hate).",
    ),
    "jailbreak": (
        chunk("content_filter", content_filter_result={"jailbreak": {"detected": True}}),
        "The answer is empty (finish reason content_filter; filtered: jailbreak).",
    ),
    "input_sensitive": (
        data({"choices": [], "input_sensitive": True, "output_sensitive": False}) + DONE,
        "The answer is empty (input_sensitive).",
    ),
    "output_sensitive": (
        data({"choices": [], "output_sensitive": True}) + chunk("sensitive"),
        "The answer is empty (finish reason sensitive; output_sensitive).",
    ),
    "block_reason": (
        data({"choices": [], "prompt_feedback": {"block_reason": "SAFETY"}}) + DONE,
        "The answer is empty (blocked: SAFETY).",
    ),
    "blockReason": (
        data({"choices": [], "promptFeedback": {
            "blockReason": "OTHER", "safetyRatings": [{"category": "HATE", "blocked": True}],
        }}) + DONE,
        "The answer is empty (blocked: OTHER; filtered: HATE).",
    ),
    "finish_message": (
        chunk("SAFETY", finish_message="It goes too far."),
        "The answer is empty (finish reason SAFETY; It goes too far).",
    ),
    "native_finish_reason": (
        chunk("stop", native_finish_reason="SAFETY"),
        "The answer is empty (finish reason stop; SAFETY).",
    ),
    "reasoning": (
        chunk(None, {"reasoning_content": "Hm"}) + chunk("stop") + used(812) + DONE,
        "The model only thought (finish reason stop; 812 tokens of reasoning).",
    ),
    "reasoning to the end": (
        chunk(None, {"reasoning": "Hm"}) + chunk("length") + used(1812) + DONE,
        ("The model only thought (finish reason length; 1,812 tokens of reasoning; "
        "a greater max_tokens may help)."),
    ),
    "hidden reasoning": (
        chunk("length") + used(64) + DONE,
        ("The answer is empty (finish reason length; 64 tokens of reasoning; "
        "a greater max_tokens may help)."),
    ),
    "a tool": (
        chunk(None, called("get_weather")) + chunk(None, called(None, "{}")) + chunk("tool_calls"),
        "The model only called a tool: get_weather (finish reason tool_calls).",
    ),
    "two tools": (
        chunk(None, called("one")) + chunk(None, called("two")) + chunk("tool_calls"),
        "The model only called a tool: one, two (finish reason tool_calls).",
    ),
    "a function": (
        chunk("function_call", {"function_call": {"name": "one", "arguments": "{}"}}),
        "The model only called a tool: one (finish reason function_call).",
    ),
}  # fmt: skip


def failures(stream: bytes, model: str) -> list[str]:
    """The failures of a stream, which are the same however its bytes are cut."""
    whole = facts_of([stream], model, is_whole=True)
    for parts in feedings(stream):
        assert facts_of(parts, model, is_whole=True) == whole
    assert not any(isinstance(fact, SentError) for fact in whole)
    return reasons(whole)


def reasons(facts: Iterable[object]) -> list[str]:
    """What the failures say."""
    return [fact.reason for fact in facts if isinstance(fact, Failed)]


@pytest.mark.parametrize(("stream", "reason"), EMPTY.values(), ids=EMPTY)
def test_an_empty_answer_is_a_failure_of_a_text_model(stream: bytes, reason: str) -> None:
    """With its finish reason, the filter, the tokens of reasoning, the tool that was called."""
    assert failures(stream, TEXT_MODEL) == [reason]


@pytest.mark.parametrize(
    "choices",
    [None, [], [{"index": 0, "message": None}], [{"index": 0, "message": {"content": None}}],
     [{"index": 0, "message": {"content": []}}], [{"index": 0, "text": ""}]],
    ids=str,
)  # fmt: skip
def test_an_empty_body_is_a_failure(choices: object) -> None:
    """As it is in a stream."""
    asked: ChatExchange = exchange(TEXT_MODEL)
    body = {"object": "chat.completion", "choices": choices, "usage": {"total_tokens": 5}}
    heard = [*asked.hear(Body(json.dumps(body).encode())), *asked.close(is_whole=True)]
    assert reasons(heard) == ["The answer is empty."]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("[]", "not a chat completion: []"),
        ("{}", "not a chat completion: {}"),
        (" \n", "an empty answer"),
        ("", "an empty answer"),
    ],
    ids=repr,
)
def test_a_body_that_is_no_answer_is_an_error(body: str, message: str) -> None:
    """It is quoted; a blank one is said to be that."""
    (sent,) = exchange(TEXT_MODEL).hear(Body(body.encode()))
    assert sent == SentError(Failure(message))


MISSING = {
    "stop": (chunk(), "The model finished without a {} (finish reason stop)."),
    "nothing": (DONE, "The model finished without a {}."),
    "a reason in capitals": (
        chunk("IMAGE_PROHIBITED_CONTENT", finish_message="It goes against the guidelines."),
        ("The model finished without a {} (finish reason IMAGE_PROHIBITED_CONTENT; "
        "It goes against the guidelines)."),
    ),
    "a filter": (
        chunk("content_filter", content_filter_results=HATE),
        "The model finished without a {} (finish reason content_filter; filtered: hate).",
    ),
    "a tool": (
        chunk("tool_calls", called("draw")),
        "The model finished without a {} (finish reason tool_calls; it called the tool draw).",
    ),
    "words": (delta("I cannot.", "stop"), "I cannot."),
    "words and a filter": (
        delta("Here it", "content_filter"), "Here it (finish reason content_filter)."
    ),
}  # fmt: skip


@pytest.mark.parametrize(("stream", "reason"), MISSING.values(), ids=MISSING)
@pytest.mark.parametrize(("model", "wanted"), [(IMAGE_MODEL, "picture"), (VIDEO_MODEL, "video")])
def test_a_missing_picture_has_its_reason(
    stream: bytes, reason: str, model: str, wanted: str
) -> None:
    """The model's own words, else all that was said beside them."""
    assert failures(stream, model) == [reason.format(wanted)]


@pytest.mark.parametrize(
    ("stream", "model"),
    [
        (delta("Hi", "stop"), TEXT_MODEL),
        (delta("Hi", "content_filter"), TEXT_MODEL),
        (delta("Hi") + chunk("tool_calls", called("one")), TEXT_MODEL),
        (chunk("stop", {"refusal": "I cannot."}), TEXT_MODEL),
        (chunk("stop", {"images": ["https://a.example/p.png"]}), TEXT_MODEL),
        (chunk("content_filter", {"images": ["https://a.example/p.png"]}), IMAGE_MODEL),
    ],
    ids=["text", "a part", "text and a tool", "a refusal", "a picture", "a picture of a model"],
)
def test_an_answer_with_something_in_it_is_none(stream: bytes, model: str) -> None:
    """Text, a refusal in words and pictures are results, whatever the finish reason."""
    assert failures(stream, model) == []


ERRORS = {
    "base_resp": ({"choices": None, "object": "", "base_resp": {"status_code": 1002,
                   "status_msg": "rate limit"}}, "rate limit"),
    "base_resp of a whole answer": (
        {"object": "chat.completion", "choices": [{"index": 0, "message": {"content": ""},
         "finish_reason": "stop"}], "base_resp": {"status_code": "1026", "status_msg": "bad"}},
        "bad",
    ),
    "true": ({"error": True, "message": "quota exhausted"}, "quota exhausted"),
    "JSON in a text": ({"error": '{"message": "too fast"}'}, "too fast"),
    "an id beside it": ({"error": {"message": "too fast"}, "request_id": "r-1"}, "too fast"),
}  # fmt: skip


@pytest.mark.parametrize(("value", "message"), ERRORS.values(), ids=ERRORS)
def test_an_error_in_an_answer_has_its_words(value: dict[str, Any], message: str) -> None:
    """In a stream, however it is cut, and in a body; an id beside it is read, too."""
    stream = data(value)
    for parts in feedings(stream):
        facts = facts_of(parts, TEXT_MODEL, is_whole=False)
        (sent,) = [fact.failure for fact in facts if isinstance(fact, SentError)]
        assert (sent.message, sent.request_id) == (message, value.get("request_id"))
    (in_body,) = [
        fact.failure
        for fact in exchange(TEXT_MODEL).hear(Body(json.dumps(value).encode()))
        if isinstance(fact, SentError)
    ]
    assert in_body == sent
