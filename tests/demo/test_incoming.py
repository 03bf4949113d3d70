"""The HTTP around every route: paths, methods, keys, and the limit on a body."""

import httpx
import pytest


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
