"""A small server that speaks the chat wire, so that everything runs without a key and a network.

It shares no code with the client: it has its own reading of the wire, so that the two cannot
share a mistake. Any OpenAI client can use it; `python -m comet_magic.demo` runs it alone.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comet_magic.demo.server import DemoServer

__all__ = ["DemoServer"]


def __getattr__(name: str) -> object:
    """Import the server when it is first asked for: uvicorn and Pillow take a while to load."""
    if name == "DemoServer":
        from comet_magic.demo.server import DemoServer

        return DemoServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
