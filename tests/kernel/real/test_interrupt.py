"""The stop button: the cell ends, the connection closes, and what arrived is kept."""

import random
import re
import time

import pytest

from comet_magic.demo import DemoServer

from .conftest import StartKernel
from .kernel import Cell, Kernel, holds_within

# Says when it begins. An interrupt before that is the kernel's own affair.
STARTED = "print('started', flush=True)\nget_ipython().run_cell_magic('comet', {!r}, 'A kitten')"


def has_started(cell: Cell) -> bool:
    """Whether the kernel has begun with a cell of `STARTED`."""
    return bool(cell.outputs) or cell.idle


def is_shown(cell: Cell) -> bool:
    """Whether the first frame is there."""
    return bool(cell.bundles) or cell.idle


def stopped(kernel: Kernel, cell: Cell, since: float) -> Cell:
    """The interrupted cell at its end: in time, and with an error that is short."""
    # ipykernel sends no reply if another interrupt hits it after the cell's code has ended.
    kernel.until(cell, lambda one: one.idle and bool(one.error))
    assert cell.ename == "KeyboardInterrupt"
    assert cell.ended - since < 1
    # It can hit IPython before it has called the magic, or the line with which the magic begins to
    # shorten errors: then the stack is that of IPython.
    plain = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(cell.traceback))
    in_first_line = re.search(r"-+> *\d+ +with _short_errors\(", plain)
    is_inside = "notebook/magics.py" in plain and not in_first_line
    if is_inside or len(cell.traceback) <= 3:
        assert len(cell.traceback) <= 3
        assert all(len(line) < 120 for line in cell.traceback)
    return cell


def assert_next_cell_works(kernel: Kernel) -> None:
    """Another `%%comet` runs to its end."""
    cell = kernel.run("%env COMETAPI_BASE_URL=\n%comet demo on\n")
    assert cell.status == "ok"
    cell = kernel.run("%%comet gpt-4o-mini\nHello")
    assert cell.status == "ok"
    assert "complete" in cell.text


@pytest.mark.parametrize(
    ("model", "arrived"),
    [
        pytest.param("gpt-4o-mini", "answering", id="tokens-coming"),
        pytest.param("gpt-4o-image", "generating", id="picture-on-its-way"),
        pytest.param("demo-error-slow", "A cute kitten, in", id="server-silent"),
    ],
)
def test_interrupt_while_it_streams(
    kernel: Kernel, slow_server: DemoServer, model: str, arrived: str
) -> None:
    """Within a moment the cell ends, the server sees the connection close, all is kept."""
    cell = kernel.send(f"%%comet {model} -o kept\nA cute kitten")
    kernel.until(cell, lambda one: any(arrived in str(output.data) for output in one.outputs))
    assert slow_server.open_streams == 1
    since = time.monotonic()
    kernel.interrupt()
    assert holds_within(3, lambda: slow_server.open_streams == 0)
    assert kernel.wait(stopped(kernel, cell, since)).status == "error"
    assert len(cell.bundles) == 1
    assert "interrupted" in cell.bundles[0].text
    assert "interrupted" in cell.bundles[0].data["text/html"]
    assert "<progress" not in cell.bundles[0].data["text/html"]
    assert kernel.value("kept is _comet, str(kept.status)") == "(True, 'interrupted')"
    assert "interrupted" in kernel.run("%comet usage").text
    assert_next_cell_works(kernel)


def test_interrupt_while_the_protocol_is_spoken(kernel: Kernel, slow_server: DemoServer) -> None:
    """Half of a request block is no answer: it is not shown as the model's words."""
    cell = kernel.send("%%comet\nA cute kitten")
    kernel.until(cell, lambda one: bool(one.bundles) and len(one.bundles[0].frames) > 5)
    kernel.interrupt()
    kernel.wait(cell)
    assert cell.ename == "KeyboardInterrupt"
    assert '"prompt"' not in cell.text
    assert holds_within(1, lambda: slow_server.open_streams == 0)


def test_interrupt_at_the_first_frame(kernel: Kernel, slow_server: DemoServer) -> None:
    """An interrupt that comes with the first frame stops the cell before anything arrived."""
    cell = kernel.send("%%comet -o kept\nA cute kitten")
    kernel.until(cell, is_shown)
    since = time.monotonic()
    kernel.interrupt()
    stopped(kernel, cell, since)
    assert "interrupted" in cell.text
    assert kernel.value("kept is _comet, str(kept.status)") == "(True, 'interrupted')"
    assert holds_within(1, lambda: slow_server.open_streams == 0)
    assert_next_cell_works(kernel)


