"""Appending lines to the file of a recording, while what is recorded goes on undisturbed."""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO

from ..errors import RecordingError
from ..media.archive import lock, unlock
from .bodies import Line
from .reading import reason


class LineWriter:
    """Writes JSON lines to a locked file, each as soon as it is known.

    A thread does it, so that a stream does not wait for a disk. After a failure nothing more is
    written, and the stream goes on.

    Args:
        path: Path of the file; its folder must exist.
        append: Whether to append to a file that exists. Otherwise it is an error.
        check: Is called before anything is written to a file that exists; may raise.

    Attributes:
        problem: Why the recording is incomplete; empty if it is not.

    Raises:
        RecordingError: The file exists and `append` is false, another kernel records to it, or it
            cannot be written.
    """

    def __init__(self, path: Path, *, append: bool, check: Callable[[], None]) -> None:
        self.problem = ""
        self._file = _opened(path, append=append)
        if append:
            try:
                check()
                _cut_half_line(self._file)
            except OSError as error:
                self._file.close()
                raise _unwritable(path, error) from error
            except BaseException:
                self._file.close()
                raise
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="comet_magic recording")

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._file.closed

    def write(self, lines: Callable[[], Iterable[Line]]) -> None:
        """Calls `lines` in the thread and writes them, after all that was given before."""
        with suppress(RuntimeError):  # it was closed meanwhile
            self._thread.submit(self._write, lines)

    def close(self) -> None:
        """Waits until all is written and closes the file."""
        self._thread.shutdown(wait=True)
        unlock(self._file)
        self._file.close()

    def _write(self, lines: Callable[[], Iterable[Line]]) -> None:
        if self.problem:
            return
        try:
            for line in lines():
                left = memoryview(json.dumps(line, ensure_ascii=False).encode() + b"\n")
                while left:  # a disk that is nearly full takes only a part of it
                    left = left[self._file.write(left) :]
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else str(error)
            self.problem = f"it could not be written: {why}"


def _opened(path: Path, *, append: bool) -> IO[bytes]:
    """Opens and locks the file, so that no other kernel overwrites what this one writes."""
    try:
        file = path.open("r+b" if append else "xb", buffering=0)
    except FileExistsError as error:
        raise RecordingError(
            f"{path.name} is there already, and is kept.\n"
            f"Use another name, or append to it: %comet record {path} --append"
        ) from error
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        lock(file)
    except BlockingIOError as error:
        file.close()
        raise RecordingError(
            f"{path.name} is being recorded by another kernel.\n"
            "End that recording first: %comet record stop. Or record to another file."
        ) from error
    except OSError:  # the drive cannot lock files
        pass
    return file


def _unwritable(path: Path, error: OSError) -> RecordingError:
    return RecordingError(f"{path} cannot be written: {reason(error)}.")


def _cut_half_line(file: IO[bytes]) -> None:
    """Removes the half line that a dying kernel left, and moves to the end of the file."""
    *whole, last = file.read().split(b"\n")
    end = sum(len(line) + 1 for line in whole)
    with suppress(ValueError):
        json.loads(last)
        file.write(b"\n")
        return
    file.seek(end)
    file.truncate()
