"""Recording and replaying, switched on and off for all that is asked in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf, isnan
from pathlib import Path

from ..client.endpoint import USER_AGENT
from ..errors import RecordingError
from ..recording.replay import Replay
from ..recording.tape import Tape
from ..settings import configuration
from . import session

_SUFFIX = ".jsonl"
_SPEEDS = "speed must be a number above 0 (1 is the recorded pace), or 'max'"


@contextmanager
def record(path: str | Path, *, append: bool = False) -> Iterator[Path]:
    """Records what is asked and answered inside the `with` block: `with comet.record("a.jsonl"):`.

    Cells, panels, `generate` and `map` are recorded, with the pictures, which go to a folder
    beside the file (`a_files`). The key is not. What was recorded is kept if the block is
    interrupted or the kernel dies. The format is described in `comet_magic.recording`.

    Args:
        path: Of the file; `.jsonl` is added if it has no ending.
        append: Whether to go on with a recording that is there. Else such a file is an error.

    Yields:
        The path.

    Raises:
        RecordingError: The file is there already, or another kernel records to it, or it cannot
            be written, or a replay or another recording is on. Nothing was changed.
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
    """Answers from a recording inside the `with` block, without network and without a key.

    A request that is not in it raises `NotRecordedError` and is not sent. One that was recorded
    several times gets the answers in their order, and after the last one the first again. Waits
    before a retry are as long as ever.

    Args:
        path: Of a recording; `.jsonl` is added if it has no ending.
        speed: 1 is the recorded pace, 4 four times as fast, `"max"` does not wait.

    Yields:
        The path.

    Raises:
        RecordingError: The file cannot be read or is no recording, or a recording is on.
        ValueError: A wrong speed, or `path` is empty. Also TypeError.
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
    """Records from now on; as `record`."""
    now = session.current()
    if now.replay:
        raise RecordingError(
            f"{now.replay.path.name} is being replayed, and a replay is not recorded.\n"
            "First end it: %comet replay stop."
        )
    if now.tape:
        raise RecordingError(
            f"{now.tape.path.name} is being recorded, and goes on.\n"
            "First end it: %comet record stop."
        )
    endpoint = configuration.current().settings().endpoint
    now.tape = Tape(_file(path), endpoint, USER_AGENT, append=append)
    now.forget_lists()
    return now.tape


def stop_recording() -> Tape | None:
    """Ends the recording and returns what made it; None if there was none."""
    now = session.current()
    tape, now.tape = now.tape, None
    if tape:
        tape.stop()
    return tape


def start_replay(path: str | Path, speed: float | str = 1) -> Replay:
    """Answers from a recording from now on, from its beginning; as `replay`."""
    now = session.current()
    if now.tape:
        raise RecordingError(
            f"{now.tape.path.name} is being recorded, and a replay is not recorded.\n"
            "First end it: %comet record stop."
        )
    started = Replay(_file(path), _speed(speed))
    now.replay, configuration.current().replayed = started, started.replayed
    now.forget_lists()
    return started


def stop_replay() -> Replay | None:
    """Ends the replay and returns it; None if there was none."""
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
    except RuntimeError as error:  # `~name`, of whom no home is known
        raise ValueError(f"{path} names a home folder that is not known") from error
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
