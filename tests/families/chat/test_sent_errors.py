"""An error is what has an error in it; everything else without choices is passed over."""

import json

import pytest

from comet_magic.families.chat.exchange import ChatExchange
from comet_magic.families.facts import Fact, Grown, SentError
from comet_magic.wire.body import Body
from tests.client.scripted import DONE, delta, event
from tests.families.chat.hearing import exchange, facts_of, text_of
from tests.wire.feeding import feedings

MODEL = "gpt-4o-mini"
NOTICES = [
    "{}",
    "null",
    "[]",
    '""',
    "1",
    "true",
    ".",
    "-",
    "ping",
    "PING",
    "heartbeat",
    "keep-alive",
    "[PING]",
    ": ping",
    "OPENROUTER PROCESSING",
    '{"type":"ping"}',
    '{"ping":1}',
    '{"heartbeat":true}',
    '{"status":"processing"}',
    '{"status":"queued","position":3}',
    '{"status":200}',
    '{"status":1}',
    '{"status":"running","message":"Working on it"}',
    '{"type":"status","message":"queued"}',
    '{"type":"info","message":"cache hit"}',
    '{"type":"metadata","content":"x"}',
    '{"provider":"X","cost":0.1}',
    '{"sources":[{"title":"x","url":"https://a.example/x.png"}]}',
    '{"type":"search","results":[{"url":"https://a.example/x.png"}]}',
    '{"citations":["https://a.example/x.png"]}',
    '{"id":"x","model":"m","created":1}',
    '{"selected_model_id":"m"}',
    '{"t":1}',
    '{"code":0,"message":"success"}',
    '{"code":200,"msg":"ok"}',
    '{"code":"0","msg":"操作成功"}',
    '{"error":null}',
    '{"error":{}}',
    '{"error":""}',
    '{"error":false}',
    '{"error":{"code":0,"message":""}}',
    '{"error":{"code":0,"message":"success"}}',
    '{"errors":[]}',
    '{"base_resp":{"status_code":0,"status_msg":"success"}}',
    '{"choices":{}}',
    '{"choices":[{}]}',
    '{"choices":[null]}',
    '{"choices":[{"index":0,"delta":null}]}',
    '{"success":true}',
    '{"data":null}',
    '{"data":"ping"}',
    '{"data":{}}',
    '{"reasoning":"hm"}',
    '{"event":"workflow_started","task_id":"t"}',
    '{"title":"A chat"}',
    '{"warning":"deprecated"}',
    '{"request_id":"x"}',
    '{"detail":null}',
    '{"type":"response.created","response":{"id":"r","status":"in_progress","output":[]}}',
    '{"type":"message_start","message":{"id":"x","role":"assistant","content":[]}}',
]
ERRORS = [
    '{"error":{"message":"busy"}}',
    '{"error":"busy"}',
    '{"error":true,"message":"busy"}',
    '{"message":"busy"}',
    '{"msg":"busy"}',
    '{"detail":"busy"}',
    '{"Message":"busy"}',
    '{"code":500,"message":"busy"}',
    '{"code":"500","msg":"busy"}',
    '{"code":-1,"msg":"busy"}',
    '{"code":1,"msg":"busy","data":null}',
    '{"code":"DataInspectionFailed","message":"busy"}',
    '{"success":false,"message":"busy"}',
    '{"ok":false,"error":"busy"}',
    '{"status":"error","message":"busy"}',
    '{"status":429,"detail":"busy"}',
    '{"type":"error","message":"busy"}',
    '{"type":"error","error":{"message":"busy"}}',
    '{"object":"error","message":"busy"}',
    '{"event":"error","message":"busy"}',
    '{"base_resp":{"status_code":1002,"status_msg":"busy"}}',
    '{"choices":null,"object":"","base_resp":{"status_code":"1002","status_msg":"busy"}}',
    '{"choices":[],"code":500,"msg":"busy"}',
    '{"errors":[{"message":"busy"}]}',
    '{"error_code":110,"error_msg":"busy"}',
    '{"header":{"code":10013,"message":"busy"}}',
    '{"choices":[{"index":0,"delta":{},"error":{"message":"busy"}}]}',
    '{"choices":[{"delta":{"content":""},"finish_reason":"error"}],"error":{"message":"busy"}}',
    '{"response":{"error":{"message":"busy"}}}',
    '{"data":{"error":{"message":"busy"}}}',
    '[{"error":{"message":"busy"}}]',
    "busy",
    "error: busy",
    '"busy"',
]


