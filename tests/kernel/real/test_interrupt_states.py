"""The stop button in each state of a generation, on the background loop and on the kernel's."""

import ast
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.faults.server import FaultServer, Pause, whole
from tests.pictures import encoded

from .kernel import Cell, Kernel, holds_within
from .states import STATES, State, unreachable
from .test_kernel_loop import HIDE_NEST_ASYNCIO2, MODULES

# What must be as before: the threads, and the tasks that have to do with a stream. The workers of
# the loop are lent to each other and stay.
LEFT = """
import asyncio, threading
from comet_magic.kernel.session import current
def left():
    loops = {current().loop.loop, asyncio.get_event_loop()}
    tasks = [task for loop in loops for task in asyncio.all_tasks(loop) if not task.done()]
    frames = [(task, getattr(task.get_coro(), "cr_frame", None)) for task in tasks]
    homes = [(repr(task), frame.f_globals["__name__"]) for task, frame in frames if frame]
    ours = [task for task, home in homes if home.startswith(("comet_magic", "httpcore"))]
    names = {each.name for each in threading.enumerate()}
    lent = ("comet_magic", "asyncio_", "Thread-")
    return ours, sorted(name for name in names if not name.startswith(lent))
"""
# Interrupts the kernel from within, while it sends the first output with this text in it.
HIT = """
import os, signal
publisher = get_ipython().display_pub
def hit(message):
    if {!r} in str(message["content"]["data"]):
        publisher.unregister_hook(hit)
        os.kill(os.getpid(), signal.SIGINT)
    return message
publisher.register_hook(hit)
"""


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """The endpoint, in this process."""
    with FaultServer() as server:
        yield server


@pytest.fixture(scope="module")
def _nested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Kernel]]:
    """Kernels whose loop is nested into: that cannot be taken back."""
    with ExitStack() as running:
        kernels: dict[str, Kernel] = {}
        for name in MODULES:
            kernel = running.enter_context(Kernel(tmp_path_factory.mktemp(name), {}))
            if name == "nest_asyncio":
                kernel.run(HIDE_NEST_ASYNCIO2)
            kernel.run("%load_ext comet_magic\n%config CometMagics.event_loop = 'kernel'")
            kernels[name] = kernel
        yield kernels


@pytest.fixture(params=["thread", *MODULES])
def where(request: pytest.FixtureRequest) -> Kernel:
    """A kernel that streams on the background loop, or on its own, nested by this module."""
    if request.param == "thread":
        kernel: Kernel = request.getfixturevalue("kernel")
        return kernel
    nested: dict[str, Kernel] = request.getfixturevalue("_nested")
    return nested[request.param]


def shown(cell: Cell) -> str:
    """The HTML of a cell."""
    return "".join(output.data.get("text/html", "") for output in cell.bundles)


def begin(kernel: Kernel, state: State, server: FaultServer, *queued: str) -> Cell:
    """Sends a cell and those queued behind it, and returns when it is in the state."""
    kernel.run(f"%env COMETAPI_BASE_URL={state.play(server)}")
    before = saved(kernel)
    cell = kernel.send(f"%%comet {state.model} -o kept\nHi", stop_on_error=True)
    for code in queued:
        kernel.send(code, stop_on_error=True)
    kernel.until(cell, lambda one: state.shows in shown(one) or one.idle, 10)
    assert not cell.idle, cell
    assert state.is_reached(server)
    assert holds_within(5, lambda: saved(kernel) == before + state.saves)
    return cell


def saved(kernel: Kernel) -> int:
    """How many pictures are in the kernel's folder."""
    return len(list(kernel.folder.glob("comet_images/*.png")))


