"""Each name and word by which an error, a notice or a ping is told."""

import json

import pytest

from comet_magic.families.facts import Finished
from tests.client.scripted import DONE, data, delta, event
from tests.families.chat.hearing import facts_of, text_of
from tests.families.chat.test_sent_errors import MODEL, errors_in

WELL: tuple[object, ...] = (
    0, 200, 20000, "0", "000", "200", "20000", "ok", "OK", "okay", "success", "Successful",
    "succeed", "succeeded", "操作成功", "none", "null", "nil", "false", "normal", "undefined", "",
)  # fmt: skip
CODES = (
    "code", "error_code", "errorCode", "errcode", "err_code", "status_code", "statusCode",
    "ret_code", "retcode", "Code", "__type",
)  # fmt: skip
MESSAGES = (
    "message", "msg", "detail", "error_msg", "errorMsg", "error_message", "errorMessage", "errmsg",
    "err_msg", "status_msg", "error_description", "Message",
)  # fmt: skip


def number_of_errors(value: object, name: str = "") -> int:
    """How many errors a stream has in which this stands behind a text."""
    text = value if isinstance(value, str) else json.dumps(value)
    facts = facts_of([delta("Hi") + event(text, name)], MODEL, is_whole=False)
    assert text_of(facts) == "Hi"
    return len(errors_in(facts))


@pytest.mark.parametrize("name", ["error", "errors", "err", "exception", "Error", "fault"])
def test_a_field_for_an_error(name: str) -> None:
    """What is in it is one, beside choices and in an object too, unless all is said to be well."""
    ill: tuple[object, ...] = ("busy", {"message": "busy"}, ["busy"], True, 1)
    for error in ill:
        assert number_of_errors({name: error}) == 1
        assert number_of_errors({"choices": [{"delta": {}}], name: error}) == 1
    for inner in ("response", "Response", "data", "result", "output"):
        assert number_of_errors({inner: {name: {"message": "busy"}}}) == 1
    for error in (*WELL, None, False, {}, [], {"code": 0, "message": "success"}, {"code": None}):
        assert number_of_errors({name: error}) == 0
    assert number_of_errors({name: {"code": 0, "message": "busy"}}) == 1


@pytest.mark.parametrize("name", CODES)
def test_a_code(name: str) -> None:
    """It tells an error from a notice, whatever the message is."""
    ill: tuple[object, ...] = (1, -1, 500, 1.5, "500", "Throttling", "2001")
    for code in ill:
        assert number_of_errors({name: code}) == 1
        assert number_of_errors({name: code, "message": "success"}) == 0
    for code in (*WELL, None, True, [500]):
        assert number_of_errors({name: code}) == 0
    assert number_of_errors({name: 0, "message": "busy"}) == 0


@pytest.mark.parametrize("name", ["base_resp", "baseResp", "header", "meta", "status"])
def test_a_code_in_an_object(name: str) -> None:
    """Some gateways report how it went in an object of its own."""
    assert number_of_errors({name: {"status_code": 1008}}) == 1
    assert number_of_errors({name: {"status_code": 0}}) == 0
    assert number_of_errors({name: {"text": "x"}}) == 0
    assert number_of_errors({"choices": [{"delta": {}}], name: {"code": 1008}}) == 1


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_alone(name: str) -> None:
    """It is an error; not if all is well, and not in a chunk or beside an answer."""
    assert number_of_errors({name: "busy"}) == 1
    for value in (
        {name: "success"},
        {name: ""},
        {name: "busy", "object": "chat.completion.chunk"},
        {name: "busy", "usage": {"total_tokens": 1}},
        {name: "busy", "data": {"choices": [{"delta": {}}]}},
        {name: "busy", "type": "progress"},
    ):
        assert number_of_errors(value) == 0


@pytest.mark.parametrize("name", ["success", "ok"])
def test_a_flag_that_says_no(name: str) -> None:
    """It is an error, unless the message says that all is well."""
    assert number_of_errors({name: False, "msg": "busy"}) == 1
    assert number_of_errors({name: False, "msg": "ok"}) == 0
    assert number_of_errors({name: False, "msg": "ok", "detail": "busy"}) == 1
    for value in (True, None, 0, ""):
        assert number_of_errors({name: value}) == 0


@pytest.mark.parametrize(
    "word",
    ["error", "Failed", "exception", "denied", "refused", "forbidden", "unauthorized"],
)
def test_a_name_of_an_error(word: str) -> None:
    """In each field that can say what an object is, and as the name of an event."""
    for field in ("type", "event", "object", "kind", "status", "state"):
        assert number_of_errors({field: f"x.{word}"}) == 1
    named = event('{"x": 1}', word)
    assert len(errors_in(facts_of([delta("Hi") + named], MODEL, is_whole=False))) == 1