def errors_in(facts: list[Fact]) -> list[str]:
    """The messages of the errors that were sent."""
    return [fact.failure.message for fact in facts if isinstance(fact, SentError)]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_is_passed_over_in_every_place(notice: str) -> None:
    """In the first, in a middle and in the last place."""
    said = event(notice)
    stream = said + delta("Hé") + said + delta("llo", "stop") + said + DONE
    for parts in feedings(stream, most_cuts=60):
        facts = facts_of(parts, MODEL, is_whole=True)
        assert errors_in(facts) == []
        assert text_of(facts) == "Héllo"


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_is_one_in_every_place(error: str) -> None:
    """Alone, behind text, and as a body."""
    for before in (b"", delta("Hé")):
        stream = before + event(error)
        for parts in feedings(stream, most_cuts=60):
            facts = facts_of(parts, MODEL, is_whole=False)
            assert ["busy" in message for message in errors_in(facts)] == [True]
    asked: ChatExchange = exchange(MODEL)
    assert "busy" in errors_in(list(asked.hear(Body(error.encode()))))[0]


@pytest.mark.parametrize(
    "name", ["ping", "heartbeat", "keep-alive", "status", "progress", "typing"]
)
@pytest.mark.parametrize("data", ['{"t": 1}', "{}"])
def test_an_event_with_another_name_is_no_error(name: str, data: str) -> None:
    """Whatever is in it, as long as that is no error."""
    said = event(data, name)
    facts = facts_of([said + delta("Hi", "stop") + said + DONE], MODEL, is_whole=True)
    assert (errors_in(facts), text_of(facts)) == ([], "Hi")


@pytest.mark.parametrize(
    "stream",
    [
        b'error: {"code": 400, "message": "busy"}\n\n',
        delta("Hi") + b'error: {"code": 400, "message": "busy"}\n\n' + DONE,
        delta("Hi")[:-1] + b'error: {"code": 400, "message": "busy"}\n' + DONE,
        delta("Hi") + b'event: stream_error\ndata: {"x": "busy"}\n\n',
        delta("Hi", "stop") + event('{"error": {"message": "busy"}}'),
    ],
    ids=[
        "a field",
        "a field behind text",
        "a field one line end apart",
        "a name",
        "behind the end",
    ],
)
def test_an_error_may_be_named_in_the_stream(stream: bytes) -> None:
    """By a field of its own, or by the name of the event."""
    for parts in feedings(stream, most_cuts=60):
        facts = facts_of(parts, MODEL, is_whole=False)
        assert ["busy" in message for message in errors_in(facts)] == [True]


@pytest.mark.parametrize("rest", ["upstream closed", '{"choices":[{"ind', "<html>", "[1, 2"])
def test_behind_the_last_finish_reason_unreadable_text_is_no_error(rest: str) -> None:
    """The answer is whole; before that, it is an error."""
    facts = facts_of([delta("Hi", "stop") + event(rest) + DONE], MODEL, is_whole=True)
    assert errors_in(facts) == []
    assert len(errors_in(facts_of([delta("Hi") + event(rest)], MODEL, is_whole=False))) == 1


@pytest.mark.parametrize(
    "reason",
    ["error", "network_error", "ERROR", "internal_server_error", "insufficient_system_resource"],
)
def test_a_finish_reason_can_be_an_error(reason: str) -> None:
    """What arrived before it stays."""
    facts = facts_of([delta("Hi") + delta("", reason) + DONE], MODEL, is_whole=False)
    assert [reason in message for message in errors_in(facts)] == [True]
    assert [fact.text for fact in facts if isinstance(fact, Grown)] == ["Hi"]
    assert json.dumps(reason) not in errors_in(facts)[0]


@pytest.mark.parametrize("body", ['{"choices": [{"ind', "[1, 2", "data: oops", "oops"])
def test_a_body_that_cannot_be_read_is_an_error(body: str) -> None:
    """In its own words; it is not taken for the cut end of a stream."""
    (message,) = errors_in(list(exchange(MODEL).hear(Body(body.encode()))))
    assert message == body.removeprefix("data: ")
