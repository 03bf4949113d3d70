"""Work on the loop of the kernel, nested in the cell."""

import subprocess
import sys

# In a process of its own: nesting changes asyncio for good.
STOPPED = """
import asyncio
from comet_magic.kernel.nested_job import NestedJob

async def work(tell):
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0.1)  # as a connection takes to close
        print("closed")

async def cell():
    with NestedJob(work) as job:
        next(job.updates(0.01))
        for _ in range({times}):
            job.cancel()
            next(job.updates(0.01))

asyncio.run(cell())
"""


def test_a_cancellation_leaves_time_to_close() -> None:
    """However often it is asked for, by interrupts and by leaving the context."""
    for times in range(3):
        code = STOPPED.format(times=times)
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.stdout, done.returncode) == ("closed\n", 0), done.stderr
