"""The parameters of a chat completion, and the ranges that the endpoint documents for them."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import TypedDict


class Parameters(TypedDict, total=False):
    """What may be set on a request besides model and messages; a field left out is not sent.

    Attributes:
        n: Answers wanted, 1 or more.
        temperature: 0 to 2.
        top_p: 0 to 1.
        max_tokens: 1 or more.
        stop: A string, or up to four, at which the answer ends.
        presence_penalty: -2 to 2.
        frequency_penalty: -2 to 2.
        logit_bias: Token id → bias from -100 to 100.
        user: Who asks, for the provider's records.
        stream: False asks for one whole answer; the default is True.
    """

    n: int | None
    temperature: float | None
    top_p: float | None
    max_tokens: int | None
    stop: str | Sequence[str] | None
    presence_penalty: float | None
    frequency_penalty: float | None
    logit_bias: Mapping[str, float] | Mapping[int, float] | None
    user: str | None
    stream: bool | None


def check_parameters(parameters: Mapping[str, object]) -> dict[str, object]:
    """`parameters` as they are sent: unset (None) ones left out, numbers as plain int and float.

    Raises:
        TypeError: An unknown name, or a value of the wrong type.
        ValueError: A value outside the documented range.
    """
    checked = {}
    for name, value in parameters.items():
        if name not in _CHECKS:
            raise TypeError(f"unknown parameter {name!r}; known are {', '.join(sorted(_CHECKS))}")
        if value is not None:
            checked[name] = _CHECKS[name](name, value)
    return checked


def _number(low: float, high: float) -> Callable[[str, object], float]:
    def check(name: str, value: object) -> float:
        wanted = f"{name} must be a number from {low:g} to {high:g}, not {_shown(value)}"
        if isinstance(value, bool) or not isinstance(value, Real):
            raise TypeError(wanted)
        value = int(value) if isinstance(value, Integral) else float(value)
        if math.isnan(value) or not low <= value <= high:
            raise ValueError(wanted)
        return value

    return check


def _count(name: str, value: object) -> int:
    wanted = f"{name} must be a whole number from 1 up, not {_shown(value)}"
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(wanted)
    if value < 1:
        raise ValueError(wanted)
    return int(value)


def _stop(name: str, value: object) -> str | list[str]:
    wanted = f"{name} must be a text or up to four texts, none of them empty, not {_shown(value)}"
    if isinstance(value, Mapping | bytes) or not isinstance(value, Iterable):
        raise TypeError(wanted)
    stops = [value] if isinstance(value, str) else list(value)
    if not all(isinstance(stop, str) for stop in stops):
        raise TypeError(wanted)
    if not 1 <= len(stops) <= 4 or not all(stops):
        raise ValueError(wanted)
    return value if isinstance(value, str) else stops


def _logit_bias(name: str, value: object) -> dict[str, float]:
    wanted = f"{name} must map token ids (whole numbers) to numbers from -100 to 100, not "
    if not isinstance(value, Mapping):
        raise TypeError(wanted + _shown(value))
    bias: dict[str, float] = {}
    for token, weight in value.items():
        if not str(token).isdecimal():
            raise ValueError(wanted + _shown(value))
        bias[str(token)] = _number(-100, 100)(f"{name}[{token}]", weight)
    return bias


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, not {_shown(value)}")
    return value


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {_shown(value)}")
    return value


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:59] + "…"


_CHECKS: dict[str, Callable[[str, object], object]] = {
    "n": _count,
    "temperature": _number(0, 2),
    "top_p": _number(0, 1),
    "max_tokens": _count,
    "stop": _stop,
    "presence_penalty": _number(-2, 2),
    "frequency_penalty": _number(-2, 2),
    "logit_bias": _logit_bias,
    "user": _text,
    "stream": _flag,
}