@pytest.mark.parametrize(
    "word",
    [
        "ping", "pong", "heartbeat", "keepalive", "alive", "status", "progress", "processing",
        "queued", "pending", "running", "waiting", "thinking", "searching", "info", "notice",
        "metadata", "log", "debug", "started", "initialized", "created", "connected", "ack",
        "completed", "success", "generating", "tool_call", "stage", "step",
    ],
)  # fmt: skip
def test_a_name_of_a_notice(word: str) -> None:
    """Its message is no error."""
    for field in ("type", "event", "object", "kind", "status", "state"):
        assert number_of_errors({field: word, "message": "busy"}) == 0
    assert number_of_errors({"message": "busy"}, word) == 0
    assert number_of_errors({"kind": "weather", "message": "busy"}) == 1


@pytest.mark.parametrize(("status", "expected"), [(399, 0), (400, 1), (1, 0), ("429", 0)])
def test_a_status_that_is_a_number(status: object, expected: int) -> None:
    """It is an error from 400 on, as in HTTP."""
    assert number_of_errors({"status": status}) == expected


@pytest.mark.parametrize(
    "text",
    [
        "ping", "pong", "heartbeat", "heart-beat", "heart beat", "keep-alive", "keep_alive", "hb",
        "alive", "ok", "connected", "processing", "waiting", "null", "none", "undefined", "true",
        "open", "OpenRouter Processing", "[PING]", "...", "-" * 39,
    ],
)  # fmt: skip
def test_a_ping(text: str) -> None:
    """It keeps the connection open, and says nothing."""
    assert number_of_errors(text) == 0


@pytest.mark.parametrize("text", ["-" * 40, "pingx", "ping pong", "ping\x07"])
def test_words_that_are_no_ping(text: str) -> None:
    """They are an error, as nothing else can be made of them."""
    assert number_of_errors(text) == 1


@pytest.mark.parametrize("name", ["ping", "message.pong", "heartbeat", "heart-beat", "keep_alive"])
def test_an_event_that_is_a_ping(name: str) -> None:
    """Its data is passed over, even if it would be an error."""
    assert number_of_errors("busy", name) == 0
    assert number_of_errors('{"error": "busy"}', name) == 0


@pytest.mark.parametrize("name", ["done", "end", "finish", "finished", "message_stop", "close"])
def test_an_event_that_is_the_end(name: str) -> None:
    """By its name, or by a type; its words are no error."""
    said = event("bye", name)
    facts = facts_of([delta("Hi") + said], MODEL, is_whole=True)
    assert (errors_in(facts), Finished(None, 0, is_last=False) in facts) == ([], True)
    for field in ("type", "event", "object"):
        facts = facts_of([delta("Hi") + data({field: name})], MODEL, is_whole=True)
        assert Finished(None, 0, is_last=False) in facts


@pytest.mark.parametrize("name", ["done", "is_end", "finished", "finish", "end"])
def test_a_flag_that_is_the_end(name: str) -> None:
    """Only `true` is; a reason beside no choice is an end too."""
    for value, is_over in ((True, True), (False, False), ("true", False), (1, False)):
        facts = facts_of([delta("Hi") + data({name: value})], MODEL, is_whole=True)
        assert (Finished(None, 0, is_last=False) in facts) is is_over


@pytest.mark.parametrize("name", ["finish_reason", "finishReason", "stop_reason", "finish_type"])
def test_a_field_for_a_finish_reason(name: str) -> None:
    """In a choice, in its message, and beside the choices."""
    for chunk in (
        {"choices": [{"delta": {"content": ""}, name: "stop"}]},
        {"choices": [{"delta": {"content": "", name: "stop"}}]},
        {"choices": [{"delta": {"content": ""}}], name: "stop"},
        {"choices": [{"delta": {"content": ""}, name: {"type": "stop"}}]},
    ):
        facts = facts_of([delta("Hi") + data(chunk) + DONE], MODEL, is_whole=True)
        assert Finished("stop") in facts


@pytest.mark.parametrize(
    "reason",
    [
        "null", "none", "None", "nil", "undefined", "false", "unspecified",
        "FINISH_REASON_UNSPECIFIED", "continue", "in_progress", "running", "processing",
        "generating", "", " ",
    ],
)  # fmt: skip
def test_a_finish_reason_that_says_that_it_goes_on(reason: str) -> None:
    """It is none."""
    facts = facts_of([delta("Hi", reason)], MODEL, is_whole=True)
    assert not any(isinstance(fact, Finished) for fact in facts)


@pytest.mark.parametrize(
    "reason",
    [
        "error", "network_error", "api error", "failed", "failure", "exception", "timeout",
        "aborted", "abort", "insufficient_system_resource", "MODEL_ERROR",
    ],
)  # fmt: skip
def test_a_finish_reason_that_is_an_error(reason: str) -> None:
    """Said in words."""
    facts = facts_of([delta("Hi") + delta("", reason) + DONE], MODEL, is_whole=False)
    assert errors_in(facts) == [f"The model stopped with finish_reason {reason}."]
    # Behind such a name anything else is a reason of its own.
    facts = facts_of([delta("Hi") + delta("", f"{reason}_2") + DONE], MODEL, is_whole=True)
    assert errors_in(facts) == []
