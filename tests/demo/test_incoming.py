"""The HTTP around every route: paths, methods, keys, and the limit on a body."""

import json
import re
import time
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.demo.conftest import Ask


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("POST", "/v1/completions", 404),
        ("GET", "/v1/models/", 404),
        ("GET", "/v1/chat/completions", 405),
        ("DELETE", "/v1/models", 405),
        ("GET", "/cdn/20250415/nothing.png", 404),
        ("GET", "/web/task_nothing", 404),
    ],
)
def test_wrong_urls_get_the_endpoints_error_body(
    http: httpx.Client, method: str, path: str, status: int
) -> None:
    """An unknown path or a wrong method is an error body with a request id, never a redirect."""
    answer = http.request(method, f"{http.base_url.join('/')}{path[1:]}")
    assert answer.status_code == status
    assert answer.headers["x-cometapi-request-id"] in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 200),
        ("Bearer sk-any", 200),
        ("bearer sk-any", 200),
        ("Bearer sk-invalid", 401),
        ("Bearer", 401),
        ("Basic abc", 401),
        ("sk-any", 401),
        ("Bearer two words", 401),
    ],
)
def test_any_key_but_one_is_accepted(http: httpx.Client, header: str | None, status: int) -> None:
    """No key is fine, a malformed header and `sk-invalid` are not."""
    headers = {} if header is None else {"Authorization": header}
    assert http.get("/models", headers=headers).status_code == status


@pytest.mark.parametrize("chunked", [False, True], ids=["sized", "chunked"])
def test_a_body_that_is_too_large_is_refused(http: httpx.Client, chunked: bool) -> None:
    """More than 32 MB is a 413, and the client gets to read it."""
    body = b"x" * (32 * 1024 * 1024 + 1)
    sent = (part for part in [body]) if chunked else body
    answer = http.post("/chat/completions", content=sent)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "request_too_large"


def test_models_are_listed_as_the_endpoint_lists_them(http: httpx.Client) -> None:
    """By id, maker and date; one by its id, too."""
    listed = http.get("/models").json()
    assert listed["object"] == "list"
    first, *others = listed["data"]
    assert first == {
        "id": "gpt-4o-image", "object": "model", "created": 1_744_675_200, "owned_by": "openai",
    }  # fmt: skip
    assert {each["owned_by"] for each in others} == {
        "openai", "black-forest-labs", "google", "anthropic", "demo",
    }  # fmt: skip
    assert http.get("/models/gpt-4o-image").json() == first
    missing = http.get("/models/nothing")
    assert missing.status_code == 404
    error = missing.json()["error"]
    assert error.pop("message").startswith("The model nothing does not exist (request id: ")
    assert error == {"type": "comet_api_error", "param": "model", "code": "model_not_found"}


def test_the_catalogue_needs_no_key(http: httpx.Client) -> None:
    """What each model makes, and where it is asked; nothing costs anything."""
    headers = {"Authorization": "Bearer sk-invalid"}
    found = http.get(f"{http.base_url.join('/')}api/models", headers=headers).json()
    data = found.pop("data")
    assert found == {"success": True, "page": 0, "page_size": 0, "total": len(data)}
    assert data[0] == {
        "id": "gpt-4o-image", "provider": "openai", "model_type": "image",
        "endpoints": ["/v1/chat/completions"], "pricing": None,
    }  # fmt: skip
    assert {each["model_type"] for each in data} == {"image", "video", "text"}
    assert len({each["id"] for each in data}) == len(data) == 33


