"""`python -m tests.benchmarks.batch`: how fast a batch is, and how much memory it takes.

Measures the client alone: the endpoint is the counting server of the tests, in a process of its
own, which answers each prompt at once with seven chunks of text. Each line of the table is a
process of its own, so that its peak is its own; "at start" is after the first result.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import comet_magic as comet

from ..batch.counting import counting_server

_MARKS = (1_000, 5_000, 10_000)


def main() -> None:
    """Prints the table, or with `--one` measures one line of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=int, default=2_000)
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        concurrency, prompts, kept = options.one
        print(_measured(int(concurrency), int(prompts), kept=kept == "kept"))
        return
    print("at once  prompts  kept  generations/s  CPU ms each  MB at start    peak  at 1k/5k/10k")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "server.log")
        with counting_server(log, quiet=True) as url:
            for concurrency in options.concurrency:
                _line(url, concurrency, options.prompts, "")
            _line(url, 64, options.prompts, "kept")
            _line(url, 64, _MARKS[-1], "")
            _line(url, 64, _MARKS[-1], "kept")


def _line(url: str, concurrency: int, prompts: int, kept: str) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.batch", "--one"]
    subprocess.run(
        [*command, str(concurrency), str(prompts), kept],
        check=True,
        env={**os.environ, "COMETAPI_BASE_URL": url},
    )


def _measured(concurrency: int, prompts: int, *, kept: bool) -> str:
    with tempfile.TemporaryDirectory() as folder:
        batch = comet.map(
            (f"number {number}" for number in range(prompts)),
            model="gpt-4o-mini",
            concurrency=concurrency,
            progress=False,
            resume=Path(folder, "run.jsonl") if kept else None,
        )
        next(batch)
        start, began, used = _megabytes(), time.perf_counter(), time.process_time()
        seen = {}
        for number, generation in enumerate(batch, 2):
            assert generation.status is comet.Status.COMPLETE, generation.error
            if number in _MARKS:
                seen[number] = _megabytes()
        seconds = time.perf_counter() - began
        cpu = 1_000 * (time.process_time() - used) / prompts
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    marks = "/".join(f"{value:.1f}" for value in seen.values())
    return (
        f"{concurrency:7}  {prompts:7,}  {'yes' if kept else 'no':4}  {prompts / seconds:13.0f}"
        f"  {cpu:11.2f}  {start:11.1f}  {peak:6.1f}  {marks}"
    )


def _megabytes() -> float:
    """Of this process, resident."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