def test_interrupt_in_the_first_cell_of_a_kernel(start_kernel: StartKernel) -> None:
    """While the first cell still loads what it needs an interrupt is as short as later."""
    kernel = start_kernel()
    kernel.run("%load_ext comet_magic")
    cell = kernel.send(STARTED.format("gpt-4o-mini"))
    kernel.until(cell, has_started)
    since = time.monotonic()
    kernel.interrupt()
    stopped(kernel, cell, since)
    assert_next_cell_works(kernel)


@pytest.mark.parametrize("gap", [0.0, 0.005, 0.05], ids=lambda gap: f"{gap * 1000:.0f}-ms")
def test_two_interrupts_in_quick_succession(
    kernel: Kernel, slow_server: DemoServer, gap: float
) -> None:
    """An impatient second click changes nothing: same end, same variables, nothing left open."""
    cell = kernel.send("%%comet gpt-4o-mini -o kept\nA cute kitten")
    kernel.until(cell, lambda one: "answering" in one.text)
    since = time.monotonic()
    kernel.interrupt()
    time.sleep(gap)
    kernel.interrupt()
    stopped(kernel, cell, since)
    assert "interrupted" in cell.text
    assert kernel.value("kept is _comet, str(kept.status)") == "(True, 'interrupted')"
    assert holds_within(1, lambda: slow_server.open_streams == 0)
    assert_next_cell_works(kernel)


def test_interrupt_aborts_the_queued_cells(kernel: Kernel, slow_server: DemoServer) -> None:
    """Cells that wait behind the interrupted one are aborted, and the kernel goes on."""
    first = kernel.send("%%comet gpt-4o-mini\nHello", stop_on_error=True)
    behind = [kernel.send(f"print({number})", stop_on_error=True) for number in (1, 2)]
    kernel.until(first, is_shown)
    since = time.monotonic()
    kernel.interrupt()
    stopped(kernel, first, since)
    assert [kernel.wait(cell).status for cell in behind] == ["aborted", "aborted"]
    assert kernel.run("1 + 1", 3).status == "ok"
    assert holds_within(1, lambda: slow_server.open_streams == 0)
    assert_next_cell_works(kernel)


def test_interrupt_in_final_mode(kernel: Kernel, slow_server: DemoServer) -> None:
    """In final mode the interrupted state is shown once."""
    kernel.run("%config CometMagics.display_mode = 'final'")
    cell = kernel.send(STARTED.format("gpt-4o-mini"))
    kernel.until(cell, has_started)
    assert holds_within(3, lambda: slow_server.open_streams == 1)
    since = time.monotonic()
    kernel.interrupt()
    stopped(kernel, cell, since)
    assert [len(output.frames) for output in cell.bundles] == [1]
    assert "interrupted" in cell.text


def test_interrupt_of_generate(kernel: Kernel, slow_server: DemoServer) -> None:
    """An interrupted `comet.generate()` closes its connection, and the next one works."""
    kernel.run("import comet_magic as comet")
    cell = kernel.send("comet.generate('A kitten', model='demo-error-slow')")
    assert holds_within(5, lambda: slow_server.open_streams == 1)
    since = time.monotonic()
    kernel.interrupt()
    assert holds_within(3, lambda: slow_server.open_streams == 0)
    kernel.wait(cell)
    assert cell.ename == "KeyboardInterrupt"
    assert cell.ended - since < 1
    kernel.run("%env COMETAPI_BASE_URL=")
    assert kernel.value("str(comet.generate('Hi', model='gpt-4o-mini').status)") == "'complete'"


@pytest.mark.timeout(90)
def test_forty_interrupts_at_random_moments(kernel: Kernel, slow_server: DemoServer) -> None:
    """Whenever it comes, an interrupt ends the cell at once, and no stream stays open."""
    moments = random.Random(20)
    kernel.run("import comet_magic.api")  # what the first cell loads has a test of its own
    for _ in range(40):
        cell = kernel.send(STARTED.format("gpt-4o-mini"))
        kernel.until(cell, has_started)
        # Half of them within the first moments, where things are being set up.
        time.sleep(moments.choice((moments.uniform(0, 0.01), moments.uniform(0, 0.15))))
        since = time.monotonic()
        kernel.interrupt()
        stopped(kernel, cell, since)
        assert kernel.value("6 * 7") == "42"
        assert holds_within(1, lambda: slow_server.open_streams == 0)
    assert_next_cell_works(kernel)
