"""Reading a recording: its exchanges, in the order in which they were asked."""

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
from . import FORMAT, VERSION
from .folding import unfold

# A recording comes from elsewhere: no other name is looked for, and none in another folder.
_FILE_NAME = re.compile(r"[0-9a-f]{32}\.[a-z0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line of a recording says.

    Attributes:
        recorded: When it was begun, with its time zone.
        endpoint: Who answered: the host, or `demo`.
        software: That recorded it.
    """

    recorded: datetime
    endpoint: str
    software: str


@dataclass(slots=True)
class RecordedExchange:
    """A request and what came back for it. Times are seconds since the request was made.

    Attributes:
        method: Of the request.
        url: That was asked.
        body: Of the request, as it stands in the file; None without one.
        status: Of the answer; None if none began.
        headers: Of the answer, those that were kept.
        began: When its headers came.
        parts: When each piece of the body came, and its line.
        end: `complete`, `closed`, `stopped`, or the name of an error of httpx.
        message: Of that error.
        ended: When.
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
        """Whether there is something to give: an answer, or an error in its place."""
        return self.status is not None or self.end != "stopped"

    def take(self, line: Mapping[str, Any]) -> None:
        """Adds a line that follows the request's."""
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
        path: Of the file.
        header: Its first line.
        exchanges: By their number, in the order in which they were asked.
    """

    path: Path
    header: Header
    exchanges: Mapping[int, RecordedExchange]

    @classmethod
    def read(cls, path: Path) -> "Recording":
        """Reads a recording whole and checks its pictures. Half a last line is left out.

        Raises:
            RecordingError: It is not there, is no recording, was made by a later version, is
                damaged, or its pictures are not those that were recorded.
        """
        try:
            lines = path.read_bytes().split(b"\n")
        except OSError as error:
            raise RecordingError(f"{path} cannot be read: {reason(error)}.") from error
        header = _header(path, lines[0])
        exchanges: dict[int, RecordedExchange] = {}
        # Pictures are read when they are asked for; the kernel can be in another folder then.
        recording = cls(path.absolute(), header, exchanges)
        for number, text in enumerate(lines[1:], 2):
            try:
                if text:
                    recording._add(json.loads(text), exchanges)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                # The kernel died while it was written; what comes before is whole.
                if number == len(lines):
                    break
                raise RecordingError(f"{path.name} is damaged in line {number}.") from error
        return recording

    def content(self, part: Mapping[str, Any]) -> bytes:
        """The bytes of a piece of a body.

        Raises:
            RecordingError: A file is gone or was changed.
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
            body = line.get("body", line.get("text", line.get("base64")))
            exchanges[number] = RecordedExchange(str(line["method"]), str(line["url"]), body)
            return
        exchanges[number].take(line)
        if not line.keys() & {"status", "end"}:
            self.content(line)  # looked at before a lesson begins, and not in the midst of it


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
        return Header(recorded, str(values["endpoint"]), str(values["software"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RecordingError(
            f"{path.name} is no recording of comet_magic: its first line does not say so."
        ) from error
