"""`event_loop = "kernel"`: the stream on the kernel's own loop, by choice."""

import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

from comet_magic.demo import DemoServer

from .conftest import StartKernel
from .kernel import Kernel, holds_within

HIDE_NEST_ASYNCIO2 = "import sys\nsys.modules['nest_asyncio2'] = None"
TICK = """
import asyncio
ticks = 0
async def tick():
    global ticks
    while True:
        ticks += 1
        await asyncio.sleep(0.02)
task = asyncio.ensure_future(tick())
"""
KERNEL = tuple(int(part) for part in version("ipykernel").split(".")[:2])
NEEDS_NEST_ASYNCIO2 = KERNEL >= (7, 1)


# What is installed and loses no cells. Nothing takes the patches of these modules back, so each
# test has a kernel of its own.
MODULES = [
    name
    for name in ("nest_asyncio2", "nest_asyncio")
    if find_spec(name) and not (name == "nest_asyncio" and NEEDS_NEST_ASYNCIO2)
]


@pytest.fixture(params=MODULES)
def nested(request: pytest.FixtureRequest, start_kernel: StartKernel) -> Kernel:
    """A kernel where streams run on the kernel's loop, nested by the named module."""
    kernel = start_kernel()
    if request.param == "nest_asyncio":
        kernel.run(HIDE_NEST_ASYNCIO2)
    kernel.run("%load_ext comet_magic\n%config CometMagics.event_loop = 'kernel'")
    return kernel


def test_tasks_and_queued_cells_go_on(nested: Kernel) -> None:
    """The cell streams while the user's tasks go on, and the cells queued behind it run."""
    nested.run(TICK)
    nested.run("%env COMET_DEMO_PACE=0.15")
    cells = [
        nested.send(code, stop_on_error=True)
        for code in (
            "before = ticks",
            "%%comet gpt-4o-mini\nHello",
            "print('gone on:', ticks - before > 5)",
            "%%comet\nA cute kitten",
            "print('end')",
        )
    ]
    assert [nested.wait(cell).status for cell in cells] == ["ok"] * 5
    assert "complete" in cells[1].text
    assert len(cells[1].outputs[0].frames) > 3
    assert cells[2].text == "gone on: True\n"
    assert "image/jpeg" in cells[3].outputs[0].data
    assert cells[4].text == "end\n"


@pytest.mark.parametrize("model", ["gpt-4o-mini", "demo-error-slow"])
def test_an_interrupt_closes_the_connection(nested: Kernel, model: str) -> None:
    """Interrupted, the stream is cancelled and drained, and the kernel goes on."""
    nested.run(TICK)
    with DemoServer(pace=1) as server:
        nested.run(f"%env COMETAPI_BASE_URL={server.base_url}")
        cell = nested.send(f"%%comet {model} -o kept\nA cute kitten")
        nested.until(cell, lambda one: bool(one.bundles) and len(one.bundles[0].frames) > 4)
        since = time.monotonic()
        nested.interrupt()
        assert holds_within(3, lambda: server.open_streams == 0)
        nested.wait(cell)
    assert cell.ename == "KeyboardInterrupt"
    assert cell.ended - since < 1
    assert len(cell.traceback) <= 3
    assert "interrupted" in cell.text
    assert nested.value("kept is _comet, str(kept.status)") == "(True, 'interrupted')"
    assert nested.value("task.done()") == "False"
    nested.run("%env COMETAPI_BASE_URL=\n%env COMET_DEMO_PACE=0")
    assert nested.run("%%comet gpt-4o-mini\nHello").status == "ok"


def test_where_cells_would_be_lost_it_is_refused(start_kernel: StartKernel) -> None:
    """Without nest_asyncio2 new kernels get one line and nothing is sent; old ones stream."""
    kernel = start_kernel()
    kernel.run(HIDE_NEST_ASYNCIO2)
    kernel.run("%load_ext comet_magic\n%config CometMagics.event_loop = 'kernel'")
    cell = kernel.run("%%comet gpt-4o-mini\nHello")
    if not NEEDS_NEST_ASYNCIO2:
        assert cell.status == "ok"
        return
    assert cell.ename == "UsageError"
    assert len(cell.text.splitlines()) == 1
    assert "nest_asyncio2" in cell.text
    assert "thread" in cell.text
    assert "Nothing has been generated" in kernel.run("%comet usage").text
    assert not Path(kernel.folder, "comet_images").exists()
    kernel.run("%config CometMagics.event_loop = 'thread'")
    assert kernel.run("%%comet gpt-4o-mini\nHello").status == "ok"
