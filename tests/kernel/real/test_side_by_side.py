"""Several models in one cell of a real kernel."""

from comet_magic.demo import DemoServer

from .kernel import Kernel, holds_within


def test_one_output_repaints_and_holds_all(kernel: Kernel) -> None:
    """The cell behind it runs; the frames carry no picture until one has ended."""
    cell = kernel.send("%%comet flux-kontext-pro gpt-4o-mini -o both\nA kitten")
    behind = kernel.send("print(len(both), [str(one.status) for one in both])")
    kernel.wait(behind)
    assert cell.status == "ok"
    (output,) = cell.bundles
    assert "data:image" not in output.frames[0][1]["text/html"]
    assert output.data["text/html"].count("<section") == 2
    assert "image/jpeg" in output.data
    assert behind.text == "2 ['complete', 'complete']\n"


def test_an_interrupt_stops_them_all(kernel: Kernel, slow_server: DemoServer) -> None:
    """Every connection is closed, each card says so, and the variable holds what came."""
    cell = kernel.send("%%comet demo-error-slow gpt-4o-mini gpt-4o-image -o kept\nA kitten")
    assert holds_within(10, lambda: slow_server.open_streams == 3)
    kernel.until(cell, lambda one: "answering" in one.text and "generating" in one.text)
    kernel.interrupt()
    kernel.wait(cell)
    assert cell.ename == "KeyboardInterrupt"
    assert holds_within(3, lambda: slow_server.open_streams == 0)
    assert len(cell.bundles) == 1
    assert cell.text.count("interrupted") == 3
    assert kernel.value("kept is _comet, {str(one.status) for one in kept}") == (
        "(True, {'interrupted'})"
    )


def test_one_that_fails_fails_the_cell_at_its_end(kernel: Kernel) -> None:
    """By name, in two lines; the other one is whole."""
    cell = kernel.run("%%comet demo-error-401 gpt-4o-mini -o both\nHello")
    assert cell.ename == "CometError"
    assert cell.traceback[0] == "CometError: 1 of 2 models failed; what arrived is kept."
    assert cell.traceback[1].startswith("demo-error-401: 401 from ")
    assert len(cell.traceback) == 2
    assert kernel.value("[str(one.status) for one in both]") == "['failed', 'complete']"
