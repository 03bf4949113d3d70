"""Reads errors of endpoints: from an error body, a chunk, or the web page of a proxy."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..text import all_mended

_REQUEST_ID = re.compile(r"\(request id:\s*([\w.:-]{1,200})\)", re.IGNORECASE)
_TITLE = re.compile(r"<(title|h1)[^<>]{0,200}>([^<]{1,300})<", re.IGNORECASE)
# Validators quote what they refuse; that can be a picture of several megabytes.
_QUOTED = re.compile(r"(data:[\w/+.-]{1,60};base64,)[A-Za-z0-9+/=]{30,}")
# The LiteLLM proxy writes the hash of a key, and wraps the message of the provider behind it:
# `litellm.BadRequestError: OpenAIException - … LiteLLM: model group 'gpt-4o' failed with the …`.
_HASH = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{56}\b")
_WRAPPING = re.compile(r"^litellm\.\w{1,60}: (?:\w{1,60}: )?(\w{1,60} - )?")
_AFTERWORD = "LiteLLM: model group "
_USED_UP = {
    "billing_hard_limit_reached", "budget_exceeded", "insufficient_quota",
    "insufficient_user_quota",
}  # fmt: skip
_MESSAGE_KEYS = ("message", "msg", "detail", "error_description", "error", "errors", "reason")


@dataclass(frozen=True, slots=True)
class Failure:
    """An error in the endpoint's words. A field that the endpoint did not send is empty.

    Attributes:
        message: The message, without the request id that it often ends with.
        type: For example `comet_api_error`, `new_api_error`.
        code: For example `model_not_found`; a number becomes text.
        param: The field of the request that the error is about.
        request_id: The request id from the message; a header may have one, too.
    """

    message: str
    type: str = ""
    code: str = ""
    param: str = ""
    request_id: str | None = None

    @property
    def is_used_up(self) -> bool:
        """Whether a budget or quota is used up, whatever the status: waiting does not help."""
        return self.type in _USED_UP or self.code in _USED_UP


def failure_from_json(value: object) -> Failure | None:
    """Reads the error part of a body, which is an object or a text; None if it is empty."""
    if not value:
        return None
    if not isinstance(value, Mapping):
        return _failure(value if isinstance(value, str) else json.dumps(value, default=str))
    if not any(value.values()):
        return None  # {"message": "", "type": "", "param": "", "code": null}
    message = next((value[key] for key in _MESSAGE_KEYS if value.get(key)), None)
    if isinstance(message, Mapping):
        return failure_from_json(message)
    if message is None:
        message = json.dumps(value, ensure_ascii=False, default=str)
    elif not isinstance(message, str):
        message = json.dumps(message, ensure_ascii=False, default=str)
    return _failure(
        message,
        type=_word(value.get("type")),
        code=_word(value.get("code")),
        param=_word(value.get("param")),
    )


def failure_from_body(text: str) -> Failure:
    """Reads a whole error body: JSON in any known shape, a web page, or plain text."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            value = all_mended(json.loads(text))
            if isinstance(value, list) and value:
                value = value[0]
            if isinstance(value, Mapping) and value.get("error"):
                value = value["error"]
            if found := failure_from_json(value):
                return found
        except (ValueError, RecursionError):
            pass
    if is_web_page(text) and (title := _TITLE.search(text[:20_000])):
        return Failure(" ".join(html.unescape(title[2]).split()))
    return _failure("" if is_web_page(text) else text.strip()[:2_000])


def is_web_page(text: str) -> bool:
    """Whether `text` begins as HTML does."""
    return text.lstrip("\ufeff \t\r\n")[:9].lower().startswith(("<!doctype", "<html", "<head"))


def _failure(message: str, type: str = "", code: str = "", param: str = "") -> Failure:  # noqa: A002
    message = _HASH.sub(r"\1…", _QUOTED.sub(r"\1…", message))
    if wrapping := _WRAPPING.match(message):
        message = message[wrapping.end() :].partition(_AFTERWORD)[0].strip()
        if wrapping[1]:
            message = f"the provider behind the proxy says: {message}"
    found = _REQUEST_ID.search(message)
    if found:
        message = (message[: found.start()] + message[found.end() :]).strip()
    return Failure(message, type, code, param, found[1] if found else None)


def _word(value: object) -> str:
    return "" if value is None or isinstance(value, Mapping | list) else str(value)
