"""Cells that are not sent: over the budget, or without a yes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from comet_magic.demo import DemoServer

from .kernel import Cell, Kernel

CELL = "%%comet gpt-4o-mini -o kept\nHello"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[DemoServer]:
    with DemoServer(pace=0) as server:
        yield server


@pytest.fixture
def asking(kernel: Kernel, endpoint: DemoServer) -> Kernel:
    """A kernel whose cells ask before they send to an endpoint here."""
    kernel.run(f"%env COMETAPI_BASE_URL={endpoint.base_url}")
    kernel.run("%config CometMagics.prices = {'gpt-4o-mini': {'per_request': 0.02}}")
    kernel.run("%config CometMagics.confirm = True")
    return kernel


def question(server: DemoServer) -> str:
    """What is asked."""
    host = server.base_url.split("/")[2]
    return f"Send 1 request to {host}, about $0.02? [y/N] "


def sent(kernel: Kernel) -> str:
    """How many were, as the kernel's ledger has it."""
    return kernel.value("__import__('comet_magic').usage().__len__()")


def check_not_sent(kernel: Kernel, cell: Cell, ename: str, says: str) -> None:
    """It failed in a few lines, with no output of its own, and the kernel goes on."""
    assert (cell.status, cell.ename) == ("error", ename)
    assert says in cell.traceback[0]
    assert len(cell.traceback) <= 3
    assert not cell.bundles
    assert kernel.value("'kept' in globals()") == "False"
    assert sent(kernel) == "0"


def test_a_cell_over_the_budget_stops_run_all(kernel: Kernel, tmp_path: Path) -> None:
    """Those queued behind it do not run; when the budget is raised the next one works."""
    kernel.run("%config CometMagics.budget_requests = 0")
    # The refusal takes no time: nothing starts until both cells are in the queue.
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    kernel.send(f"open({str(gate)!r}).read()")
    refused, queued = (kernel.send(code, stop_on_error=True) for code in (CELL, "after = 1"))
    gate.write_text("")
    kernel.wait(refused)
    kernel.wait(queued)
    assert queued.status == "aborted"
    check_not_sent(kernel, refused, "BudgetError", "Not sent: the budget of 0 requests is used up")
    kernel.run("%config CometMagics.budget_requests = 1")
    assert kernel.run(CELL).status == "ok"
    assert kernel.run(CELL).ename == "BudgetError"
    assert sent(kernel) == "1"


@pytest.mark.parametrize("text", ["n", ""])
def test_no_sends_nothing(asking: Kernel, endpoint: DemoServer, text: str) -> None:
    """The cell fails and says so; asked again and answered with yes it is sent."""
    cell = asking.answer(CELL, text, prompt=question(endpoint))
    check_not_sent(asking, cell, "CometError", "Not sent: you did not agree.")
    assert asking.answer(CELL, "y", prompt=question(endpoint)).status == "ok"
    assert sent(asking) == "1"


def test_who_cannot_ask_does_not_send(asking: Kernel) -> None:
    """As under nbconvert and nbval: the error says what to set, and then it is sent."""
    check_not_sent(asking, asking.unanswered(CELL), "CometError", "this front end cannot ask you")
    asking.run("%config CometMagics.confirm = False")
    assert asking.unanswered(CELL).status == "ok"


def test_an_interrupt_of_the_question_sends_nothing(asking: Kernel) -> None:
    """It is not held back as one of a running cell is."""
    cell = asking.interrupted_question(CELL)
    check_not_sent(asking, cell, "KeyboardInterrupt", "nothing was sent")


def test_the_ledger_is_shown_and_read(kernel: Kernel) -> None:
    """As a table with text beside it, and as a file."""
    kernel.run("%config CometMagics.budget_requests = 5")
    kernel.run(CELL)
    (shown,) = kernel.run("%comet usage").bundles
    assert "<table" in shown.data["text/html"]
    assert "Budget: 1 of 5 requests" in shown.data["text/html"]
    assert "Budget: 1 of 5 requests" in shown.text
    assert kernel.run("%comet usage used.csv").text == "1 generation written to used.csv\n"
    assert (kernel.folder / "used.csv").read_text("utf-8").count("gpt-4o-mini") == 1
