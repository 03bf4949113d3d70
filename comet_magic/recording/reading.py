"""Reading a recording: its exchanges, in the order of their requests."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from ..errors import RecordingError
from ..settings.settings import check_base_url
from . import FORMAT, VERSION
from .bodies import request_body
from .folding import unfold

# A recording comes from a stranger: read no file with another name or in another folder.
_FILE_NAME = re.compile(r"[0-9a-f]{32}\.[a-z0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a recording.

    Attributes:
        recorded: When the recording began, with its time zone.
        endpoint: The host that answered, or `demo`.
        software: Name and version of the software that recorded it.
        base_url: Base URL of the endpoint; None for the demo, and in older recordings.
    """

    recorded: datetime
    endpoint: str
    software: str
    base_url: str | None = None


@dataclass(slots=True)
class RecordedExchange:
    """A request and its answer. Times are seconds since the request was made.

    Attributes:
        method: Method of the request.
        url: Address of the request.
        body: Body of the request as it stands in the file; None without one.
        status: Status of the answer; None if no answer began.
        headers: The headers of the answer that were kept.
        began: When the headers came.
        parts: The pieces of the body: when each came, and its line.
        end: `complete`, `closed`, `stopped`, or the name of an error of httpx.
        message: The message of that error.
        ended: When the exchange ended.
    """

    method: str
    url: str
    body: Any = None
    status: int | None = None
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    began: float = 0.0
    parts: list[tuple[float, Mapping[str, Any]]] = field(default_factory=list)
    end: str = "stopped"
    message: str = ""
    ended: float = 0.0

    @property
    def has_answer(self) -> bool:
        """Whether it can answer a request: with an answer, or with an error in its place."""
        return self.status is not None or self.end != "stopped"

    def take(self, line: Mapping[str, Any]) -> None:
        """Adds one of the lines after that of the request."""
        after = float(line["after"])
        if "status" in line:
            self.status, self.began = int(line["status"]), after
            self.headers = httpx.Headers(line["headers"], encoding="utf-8")
        elif "end" in line:
            self.end, self.message = str(line["end"]), str(line.get("message", ""))
            self.ended = after
        else:
            self.parts.append((after, line))


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that was read.

    Attributes:
        path: Absolute path of the file.
        header: The first line.
        exchanges: The exchanges by their number, in the order of their requests.
    """

    path: Path
    header: Header
    exchanges: Mapping[int, RecordedExchange]

    @classmethod
    def read(cls, path: Path) -> "Recording":
        """Reads a whole recording and checks its files. Half a last line is left out.

        Raises:
            RecordingError: The file does not exist, is no recording, was made by a later version
                or is damaged, or one of its files is missing or was changed.
        """
        try:
            lines = path.read_bytes().split(b"\n")
        except OSError as error:
            raise RecordingError(f"{path} cannot be read: {reason(error)}.") from error
        header = _header(path, lines[0])
        exchanges: dict[int, RecordedExchange] = {}
        # Files are read when they are needed; the kernel can be in another folder then.
        recording = cls(path.absolute(), header, exchanges)
        for number, text in enumerate(lines[1:], 2):
            try:
                if text:
                    recording._add(json.loads(text), exchanges)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                # The kernel died while it wrote this line; the lines before are whole.
                if number == len(lines):
                    break
                raise RecordingError(f"{path.name} is damaged in line {number}.") from error
        return recording

    def content(self, part: Mapping[str, Any]) -> bytes:
        """The bytes of a piece of a body.

        Raises:
            RecordingError: A file is missing or was changed.
        """
        if "file" in part:
            return self._load(part["file"])
        if "base64" in part:
            return base64.b64decode(part["base64"])
        return unfold(part["text"], self._load).encode()

    def _load(self, name: str) -> bytes:
        path = files_of(self.path) / name
        if not _FILE_NAME.fullmatch(name):
            raise RecordingError(f"{self.path.name} names {name[:60]!r}, which is no file of its.")
        try:
            data = path.read_bytes()
        except OSError as error:
            raise RecordingError(
                f"{self.path.name} needs {path.parent.name}/{name}: {reason(error)}.\n"
                "Copy that folder along with the recording."
            ) from error
        if not name.startswith(hashlib.sha256(data).hexdigest()[:32]):
            raise RecordingError(f"{path.parent.name}/{name} is not what was recorded.")
        return data

    def _add(self, line: Mapping[str, Any], exchanges: dict[int, RecordedExchange]) -> None:
        number = int(line["exchange"])
        if "method" in line:
            method, url = str(line["method"]), str(line["url"])
            exchanges[number] = RecordedExchange(method, url, request_body(line))
            return
        exchanges[number].take(line)
        if not line.keys() & {"status", "end"}:
            self.content(line)  # so that a missing file fails at the start, not in mid-lesson


def files_of(path: Path) -> Path:
    """The folder of a recording's files: `lesson_files` for `lesson.jsonl`."""
    return path.with_name(f"{path.stem}_files")


def reason(error: OSError) -> str:
    """Why a file cannot be read or written, in words."""
    return error.strerror or type(error).__name__


def _header(path: Path, line: bytes) -> Header:
    try:
        values = json.loads(line)
        if values["format"] != FORMAT:
            raise ValueError
        version = int(values["version"])
        if version > VERSION:
            raise RecordingError(
                f"{path.name} was recorded by a later version ({values.get('software')}).\n"
                "Update comet_magic to replay it."
            )
        recorded = datetime.fromisoformat(values["recorded"])
        base_url = check_base_url(values.get("base_url", ""))
        return Header(recorded, str(values["endpoint"]), str(values["software"]), base_url)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RecordingError(
            f"{path.name} is no recording of comet_magic: its first line does not say so."
        ) from error
