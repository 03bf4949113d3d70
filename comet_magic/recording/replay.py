"""Which exchange of a recording answers a request."""

import json
import threading
from dataclasses import dataclass
from pathlib import Path

import httpx

from ..errors import NotRecordedError, RecordingError
from ..media.addresses import short_url
from ..settings.settings import Replayed
from ..text import one_line
from .differences import nearest
from .folding import fold_all
from .reading import RecordedExchange, Recording

_CHAT = "/chat/completions"
_MODELS = "/models"


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """What is given to one request.

    Attributes:
        exchange: That answers.
        contents: When each piece of the body comes, and its bytes.
        notes: For people.
    """

    exchange: RecordedExchange
    contents: list[tuple[float, bytes]]
    notes: list[str]


class Replay:
    """Gives the exchanges of a recording to the requests that they were recorded for.

    The same request gets its answers in the order in which they were recorded, and after the last
    of them again the first. Answers that were stopped are given only if there are no others. May
    be asked from several threads.

    Args:
        path: Of the recording.
        speed: 1 is the recorded pace, 4 four times as fast; infinity does not wait.

    Attributes:
        path: Of the recording.
        speed: As given.
        header: Of the recording.

    Raises:
        RecordingError: It cannot be read.
    """

    def __init__(self, path: Path, speed: float = 1.0) -> None:
        self._recording = Recording.read(path)
        self.path = path
        self.speed = speed
        self.header = self._recording.header
        self._lock = threading.Lock()
        self._given: dict[str, int] = {}
        self._by_key: dict[str, list[RecordedExchange]] = {}
        for each in self._recording.exchanges.values():
            self._by_key.setdefault(_key(each.method, each.url, each.body), []).append(each)

    @property
    def base_url(self) -> str:
        """Of the endpoint, as it was asked."""
        for each in self._recording.exchanges.values():
            for ending in (_CHAT, _MODELS):
                if each.url.endswith(ending) and not each.url.endswith(f"/api{_MODELS}"):
                    return each.url.removesuffix(ending)
        return "http://localhost/v1"

    @property
    def count(self) -> int:
        """Of the generations that were asked for; pictures are not among them."""
        return sum(each.method == "POST" for each in self._recording.exchanges.values())

    @property
    def replayed(self) -> Replayed:
        """Who answers, for `Settings`."""
        name = f"{self.path.name}, recorded {self.header.recorded:%Y-%m-%d}"
        return Replayed(name, None if self.header.endpoint == "demo" else self.base_url)

    def find(self, method: str, url: str, body: bytes) -> RecordedAnswer:
        """The answer to a request.

        Raises:
            NotRecordedError: There is none; the text says what differs from the nearest.
        """
        folded = fold_all(json.loads(body)) if body else None
        key = _key(method, url, folded)
        recorded = self._by_key.get(key, [])
        answered = [each for each in recorded if each.has_answer]
        if not answered:
            stopped = bool(recorded)
            raise NotRecordedError(self._refusal(method, url, folded, stopped=stopped))
        # Who stopped a cell and ran it again wants to show the second run.
        answered = [each for each in answered if each.end != "stopped"] or answered
        with self._lock:
            turn = self._given.get(key, 0)
            self._given[key] = turn + 1
        exchange = answered[turn % len(answered)]
        notes = []
        if len(answered) > 1 and turn and turn % len(answered) == 0:
            notes = [f"All {len(answered)} recorded answers were given; this is the first again."]
        try:
            contents = [(when, self._recording.content(part)) for when, part in exchange.parts]
        except RecordingError as error:
            raise NotRecordedError(str(error)) from error
        return RecordedAnswer(exchange, contents, notes)

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
        told = nearest(body, others)
        near = f"The nearest one in it differs in {told}." if told else "It holds no request."
        return f"{head}\n{near}\nAsk as it was recorded, or end the replay: %comet replay stop."


def _key(method: str, url: str, body: object) -> str:
    """What makes two requests the same one; the demo has another port each time."""
    if method == "POST" or url.endswith(_MODELS):
        url = httpx.URL(url).path
    return json.dumps([method, url, body], sort_keys=True)