def check_end(
    kernel: Kernel,
    cell: Cell,
    since: float,
    outputs: int = 1,
    times: int = 1,
    within: float = 1.0,
) -> None:
    """It ended in time, with one output that says so, a short error, and its variables bound."""
    # ipykernel sends no reply if another interrupt hits it after the cell's code has ended.
    kernel.until(cell, lambda one: one.idle and bool(one.error))
    assert cell.ended - since < within
    assert cell.ename == "KeyboardInterrupt"
    # A second interrupt can hit IPython while it shows the first: it prints a line of its own.
    said = [output.kind for output in cell.outputs if output.kind != "stream" or times == 1]
    assert said in (["display_data"] * outputs + ["error"], ["display_data"] * outputs)[:times]
    assert len(cell.traceback) <= 3 or times == 2
    assert all(len(line) < 120 for line in cell.traceback) or times == 2
    *pictures, end = cell.bundles
    assert "interrupted" in end.data["text/html"]
    assert "interrupted" in end.text
    assert not any("interrupted" in each.text for each in pictures)
    assert "<progress" not in shown(cell)
    # A second interrupt can hit the kernel between two cells. No promise of a time is tested.
    assert holds_within(20, lambda: kernel.run("1 + 1").status == "ok")
    assert kernel.value("kept is _comet, str(kept.status)") == "(True, 'interrupted')"
    assert "stopped" in kernel.value("kept.error")


def check_next(kernel: Kernel, server: FaultServer) -> None:
    """Another `%%comet` runs to its end."""
    kernel.run(f"%env COMETAPI_BASE_URL={server.url}/good/v1")
    cell = kernel.run("%%comet gpt-4o-mini\nHello")
    assert cell.status == "ok", cell
    assert "complete" in cell.text


@pytest.mark.parametrize("state", STATES.values(), ids=[*STATES])
def test_an_interrupt_ends_it(where: Kernel, server: FaultServer, state: State) -> None:
    """Closed within a moment, shown and bound as far as it came; nothing goes on or follows."""
    where.run(LEFT)
    before = where.value("left()")
    # As with Run All it is queued from the start: ipykernel 6 aborts what has arrived when the
    # error is sent, and runs what a busy machine delivers a millisecond later.
    cell = begin(where, state, server, "print('not reached')")
    behind = where.cells[-1]
    since = time.monotonic()
    where.interrupt()
    assert server.is_quiet()
    if state.closes:
        assert server.requests[-1].connection.closed_by == "client"
    assert where.wait(behind).status == "aborted"
    assert where.run("1 + 1", 3).status == "ok"
    check_end(where, cell, since, state.outputs, within=state.within)
    assert state.text in cell.text
    assert ast.literal_eval(where.value("kept.text")).startswith(state.text)
    assert where.value("left()") == before
    assert len([request for request in server.requests if request.method == "POST"]) == 1
    check_next(where, server)


# Sends an interrupt where Python ignores what is raised, before anything is on its way.
DEAF = """
import os, signal
from comet_magic.notebook import cell
blank = cell.blank
class Deaf:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(100):
            pass
def deaf(*arguments):
    cell.blank = blank
    Deaf()
    return blank(*arguments)
cell.blank = deaf
"""


def test_an_interrupt_that_python_would_ignore(where: Kernel, server: FaultServer) -> None:
    """The cell ends as interrupted, and nothing was sent."""
    url = STATES["silent"].play(server)
    where.run(f"{DEAF}\n%env COMETAPI_BASE_URL={url}")
    before = len(server.requests)
    cell = where.run("%%comet gpt-4o-mini -o kept\nHi")
    assert cell.ename == "KeyboardInterrupt"
    assert len(cell.traceback) <= 3
    assert where.value("kept is _comet, str(kept.status)") == "(True, 'interrupted')"
    assert len(server.requests) == before
    check_next(where, server)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse where the queue is full")
def test_an_interrupt_while_it_connects(where: Kernel, server: FaultServer) -> None:
    """The connection that was being made is given up, and not tried again."""
    with unreachable() as (base_url, tried):
        where.run(LEFT + f"%env COMETAPI_BASE_URL={base_url}\n")
        before = where.value("left()")
        cell = where.send("%%comet gpt-4o-mini -o kept\nHi")
        assert holds_within(5, lambda: tried() == 1)
        where.until(cell, lambda one: bool(one.bundles))
        since = time.monotonic()
        where.interrupt()
        check_end(where, cell, since)
        assert tried() == 0
        assert where.value("left()") == before
    STATES["silent"].play(server)
    check_next(where, server)


