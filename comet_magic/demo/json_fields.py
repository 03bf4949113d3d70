"""Strict reading of a JSON request: each value has the documented type and range, or is refused.

`null` means that a field is not set, as OpenAI's clients send it.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from comet_magic.demo.api_errors import ApiError


def read_object(body: bytes | bytearray) -> dict[str, Any]:
    """Return the JSON object that a body holds.

    Raises:
        ApiError: 400.
    """
    try:
        fields = json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "The body is not valid JSON", code="invalid_json") from error
    if not isinstance(fields, dict):
        raise ApiError(400, "The body must be a JSON object", code="invalid_json")
    return fields


def bad_value(param: str, why: str) -> ApiError:
    """Return the error for a value; in its message, `why` follows the name of the field."""
    return ApiError(400, f"{param} {why}", param=param, code="invalid_value")


def require(fields: Mapping[str, Any], *names: str) -> None:
    """Refuse a request in which one of the fields is missing.

    Raises:
        ApiError: 500 with the code `invalid_request`, as the endpoint answers.
    """
    for name in names:
        if fields.get(name) is None:
            raise ApiError(500, f"field {name} is required", param=name, code="invalid_request")


def read_text(fields: Mapping[str, Any], name: str) -> str:
    """Return a text that is set and not empty."""
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise bad_value(name, "must be a text that is not empty")
    return clean(value)


def read_whole(fields: Mapping[str, Any], name: str, high: int | None = None) -> int | None:
    """Return a whole number from 1 to `high`, or None if it is not set."""
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise bad_value(name, "must be a whole number of at least 1")
    if high is not None and value > high:
        raise bad_value(name, f"must be at most {high}")
    return value


def read_flag(fields: Mapping[str, Any], name: str) -> bool:
    """Return true or false; false if it is not set."""
    value = fields.get(name)
    if not isinstance(value, bool | None):
        raise bad_value(name, "must be true or false")
    return bool(value)


def check_number(fields: Mapping[str, Any], name: str, low: float, high: float) -> None:
    """Refuse a field that is set and not a number from `low` to `high`."""
    value = fields.get(name)
    if value is not None and not (is_number(value) and low <= value <= high):
        raise bad_value(name, f"must be a number from {low} to {high}")


def is_number(value: object) -> bool:
    """Tell whether a value is a number in JSON."""
    # `true` is a number to Python and not to JSON; 1e999 reads as infinity.
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def clean(text: str) -> str:
    """Replace lone surrogates, which JSON can write and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
