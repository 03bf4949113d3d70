"""The resume file: a line for each result, so that nothing is lost and nothing is paid twice."""

import json
import os
import threading
import weakref
from collections.abc import Iterable, Mapping
from contextlib import suppress
from io import BufferedRandom
from pathlib import Path
from typing import Any

from ..generation import Generation, Status
from ..media.archive import lock
from ..text import one_line
from .stored import from_json, relative_to

_MARK = "comet_magic"
_FORM = "batch results, version 1"


class Journal:
    """An open resume file, locked for this batch alone. Its results are read when asked for.

    The first line says what it belongs to. Each other one is a result under the name of its row;
    the last one of a row counts. What a killed process left half-written at the end is cut off.

    Args:
        path: Of the file; it is made if it is not there.
        arguments: Of the call, as JSON: a rerun must have the same.

    Raises:
        ValueError: It is in use, or belongs to another call or program; nothing was changed.
        OSError: It cannot be read or written.
    """

    def __init__(self, path: Path, arguments: Mapping[str, Any]) -> None:
        self.path = path
        self._folder = path.absolute().parent
        self._lock = threading.Lock()
        self._places: dict[str, tuple[int, int]] = {}
        self._file: BufferedRandom | None = _opened(path)
        _journals.add(self)
        try:
            self._read(self._file, {_MARK: _FORM, "arguments": dict(arguments)})
        except BaseException:
            self.close()
            raise

    def __contains__(self, name: str) -> bool:
        """Whether the complete result of a row was in the file when it was opened."""
        return name in self._places

    def get(self, name: str) -> Generation:
        """The complete result of a row.

        Raises:
            KeyError: There is none.
            ValueError: The journal is closed.
        """
        start, size = self._places[name]
        with self._lock:
            if self._file is None:
                raise ValueError(f"{self.path} is closed")
            self._file.seek(start)
            line = self._file.read(size)
        return from_json(json.loads(line)["result"], self._folder)

    def append(self, results: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Writes results under the names of their rows; they are on the disk when this returns.

        Raises:
            OSError: They could not be written.
        """
        lines = [
            _line({"row": name, "result": relative_to(self._folder, result)})
            for name, result in results
        ]
        with self._lock:
            if self._file is None:
                return
            end = self._file.seek(0, os.SEEK_END)
            try:
                self._file.write(b"".join(lines))
                self._file.flush()
                os.fsync(self._file.fileno())
            except OSError:
                with suppress(OSError):  # of a full disk; no half line stands before the next
                    self._file.truncate(end)
                raise

    def close(self) -> None:
        """Gives the file free. What is written later is not kept."""
        with self._lock:
            file, self._file = self._file, None
            if file is not None:
                file.close()

    def leave(self) -> None:
        """Gives the file up in a forked child: it is the parent's, with its lock.

        The child would keep the lock when the parent has closed the file or was killed.
        """
        file, self._file = self._file, None
        if file is not None:
            # Only the file itself: what waits to be written is the parent's, too, and another
            # thread of the parent may have been in the middle of it.
            file.raw.close()

    def _read(self, file: BufferedRandom, header: dict[str, Any]) -> None:
        first = file.readline()
        if not first.endswith(b"\n") and _line(header).startswith(first):
            # New, or its process was killed before it had written the first line.
            file.truncate(0)
            file.seek(0)
            file.write(_line(header))
            file.flush()
            os.fsync(file.fileno())
            return
        self._check(first, header)
        start, number = len(first), 1
        for line in iter(file.readline, b""):
            number += 1
            if not line.endswith(b"\n"):
                file.truncate(start)
                return
            try:
                entry = json.loads(line)
                name, status = str(entry["row"]), entry["result"]["status"]
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(
                    f"line {number} of {self.path} is no result of a batch: "
                    "something else wrote into it. Take the line out, or name another file"
                ) from error
            if status == Status.COMPLETE:
                self._places[name] = (start, len(line))
            start += len(line)

    def _check(self, first: bytes, header: dict[str, Any]) -> None:
        try:
            found = json.loads(first)
            ours = found[_MARK] == _FORM
            there = dict(found["arguments"])
        except (ValueError, KeyError, TypeError):
            ours, there = False, {}
        if not ours:
            raise ValueError(
                f"{self.path} is no resume file of this version of comet_magic; name another file"
            )
        here = json.loads(json.dumps(header["arguments"]))
        for name in {**here, **there}:
            if here.get(name) != there.get(name):
                was, now = (one_line(repr(each.get(name)), 60) for each in (there, here))
                raise ValueError(
                    f"{self.path} was written with {name} {was}, and now it is {now}. "
                    "Call it as before, or name another file"
                )


_journals: weakref.WeakSet[Journal] = weakref.WeakSet()


def _leave_all() -> None:
    for journal in list(_journals):
        journal.leave()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_all)


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _opened(path: Path) -> BufferedRandom:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Neither truncated nor, as by "a+b", always written at its end: a torn one is cut.
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, flags, 0o666), "r+b")
    try:
        lock(file)
    except OSError as error:
        file.close()
        if not isinstance(error, BlockingIOError):
            # Network file systems of clusters can be mounted without locks.
            raise OSError(
                error.errno,
                f"{path} cannot be locked where it is ({error.strerror or error}), so that two "
                "batches could write into it. Name a file on another disk",
            ) from error
        raise ValueError(
            f"{path} is in use by another batch; wait for its end, close it (`batch.close()`), "
            "or name another file"
        ) from error
    return file
