"""An answer of 2,000 words at 100 a second in a real kernel: messages, and part of a core."""

import statistics
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from ...kernel.real.kernel import Cell, Kernel
from .. import wire
from ..report import Row
from ..run import Run, say
from ..server import raw_server
from .repaint import _BY_HAND

_COUNT, _MICROSECONDS = 2_000, 10_000
# The usual way: each word is painted as it comes.
_EACH_WORD = _BY_HAND.replace("if shown is None:", "if shown: shown.update("
                              "{'text/plain': text}, raw=True)\n                else:")  # fmt: skip


def measure(run: Run) -> list[Row]:
    """CPU time of each kernel; all of them run at the same time, for they mostly wait."""
    count = _COUNT // run.scale
    with raw_server() as url, ExitStack() as stack:
        address = f"{url}/text/{count}/{_MICROSECONDS}/v1"
        kernels = [
            stack.enter_context(_kernel(stack.enter_context(tempfile.TemporaryDirectory())))
            for _ in range(2 * run.rounds)
        ]
        for kernel in kernels:
            assert kernel.run(_EACH_WORD).status == "ok"
            for code in (
                "%load_ext comet_magic",
                f"%config CometMagics.base_url = '{url}/text/9/0/v1'",
                f"%%comet {wire.MODEL}\nwarm up",
                f"by_hand('{url}/text/9/0/v1')",
                f"%config CometMagics.base_url = '{address}'",
                "import time; began = time.process_time()",
            ):
                assert kernel.run(code).status == "ok", code
            say(".")
        cells = [
            kernel.send(f"%%comet {wire.MODEL}\ngo on" if number % 2 else f"by_hand('{address}')")
            for number, kernel in enumerate(kernels)
        ]
        patience = count * _MICROSECONDS / 1e6 + 60
        found: list[list[tuple[float, float]]] = [[], []]
        # All are listened to at once: a socket drops what nobody takes.
        with ThreadPoolExecutor(len(kernels)) as pool:
            list(pool.map(lambda kernel, cell: kernel.wait(cell, patience), kernels, cells))
        for number, (kernel, cell) in enumerate(zip(kernels, cells, strict=True)):
            assert cell.status == "ok", cell
            used = float(kernel.value("time.process_time() - began"))
            found[number % 2].append(_figures(cell, used, count * _MICROSECONDS / 1e6))
            say(".")
    each, ours = (
        [statistics.median(figures) for figures in zip(*some, strict=True)] for some in found
    )
    work = f"{count:,} words at 100 a second in a kernel"
    return [
        Row(work, "messages a second", ours[0], "", 10),
        Row(work, "part of a core", 100 * ours[1], " %", 5),
        Row("the same, painted for each word", "messages a second", each[0], ""),
        Row("the same, painted for each word", "part of a core", 100 * each[1], " %"),
    ]


def _figures(cell: Cell, used: float, seconds: float) -> tuple[float, float]:
    frames = sum(len(output.frames) for output in cell.outputs)
    return frames / seconds, used / seconds


def _kernel(folder: str) -> Kernel:
    return Kernel(Path(folder), {})
