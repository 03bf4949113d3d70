"""The resume file: one line per result, so that nothing is lost and nothing is paid for twice."""

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

_FORMAT_KEY = "comet_magic"
_FORMAT = "batch results, version 1"


class Journal:
    """An open resume file, locked for this batch. A result is read when it is asked for.

    The first line holds the arguments of the call, each other line one result and the name of its
    row; the last line of a row counts. A line that a killed process left incomplete is cut off.

    Args:
        path: Path of the file, which is created if missing.
        arguments: Arguments of the call as JSON values; a rerun must have the same.

    Raises:
        ValueError: The file is in use, or belongs to another call or program; it was not changed.
        OSError: The file cannot be read or written.
    """

    def __init__(self, path: Path, arguments: Mapping[str, Any]) -> None:
        self.path = path
        self._folder = path.absolute().parent
        self._lock = threading.Lock()
        self._lines: dict[str, tuple[int, int]] = {}  # offset, length
        self._file: BufferedRandom | None = _open_locked(path)
        _journals.add(self)
        try:
            self._read(self._file, {_FORMAT_KEY: _FORMAT, "arguments": dict(arguments)})
        except BaseException:
            self.close()
            raise

    def __contains__(self, name: str) -> bool:
        """Whether the file held a complete result of this row when it was opened."""
        return name in self._lines

    def get(self, name: str) -> Generation:
        """The complete result of a row.

        Raises:
            KeyError: There is no such result.
            ValueError: The journal is closed.
        """
        start, size = self._lines[name]
        with self._lock:
            if self._file is None:
                raise ValueError(f"{self.path} is closed")
            self._file.seek(start)
            line = self._file.read(size)
        return from_json(json.loads(line)["result"], self._folder)

    def append(self, results: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Writes results, each with the name of its row; when this returns, they are on the disk.

        A closed journal writes nothing.

        Raises:
            OSError: The results could not be written.
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
                with suppress(OSError):  # a full disk: leave no incomplete line before the next
                    self._file.truncate(end)
                raise

    def close(self) -> None:
        """Closes the file and releases its lock."""
        with self._lock:
            file, self._file = self._file, None
            if file is not None:
                file.close()

    def abandon(self) -> None:
        """Drops the file in a forked child, without writing to it: it is the parent's.

        Otherwise the child would hold the lock after the parent has closed the file or was killed.
        """
        file, self._file = self._file, None
        if file is not None:
            # Not `file.close()`: that would write the parent's buffer a second time, perhaps while
            # another thread of the parent was changing it.
            file.raw.close()

    def _read(self, file: BufferedRandom, header: dict[str, Any]) -> None:
        first = file.readline()
        if not first.endswith(b"\n") and _line(header).startswith(first):
            # The file is new, or its process was killed while it wrote the first line.
            file.seek(0)
            file.write(_line(header))
            file.flush()
            os.fsync(file.fileno())
            return
        self._check_header(first, header)
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
                    "another program wrote into it. Remove the line, or name another file"
                ) from error
            if status == Status.COMPLETE:
                self._lines[name] = (start, len(line))
            start += len(line)

    def _check_header(self, first: bytes, header: dict[str, Any]) -> None:
        try:
            found = json.loads(first)
            ours = found[_FORMAT_KEY] == _FORMAT
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
                    "Use the same arguments, or name another file"
                )


_journals: weakref.WeakSet[Journal] = weakref.WeakSet()


def _abandon_all() -> None:
    for journal in list(_journals):
        journal.abandon()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_abandon_all)


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _open_locked(path: Path) -> BufferedRandom:
    path.parent.mkdir(parents=True, exist_ok=True)
    # "w+b" would empty the file, and "a+b" could not cut an incomplete line.
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, flags, 0o666), "r+b")
    try:
        lock(file)
    except OSError as error:
        file.close()
        if not isinstance(error, BlockingIOError):
            # A cluster may mount its network file system without locks.
            raise OSError(
                error.errno,
                f"{path} cannot be locked where it is ({error.strerror or error}), so two batches "
                "could write into it. Name a file on another disk",
            ) from error
        raise ValueError(
            f"{path} is in use by another batch; wait until it ends, close it (`batch.close()`), "
            "or name another file"
        ) from error
    return file
