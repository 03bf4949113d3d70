"""Lessons of the `demo-error-…` models: what they send instead of an answer, or in its middle."""

from comet_magic.demo.api_errors import ApiError

REFUSED_WORDS = ("forbidden", "refuse me")
"""Every image and video model answers a prompt with one of these with `REFUSAL`."""

REFUSAL = (
    "We’re so sorry, but the prompt may violate our content policies. "
    "If you think we got it wrong, please retry or edit your prompt."
)
MODERATED = "生成失败 ❌\n失败原因：input_moderation"

STREAM_ERROR: dict[str, object] = {
    "error": {
        "message": "upstream error: the task was lost",
        "type": "comet_api_error",
        "param": "",
        "code": "upstream_error",
    }
}

PROXY_PAGE = """<!DOCTYPE html>
<html><head><title>demo | 524: A timeout occurred</title></head>
<body><h1>A timeout occurred <span>Error code 524</span></h1>
<p>The origin web server did not answer in time.</p></body></html>
"""
LANDING_PAGE = """<!DOCTYPE html>
<html><head><title>Demo</title></head>
<body><p>You are looking at a web page, not at the API: the base URL is probably wrong.</p></body>
</html>
"""
PAGES = {"524": (524, PROXY_PAGE), "html": (200, LANDING_PAGE)}
"""Lessons that answer with a page: its status and its HTML."""

_LIMITED = (429, "Too many requests, please slow down", "rate_limit_exceeded")
_ERRORS = {
    "400": (400, "The price of this model is not set", "model_price_error"),
    "401": (401, "Invalid token", "invalid_api_key"),
    "403": (403, "The user quota is not enough", "insufficient_user_quota"),
    "404": (404, "Invalid URL (POST /v1/chat/completions)", "not_found"),
    "413": (413, "The request body is too large", "request_too_large"),
    "429": _LIMITED,
    "429-once": _LIMITED,
    "500": (500, "The upstream load is saturated", "upstream_error"),
    "500-safety": (500, "Your request was rejected by the safety system", "moderation_blocked"),
    "503": (503, "No available channel for model demo-error-503", "model_not_found"),
}


def is_refused(prompt: str) -> bool:
    """Tell whether a prompt contains one of `REFUSED_WORDS`."""
    return any(word in prompt.casefold() for word in REFUSED_WORDS)


def error_of(lesson: str) -> ApiError | None:
    """Return the error that is a lesson's whole answer, or None for other lessons."""
    if lesson not in _ERRORS:
        return None
    status, message, code = _ERRORS[lesson]
    headers = {"Retry-After": "1"} if status == 429 else {}
    return ApiError(status, message, code=code, headers=headers)
