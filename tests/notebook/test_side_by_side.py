"""One prompt, several models: each ends for itself, and the cell says which ones failed."""

from typing import Any

import pytest

from comet_magic.errors import CometError, RateLimitError
from comet_magic.generation import Status
from tests.notebook.conftest import Shell


def values(shell: Shell, name: str) -> list[Any]:
    """The generations that a variable holds."""
    found: list[Any] = shell.ip.user_ns[name]
    return found


def test_each_model_answers_the_same_prompt(shell: Shell) -> None:
    """In the order of the line; `-o` and `_comet` hold the list, the ledger an entry each."""
    result = shell.run("%%comet gpt-4o-image flux-kontext-pro gpt-4o-mini -o all\nA kitten")
    result.raise_error()
    models = [generation.model for generation in values(shell, "all")]
    assert models == ["gpt-4o-image", "flux-kontext-pro", "gpt-4o-mini"]
    assert values(shell, "_comet") is values(shell, "all")
    assert {generation.prompt for generation in values(shell, "all")} == {"A kitten"}
    assert [len(generation.images) for generation in values(shell, "all")] == [1, 1, 0]
    usage = shell.said("%comet usage")
    assert all(model in usage for model in models)


def test_a_terminal_tells_their_stages_and_then_each_whole(shell: Shell) -> None:
    """Their words do not mix."""
    said = shell.said("%%comet gpt-4o-image gpt-4o-mini\nA kitten")
    lines = said.splitlines()
    assert lines[:2] == ["gpt-4o-image: queued", "gpt-4o-mini: queued"]
    assert said.count("[picture]") == 1
    assert said.count("finish stop") == 2
    assert "\x1b" not in said


def test_one_that_fails_leaves_the_others_and_is_named(shell: Shell) -> None:
    """The cell fails at its end, in three lines, with the cause."""
    shell.run("%config CometMagics.max_retries = 0")
    result = shell.run("%%comet demo-error-429 gpt-4o-mini demo-error-401 -o all\nA kitten")
    error = result.error_in_exec
    assert type(error) is CometError
    first, *others = str(error).splitlines()
    assert first == "2 of 3 models failed; what came is kept."
    assert [line.partition(":")[0] for line in others] == ["demo-error-429", "demo-error-401"]
    assert "429" in others[0]
    assert isinstance(error.__cause__, RateLimitError)
    statuses = [generation.status for generation in values(shell, "all")]
    assert statuses == [Status.FAILED, Status.COMPLETE, Status.FAILED]
    said = shell.printed()
    assert "too many requests" in said
    assert "the key was refused" in said


def test_more_failures_are_named_in_a_line(shell: Shell) -> None:
    """However many there are."""
    models = "demo-error-401 demo-error-403 demo-error-refused"
    result = shell.run(f"%%comet {models}\nA kitten")
    assert str(result.error_in_exec).splitlines()[2] == "Also demo-error-403, demo-error-refused."


@pytest.mark.parametrize("line", ["one one", "m x m"])
def test_a_model_named_twice_is_refused(shell: Shell, line: str) -> None:
    """Before anything is sent; it says what to do instead."""
    said = shell.said(f"%%comet {line}\nA kitten")
    assert "is named twice; -n 2" in said
    assert "Nothing has been generated" in shell.said("%comet usage")


def test_options_go_to_each(shell: Shell) -> None:
    """Two pictures of each of two models."""
    shell.run("%%comet gpt-4o-image flux-kontext-pro -n 2\nA kitten")
    assert [len(generation.images) for generation in values(shell, "_comet")] == [2, 2]


def test_a_conversation_goes_on_from_the_first_that_was_completed(shell: Shell) -> None:
    """And with its model, unless another one is named."""
    shell.run("%config CometMagics.max_retries = 0")
    shell.run("%%comet demo-error-401 gpt-4o-mini gpt-4o-image\nMy name is Ada")
    shell.run("%%comet -c -o again\nWhat is my name?")
    again: Any = shell.ip.user_ns["again"]
    assert again.model == "gpt-4o-mini"
    assert "Ada" in again.text
