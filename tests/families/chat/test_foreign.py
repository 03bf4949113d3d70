"""Answers in envelopes and in the shapes of other APIs are read as chat completions."""

import json
from typing import Any

import pytest

from comet_magic.families.chat.exchange import ChatExchange
from comet_magic.families.facts import Fact, Finished, SentError, Used
from comet_magic.wire.body import Body
from comet_magic.wire.usage import Usage
from tests.client.scripted import data, delta
from tests.families.chat.hearing import USAGE, exchange, facts_of, text_of
from tests.wire.feeding import feedings

MODEL = "gpt-4o-mini"
MESSAGE = {"role": "assistant", "content": "Hello world"}
WHOLE = {"id": "c", "choices": [{"message": MESSAGE, "finish_reason": "stop"}], "usage": USAGE}


def heard(body: object) -> list[Fact]:
    """The facts of a body."""
    asked: ChatExchange = exchange(MODEL)
    facts = list(asked.hear(Body(json.dumps(body).encode())))
    return [*facts, *asked.close(is_whole=True)]


ENVELOPES: dict[str, Any] = {
    "data": {"code": 0, "msg": "success", "data": WHOLE},
    "data and 200": {"code": 200, "message": "ok", "data": WHOLE},
    "a message in words": {"message": "Request completed", "data": WHOLE},
    "a code of its own": {"code": 1, "msg": "操作成功", "data": WHOLE},
    "result": {"success": True, "errors": [], "messages": [], "result": WHOLE},
    "response": {"response": WHOLE},
    "output": {"id": "x", "status": "succeeded", "output": WHOLE},
    "body": {"statusCode": 200, "body": json.dumps(WHOLE)},
    "two": {"code": 0, "data": {"result": WHOLE}},
    "an empty error": {"error": None, "result": WHOLE},
    "a list of one": [WHOLE],
    "a list in data": {"data": [WHOLE]},
    "a string": json.dumps(WHOLE),
    "a string in data": {"code": 0, "data": json.dumps(WHOLE)},
    "one choice": {**WHOLE, "choices": WHOLE["choices"][0]},  # type: ignore[index]
}


@pytest.mark.parametrize("body", ENVELOPES.values(), ids=ENVELOPES)
def test_an_envelope_is_opened(body: object) -> None:
    """As a body, and as the only event of a stream."""
    for facts in (heard(body), facts_of([data(body)], MODEL, is_whole=True)):
        assert text_of(facts) == "Hello world"
        assert Finished("stop") in facts
        assert Used(Usage(1, 2, 3)) in facts
        assert not any(isinstance(fact, SentError) for fact in facts)


@pytest.mark.parametrize(
    "body",
    [
        {"code": 500, "msg": "busy", "data": None},
        {"code": 500, "msg": "busy", "data": {"choices": []}},
        {"code": 500, "msg": "busy", "data": WHOLE},
        {"success": False, "errors": [{"message": "busy"}], "result": None},
        {"base_resp": {"status_code": 1, "status_msg": "busy"}, "data": WHOLE},
    ],
    ids=json.dumps,
)
def test_an_envelope_with_an_error_is_one(body: dict[str, Any]) -> None:
    """Whatever else is in it."""
    (sent,) = [fact for fact in heard(body) if isinstance(fact, SentError)]
    assert sent.failure.message == "busy"


