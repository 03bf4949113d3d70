"""Tells objects that report an error from pings, statuses, costs and other notices."""

import re
from collections.abc import Mapping
from typing import Any

# An error in a field that is there for one: {"error": …}, {"errors": […]}
_ERRORS = ("error", "errors", "err", "exception", "Error", "fault")
# {"base_resp": {"status_code": 1008, "status_msg": "…"}}, {"header": {"code": 10013, …}}
_NESTED = ("base_resp", "baseResp", "header", "meta", "status")
# {"type": "response.failed", "response": {"error": …}}, {"Response": {"Error": …}}
_ENVELOPES = ("response", "Response", "data", "result", "output")
_CODES = (
    "code", "error_code", "errorCode", "errcode", "err_code", "status_code", "statusCode",
    "ret_code", "retcode", "Code", "__type",
)  # fmt: skip
_MESSAGES = (
    "message", "msg", "detail", "error_msg", "errorMsg", "error_message", "errorMessage", "errmsg",
    "err_msg", "status_msg", "error_description", "Message",
)  # fmt: skip
_NAMES = ("type", "event", "object", "kind", "status", "state")
_WELL = re.compile(
    r"|0+|200|20000|ok|okay|success\w*|succeed\w*|\w*成功|none|null|nil|false|normal|undefined",
    re.IGNORECASE,
)
_ILL = re.compile(r"error|fail|exception|denied|refused|forbidden|unauthorized", re.IGNORECASE)
# `{"type": "ping"}`, `{"status": "processing", "message": "Your picture is queued"}`
_NOTICE = re.compile(
    r"ping|pong|heart|keep|alive|status|progress|process|queue|pend|runn|wait|think|search|info"
    r"|notice|meta|log|debug|start|init|creat|connect|ack|complet|success|generat|tool|stage|step",
    re.IGNORECASE,
)
_PING = re.compile(
    r"\W*(?:ping|pong|heart[-_ ]?beat|keep[-_ ]?alive|hb|alive|ok|connected|processing|waiting"
    r"|null|none|undefined|true|open|openrouter processing)?\W*",
    re.IGNORECASE,
)


def is_error(value: Mapping[str, Any], name: str = "", *, has_answer: bool = False) -> bool:
    """Returns whether an object without choices is an error, and not only a notice.

    Args:
        value: The object.
        name: The name of its event; may be empty.
        has_answer: Whether there is an answer in it. Then a message alone is no error.
    """
    inner = [value[key] for key in _ENVELOPES if isinstance(value.get(key), dict)]
    if any(has_error(each) for each in (value, *inner)):
        return True
    names = (name, *[value.get(key) for key in _NAMES])
    if any(isinstance(each, str) and _ILL.search(each) for each in names):
        return True
    messages = [value[key] for key in _MESSAGES if value.get(key)]
    is_well = bool(messages) and all(map(_is_well, messages))
    if value.get("success") is False or value.get("ok") is False:
        return not is_well
    code = _code(value)
    if code is not None:
        return not _is_well(code) and not is_well
    # {"object": "chat.completion.chunk", …} says what it is.
    is_chunk = bool(value.get("usage")) or isinstance(value.get("object"), str)
    return bool(messages) and not (is_well or has_answer or is_chunk or is_notice(*names))


def has_error(value: Mapping[str, Any]) -> bool:
    """Returns whether an error is in a field that is there for one; it counts beside choices."""
    for key in _ERRORS:
        error = value.get(key)
        if error and not _is_well(error) and not (isinstance(error, dict) and _says_well(error)):
            return True
    codes = [_code(value[key]) for key in _NESTED if isinstance(value.get(key), dict)]
    return not all(code is None or _is_well(code) for code in codes)


def is_notice(*names: object) -> bool:
    """Returns whether a type, a status or the name of an event is one of a notice."""
    return any(isinstance(name, str) and _NOTICE.search(name) for name in names)


def is_ping(text: str) -> bool:
    """Returns whether a text only keeps the connection open, as `ping`, `[HEARTBEAT]` and `.`."""
    return len(text) < 40 and text.isprintable() and _PING.fullmatch(text) is not None


def _code(value: Mapping[str, Any]) -> object:
    """Returns the first code of an object; None without one."""
    for key in _CODES:
        code = value.get(key)
        if isinstance(code, int | float | str) and not isinstance(code, bool):
            return code
    status = value.get("status")  # {"status": 404, …}, not {"status": 1, …} or {"status": "ok"}
    return status if isinstance(status, int) and status >= 400 else None


def _says_well(error: Mapping[str, Any]) -> bool:
    """{"code": 0, "message": "success"}, {"message": "", "code": null}"""
    return all(not each or _is_well(each) for each in error.values())


def _is_well(value: object) -> bool:
    return isinstance(value, str | int | float) and _WELL.fullmatch(str(value)) is not None
