"""20,000 words in a burst: what the client itself costs for each chunk."""

from collections.abc import Callable

from .. import wire
from ..readers import READERS
from ..report import Row
from ..run import Run, median, openai_rows, ratio
from ..server import raw_server

_COUNT = 20_000
# It takes 0.6 ms for each; its own cost a chunk does not depend on how many there are.
_LITELLM = 2_000


def measure(run: Run) -> list[Row]:
    """CPU time for each chunk, all threads of the process counted."""
    count = _COUNT // run.scale
    with raw_server() as url:
        names = ["comet_magic", "openai", "openai, async", "raw socket"]
        found = run.measure("burst", names, f"{url}/text/{count}/0/v1", count)
        few = min(count, _LITELLM)
        slow = run.measure("burst", ["litellm"], f"{url}/text/{few}/0/v1", few)
    work = f"{count:,} chunks in a burst"
    rows = openai_rows(found, work, 0.22)
    rows.append(Row(work, "CPU, raw socket", ratio(found, "comet_magic", "raw socket"), " ×", 6))
    ours = median(found, "comet_magic") / count
    if slow:
        theirs = median(slow, "litellm") / few
        rows.append(Row(work, "CPU, litellm", ours / theirs, " ×"))
    rows.append(Row(work, "CPU a chunk", ours * 1e6, " µs"))
    return rows


def contestant(name: str, url: str, count: str) -> Callable[[], None]:
    """Reads one answer of `count` words."""
    read = READERS[name](url)
    expected = "".join(wire.tokens(int(count)))

    def once() -> None:
        assert read() == expected

    return once
