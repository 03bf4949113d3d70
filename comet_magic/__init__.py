"""A `%%comet` cell magic that streams pictures and text from an OpenAI-compatible endpoint.

>>> import comet_magic as comet
>>> generation = comet.generate("A cute kitten sitting on a cloud")  # doctest: +SKIP
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import hooks

if TYPE_CHECKING:
    from .api import agenerate, generate, models, stream, usage
    from .batch import amap, map  # noqa: A004
    from .errors import (
        APIConnectionError,
        APIStatusError,
        APITimeoutError,
        AuthenticationError,
        BadRequestError,
        BudgetError,
        CometError,
        GenerationError,
        InternalServerError,
        NotFoundError,
        NotRecordedError,
        PermissionDeniedError,
        RateLimitError,
        RecordingError,
        StreamError,
    )
    from .generation import Generation, Status
    from .generation.gallery import grid
    from .generation.records import records
    from .kernel.taping import record, replay
    from .media.audios import GeneratedAudio
    from .media.images import GeneratedImage
    from .media.videos import GeneratedVideo
    from .notebook.panel import Panel, panel
    from .wire.usage import Usage

__version__ = "0.1.0"

# The process that imported the package. In a forked child it is the parent's.
_process = os.getpid()


def _draw(value: Any) -> dict[str, str]:
    from .render import mimebundle

    return mimebundle(value)


def _generate(prompt: str, **arguments: Any) -> "Generation":
    from .api import generate

    return generate(prompt, **arguments)


hooks.draw, hooks.generate = _draw, _generate

# Nothing is imported before it is asked for: `import comet_magic` and `%load_ext` take 3 ms.
_HOMES = {
    "api": ("agenerate", "generate", "models", "stream", "usage"),
    "batch": ("amap", "map"),
    "errors": (
        "APIConnectionError",
        "APIStatusError",
        "APITimeoutError",
        "AuthenticationError",
        "BadRequestError",
        "BudgetError",
        "CometError",
        "GenerationError",
        "InternalServerError",
        "NotFoundError",
        "NotRecordedError",
        "PermissionDeniedError",
        "RateLimitError",
        "RecordingError",
        "StreamError",
    ),
    "generation": ("Generation", "Status"),
    "generation.gallery": ("grid",),
    "generation.records": ("records",),
    "kernel.taping": ("record", "replay"),
    "media.audios": ("GeneratedAudio",),
    "media.images": ("GeneratedImage",),
    "media.videos": ("GeneratedVideo",),
    "notebook.panel": ("Panel", "panel"),
    "wire.usage": ("Usage",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "BudgetError",
    "CometError",
    "GeneratedAudio",
    "GeneratedImage",
    "GeneratedVideo",
    "Generation",
    "GenerationError",
    "InternalServerError",
    "NotFoundError",
    "NotRecordedError",
    "Panel",
    "PermissionDeniedError",
    "RateLimitError",
    "RecordingError",
    "Status",
    "StreamError",
    "Usage",
    "agenerate",
    "amap",
    "generate",
    "grid",
    "load_ipython_extension",
    "map",
    "models",
    "panel",
    "record",
    "records",
    "replay",
    "stream",
    "unload_ipython_extension",
    "usage",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext comet_magic`: registers `%%comet` and `%comet`."""
    from .notebook.extension import load

    load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """`%unload_ext comet_magic`: takes back all that loading and use have set up."""
    from .notebook.extension import unload

    unload(ipython)
