"""Two notebooks at once, and a kernel that is restarted in the middle of an answer."""

import json
import re
import socket
from pathlib import Path

import pytest

import comet_magic
from comet_magic.demo import DemoServer

from .conftest import StartKernel
from .kernel import holds_within

# Pictures for one prompt, five at once; each thread of work has a prompt of its own.
_AT_ONCE = """
import asyncio, comet_magic as comet
several = await asyncio.gather(*(comet.agenerate(f"A cat, {who}") for _ in range(5)))
"""


def test_two_notebooks_in_one_folder(
    start_kernel: StartKernel, demo: DemoServer, tmp_path: Path
) -> None:
    """Each has its own answers and counts; no picture or sidecar is overwritten."""
    kernels = {who: start_kernel(COMETAPI_BASE_URL=demo.base_url) for who in ("first", "second")}
    for who, kernel in kernels.items():
        assert kernel.run(f"%load_ext comet_magic\nwho = {who!r}").status == "ok"
    cells = [
        (who, kernel, kernel.send(code))
        for code in ("%%comet\nA cat, {who}", _AT_ONCE, "%%comet\nA cat, {who}")
        for who, kernel in kernels.items()
    ]
    for who, kernel, cell in cells:
        assert kernel.wait(cell).status == "ok", cell
        other = "second" if who == "first" else "first"
        assert f", {other}" not in json.dumps([output.data for output in cell.outputs])
    for who, kernel in kernels.items():
        prompts = kernel.value("sorted({one.prompt for one in [*several, _comet]})")
        assert prompts == f"['A cat, {who}']"
        assert "So far: 7 requests, 7 pictures" in kernel.run("%comet").text
    pictures = list((tmp_path / "comet_images").glob("*.png"))
    assert len(pictures) == 14
    about = [json.loads(path.with_suffix(".json").read_text()) for path in pictures]
    assert [one["file"] for one in about] == [path.name for path in pictures]
    assert sorted(one["prompt"] for one in about) == ["A cat, first"] * 7 + ["A cat, second"] * 7


@pytest.mark.parametrize("now", [True, False], ids=["killed", "asked"])
def test_a_restart_in_the_middle_of_an_answer(start_kernel: StartKernel, now: bool) -> None:
    """The server sees the connection close, the demo's port is free, the next cell works."""
    kernel = start_kernel()
    kernel.run("%load_ext comet_magic")
    kernel.run("%%comet gpt-4o-mini\nHello")
    url = kernel.value("_comet.inspect().exchange.attempts[-1].url")
    port = int(re.findall(r":(\d+)/", url)[0])
    with DemoServer(pace=1) as slow:
        kernel.run(f"%env COMETAPI_BASE_URL={slow.base_url}")
        cell = kernel.send("%%comet demo-error-slow\nA cute kitten")
        kernel.until(cell, lambda one: bool(one.bundles))
        assert holds_within(10, lambda: slow.open_streams == 1)
        kernel.restart(now=now)
        assert holds_within(5, lambda: slow.open_streams == 0)
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", port)) != 0
    kernel.run("%load_ext comet_magic")
    assert kernel.run("%%comet gpt-4o-mini\nHello").status == "ok"
    log = (kernel.folder / "kernel.log").read_text(errors="replace")
    assert str(Path(comet_magic.__file__).parent) not in log  # no traceback of ours
