"""1,000 words, one each millisecond: what a client costs that is woken for every chunk."""

from ..report import Row
from ..run import Run, openai_rows, ratio
from ..server import raw_server
from .burst import contestant

__all__ = ["contestant", "measure"]

_COUNT, _MICROSECONDS = 1_000, 1_000


def measure(run: Run) -> list[Row]:
    """CPU time of the whole answer, all threads of the process counted."""
    count = _COUNT // run.scale
    names = ["comet_magic", "openai", "openai, async", "litellm", "raw socket"]
    with raw_server() as url:
        found = run.measure("paced", names, f"{url}/text/{count}/{_MICROSECONDS}/v1", count)
    work = f"{count:,} chunks, 1 ms apart"
    others = [
        Row(work, f"CPU, {name}", ratio(found, "comet_magic", name), " ×")
        for name in ("litellm", "raw socket")
        if name in found
    ]
    return openai_rows(found, work, 0.65) + others
