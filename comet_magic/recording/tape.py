"""Writing a recording, while what is recorded goes on undisturbed."""

import base64
import json
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from ..errors import RecordingError
from ..media.archive import lock, unlock, write_whole
from ..settings.key import ApiKey
from . import FORMAT, VERSION
from .folding import file_name, fold, fold_all
from .pieces import Pieces
from .reading import Recording, files_of, reason

# Longer ones are files.
_LONGEST_BASE64 = 1_000
# Of the answers these are pictures and videos; a storage often does not know what it holds.
_MEDIA = ("image/", "video/", "application/octet-stream", "binary/octet-stream")

Line = Mapping[str, Any]


class Tape:
    """Appends exchanges to a recording. Each line is written out as soon as it is known.

    All writing is done in a thread of its own, so that a stream does not wait for a disk. If
    writing fails nothing more is written, and the stream goes on.

    Args:
        path: Of the recording; its folder must exist.
        endpoint: Who answers: the host, or `demo`.
        software: That records.
        append: Whether to go on with a recording that is there.

    Attributes:
        path: Of the recording.
        endpoint: Whose answers are in it; others do not belong there.
        count: Of the generations that were asked for since; pictures are not among them.
        problem: Why it is incomplete; empty if it is not.

    Raises:
        RecordingError: The file is there and not to be appended to, is no recording or that of
            another endpoint, is being recorded by another kernel, or cannot be written.
    """

    def __init__(self, path: Path, endpoint: str, software: str, *, append: bool = False) -> None:
        self.path = path
        self.endpoint = endpoint
        self.count = 0
        self.problem = ""
        self._keys: list[ApiKey] = []
        self._under_way: set[int] = set()
        self._lock = threading.Lock()
        self._last = 0
        # The kernel can be in another folder when the first picture comes.
        self._files = files_of(path.absolute())
        goes_on = append and path.exists()
        self._file = _opened(path, goes_on=goes_on)
        if goes_on:
            try:
                self._last = _last_number(path, endpoint)
                _end_last_line(self._file)
            except OSError as error:
                self._file.close()
                raise _unwritable(path, error) from error
            except BaseException:
                self._file.close()
                raise
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="comet_magic recording")
        if not goes_on:
            header = {"format": FORMAT, "version": VERSION, "recorded": _now()}
            self.write(lambda: [{**header, "endpoint": endpoint, "software": software}])

    def hide(self, key: ApiKey | None) -> None:
        """Keeps a key out of everything that is written from now on."""
        if key is not None and key not in self._keys:
            self._keys.append(key)

    def begin(self, method: str, url: str, body: bytes) -> "TapeEntry":
        """The entry of a request that is about to be sent."""
        with self._lock:
            self._last += 1
            number = self._last
            self.count += method == "POST"
            if not url.endswith("/models"):  # a price list comes when it comes
                self._under_way.add(number)
        first = {"exchange": number, "at": _now(), "method": method}
        self.write(lambda: [{**first, "url": self.hidden(url), **self._body(body)}])
        return TapeEntry(number, self)

    def end(self, number: int) -> None:
        """An exchange has come to its end."""
        with self._lock:
            self._under_way.discard(number)

    def stop(self) -> None:
        """Returns when all is written; what is under way stays without its end."""
        if self._file.closed:
            return
        self._thread.shutdown(wait=True)
        unlock(self._file)
        self._file.close()
        with self._lock:
            if self._under_way and not self.problem:
                self.problem = "an answer was still on its way"

    def notes(self) -> list[str]:
        """What is to be said of the recording beside an answer: nothing while all is well."""
        return [f"{self.path.name} is incomplete: {self.problem}."] if self.problem else []

    def write(self, lines: Callable[[], list[Line]]) -> None:
        """Has lines made and written, after all that was given before."""

        def attempt() -> None:
            if self.problem:
                return
            try:
                for line in lines():
                    left = memoryview(json.dumps(line, ensure_ascii=False).encode() + b"\n")
                    while left:  # a disk that is nearly full takes a part of it
                        left = left[self._file.write(left) :]
            except (OSError, ValueError) as error:
                why = reason(error) if isinstance(error, OSError) else str(error)
                self.problem = f"it could not be written: {why}"

        with suppress(RuntimeError):  # it was stopped meanwhile
            self._thread.submit(attempt)

    def piece(self, data: bytes, *, is_medium: bool = False) -> Line:
        """How bytes of a body stand in a line; those of a medium go to a file."""
        for key in self._keys:
            data = key.hide_in_bytes(data)
        if not is_medium:
            try:
                return {"text": fold(data.decode(), self._keep)}
            except UnicodeDecodeError:
                pass
        if is_medium or len(data) > _LONGEST_BASE64:
            return {"file": self._keep(data)}
        return {"base64": base64.b64encode(data).decode()}

    def hidden(self, text: str) -> str:
        """`text` without the keys."""
        for key in self._keys:
            text = key.hide_in(text)
        return text

    def _body(self, body: bytes) -> Line:
        if not body:
            return {}
        try:
            return {"body": fold_all(json.loads(self.hidden(body.decode())), self._keep)}
        except ValueError:
            return self.piece(body)

    def _keep(self, data: bytes) -> str:
        self._files.mkdir(exist_ok=True)
        name = file_name(data)
        if not (self._files / name).exists():
            write_whole(self._files / name, data)
        return name


