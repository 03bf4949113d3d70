"""A small server that answers like the endpoint, so that everything runs without key and network.

It shares no code with the client: it reads the wire on its own, so that the two cannot share a
mistake. Any OpenAI client can use it; `python -m comet_magic.demo` runs it alone.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comet_magic.demo.server import DemoServer

__all__ = ["DemoServer"]


def __getattr__(name: str) -> object:
    """Import the server on first use, because uvicorn and Pillow take a while to load."""
    if name == "DemoServer":
        from comet_magic.demo.server import DemoServer

        return DemoServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
