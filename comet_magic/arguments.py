"""The keyword arguments that `generate`, `agenerate`, `stream`, `map` and `amap` share."""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypedDict, TypeVar, Unpack

from .families.parameters import PARAMETERS, Parameters
from .kernel.conversation import History
from .settings.key import hide_key
from .settings.settings import SETTINGS
from .words import Word

_Function = TypeVar("_Function", bound=Callable[..., object])


class CallSettings(TypedDict, total=False):
    """The settings that may be given to a call, with their types for it; None is unset.

    They are declared in `Settings`, where a setting has `of_call`; type checkers need the types
    again.
    """

    api_key: str | None
    base_url: str | None
    save_dir: str | Path | None
    preview_pixels: int | None
    timeout: float | None
    first_byte_timeout: float | None
    connect_timeout: float | None
    max_retries: int | None
    history_turns: int | None


class Options(Parameters, CallSettings, total=False):
    pass


class Arguments(Options, total=False):
    """What a call takes besides the prompt: `Options`, and what `DEFAULTS` has defaults for."""

    model: str | None
    system: str | None
    images: Any
    history: History | None
    download: bool


DEFAULTS: dict[str, Any] = {
    "model": None, "system": None, "images": None, "history": None, "download": True,
}  # fmt: skip
CALL_SETTINGS = {name: word for name, word in SETTINGS.items() if word.of_call}
OPTIONS = PARAMETERS | CALL_SETTINGS


def split(arguments: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments that have defaults in `DEFAULTS`, all of them, and the options that were given.

    Args:
        arguments: `Arguments`, a dict in which the key is hidden.

    Raises:
        ValueError: The key is malformed.
    """
    hide_key(arguments)
    options = {name: value for name, value in arguments.items() if name not in DEFAULTS}
    return {name: arguments.get(name, value) for name, value in DEFAULTS.items()}, options


def _line(word: Word) -> str:
    # The help of a flag that is on by default says what it does when it is off.
    is_on = word.kind.name == "flag" and word.default
    return f"    {word.name}: {f'False: {word.help}.' if is_on else word.sentence}"


_LINES = "\n".join(map(_line, OPTIONS.values()))
Options.__doc__ = f"""Request parameters, and settings for one call.

Attributes:
{_LINES}
"""


def takes_arguments(function: _Function) -> _Function:
    """Makes a function with `**arguments: Unpack[Arguments]` show them one by one, as the help and
    the completion of notebooks read them."""
    signature = inspect.signature(function)
    *own, _ = signature.parameters.values()
    kind = inspect.Parameter.KEYWORD_ONLY
    named = [
        inspect.Parameter(name, kind, default=value, annotation=Arguments.__annotations__[name])
        for name, value in DEFAULTS.items()
    ]
    rest = inspect.Parameter("options", inspect.Parameter.VAR_KEYWORD, annotation=Unpack[Options])
    shown = signature.replace(parameters=[*own, *named, rest])
    setattr(function, "__signature__", shown)  # noqa: B010 - functions do not declare it
    return function