@pytest.mark.parametrize(
    ("method", "path", "message", "code"),
    [
        ("GET", "/nowhere", "Invalid URL (GET /nowhere)", "not_found"),
        ("DELETE", "/v1/models", "Invalid URL (DELETE /v1/models)", "method_not_allowed"),
        ("GET", "/cdn/20250415/nothing.png", "There is no such file", "not_found"),
        ("GET", "/web/task_nothing", "There is no such task", "not_found"),
    ],
)
def test_wrong_urls_are_named(
    http: httpx.Client, method: str, path: str, message: str, code: str
) -> None:
    """With the method, as it was asked."""
    answer = http.request(method, f"{http.base_url.join('/')}{path[1:]}")
    error = answer.json()["error"]
    assert re.fullmatch(rf"{re.escape(message)} \(request id: \d{{23}}\w{{8}}\)", error["message"])
    assert (error["type"], error["param"], error["code"]) == ("comet_api_error", "", code)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("Bearer sk-invalid", "Invalid token"),
        ("Basic abc", "The Authorization header is malformed"),
    ],
)
def test_a_wrong_key_says_why(http: httpx.Client, header: str, message: str) -> None:
    """Not what it is."""
    error = http.get("/models", headers={"Authorization": header}).json()["error"]
    assert error["message"].startswith(f"{message} (request id: ")
    assert error["code"] == "invalid_api_key"


def test_a_download_is_an_attachment(ask: Ask, http: httpx.Client) -> None:
    """Under the name in its link; the picture itself is not."""
    text = ask("gpt-4o-image-vip", "A boat").json()["choices"][0]["message"]["content"]
    shown, loaded = re.findall(r"\((http://[^)]*/cdn/[^)]*)\)", text)
    name = shown.rpartition("/")[2]
    answer = http.get(loaded)
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["content-type"] == "image/png"
    assert "content-disposition" not in http.get(shown).headers
    assert http.get(shown).content == answer.content


def test_a_preview_is_signed_for_six_days(ask: Ask) -> None:
    """As the store of the endpoint signs its links."""
    text = ask("gpt-4o-image", "A boat").json()["choices"][0]["message"]["content"]
    (link,) = re.findall(r"\[100\]\(([^)]*)\)", text)
    query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    begins, ends = (datetime.fromisoformat(query.pop(name)) for name in ("st", "se"))
    assert ends - begins == timedelta(days=6)
    assert len(query.pop("sig")) == 44
    assert query == {
        "sks": "b", "sv": "2018-11-09", "sr": "b", "sp": "r", "az": "demo",
    }  # fmt: skip
    assert "/vg-assets/assets%2Ftask_" in link
    assert "src_0.png" in link


def test_a_whole_answer_has_all_that_the_endpoint_sends(ask: Ask) -> None:
    """And no more."""
    answer = ask("gpt-4o-mini", "Hi").json()
    assert re.fullmatch(r"chatcmpl-\w{29}", answer.pop("id"))
    assert abs(answer.pop("created") - time.time()) < 60
    (choice,) = answer.pop("choices")
    assert choice.pop("message").keys() == {"role", "content"}
    assert choice == {"index": 0, "logprobs": None, "finish_reason": "stop"}
    usage = answer.pop("usage")
    assert answer == {
        "object": "chat.completion", "model": "gpt-4o-mini", "data": None, "error": {},
        "system_fingerprint": "fp_demo000001",
    }  # fmt: skip
    assert usage["prompt_tokens_details"] == {
        "cached_tokens": 0, "text_tokens": 4, "image_tokens": 0, "audio_tokens": 0,
    }  # fmt: skip
    details = usage["completion_tokens_details"]
    assert details == {
        "text_tokens": usage["completion_tokens"], "image_tokens": 0, "audio_tokens": 0,
        "reasoning_tokens": 0,
    }  # fmt: skip
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_a_stream_begins_with_a_role_and_ends_with_a_reason(ask: Ask) -> None:
    """In chunks that are alike but for what they bring."""
    lines = ask("gpt-4o-mini", "Hi", stream=True).text.split("\n\n")
    first, *others, last = (json.loads(each[6:]) for each in lines if each.startswith("data: {"))
    assert first.pop("choices") == [
        {"index": 0, "delta": {"role": "assistant", "content": ""}, "logprobs": None,
         "finish_reason": None},
    ]  # fmt: skip
    assert last.pop("choices") == [
        {"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}
    ]
    assert first == last
    assert first["object"] == "chat.completion.chunk"
    assert {each["choices"][0]["delta"].keys() == {"content"} for each in others} == {True}
    assert lines[-2] == "data: [DONE]"
