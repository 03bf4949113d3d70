"""Writing a recording, while what is recorded goes on undisturbed."""

import threading
from datetime import UTC, datetime
from pathlib import Path

from ..errors import RecordingError
from ..settings.key import ApiKey
from . import FORMAT, VERSION
from .bodies import Bodies
from .entry import TapeEntry
from .reading import Recording, files_of
from .writing import LineWriter

# Lists of models and prices are fetched in the background; a recording is complete without them.
_LISTS = "/models"


class Tape:
    """Appends exchanges to a recording.

    Args:
        path: Path of the recording; its folder must exist.
        endpoint: The host that answers, or `demo`.
        software: Name and version of the software that records.
        base_url: Base URL of the endpoint; empty if it is not known yet.
        append: Whether to append to a recording that exists.

    Attributes:
        path: Path of the recording.
        endpoint: The host whose answers it holds; answers of others do not belong there.
        count: Requests for generations since the start; downloads and polls do not count.

    Raises:
        RecordingError: The file exists and `append` is false, it is no recording or one of another
            endpoint, another kernel records to it, or it cannot be written.
    """

    def __init__(
        self,
        path: Path,
        endpoint: str,
        software: str,
        *,
        base_url: str = "",
        append: bool = False,
    ) -> None:
        self.path = path
        self.endpoint = endpoint
        self.count = 0
        self._lock = threading.Lock()
        self._last = 0
        self._entries: list[TapeEntry] = []
        # The kernel can be in another folder when the first picture comes.
        self._bodies = Bodies(files_of(path.absolute()))
        exists = append and path.exists()
        self._writer = LineWriter(path, append=exists, check=self._read_existing)
        if not exists:
            header = {"format": FORMAT, "version": VERSION, "recorded": _now()}
            url = {"base_url": base_url} if base_url else {}
            self._writer.write(
                lambda: [{**header, "endpoint": endpoint, **url, "software": software}]
            )

    @property
    def problem(self) -> str:
        """Why the recording is incomplete; empty if it is not."""
        return self._writer.problem

    def hide(self, key: ApiKey | None) -> None:
        """Keeps a key out of everything that is written from now on."""
        self._bodies.hide(key)

    def begin(self, method: str, url: str, body: bytes) -> TapeEntry:
        """Writes down a request that is about to be sent; returns the entry for its answer."""
        with self._lock:
            self._last += 1
            self.count += method == "POST"
            entry = TapeEntry(self._last, self._writer.write, self._bodies)
            self._entries = [each for each in self._entries if not each.has_ended]
            if not url.endswith(_LISTS):
                self._entries.append(entry)
        first = {"exchange": entry.number, "at": _now(), "method": method}
        self._writer.write(
            lambda: [{**first, "url": self._bodies.hidden(url), **self._bodies.request(body)}]
        )
        return entry

    def stop(self) -> None:
        """Ends the recording when all is written; a running exchange is left without an end."""
        if self._writer.is_closed:
            return
        self._writer.close()
        with self._lock:
            if not all(entry.has_ended for entry in self._entries):
                self._writer.problem = self.problem or "an answer was still on its way"

    def notes(self) -> list[str]:
        """Notes on the recording, to show next to an answer; none while all is well."""
        return [f"{self.path.name} is incomplete: {self.problem}."] if self.problem else []

    def _read_existing(self) -> None:
        there = Recording.read(self.path)
        if there.header.endpoint != self.endpoint:
            raise RecordingError(
                f"{self.path.name} holds answers of {there.header.endpoint}; "
                f"{self.endpoint} answers now.\nRecord to another file."
            )
        self._last = max(there.exchanges, default=0)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
