"""The reason of an error is found wherever it stands, and no JSON is left in it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comet_magic.families.chat.sent_errors import has_error
from comet_magic.wire.failure import Failure, failure_from_body, failure_from_json

RAW = json.dumps({"error": {"message": "too fast", "type": "limit", "code": "rate"}})
PAGE = "<html><head><title>502 Bad Gateway</title></head></html>"
AZURE = {
    "message": "The prompt was filtered", "code": "content_filter",
    "innererror": {"content_filter_result": {"hate": {"filtered": True, "severity": "high"},
                                             "sexual": {"filtered": False}}},
}  # fmt: skip
DETAIL = {"@type": "x", "reason": "API_KEY_INVALID", "domain": "g"}
GOOGLE = [{"error": {"code": 400, "message": "No.", "status": "INVALID", "details": [DETAIL]}}]
BODIES: dict[str, tuple[object, str]] = {
    "words in raw": (
        {"error": {"message": "It failed", "metadata": {"raw": "busy at its maker"}}},
        "It failed: busy at its maker",
    ),
    "JSON in raw": ({"error": {"message": "It failed", "metadata": {"raw": RAW}}},
                    "It failed: too fast"),
    "a page in raw": ({"error": {"message": "It failed", "metadata": {"raw": PAGE}}},
                      "It failed: 502 Bad Gateway"),
    "raw says the same": ({"error": {"message": "busy now", "metadata": {"raw": "busy"}}},
                          "busy now"),
    "reasons": ({"error": {"message": "It was flagged",
                           "metadata": {"reasons": ["violence", "hate"]}}},
                "It was flagged: violence; hate"),
    "JSON in error": ({"error": RAW}, "too fast"),
    "JSON in message": ({"error": {"message": RAW}}, "too fast"),
    "JSON in JSON in message": ({"error": {"message": json.dumps({"message": RAW})}}, "too fast"),
    "JSON behind words": ({"error": f"upstream said: {RAW} (request id: r-1)"},
                          "upstream said: too fast"),
    "a Python dict": (
        {"message": "Error code: 400 - {'error': {'message': \"it's long\", 'code': None}}"},
        "Error code: 400: it's long",
    ),
    "a page in message": ({"error": {"message": f"bad response: {PAGE}"}},
                          "bad response: 502 Bad Gateway"),
    "FastAPI": (
        {"detail": [{"loc": ["body", "messages", 0, "content"], "msg": "field required",
                     "type": "missing", "input": {"message": "hidden"}},
                    {"loc": ["body", "n"], "msg": "too large"}]},
        "messages.0.content: field required; n: too large",
    ),
    "FastAPI, in words": ({"detail": "Not Found"}, "Not Found"),
    "detail, an object": ({"detail": {"error": "auth", "message": "no such key"}}, "no such key"),
    "errors": ({"success": False, "errors": [{"code": 10000, "message": "no"}], "messages": []},
               "no"),
    "errors by field": ({"title": "It is invalid.", "status": 400,
                         "errors": {"model": ["is unknown"], "n": ["is low"]}},
                        "It is invalid. model: is unknown; n: is low"),
    "errors with a message": ({"message": "It is invalid",
                               "errors": [{"field": "model", "message": "is unknown"}]},
                              "It is invalid: model: is unknown"),
    "texts in a list": ({"error": ["one", "two"]}, "one; two"),
    "a capital letter": ({"Message": "not authorized"}, "not authorized"),
    "camel case": ({"errorMessage": "not authorized"}, "not authorized"),
    "snake case": ({"error_code": 17, "error_msg": "too many"}, "too many"),
    "status_msg": ({"base_resp": {"status_code": 1002, "status_msg": "rate limit"}}, "rate limit"),
    "true": ({"error": True, "message": "quota exhausted", "status_code": 500}, "quota exhausted"),
    "Tencent": ({"Response": {"Error": {"Code": "Auth", "Message": "bad"}, "RequestId": "r"}},
                "bad"),
    "Volcengine": ({"ResponseMetadata": {"Action": "x", "Error": {"Message": "bad"}}}, "bad"),
    "Apigee": ({"fault": {"faultstring": "bad key", "detail": {"errorcode": "x"}}}, "bad key"),
    "Spring": ({"status": 500, "error": "Internal Server Error", "message": "no", "path": "/v1"},
               "no"),
    "Google": (GOOGLE, "No. API_KEY_INVALID"),
    "Azure": ({"error": AZURE}, "The prompt was filtered (filtered: hate)"),
    "no words": ({"error": {"type": "overloaded"}}, "type: overloaded"),
    "unknown fields": ({"foo": {"bar": 1}, "success": False}, "foo: bar: 1"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "message"), BODIES.values(), ids=BODIES)
def test_the_reason_is_found(body: object, message: str) -> None:
    """In fields, lists, texts that are JSON, and in the fields of those who answered first."""
    assert failure_from_body(json.dumps(body)).message == message
    found = failure_from_json(body)
    assert found is not None
    assert found.message == message


EXPIRED = "<Message>It &lt;has&gt; expired</Message><RequestId>R9</RequestId>"
NAMED = (
    "<a:Error xmlns:a='x'><a:Type>Sender</a:Type>"
    "<a:Message><![CDATA[no <b> way]]></a:Message></a:Error>"
)
TEXTS = {
    "XML": (f"<?xml version='1.0'?>\n<Error><Code>Denied</Code>{EXPIRED}</Error>",
            Failure("It <has> expired", code="Denied", request_id="R9")),
    "XML with names": (NAMED, Failure("no <b> way", type="Sender")),
    "one element": ('<string xmlns="x">The store is closed</string>',
                    Failure("The store is closed")),
    "XHTML": ("<?xml version='1.0'?><!DOCTYPE html><html><title>Gone</title>", Failure("Gone")),
    "a page without a title": ("<html><style>p{}</style><body><p>Gone\nfishing</p>",
                               Failure("Gone fishing")),
    "an event": (f"data: {RAW}\n\ndata: [DONE]\n\n", Failure("too fast", "limit", "rate")),
    "a named event": (f"event: error\ndata: {RAW}\n\n", Failure("too fast", "limit", "rate")),
    "a field named error": (f"error: {RAW}\n\ndata: [DONE]\n\n",
                            Failure("too fast", "limit", "rate")),
    "a byte order mark": (f"\ufeff{RAW}", Failure("too fast", "limit", "rate")),
    "cut behind the words": ('{"detail": [{"msg": "too \\"big\\"\\u0021", "code": "size", "x": "iV',
                             Failure('too "big"!', code="size")),
    "cut in the words": ('{"error": {"type": "x", "message": "too lo', Failure("too lo", "x")),
    "braces that are none": ("use {name} or {{x}}", Failure("use {name} or {{x}}")),
}  # fmt: skip


@pytest.mark.parametrize(("text", "failure"), TEXTS.values(), ids=TEXTS)
def test_a_body_that_is_no_json_has_a_reason_too(text: str, failure: Failure) -> None:
    """XML, pages, events, and JSON that is too long to be read to its end."""
    assert failure_from_body(text) == failure


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "no"}, "request_id": "r-77"},
        {"message": "no", "requestId": "r-77"},
        {"Message": "no", "RequestId": "r-77"},
        {"error": {"message": "no", "x-request-id": "r-77"}},
        {"error": {"message": "no"}, "trace_id": "r-77"},
        {"error": {"message": "no"}, "traceId": "r-77"},
        {"ResponseMetadata": {"RequestId": "r-77", "Error": {"Message": "no"}}},
        {"error": json.dumps({"message": "no", "request_id": "r-77"})},
        {"error": {"message": "no (request id: r-77)"}},
        {"error": {"message": "no（request_id：r-77）"}},
        {"error": {"message": "no [traceId: r-77]"}},
        {"error": {"message": "no, Request id: r-7777"}},
    ],
    ids=str,
)
def test_the_id_of_the_request_is_found(body: object) -> None:
    """In fields and in the message, which then ends without it."""
    found = failure_from_body(json.dumps(body))
    assert (found.message, (found.request_id or "")[:4]) == ("no", "r-77")


def test_an_id_within_a_sentence_stays_in_it() -> None:
    """The sentence would not be one without it."""
    said = "Please include the request ID req_0123 in your message."
    found = failure_from_body(json.dumps({"error": {"message": said}}))
    assert (found.message, found.request_id) == (said, "req_0123")


USED_UP = [
    {"error": {"code": "1113", "message": "额度用完了，请先充值"}},
    {"error": {"code": 1113, "message": "?"}},
    {"error": {"message": "low (1008)", "type": "insufficient_balance_error"}},
    {"base_resp": {"status_code": 1008, "status_msg": "?"}},
    {"code": "Arrearage", "message": "Access denied."},
    {"error": {"code": "insufficient_quota", "message": "?"}},
    {"error": {"type": "insufficient_user_quota", "message": "?"}},
    {"error": {"type": "exceeded_current_quota_error", "message": "?"}},
    {"error": {"code": "AccountOverdueError", "message": "?"}},
    {"code": 30001, "message": "?"},
    {"error": {"message": "余额不足"}},
    {"error": {"message": "您的账户余额已用尽"}},
    {"error": {"message": "账户已欠费"}},
    {"error": {"message": "Insufficient Balance"}},
    {"error": {"message": "Your credit balance is too low to use this"}},
    {"error": {"message": "the balance is too low (1008)"}},
    {"error": {"message": "This request requires more credits, or fewer max_tokens"}},
    {"error": {"message": "Your account is in arrears"}},
    {"error": {"message": "?", "metadata": {"raw": '{"error":{"code":"insufficient_quota"}}'}}},
    {"error": {"message": "Error code: 429 - {'error': {'code': 'insufficient_quota'}}"}},
]  # fmt: skip


@pytest.mark.parametrize("body", USED_UP, ids=str)
def test_a_used_up_balance_is_that(body: object) -> None:
    """By its type, its code or its words, in any provider's language."""
    assert failure_from_body(json.dumps(body)).is_used_up


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}},
        {"error": {"code": 429, "message": "Resource has been exhausted (e.g. check quota)."}},
        {"error": {"code": "1302", "message": "并发数过高，请稍后重试"}},
        {"error": {"message": "the load balancer is too busy"}},
        {"error": {"message": "当前分组上游负载已饱和，请稍后再试"}},
        {"base_resp": {"status_code": 1002, "status_msg": "rate limit"}},
    ],
    ids=str,
)
def test_a_limit_that_passes_is_not(body: object) -> None:
    """Waiting helps, so the request may be sent again."""
    assert not failure_from_body(json.dumps(body)).is_used_up