FOREIGN: dict[str, Any] = {
    "Gemini": {
        "candidates": [
            {
                "content": {"parts": [{"text": "Hm", "thought": True}, {"text": "Hello world"}]},
                "finishReason": "STOP",
            }
        ],
        "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2, "totalTokenCount": 3},
    },
    "Anthropic": {
        "type": "message",
        "role": "assistant",
        "stop_reason": "end_turn",
        "content": [{"type": "text", "text": "Hello world"}],
    },
    "responses": {
        "object": "response",
        "status": "completed",
        "error": None,
        "output": [
            {"type": "reasoning", "summary": []},
            {"type": "message", "content": [{"type": "output_text", "text": "Hello world"}]},
        ],
    },
    "Ollama": {"model": "m", "message": MESSAGE, "done": True},
    "Ollama's generate": {"model": "m", "response": "Hello world", "done": True},
    "DashScope": {"output": {"choices": [{"message": MESSAGE, "finish_reason": "stop"}]}},
    "DashScope's text": {"output": {"text": "Hello world", "finish_reason": "stop"}},
    "Cloudflare": {"result": {"response": "Hello world"}, "success": True, "errors": []},
    "Cohere": {
        "message": {"content": [{"type": "text", "text": "Hello world"}]},
        "finish_reason": "COMPLETE",
    },
    "text generation": [{"generated_text": "Hello world"}],
    "ERNIE": {"result": "Hello world", "is_end": True},
    "a message": {"role": "assistant", "content": "Hello world"},
    "completions": {"choices": [{"text": "Hello world", "finish_reason": "stop"}]},
    "a message as text": {"choices": [{"message": "Hello world", "finish_reason": "stop"}]},
}


@pytest.mark.parametrize("body", FOREIGN.values(), ids=FOREIGN)
def test_another_shape_is_read(body: object) -> None:
    """Gateways pass on what the provider wrote."""
    facts = heard(body)
    assert text_of(facts) == "Hello world"
    assert not any(isinstance(fact, SentError) for fact in facts)


STREAMS: dict[str, list[Any]] = {
    "Gemini": [
        {"candidates": [{"content": {"parts": [{"text": "Hello"}]}}]},
        {"candidates": [{"content": {"parts": [{"text": " world"}]}, "finishReason": "STOP"}]},
    ],
    "Anthropic": [
        {"type": "message_start", "message": {"id": "m", "content": [], "role": "assistant"}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "delta": {"type": "thinking_delta", "thinking": "Hm"}},
        {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "Hello"}},
        {"type": "ping"},
        {"type": "content_block_delta", "delta": {"type": "text_delta", "text": " world"}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}},
        {"type": "message_stop"},
    ],
    "responses": [
        {"type": "response.created", "response": {"status": "in_progress", "output": []}},
        {"type": "response.output_text.delta", "delta": "Hello"},
        {"type": "response.output_text.delta", "delta": " world"},
        {"type": "response.output_text.done", "text": "Hello world"},
        {"type": "response.completed", "response": FOREIGN["responses"]},
    ],
    "Ollama": [
        {"message": {"content": "Hello"}, "done": False},
        {"message": {"content": " world"}, "done": False},
        {"message": {"content": ""}, "done": True},
    ],
}


@pytest.mark.parametrize("events", STREAMS.values(), ids=STREAMS)
def test_another_stream_is_read(events: list[dict[str, Any]]) -> None:
    """With names or without, however it is cut, and as lines of JSON."""
    named = b"".join(data(each, str(each.get("type", ""))) for each in events)
    plain = b"".join(data(each) for each in events)
    for stream in (named, plain):
        for parts in feedings(stream, most_cuts=60):
            facts = facts_of(parts, MODEL, is_whole=True)
            assert text_of(facts) == "Hello world"
            assert any(isinstance(fact, Finished) for fact in facts)
    asked: ChatExchange = exchange(MODEL)
    asked.hear(Body("\n".join(map(json.dumps, events)).encode()))
    assert text_of(asked.close(is_whole=True)) == "Hello world"


def test_text_beside_chunks_is_none_of_the_answer() -> None:
    """An object without choices among chunks with choices tells of something else."""
    stream = delta("Hello") + data({"text": "Searching"}) + delta(" world", "stop")
    assert text_of(facts_of([stream], MODEL, is_whole=True)) == "Hello world"


@pytest.mark.parametrize("choices", [{"x": 1}, "x", 1])
def test_choices_of_an_unknown_shape_are_no_answer(choices: object) -> None:
    """What came is quoted."""
    (sent,) = [fact for fact in heard({"choices": choices}) if isinstance(fact, SentError)]
    assert sent.failure.message == f"not a chat completion: {json.dumps({'choices': choices})}"
