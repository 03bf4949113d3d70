"""`-c` and `%comet forget` in a shell, against the demo server."""

from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.error import UsageError

from comet_magic.kernel.conversation import CellRun
from comet_magic.notebook.identity import run_of
from tests.conftest import Heard
from tests.notebook.conftest import Shell


def test_a_picture_is_changed_turn_by_turn(shell: Shell, heard: Heard) -> None:
    """The server gets its own texts back, and is asked for an edit of its last picture."""
    shell.run("%%comet\nA cute kitten sitting on a cloud")
    shell.run("%%comet -c\nmake it night")
    said = shell.said("%%comet --continue -o hat\nadd a hat")
    assert "Note: with 2 earlier turns" in said
    texts = [one["content"] for one in heard.messages if one["role"] == "assistant"]
    assert texts == heard.texts[:2]
    hat = shell.ip.user_ns["hat"]
    assert hat.parameters["gen_id"] in heard.texts[1]
    assert hat.prompt == "add a hat"


def test_the_same_model_goes_on_unless_another_is_named(shell: Shell, heard: Heard) -> None:
    """Text models know what was said; a text model can be asked about a picture's turn."""
    shell.run("%%comet gpt-4o-mini\nMy name is Ada")
    assert "Your name is **Ada**" in shell.said("%%comet -c\nWhat is my name?")
    shell.run("%%comet -c gpt-4o-image\nA boat")
    shell.run("%%comet -c gpt-4o\nThank you")
    models = ["gpt-4o-mini", "gpt-4o-mini", "gpt-4o-image", "gpt-4o"]
    assert [body["model"] for body in heard.bodies] == models


def test_a_system_message_stays_until_there_is_a_new_one(shell: Shell, heard: Heard) -> None:
    """It comes first, once."""
    shell.run('%%comet gpt-4o-mini --system "Be brief."\nOne')
    shell.run("%%comet -c\nTwo")
    shell.run('%%comet -c --system "Be long."\nThree')
    systems = [
        [one["content"] for one in body["messages"] if one["role"] == "system"]
        for body in heard.bodies
    ]
    assert systems == [["Be brief."], ["Be brief."], ["Be long."]]
    assert heard.messages[0]["role"] == "system"


def test_without_c_nothing_goes_along(shell: Shell, heard: Heard) -> None:
    """And what follows goes on from the new beginning."""
    shell.run("%%comet gpt-4o-mini\nOne")
    assert "earlier turn" not in shell.said("%%comet gpt-4o-mini\nTwo")
    assert len(heard.messages) == 1
    shell.run("%%comet -c\nTwo")
    assert [one["content"] for one in heard.messages][0::2] == ["Two", "Two"]


def test_a_terminal_never_replaces_a_turn(shell: Shell, heard: Heard) -> None:
    """The same text twice is two turns."""
    shell.run("%%comet gpt-4o-mini\nOne")
    shell.run("%%comet -c\nMore")
    shell.run("%%comet -c\nMore")
    assert [one["content"] for one in heard.messages][0::2] == ["One", "More", "More"]


def test_what_is_sent_is_bounded(shell: Shell, heard: Heard) -> None:
    """By `%config CometMagics.history_turns`; the note and `%comet` count what is left out."""
    shell.run("%config CometMagics.history_turns = 1")
    shell.run("%%comet gpt-4o-mini\nOne")
    shell.run("%%comet -c\nTwo")
    said = shell.said("%%comet -c\nThree")
    assert "with 1 earlier turn; 1 older one was left out" in said
    assert [one["content"] for one in heard.messages][0::2] == ["Two", "Three"]
    # What one request left out is still there for the next.
    assert "with 1 earlier turn; 2 older ones were left out" in shell.said("%comet")
    shell.run("%config CometMagics.history_turns = 10")
    assert "with 3 earlier turns\n" in shell.said("%comet")


@pytest.mark.parametrize("value", ["-1", "1001", "'many'"])
def test_a_bad_bound_is_refused(shell: Shell, value: str) -> None:
    """The old one stays."""
    shell.run(f"%config CometMagics.history_turns = {value}")
    assert shell.ip.magics_manager.registry["CometMagics"].history_turns == 10


def test_nothing_to_go_on_from_is_a_usage_error(shell: Shell, heard: Heard) -> None:
    """One line, and nothing is sent: at first, after a failure, after `forget`."""
    for before in ("", "%%comet demo-error-401\nA boat", "%comet forget"):
        shell.run(before)
        result = shell.run("%%comet -c\nmake it night")
        said = shell.printed()
        assert isinstance(result.error_in_exec, UsageError)
        assert "nothing to continue" in said
        assert len(said.strip().splitlines()) == 1
    assert len(heard.bodies) == 1


def test_forget_says_what_it_dropped(shell: Shell) -> None:
    """And that there was nothing."""
    shell.run("%%comet gpt-4o-mini\nOne")
    assert "1 turn forgotten" in shell.said("%comet forget")
    assert "no conversation to forget" in shell.said("%comet forget")


def test_several_answers_are_gone_on_from_by_the_first(shell: Shell, heard: Heard) -> None:
    """Of `-n 2` the first choice's text is sent."""
    shell.run("%%comet gpt-4o-mini -n 2\nOne")
    shell.run("%%comet -c\nTwo")
    assert heard.messages[1]["content"] == heard.texts[0]


def test_unloading_forgets(shell: Shell) -> None:
    """Loaded again there is nothing to go on from."""
    shell.run("%%comet gpt-4o-mini\nOne")
    shell.run("%reload_ext comet_magic")
    assert "none to continue" in shell.said("%comet")


def parent(code: str = "%%comet\nOne", **metadata: Any) -> dict[str, Any]:
    """An execute request."""
    return {"header": {"msg_id": "m1"}, "metadata": metadata, "content": {"code": code}}


@pytest.mark.parametrize(
    ("request_", "run"),
    [
        (parent(cellId="c1"), CellRun("c1", "m1")),
        (parent(), CellRun("%%comet\nOne", "m1")),
        (parent(cellId=""), CellRun("%%comet\nOne", "m1")),
        (parent(cellId=None), CellRun("%%comet\nOne", "m1")),
    ],
    ids=["id", "no-id", "empty-id", "null-id"],
)
def test_a_cell_is_known_by_its_id_or_its_text(request_: Any, run: CellRun) -> None:
    """As the front end's request says."""
    kernel = SimpleNamespace(get_parent=lambda channel: request_)
    assert run_of(SimpleNamespace(kernel=kernel)) == run


@pytest.mark.parametrize(
    "shell",
    [
        SimpleNamespace(),
        SimpleNamespace(kernel=None),
        SimpleNamespace(kernel=object()),
        SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda channel: {})),
    ],
    ids=["terminal", "no-kernel", "another-kernel", "no-request"],
)
def test_elsewhere_each_execution_is_a_new_cell(shell: Any) -> None:
    """There is nothing that tells it from others."""
    one, other = run_of(shell), run_of(shell)
    assert one.cell is other.cell is None
    assert one != other
