"""Tells objects that report an error from pings, statuses, costs and other remarks."""

import re
from collections.abc import Mapping
from typing import Any, TypeGuard

from ...wire.failure import Failure, failure_from_json

# {"base_resp": {"status_code": 1008, "status_msg": "…"}}, {"header": {"code": 10013, …}}
_NESTED = ("base_resp", "baseResp", "header", "Response", "meta", "status")
_CODES = (
    "code", "error_code", "errorCode", "errcode", "err_code", "status_code", "statusCode",
    "ret_code", "retcode", "Code", "__type",
)  # fmt: skip
_MESSAGES = (
    "message", "msg", "detail", "error_msg", "errorMsg", "error_message", "errorMessage", "errmsg",
    "err_msg", "status_msg", "error_description", "faultstring", "Message", "reason",
)  # fmt: skip
# These say nothing without a code.
_WEAK = ("reason",)
_ERRORS = ("error", "errors", "err", "exception", "Error", "fault")
# {"type": "response.failed", "response": {"error": …}}
_ENVELOPES = ("response", "data", "result", "output")
_WELL = re.compile(
    r"|0|0000|200|20000|ok|okay|success\w*|succeed\w*|\w*成功|none|null|nil|false|normal|undefined",
    re.IGNORECASE,
)
_ILL = re.compile(r"error|fail|exception|denied|refused|forbidden|unauthorized", re.IGNORECASE)
# `{"type": "ping"}`, `{"status": "processing", "message": "Your picture is queued"}`
_REMARK = re.compile(
    r"ping|pong|heart|keep|alive|status|progress|process|queue|pend|runn|wait|think|search|info"
    r"|notice|meta|log|debug|start|init|creat|connect|ack|complet|success|generat|tool|stage|step",
    re.IGNORECASE,
)
_PING = re.compile(
    r"\W*(?:ping|pong|heart[-_ ]?beat|keep[-_ ]?alive|hb|alive|ok|connected|processing|waiting"
    r"|null|none|undefined|true|open|openrouter processing)?\W*",
    re.IGNORECASE,
)
_NAMES = ("type", "event", "object", "kind", "status", "state")


def failure_in(
    value: Mapping[str, Any], name: str = "", *, has_answer: bool = False
) -> Failure | None:
    """Reads the error in an object without choices; None if it only remarks something.

    Args:
        value: The object.
        name: The name of its event; may be empty.
        has_answer: Whether there is an answer in it. Then a message alone is no error.
    """
    inner = [value[key] for key in _ENVELOPES if isinstance(value.get(key), dict)]
    for each in (value, *inner):
        if found := named_failure(each):
            return found
    said = [name, *[str(value[key]) for key in _NAMES if isinstance(value.get(key), str)]]
    if any(_ILL.search(word) for word in said):
        return failure_from_json(value)
    if value.get("success") is False or value.get("ok") is False:
        return _failure(value)
    code = _code(value)
    if code is not None:
        return None if _is_well(code) else _failure(value)
    if has_answer or _is_chunk(value) or is_remark(*said):
        return None
    return _failure(value, needs_message=True)


def named_failure(value: Mapping[str, Any]) -> Failure | None:
    """Reads the error in a field that is there for errors; it counts beside choices, too."""
    for key in _ERRORS:
        error = value.get(key)
        if error is True:
            return _failure(value)
        if error and not _is_well(error) and not (_is_mapping(error) and _says_well(error)):
            return failure_from_json(error if key == "error" else {"errors": error})
    for key in _NESTED:
        inner = value.get(key)
        if _is_mapping(inner):
            code = _code(inner)
            if code is not None and not _is_well(code):
                return _failure(inner)
    return None


def is_remark(*names: object) -> bool:
    """Returns whether a type, an event's name or a status says that an object is a remark."""
    return any(isinstance(name, str) and _REMARK.search(name) for name in names)


def is_ping(text: str) -> bool:
    """Returns whether a text only keeps the connection open, as `ping`, `[HEARTBEAT]` and `.`."""
    return len(text) < 40 and _PING.fullmatch(text) is not None


def _failure(value: Mapping[str, Any], *, needs_message: bool = False) -> Failure | None:
    keys = [key for key in _MESSAGES if value.get(key) and not (needs_message and key in _WEAK)]
    keys_of_errors = [key for key in keys if not _is_well(value[key])]
    if not keys_of_errors:
        return None if keys or needs_message else failure_from_json(value)
    message = value[keys_of_errors[0]]
    more = {"message": message} if isinstance(message, str) else {}
    return failure_from_json({**value, **more, "code": _code(value)})


def _code(value: Mapping[str, Any]) -> object:
    """Returns the first code of an object; None without one."""
    for key in _CODES:
        code = value.get(key)
        if isinstance(code, int | float | str) and not isinstance(code, bool):
            return code
    status = value.get("status")  # {"status": 404, …}, not {"status": 1, …} or {"status": "ok"}
    return status if isinstance(status, int) and status >= 400 else None


def _says_well(error: Mapping[str, Any]) -> bool:
    """{"code": 0, "message": "success"}"""
    return all(_is_well(each) for each in error.values() if each is not None)


def _is_well(value: object) -> bool:
    return isinstance(value, str | int | float) and _WELL.fullmatch(str(value)) is not None


def _is_chunk(value: Mapping[str, Any]) -> bool:
    """{"object": "chat.completion.chunk", …}; an object without choices may say what it is."""
    return bool(value.get("usage")) or isinstance(value.get("object"), str)


def _is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping)
