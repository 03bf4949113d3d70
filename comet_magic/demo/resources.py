"""What the families of one running server share."""

from collections.abc import Iterator
from contextlib import contextmanager

from comet_magic.demo.store import FileStore


class Resources:
    """Shared by all families of one running server.

    Attributes:
        pace: 1 answers at a human pace, 0 without waiting.
        store: Files that the server has made and links to.
        open_streams: Number of streamed answers that are being sent.
    """

    def __init__(self, pace: float) -> None:
        self.pace = pace
        self.store = FileStore()
        self.open_streams = 0

    @contextmanager
    def streaming(self) -> Iterator[None]:
        """Count a streamed answer while it is being sent."""
        self.open_streams += 1
        try:
            yield
        finally:
            self.open_streams -= 1
