"""`%comet record` and `%comet replay`: reading their arguments, and their messages."""

from collections.abc import Sequence
from math import isinf

from ..kernel import taping
from ..kernel.session import current
from ..recording.replay import Replay
from ..recording.tape import Tape
from ..render.words import count


def run(words: Sequence[str]) -> str:
    """Runs `%comet record …` or `%comet replay …` and returns what to print.

    Raises:
        LookupError: The words are no command.
        ValueError: The speed is no number above 0.
        RecordingError: The file cannot be used, or another recording or replay is running.
    """
    what, *words = words
    if words == ["stop"]:
        return _stop_recording() if what == "record" else _stop_replay()
    file, options = _split(words)
    match what, options:
        case _ if not file:
            raise LookupError
        case "record", [] | ["--append"]:
            tape = taping.start_recording(file, append=bool(options))
            return f"{_recording(tape)}\n%comet record stop ends it."
        case "replay", [] | ["--speed", _]:
            replay = taping.start_replay(file, options[1] if options else 1)
            return f"{_replaying(replay)}\n%comet replay stop ends it."
    raise LookupError


def status() -> list[str]:
    """The lines that `%comet` prints about a recording; none if nothing is being recorded."""
    tape = current().tape
    return [f"{_recording(tape)} So far: {_requests(tape)}."] if tape else []


def _stop_recording() -> str:
    tape = taping.stop_recording()
    if tape is None:
        return "Nothing is being recorded."
    said = f"{_requests(tape)} recorded to {tape.path.name}."
    return "\n".join([said, *tape.notes()])


def _stop_replay() -> str:
    replay = taping.stop_replay()
    return f"The replay of {replay.path.name} has ended." if replay else "Nothing is replayed."


def _recording(tape: Tape) -> str:
    return f"Recording to {tape.path.name}: requests and answers of {tape.endpoint}."


def _replaying(replay: Replay) -> str:
    pace = "without waiting" if isinf(replay.speed) else f"at {replay.speed:g} times the pace"
    pace = "at the recorded pace" if replay.speed == 1 else pace
    return (
        f"Replaying {replay.replayed.name}: {count(replay.count, 'request')}, {pace}. "
        "Nothing is sent."
    )


def _requests(tape: Tape) -> str:
    return count(tape.count, "request")


def _split(words: Sequence[str]) -> tuple[str, list[str]]:
    """The name of the file, which may have spaces and quotes, and the options after it."""
    place = next((n for n, word in enumerate(words) if word.startswith("--")), len(words))
    options = [part for word in words[place:] for part in word.split("=", 1)]
    return " ".join(words[:place]).strip("\"'"), options
