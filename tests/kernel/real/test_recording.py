"""Recording in one kernel, replaying in another one that reaches nobody."""

import json
import signal
from pathlib import Path

import pytest

from comet_magic.demo import DemoServer

from .conftest import StartKernel
from .kernel import Kernel, holds_within

# No socket of this process leaves the machine, and none reaches a server on it; the kernel's own
# were made before.
_OFFLINE = """
import asyncio, socket
def refuse(*arguments, **more):
    raise AssertionError("a replay connects to nobody")
socket.socket.connect = socket.getaddrinfo = refuse
asyncio.BaseEventLoop.create_connection = asyncio.BaseEventLoop.getaddrinfo = refuse
"""
CELL = "%%comet -o picture\nA kitten, 3:2"


def test_a_recording_is_replayed_in_a_new_kernel_without_a_network(
    start_kernel: StartKernel, tmp_path: Path
) -> None:
    """The same picture, saved and shown; the output says where it is from."""
    first = start_kernel()
    first.run("%load_ext comet_magic\n%comet record lesson")
    recorded = first.run(CELL)
    assert first.run("%comet record stop").status == "ok"
    picture = first.value("picture.images[0].data[:99], picture.text")
    second = start_kernel(COMETAPI_KEY="sk-never-sent")
    second.run("%load_ext comet_magic\n%comet replay lesson --speed max")
    second.run(_OFFLINE)
    replayed = second.run(CELL)
    assert replayed.status == "ok", replayed.error
    assert second.value("picture.images[0].data[:99], picture.text") == picture
    assert len(replayed.bundles) == len(recorded.bundles)
    for kind in ("text/html", "text/plain"):
        assert "replayed from lesson.jsonl, recorded 20" in replayed.bundles[-1].data[kind]
    # It runs again, and another one is not sent.
    assert second.run(CELL).status == "ok"
    assert second.run("%%comet\nA dog").ename == "NotRecordedError"
    assert "replayed from lesson.jsonl" in second.run("%comet").text


def test_an_interrupted_cell_is_kept_as_far_as_it_came(
    kernel: Kernel, slow_server: DemoServer
) -> None:
    """And replayed as a cut."""
    kernel.run("%comet record stopped")
    running = kernel.send(CELL)
    kernel.until(running, lambda cell: "generating" in cell.text)
    kernel.interrupt()
    kernel.wait(running)
    said = kernel.run("%comet record stop").text
    assert "1 request recorded to stopped.jsonl." in said
    assert "incomplete" not in said
    kernel.run("%comet replay stopped --speed max")
    cut = kernel.run(CELL)
    assert cut.ename == "StreamError"
    assert "it was stopped while it was recorded" in "\n".join(cut.traceback)


def test_a_kernel_that_dies_leaves_its_recording(
    start_kernel: StartKernel, slow_server: DemoServer, tmp_path: Path
) -> None:
    """What had arrived is in the file, and the file can be replayed."""
    dying = start_kernel(COMETAPI_BASE_URL=slow_server.base_url)
    dying.run("%load_ext comet_magic\n%comet record lesson")
    running = dying.send(CELL)
    dying.until(running, lambda cell: "generating" in cell.text)
    dying._manager.signal_kernel(signal.SIGKILL)
    lines = (tmp_path / "lesson.jsonl").read_bytes().split(b"\n")
    assert sum(b'"text"' in line for line in lines) > 3
    assert json.loads(lines[0])["format"] == "comet_magic recording"
    after = start_kernel()
    after.run("%load_ext comet_magic\n%comet replay lesson --speed max")
    assert after.run(CELL).ename == "StreamError"
    assert int(after.value("len(_comet.text)")) > 20


@pytest.mark.parametrize("loop", ["thread", "kernel"])
def test_both_loops_record_and_replay(kernel: Kernel, loop: str) -> None:
    """Also the kernel's own, nested."""
    kernel.run(f"%config CometMagics.event_loop = {loop!r}")
    kernel.run(f"%comet record both-{loop}")
    kernel.run("%%comet gpt-4o-mini -o first\nHi")
    kernel.run("%comet record stop")
    kernel.run(f"%comet replay both-{loop}")
    kernel.run("%%comet gpt-4o-mini -o second\nHi")
    assert kernel.value("first.text == second.text and bool(second.replayed)") == "True"


def test_unloading_ends_a_recording_that_is_under_way(kernel: Kernel) -> None:
    """The thread that writes has ended, and the file is whole."""
    kernel.run("%comet record whole\n")
    kernel.run(CELL)
    kernel.run("%unload_ext comet_magic\nimport threading")
    names = "[each.name for each in threading.enumerate() if 'comet' in each.name]"
    assert holds_within(5, lambda: kernel.value(names) == "[]")
    text = (kernel.folder / "whole.jsonl").read_text(encoding="utf-8")
    assert text.count('"end": ') == 2
