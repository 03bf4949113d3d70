"""Which exchange of a recording answers a request."""

import json
import threading
from dataclasses import dataclass
from pathlib import Path

from ..errors import NotRecordedError, RecordingError
from ..families.chat.path import base_url_of
from ..media.addresses import short_url
from ..settings.settings import Replayed
from ..text import one_line
from .bodies import request_body, request_fields
from .differences import nearest
from .reading import RecordedExchange, Recording

_MODELS = "/models"
_PRICES = "/api/models"
# The demo's recordings have another port each time, so they name no base URL.
_SOME_BASE_URL = "http://localhost/v1"
# A task that was interrupted while it was recorded never ends: stop answering its polls.
_MOST_REPEATS = 50


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """The answer to one request.

    Attributes:
        exchange: The exchange that answers.
        contents: The pieces of the body: when each comes, and its bytes.
        notes: Notes for people.
    """

    exchange: RecordedExchange
    contents: list[tuple[float, bytes]]
    notes: list[str]


class Replay:
    """Answers requests with the exchanges that were recorded for them.

    The same request gets its answers in the order in which they were recorded. After the last one
    come:

    - for a POST the first one again, with a note: a cell that is run again shows the same;
    - for others, such as polls of a task, the last one, until something is posted again: a task
      that is done stays done, and if its cell is run again it begins again.

    Answers that were stopped are given only if there are no others. Threads may share it.

    Args:
        path: Path of the recording.
        speed: 1 is the recorded pace, 4 four times as fast; infinity does not wait.

    Attributes:
        path: Path of the recording.
        speed: The pace, as given.
        header: The header of the recording.

    Raises:
        RecordingError: The recording cannot be read.
    """

    def __init__(self, path: Path, speed: float = 1.0) -> None:
        self._recording = Recording.read(path)
        self.path = path
        self.speed = speed
        self.header = self._recording.header
        self._turns = _Turns()
        exchanges = self._recording.exchanges.values()
        posted = [each.url for each in exchanges if each.method == "POST"]
        self._own_hosts = {_split(url)[0] for url in (self.base_url, *posted)}
        self._by_key: dict[str, list[RecordedExchange]] = {}
        for each in exchanges:
            self._by_key.setdefault(self._key(each.method, each.url, each.body), []).append(each)

    @property
    def base_url(self) -> str:
        """Base URL of the endpoint, as it was when it was recorded."""
        if self.header.base_url:
            return self.header.base_url
        for each in self._recording.exchanges.values():
            if found := base_url_of(each.url):
                return found
            if each.url.endswith(_MODELS) and not each.url.endswith(_PRICES):
                return each.url.removesuffix(_MODELS)
        return _SOME_BASE_URL

    @property
    def count(self) -> int:
        """Requests for generations that it holds; downloads and polls do not count."""
        return sum(each.method == "POST" for each in self._recording.exchanges.values())

    @property
    def replayed(self) -> Replayed:
        """What answers, for `Settings`."""
        name = f"{self.path.name}, recorded {self.header.recorded:%Y-%m-%d}"
        return Replayed(name, None if self.header.endpoint == "demo" else self.base_url)

    def find(self, method: str, url: str, body: bytes) -> RecordedAnswer:
        """The answer to a request.

        Raises:
            NotRecordedError: There is none; the text says how the request differs from the nearest.
        """
        asked = request_body(request_fields(body))
        key = self._key(method, url, asked)
        recorded = self._by_key.get(key, [])
        answered = [each for each in recorded if each.has_answer]
        if not answered:
            stopped = bool(recorded)
            raise NotRecordedError(self._refusal(method, url, asked, stopped=stopped))
        # Whoever stopped a cell and ran it again wants to show the second run.
        answered = [each for each in answered if each.end != "stopped"] or answered
        notes: list[str] = []
        if method == "POST":
            turn, notes = self._turns.posted(key, len(answered))
        elif (found := self._turns.polled(key, len(answered))) is not None:
            turn = found
        else:
            what = f"{one_line(self.path.name, 80)} has no more answers for {short_url(url)}"
            raise NotRecordedError(f"{what}: it was stopped when it was recorded.")
        exchange = answered[turn]
        try:
            contents = [(when, self._recording.content(part)) for when, part in exchange.parts]
        except RecordingError as error:
            raise NotRecordedError(str(error)) from error
        return RecordedAnswer(exchange, contents, notes)

    def _key(self, method: str, url: str, body: object) -> str:
        """Two requests with the same key are the same request."""
        host, path = _split(url)
        # The demo has another port each time.
        is_own = method == "POST" or host in self._own_hosts or url.endswith(_MODELS)
        return json.dumps([method, path if is_own else url, body], sort_keys=True)

    def _refusal(self, method: str, url: str, body: object, *, stopped: bool) -> str:
        name = one_line(self.path.name, 80)
        if method != "POST" or not isinstance(body, dict):
            what = "no list of models" if url.endswith(_MODELS) else f"no {short_url(url)}"
            return f"{name} has {what}, and nothing was sent."
        head = f"{name} has no answer to this request, and nothing was sent."
        if stopped:
            return f"{head}\nIt was stopped before an answer began when it was recorded."
        others = [
            each.body
            for recorded in self._by_key.values()
            for each in recorded[:1]
            if each.method == "POST" and each.has_answer and isinstance(each.body, dict)
        ]
        phrase = nearest(body, others)
        near = f"The nearest one in it differs in {phrase}." if phrase else "It holds no request."
        return f"{head}\n{near}\nAsk as it was recorded, or end the replay: %comet replay stop."


class _Turns:
    """Which of its recorded answers a request gets next. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._posts = 0
        self._given: dict[str, int] = {}  # how many of its answers a request was given
        self._posts_then: dict[str, int] = {}  # how many posts there had been at the last of them

    def posted(self, key: str, count: int) -> tuple[int, list[str]]:
        """The place among `count` answers for a POST, and notes: the first follows the last."""
        with self._lock:
            self._posts += 1
            given = self._given.get(key, 0)
            self._given[key] = given + 1
        if count > 1 and given and given % count == 0:
            return 0, [f"All {count} recorded answers were given; this is the first again."]
        return given % count, []

    def polled(self, key: str, count: int) -> int | None:
        """The place for a request that is no POST: the last is repeated until something is posted.

        Returns:
            The place; None if the last answer was repeated too often.
        """
        with self._lock:
            given = self._given.get(key, 0)
            if given >= count and self._posts > self._posts_then[key]:
                given = 0
            self._given[key], self._posts_then[key] = given + 1, self._posts
        return min(given, count - 1) if given < count + _MOST_REPEATS else None


def _split(url: str) -> tuple[str, str]:
    """The address of the host, and the path with the query."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host}", slash + path
