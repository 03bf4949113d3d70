"""A picture of 20 MB inside the text: on one line of the stream, and over 5,000 chunks."""

from collections.abc import Callable

from .. import wire
from ..readers import READERS
from ..report import Row
from ..run import Run, median, openai_rows, ratio
from ..server import raw_server

_SIZE = 20_000_000


def measure(run: Run) -> list[Row]:
    """CPU time, and the most memory, until text and link are there; nothing is decoded."""
    size = _SIZE // run.scale
    names = ["comet_magic", "openai", "openai, async", "litellm", "raw socket"]
    rows = []
    with raw_server() as url:
        for parts in (1, 5_000 // run.scale):
            found = run.measure("inline", names, f"{url}/inline/{size}/{parts}/v1", size)
            where = "one line" if parts == 1 else f"{parts:,} chunks"
            work = f"inline picture of {size / 1e6:.0f} MB, {where}"
            rows += openai_rows(found, work, 0.6)
            rows += [
                Row(work, f"CPU, {name}", ratio(found, "comet_magic", name), " ×")
                for name in ("litellm", "raw socket")
                if name in found
            ]
            fresh = run.measure_fresh("inline", names[:2], f"{url}/inline/{size}/{parts}/v1", size)
            peaks = {name: median(fresh, name, "peak") / size for name in fresh}
            rows.append(Row(work, "peak memory, the picture", peaks["comet_magic"], " ×", 4))
            if "openai" in peaks:
                rows.append(Row(work, "peak memory of openai, the picture", peaks["openai"], " ×"))
    return rows


def contestant(name: str, url: str, size: str) -> Callable[[], None]:
    """Reads one answer with such a picture."""
    read = READERS[name](url)
    # Not made here to be compared: memory that has held such a text once is another one.
    frame = wire.inline(0)
    expected = len(frame) + 4 * -(-int(size) // 3)
    small = url.partition("/inline/")[0] + "/text/9/0/v1"
    READERS[name](small)()  # the memory of what it imports is no part of it

    def once() -> None:
        text = read()
        assert (len(text), text.startswith(frame[:-1])) == (expected, True)

    return once
