"""Batches inside kernel cells."""

import time
from importlib.metadata import version

from comet_magic.demo import DemoServer

from .kernel import Kernel, holds_within

START = "import comet_magic as comet\n"


def test_map_in_a_cell(kernel: Kernel) -> None:
    """Its bar is a widget with the end as its text, and the last expression shows a grid."""
    cell = kernel.run(
        START + "done = list(comet.map(['one', 'two'], model='gpt-4o-mini'))\ncomet.grid(done)"
    )
    assert cell.status == "ok", cell
    assert "application/vnd.jupyter.widget-view+json" in cell.bundles[0].data
    assert len(cell.bundles) == 1
    assert "2/2" in cell.bundles[0].text or version("ipywidgets") < "8"
    assert "2 results." in cell.outputs[-1].text
    assert "<figure" in cell.outputs[-1].data["text/html"]


def test_an_interrupt_ends_a_batch(kernel: Kernel, slow_server: DemoServer) -> None:
    """What runs is cancelled within a second, and the cell fails with one line."""
    cell = kernel.send(
        START + "for each in comet.map([f'number {n}' for n in range(50)], concurrency=4,"
        " model='gpt-4o-mini', progress=False, resume='run.jsonl'):\n    pass"
    )
    assert holds_within(10, lambda: slow_server.open_streams == 4)
    kernel.interrupt()
    began = time.monotonic()
    kernel.wait(cell)
    assert time.monotonic() - began < 5
    assert cell.ename == "KeyboardInterrupt"
    assert "what is done is in run.jsonl" in "\n".join(cell.traceback)
    assert len(cell.traceback) <= 4
    assert holds_within(2, lambda: slow_server.open_streams == 0)


def test_amap_lets_a_cell_await(kernel: Kernel) -> None:
    """At the top level of a cell, where a loop runs."""
    cell = kernel.run(
        START + "seen = [each.prompt async for each in"
        " comet.amap(['a', 'b'], model='gpt-4o-mini', progress=False)]"
    )
    assert cell.status == "ok", cell
    assert kernel.value("seen") == "['a', 'b']"
