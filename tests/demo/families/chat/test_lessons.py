"""The teaching models, by plain HTTP."""

import time

import httpx
import pytest

from comet_magic.demo import DemoServer
from tests.demo.conftest import Ask


def test_a_rate_limit_says_when_to_come_back(ask: Ask) -> None:
    """`demo-error-429` always answers 429, with `Retry-After` in seconds."""
    for _ in range(2):
        answer = ask("demo-error-429", "A boat")
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "1"


def test_a_prompt_is_turned_away_once(ask: Ask) -> None:
    """`demo-error-429-once` remembers each prompt by itself."""
    statuses = [ask("demo-error-429-once", prompt).status_code for prompt in ("a1", "a1", "a2")]
    assert statuses == [429, 200, 429]


@pytest.mark.parametrize(("model", "status"), [("demo-error-524", 524), ("demo-error-html", 200)])
def test_some_errors_are_pages(ask: Ask, model: str, status: int) -> None:
    """A proxy and a wrong base URL answer with HTML."""
    answer = ask(model, "A boat", stream=True)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_a_cut_stream_ends_in_mid_progress(http: httpx.Client) -> None:
    """The connection is closed without an end of the body, a finish reason or `[DONE]`."""
    body = {"model": "demo-error-cut", "messages": [{"role": "user", "content": "A boat"}]}
    received: list[str] = []
    with http.stream("POST", "/chat/completions", json=body | {"stream": True}) as answer:
        texts = answer.iter_text()
        with pytest.raises(httpx.RemoteProtocolError):
            received.extend(texts)
    text = "".join(received)
    assert "Progress" in text
    assert "[100]" not in text
    assert '"stop"' not in text
    assert "[DONE]" not in text


def test_a_cut_whole_answer_is_half_a_body(ask: Ask) -> None:
    """Without a stream, the connection is closed in the middle of the JSON."""
    with pytest.raises(httpx.RemoteProtocolError):
        ask("demo-error-cut", "A boat")


def test_an_error_object_ends_a_stream(ask: Ask) -> None:
    """The last event but `[DONE]` is the error, in mid-progress."""
    *_, error, done = ask("demo-error-stream", "A boat", stream=True).text.strip().split("\n\n")
    assert error.startswith('data: {"error":{"message":"upstream error')
    assert done == "data: [DONE]"


def test_a_whole_answer_can_be_an_error_with_status_200(ask: Ask) -> None:
    """Without a stream, `demo-error-stream` is an error body that pretends to be fine."""
    answer = ask("demo-error-stream", "A boat")
    assert answer.status_code == 200
    assert answer.json()["error"]["code"] == "upstream_error"


@pytest.mark.parametrize(
    ("model", "prompt", "said"),
    [
        ("demo-error-refused", "A boat", "We’re so sorry, but the prompt may violate"),
        ("gpt-4o-image", "A Forbidden city", "We’re so sorry, but the prompt may violate"),
        ("sora-2", "please refuse me", "We’re so sorry, but the prompt may violate"),
        ("demo-error-failed", "A boat", "生成失败 ❌\n失败原因：input_moderation"),
    ],
)
def test_a_refusal_is_ordinary_text(ask: Ask, model: str, prompt: str, said: str) -> None:
    """A refused prompt ends with status 200, `stop`, and no picture."""
    answer = ask(model, prompt)
    choice = answer.json()["choices"][0]
    assert answer.status_code == 200
    assert choice["finish_reason"] == "stop"
    assert choice["message"]["content"].startswith(said)
    assert "http" not in choice["message"]["content"]


def test_a_picture_can_be_gone(ask: Ask, http: httpx.Client) -> None:
    """`demo-error-no-picture` finishes well, but its links lead nowhere."""
    text = ask("demo-error-no-picture", "A boat").json()["choices"][0]["message"]["content"]
    link = text.rpartition("(")[2].removesuffix(")")
    answer = http.get(link)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_a_slow_model_queues_for_a_minute(ask: Ask) -> None:
    """At pace 0 the minute passes at once; many dots and comments tell of it."""
    answer = ask("demo-error-slow", "A boat", stream=True)
    assert answer.text.count(": PING") > 20


def test_a_slow_model_really_waits() -> None:
    """At a human pace nothing but the queue is seen in the first moments."""
    body = {"model": "demo-error-slow", "messages": [{"role": "user", "content": "A boat"}]}
    with (
        DemoServer(pace=0.1) as server,
        httpx.Client(base_url=server.base_url) as http,
        http.stream("POST", "/chat/completions", json=body | {"stream": True}) as answer,
    ):
        start, received = time.monotonic(), ""
        for text in answer.iter_text():
            received += text
            if time.monotonic() - start > 0.3:
                break
    assert "Queuing" in received
    assert "Generating" not in received


@pytest.mark.parametrize(
    ("lesson", "status", "message", "code"),
    [
        ("400", 400, "The price of this model is not set", "model_price_error"),
        ("401", 401, "Invalid token", "invalid_api_key"),
        ("403", 403, "The user quota is not enough", "insufficient_user_quota"),
        ("404", 404, "Invalid URL (POST /v1/chat/completions)", "not_found"),
        ("413", 413, "The request body is too large", "request_too_large"),
        ("429", 429, "Too many requests, please slow down", "rate_limit_exceeded"),
        ("500", 500, "The upstream load is saturated", "upstream_error"),
        ("500-safety", 500, "Your request was rejected by the safety system",
         "moderation_blocked"),
        ("503", 503, "No available channel for model demo-error-503", "model_not_found"),
    ],
)  # fmt: skip
def test_an_error_has_the_body_of_the_endpoint(
    ask: Ask, lesson: str, status: int, message: str, code: str
) -> None:
    """With the id of the request in its message, as there."""
    answer = ask(f"demo-error-{lesson}", "A boat")
    error = answer.json()["error"]
    assert answer.status_code == status
    assert error.pop("message").startswith(f"{message} (request id: ")
    assert error == {"type": "comet_api_error", "param": "", "code": code}
    assert ("retry-after" in answer.headers) is (status == 429)


@pytest.mark.parametrize(
    ("prompt", "is_refused"), [("Refuse me, please", True), ("forbidden", True), ("fuse", False)]
)
def test_a_prompt_can_ask_to_be_refused(ask: Ask, prompt: str, is_refused: bool) -> None:
    """Of every model that makes pictures."""
    text = ask("gpt-4o-image", prompt).json()["choices"][0]["message"]["content"]
    assert ("violate our content policies" in text) is is_refused