class TapeEntry:
    """The entry of one exchange. Its methods only hand over, and may be called on a loop."""

    def __init__(self, number: int, tape: Tape) -> None:
        self._number = number
        self._tape = tape
        self._began = time.monotonic()
        self._pieces = Pieces()
        self._medium: list[bytes] | None = None
        self._newest = b""
        self._has_ended = False

    def answer(self, status: int, headers: Mapping[str, str]) -> None:
        """The answer has begun."""
        after = self._after()
        if headers.get("content-type", "").startswith(_MEDIA):
            self._medium = []

        def lines() -> list[Line]:
            kept = {name: self._tape.hidden(value) for name, value in headers.items()}
            return [{**after, "status": status, "headers": kept}]

        self._tape.write(lines)

    def part(self, data: bytes) -> None:
        """Some of the body has come."""
        if self._medium is not None:
            self._medium.append(data)
            return
        after = self._after()

        def lines() -> list[Line]:
            pieces = self._pieces.feed(data)
            self._newest = pieces[-1] if pieces else self._newest
            return [{**after, **self._tape.piece(piece)} for piece in pieces]

        self._tape.write(lines)

    def end(self, how: str, message: str = "") -> None:
        """It is over; only the first end counts."""
        if self._has_ended:
            return
        self._has_ended = True
        after = self._after()

        def lines() -> list[Line]:
            rest = b"".join(self._medium) if self._medium is not None else self._pieces.rest()
            last = self._tape.piece(rest, is_medium=self._medium is not None) if rest else None
            said = {"message": self._tape.hidden(message)} if message else {}
            # Behind its mark the end of a body is not waited for long.
            is_whole = how == "stopped" and b"[DONE]" in self._newest[:20]
            end = {**after, "end": "closed" if is_whole else how, **said}
            return [*([{**after, **last}] if last else []), end]

        self._tape.write(lines)
        self._tape.end(self._number)

    def _after(self) -> Line:
        return {"exchange": self._number, "after": round(time.monotonic() - self._began, 4)}


def _opened(path: Path, *, goes_on: bool) -> IO[bytes]:
    """The file of a recording, locked: of two kernels one would write over what the other wrote."""
    try:
        file = path.open("r+b" if goes_on else "xb", buffering=0)
    except FileExistsError as error:
        raise RecordingError(
            f"{path.name} is there already, and is kept.\n"
            f"Take another name, or go on with it: %comet record {path} --append"
        ) from error
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        lock(file)
    except BlockingIOError as error:
        file.close()
        raise RecordingError(
            f"{path.name} is being recorded by another kernel.\n"
            "First end it there: %comet record stop. Or record to another file."
        ) from error
    except OSError:  # where nothing can be locked
        pass
    return file


def _unwritable(path: Path, error: OSError) -> RecordingError:
    return RecordingError(f"{path} cannot be written: {reason(error)}.")


def _last_number(path: Path, endpoint: str) -> int:
    there = Recording.read(path)
    if there.header.endpoint != endpoint:
        raise RecordingError(
            f"{path.name} holds answers of {there.header.endpoint}; {endpoint} answers now.\n"
            "Record to another file."
        )
    return max(there.exchanges, default=0)


def _end_last_line(file: Any) -> None:
    """Half a line, of a kernel that died, is cut off; the file stands at its end."""
    *whole, last = file.read().split(b"\n")
    end = sum(len(line) + 1 for line in whole)
    with suppress(ValueError):
        json.loads(last)
        file.write(b"\n")
        return
    file.seek(end)
    file.truncate()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
