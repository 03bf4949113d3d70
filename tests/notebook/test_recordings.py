"""`%comet record` and `%comet replay`."""

import re
from pathlib import Path

import pytest

from comet_magic.errors import NotRecordedError, RecordingError
from comet_magic.kernel import session
from comet_magic.settings import configuration
from tests.notebook.conftest import Shell

CELL = "%%comet gpt-4o-mini\nHi"


def recorded(shell: Shell, name: str = "lesson") -> None:
    """A recording of one cell."""
    shell.run(f"%comet record {name}").raise_error()
    shell.run(CELL).raise_error()
    shell.run("%comet record stop").raise_error()


def test_a_cell_is_recorded_and_replayed(shell: Shell) -> None:
    """Each step says what is in force and how to end it."""
    assert re.fullmatch(
        r"Recording to lesson.jsonl: requests and answers of 127[.\d:]+\.\n"
        r"%comet record stop ends it\.\n",
        shell.said("%comet record lesson"),
    )
    shell.run(CELL)
    text = shell.ip.user_ns["_comet"].text
    assert "So far: 1 request.\n" in shell.said("%comet")
    assert shell.said("%comet record stop") == "1 request recorded to lesson.jsonl.\n"
    assert re.fullmatch(
        r"Replaying lesson\.jsonl, recorded \d{4}-\d\d-\d\d: 1 request, at 4 times the pace\. "
        r"Nothing is sent\.\n%comet replay stop ends it\.\n",
        shell.said("%comet replay lesson.jsonl --speed 4"),
    )
    said = shell.said(CELL)
    assert "gpt-4o-mini (replayed from lesson.jsonl, recorded 20" in said
    assert shell.ip.user_ns["_comet"].text == text
    assert "Endpoint: none; replayed from lesson.jsonl, recorded 20" in shell.said("%comet")
    assert shell.said("%comet replay stop") == "The replay of lesson.jsonl has ended.\n"
    assert "replayed" not in shell.said(CELL)


def test_a_cell_that_is_not_recorded_fails(shell: Shell) -> None:
    """With what differs; so that Run All stops."""
    recorded(shell)
    shell.run("%comet replay lesson")
    result = shell.run("%%comet gpt-4o-mini\nHo")
    assert isinstance(result.error_in_exec, NotRecordedError)
    assert 'the prompt ("Ho", recorded "Hi")' in str(result.error_in_exec)


def test_several_models_are_replayed_side_by_side(shell: Shell) -> None:
    """Each with its own answer."""
    cell = "%%comet gpt-4o-mini gpt-4o\nHi"
    shell.run("%comet record lesson")
    shell.run(cell).raise_error()
    texts = [each.text for each in shell.ip.user_ns["_comet"]]
    shell.run("%comet record stop")
    shell.run("%comet replay lesson --speed max")
    shell.run(cell).raise_error()
    assert [each.text for each in shell.ip.user_ns["_comet"]] == texts
    assert all(each.replayed for each in shell.ip.user_ns["_comet"])


def test_a_conversation_is_replayed(shell: Shell) -> None:
    """The earlier turns that are sent along are the recorded ones."""
    for line in ("%comet record lesson", "%comet replay lesson --speed max"):
        shell.run("%comet forget")
        shell.run(line).raise_error()
        shell.run(CELL).raise_error()
        shell.run("%%comet gpt-4o-mini -c\nAnd?").raise_error()
        shell.run("%comet record stop")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("%comet replay nothing", "nothing.jsonl cannot be read: No such file"),
        ("%comet replay notes.txt", "is no recording of comet_magic"),
        ("%comet record lesson", "there already, and is kept"),
        ("%comet record nowhere/x", "cannot be written"),
    ],
)
def test_what_cannot_be_used_fails_the_cell(shell: Shell, line: str, said: str) -> None:
    """An error and no `UsageError`: the cells below would ask the endpoint."""
    recorded(shell)
    Path("notes.txt").write_text("notes")
    result = shell.run(line)
    assert isinstance(result.error_in_exec, RecordingError)
    assert said in str(result.error_in_exec)
    assert session.current().tape is None
    assert session.current().replay is None


@pytest.mark.parametrize(
    "line",
    [
        "%comet record", "%comet replay", "%comet record --append", "%comet replay x --fast",
        "%comet record x --speed 1", "%comet replay x --speed", "%comet replay x --speed 0",
    ],
)  # fmt: skip
def test_wrong_words_are_explained(shell: Shell, line: str) -> None:
    """As those of the other commands."""
    result = shell.run(line)
    assert type(result.error_in_exec).__name__ == "UsageError"
    assert "record FILE" in str(result.error_in_exec) or "speed must be" in str(
        result.error_in_exec
    )
    assert list(Path().glob("*.jsonl")) == []


def test_a_name_may_hold_spaces(shell: Shell) -> None:
    """With quotes and without."""
    recorded(shell, "'my lesson'")
    assert Path("my lesson.jsonl").exists()
    assert "Replaying my lesson.jsonl" in shell.said("%comet replay my lesson.jsonl --speed=max")
    assert "without waiting" in shell.printed() or session.current().replay


def test_stopping_what_is_not_on_says_so(shell: Shell) -> None:
    """It is no error: the cell may be run twice."""
    assert shell.said("%comet record stop") == "Nothing is being recorded.\n"
    assert shell.said("%comet replay stop") == "Nothing is replayed.\n"


def test_unloading_ends_both(shell: Shell) -> None:
    """The file is whole, and the endpoint is asked again."""
    recorded(shell)
    shell.run("%comet replay lesson")
    shell.run("%unload_ext comet_magic")
    assert not configuration.current().settings().replayed
    shell.run("%load_ext comet_magic")
    shell.run("%comet record other")
    shell.run(CELL).raise_error()
    shell.run("%unload_ext comet_magic")
    assert session.current().tape is None
    assert '"end": "complete"' in Path("other.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    shell.run("%load_ext comet_magic")
    shell.run(CELL).raise_error()
    assert Path("other.jsonl").read_text(encoding="utf-8").count('"POST"') == 1


def test_an_incomplete_recording_says_so_at_its_end(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only in the cells."""
    shell.run("%comet record lesson")
    tape = session.current().tape
    assert tape
    tape._writer.problem = "it could not be written: No space left on device"
    said = shell.said("%comet record stop")
    assert "lesson.jsonl is incomplete: it could not be written: No space left" in said
