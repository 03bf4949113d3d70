"""The first `%%comet` cell of a kernel, compared with its second."""

import statistics
import tempfile
import time
from pathlib import Path

from ...kernel.real.kernel import Kernel
from .. import wire
from ..report import Row
from ..run import Run, say
from ..server import raw_server

_CELL = f"%%comet {wire.MODEL}\ngo on"
# Seconds between loading and the first cell: Run All, and somebody who types.
_WAITS = {"at once": 0.0, "2 s": 2.0}


def measure(run: Run) -> list[Row]:
    """Wall time from the kernel's busy to its idle, in a fresh kernel each time."""
    more: dict[tuple[str, str], list[float]] = {}
    with raw_server() as url:
        places = {"an endpoint": {"COMETAPI_BASE_URL": f"{url}/text/20/0/v1"}, "the demo": {}}
        for _ in range(run.rounds):
            for place, environment in places.items():
                for when, wait in _WAITS.items():
                    found = _more(environment, wait)
                    more.setdefault((place, when), []).append(found)
                    say(".")
    return [
        Row(f"first cell, {when} after `%load_ext`", f"{place}, more than the second",
            1e3 * statistics.median(found), " ms", 250)
        for (place, when), found in more.items()
    ]  # fmt: skip


def _more(environment: dict[str, str], wait: float) -> float:
    with tempfile.TemporaryDirectory() as folder, Kernel(Path(folder), environment) as kernel:
        assert kernel.run("%load_ext comet_magic").status == "ok"
        time.sleep(wait)
        cells = [kernel.run(_CELL) for _ in range(2)]
    for cell in cells:
        assert cell.status == "ok", cell
    first, second = (cell.ended - cell.started for cell in cells)
    return first - second
