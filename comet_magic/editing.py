"""How a value asks for a change of itself without knowing who makes it."""

from importlib import import_module
from typing import Any


def generate(prompt: str, **arguments: Any) -> Any:
    """`comet_magic.generate`, looked up by name: it stands below the values that call this."""
    return import_module("comet_magic.api").generate(prompt, **arguments)
