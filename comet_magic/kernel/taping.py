"""Switches recording and replaying on and off, for all requests of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf, isnan
from pathlib import Path

from ..client.failures import without_key
from ..client.http import USER_AGENT
from ..errors import RecordingError
from ..recording.replay import Replay
from ..recording.tape import Tape
from ..settings import configuration
from . import session

_SUFFIX = ".jsonl"
_SPEEDS = "speed must be a number above 0 (1 is the recorded pace), or 'max'"


@contextmanager
def record(path: str | Path, *, append: bool = False) -> Iterator[Path]:
    """Records all requests and answers inside a `with` block: `with comet.record("a.jsonl"):`.

    This covers cells, panels, `generate` and `map`. Pictures, videos and sounds go to a folder
    next to the file (`a_files`). The key is not recorded. If the block is interrupted or the kernel
    dies, what was recorded until then is kept. `comet_magic.recording` describes the format.

    Args:
        path: Path of the file; `.jsonl` is added to a name without a suffix.
        append: Whether to append to a recording that exists. Otherwise an existing file is an
            error.

    Yields:
        The path.

    Raises:
        RecordingError: The file exists, or another kernel records to it, or it cannot be written,
            or a replay or another recording is running. Nothing was changed.
        ValueError: `path` is empty.
    """
    tape = start_recording(path, append=append)
    try:
        yield tape.path
    finally:
        if session.current().tape is tape:
            stop_recording()


@contextmanager
def replay(path: str | Path, speed: float | str = 1) -> Iterator[Path]:
    """Answers from a recording inside a `with` block, without a network and without a key.

    A request that was not recorded raises `NotRecordedError` and is not sent. A request that was
    recorded several times gets its answers in that order, and then the first one again. Waits
    before a retry are not shortened.

    Args:
        path: Path of a recording; `.jsonl` is added to a name without a suffix.
        speed: 1 is the recorded pace, 4 four times as fast, `"max"` does not wait.

    Yields:
        The path.

    Raises:
        RecordingError: The file cannot be read or is no recording, or a recording is running.
        ValueError: `speed` is no such number, or `path` is empty.
    """
    config = configuration.current()
    before = session.current().replay, config.replayed
    started = start_replay(path, speed)
    try:
        yield started.path
    finally:
        if session.current().replay is started:
            session.current().replay, config.replayed = before
            session.current().forget_lists()


def start_recording(path: str | Path, *, append: bool = False) -> Tape:
    """Records from now on; otherwise like `record`."""
    now = session.current()
    if now.replay:
        raise RecordingError(
            f"{now.replay.path.name} is being replayed, and a replay is not recorded.\n"
            "End it first: %comet replay stop."
        )
    if now.tape:
        raise RecordingError(
            f"{now.tape.path.name} is being recorded already.\nEnd it first: %comet record stop."
        )
    settings = configuration.current().settings()
    # Some gateways have the key in their address.
    base_url = without_key(settings.api_key, settings.base_url or "")
    now.tape = Tape(_file(path), settings.endpoint, USER_AGENT, base_url=base_url, append=append)
    now.forget_lists()
    return now.tape


def stop_recording() -> Tape | None:
    """Ends the recording and returns its tape; None if nothing was being recorded."""
    now = session.current()
    tape, now.tape = now.tape, None
    if tape:
        tape.stop()
    return tape


def start_replay(path: str | Path, speed: float | str = 1) -> Replay:
    """Answers from a recording from now on, from its beginning; otherwise like `replay`."""
    now = session.current()
    if now.tape:
        raise RecordingError(
            f"{now.tape.path.name} is being recorded, and a replay is not recorded.\n"
            "End it first: %comet record stop."
        )
    started = Replay(_file(path), _speed(speed))
    now.replay, configuration.current().replayed = started, started.replayed
    now.forget_lists()
    return started


def stop_replay() -> Replay | None:
    """Ends the replay and returns it; None if nothing was being replayed."""
    now = session.current()
    stopped, now.replay = now.replay, None
    configuration.current().replayed = None
    now.forget_lists()
    return stopped


def _file(path: str | Path) -> Path:
    if not str(path).strip():
        raise ValueError("name the file of the recording")
    try:
        file = Path(path).expanduser()
    except RuntimeError as error:  # `~name` without such a user
        raise ValueError(f"{path} names a home folder that does not exist") from error
    return file if file.suffix else file.with_suffix(_SUFFIX)


def _speed(speed: float | str) -> float:
    if speed == "max":
        return inf
    try:
        found = float(speed)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{_SPEEDS}, not {speed!r}") from error
    if isinstance(speed, bool) or isnan(found) or found <= 0:
        raise ValueError(f"{_SPEEDS}, not {speed!r}")
    return found