BYTES = "iVBORw0KGgoAAAANSUhEUg" * 9


@pytest.mark.parametrize(
    "quoted",
    [
        f"data:image/png;base64,{BYTES}", f"DATA:image/png;base64,{BYTES}",
        f"data:image/png;charset=utf-8;base64,{BYTES}", BYTES, BYTES.replace("O", "_"),
        "data:image/svg+xml,%3Csvg%20xmlns%3D%22http%3A%2F%2Fwww.w3.org%22%3E" + "%20" * 40,
        "b'\\x89PNG\\r\\n\\x1a\\n\\x00\\x00\\x00'",
    ],
    ids=lambda quoted: quoted[:30],
)  # fmt: skip
def test_bytes_of_pictures_are_in_no_message(quoted: str) -> None:
    """A validator quotes what it refuses; the words around it stay."""
    message = failure_from_body(json.dumps({"error": {"message": f"not {quoted} please"}})).message
    assert message.startswith("not ")
    assert message.endswith("… please")
    assert len(message) < 60


@pytest.mark.parametrize(
    "value",
    [
        {"choices": [], "base_resp": {"status_code": 0, "status_msg": ""}},
        {"choices": [], "base_resp": {"status_code": "0", "status_msg": "success"}},
        {"choices": [], "base_resp": None, "message": "hi"},
        {"error": {"message": "", "code": {}}},
        {"error": [], "errors": []},
    ],
    ids=str,
)
def test_an_answer_without_an_error_has_none(value: dict[str, object]) -> None:
    """What says that all went well, or says nothing, is no error."""
    assert not has_error(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["error", "message", "detail", "errors", "loc", "code", "metadata", "raw",
                         "base_resp", "innererror", "reasons"]), inner, max_size=4)
    | inner.map(json.dumps),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_any_json_reads_as_an_error(value: object) -> None:
    """Whatever a gateway sends, reading it does not raise, and its words are no JSON object."""
    failure = failure_from_json(value)
    if failure and failure.message.startswith("{"):
        with pytest.raises(ValueError, match=r"."):
            json.loads(failure.message)


@given(st.text() | st.text(alphabet="{}[]\"':\\<>&;a \n", max_size=200))
def test_any_text_reads_as_an_error(text: str) -> None:
    """Neither does any text."""
    failure_from_body(text)


def test_hostile_depths_and_repetitions_end() -> None:
    """Objects that hold each other are read some levels deep, and marks that never end once."""
    value: object = {"code": 7}
    for _ in range(900):
        value = {"error": value, "message": "", "errors": []}
    assert failure_from_json(value) is not None
    for text in (
        "{" * 60_000,
        '{"a":' * 60_000,
        "<a " * 60_000,
        '{"a":"' * 30_000,
        "<script>" * 9_000,
    ):
        assert len(failure_from_body(text).message) <= 2_000