def test_a_picture_that_came_is_kept(where: Kernel, server: FaultServer) -> None:
    """Stopped while another one is on its way: one is there and saved, of the other the link."""
    cell = begin(where, STATES["picture"], server)
    since = time.monotonic()
    where.interrupt()
    where.until(cell, lambda one: one.idle and bool(one.error))
    assert cell.ended - since < 1
    assert where.value("str(kept.status), kept.finish_reason") == "('interrupted', 'stop')"
    assert where.value("[(one.width, one.data is None) for one in kept.images]") == (
        "[(60, False), (None, True)]"
    )
    assert where.value("kept.images[0].path.is_file()") == "True"
    assert where.value("kept.images[1].url") == repr(f"{server.url}/slow.png")


@pytest.mark.parametrize("gap", [0.0, 0.005, 0.05], ids=lambda gap: f"{gap * 1000:.0f}-ms")
@pytest.mark.parametrize("state", ["headers", "tokens", "repaints", "picture", "retry"])
def test_a_second_interrupt_changes_nothing(
    where: Kernel, server: FaultServer, state: str, gap: float
) -> None:
    """However soon it comes: the same end, the same variables, nothing left open."""
    cell = begin(where, STATES[state], server)
    since = time.monotonic()
    where.interrupt()
    time.sleep(gap)
    where.interrupt()
    check_end(where, cell, since, STATES[state].outputs, times=2, within=STATES[state].within)
    assert server.is_quiet()
    assert len([request for request in server.requests if request.method == "POST"]) == 1
    check_next(where, server)


@pytest.mark.parametrize(
    ("moment", "status", "outputs"),
    [
        pytest.param("queued", "interrupted", 1, id="first-frame"),
        pytest.param("fetching", "interrupted", 2, id="later-frame"),
        pytest.param("image/", "complete", 2, id="first-picture"),
        pytest.param("2 pictures", "complete", 2, id="summary"),
    ],
)
def test_an_interrupt_while_it_paints(
    where: Kernel, server: FaultServer, moment: str, status: str, outputs: int
) -> None:
    """What is being painted is painted to its end, once; what is complete says so."""
    url = STATES["picture"].play(server)
    slow = [Pause(0.3)] if status == "interrupted" else []
    server.script("/slow.png", [*slow, whole(200, encoded(), "Content-Type: image/png")])
    where.run(HIT.format(moment))
    where.run(f"%env COMETAPI_BASE_URL={url}")
    cell = where.send("%%comet gpt-4o-image -o kept\nHi")
    where.until(cell, lambda one: one.idle and bool(one.error))
    assert cell.ename == "KeyboardInterrupt"
    assert len(cell.traceback) <= 3
    assert [output.kind for output in cell.outputs] == ["display_data"] * outputs + ["error"]
    assert status in cell.bundles[-1].text
    assert where.value("kept is _comet, str(kept.status)") == f"(True, {status!r})"
    check_next(where, server)


def test_an_interrupt_while_a_picture_is_decoded(where: Kernel, server: FaultServer) -> None:
    """That goes on in a thread of its own, and is not waited for."""
    state = STATES["picture"]
    url = state.play(server)
    huge = whole(200, encoded(size=(6000, 6000)), "Content-Type: image/png")
    for path in ("/whole.png", "/slow.png"):
        server.script(path, [huge])
    where.run(f"%env COMETAPI_BASE_URL={url}")
    cell = where.send("%%comet gpt-4o-image -o kept\nHi")
    where.until(cell, lambda one: state.shows in shown(one) or one.idle)
    assert server.wait_until(lambda: len(server.requests) == 3)
    assert server.is_quiet()
    since = time.monotonic()
    where.interrupt()
    check_end(where, cell, since, state.outputs)
    check_next(where, server)
