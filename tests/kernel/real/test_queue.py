"""Cells that wait behind a `%%comet`: none is lost, and each has its own output."""

from .kernel import Kernel


def test_plain_cells_behind_a_comet_cell_run_in_order(kernel: Kernel) -> None:
    """Two cells queued behind a running `%%comet` run after it, and print in their own outputs."""
    kernel.run("%env COMET_DEMO_PACE=0.3")
    first = kernel.send("%%comet gpt-4o-mini -o answer\nHello", stop_on_error=True)
    kernel.until(first, lambda cell: bool(cell.bundles))
    second = kernel.send("print('second', answer.status)", stop_on_error=True)
    third = kernel.send("print('third')", stop_on_error=True)
    cells = [kernel.wait(cell) for cell in (first, second, third)]
    assert [cell.status for cell in cells] == ["ok"] * 3
    assert first.ended <= second.started <= third.started
    assert [output.text for output in second.outputs] == ["second complete\n"]
    assert [output.text for output in third.outputs] == ["third\n"]
    assert "complete" in first.text
    assert not [output for output in first.outputs if output.kind == "stream"]


def test_two_queued_comet_cells_keep_their_outputs_apart(kernel: Kernel) -> None:
    """Each of two queued `%%comet` cells shows its own prompt's answer and no other."""
    kernel.run("%env COMET_DEMO_PACE=0.1")
    cells = [
        kernel.send(f"%%comet gpt-4o-mini\nTell me of {animal}", stop_on_error=True)
        for animal in ("otters", "badgers")
    ]
    otters, badgers = (kernel.wait(cell) for cell in cells)
    assert [otters.status, badgers.status] == ["ok", "ok"]
    assert "otters" in otters.text
    assert "badgers" not in otters.text
    assert "badgers" in badgers.text
    assert "otters" not in badgers.text
    assert otters.bundles[0].display_id != badgers.bundles[0].display_id


def test_the_same_cell_twice_leaves_the_first_output_alone(kernel: Kernel) -> None:
    """A second run paints a new output: the first one's end state stays as it was."""
    first = kernel.run("%%comet gpt-4o-mini\nHello")
    before = [output.data for output in first.outputs]
    second = kernel.run("%%comet gpt-4o-mini\nHello again")
    assert [output.data for output in first.outputs] == before
    assert "Hello again" in second.text


def test_a_failed_comet_cell_stops_run_all(kernel: Kernel) -> None:
    """The cells queued behind a `%%comet` that fails are aborted, as behind any error."""
    failing = kernel.send("%%comet demo-error-401\nHello", stop_on_error=True)
    behind = kernel.send("print('not reached')", stop_on_error=True)
    assert kernel.wait(failing).status == "error"
    assert kernel.wait(behind).status == "aborted"
    assert not behind.outputs
