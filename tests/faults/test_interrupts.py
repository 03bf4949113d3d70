"""An interrupt at any moment: the connection is closed at once, and nothing goes on."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

import comet_magic as comet
from tests.client.scripted import DONE, delta
from tests.faults.conftest import Play
from tests.faults.fault import CHUNKED, GOOD, HE, JSON, SSE, START
from tests.faults.server import STALL, FaultServer, Request, Step, chunk, head, whole

MOMENTS: dict[str, list[Step]] = {
    "waiting for headers": [STALL],
    "in the headers": [START[:-10], STALL],
    "waiting for the first byte": [START, STALL],
    "in the stream": [START + chunk(HE), STALL],
    "in a character": [START + chunk(HE + delta("é")[:-40]), STALL],
    "in a whole answer": [head(200, JSON, CHUNKED) + chunk(b'{"id"'), STALL],
    "in an error": [head(401, JSON, CHUNKED) + chunk(b'{"err'), STALL],
    "in a picture": [whole(200, delta("![gen](LINK)", "stop") + DONE, SSE)],
}


def once_stalled(server: FaultServer, act: Callable[[], None]) -> threading.Thread:
    """Acts as soon as the server has fallen silent."""

    def watch() -> None:
        if server.wait_until(lambda: any(each.stalls for each in server.connections)):
            act()

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def scripted(server: FaultServer, steps: list[Step]) -> str:
    """The base URL of an endpoint that answers so."""
    filled: list[Step] = [
        whole(200, delta(f"![gen]({server.url}/slow.png)", "stop") + DONE, SSE)
        if isinstance(step, bytes) and b"LINK" in step
        else step
        for step in steps
    ]
    server.script("/slow.png", [head(200, "Content-Length: 999") + b"x", STALL])
    server.script("/stop/v1/chat/completions", filled)
    return f"{server.url}/stop/v1"


@pytest.mark.parametrize("steps", MOMENTS.values(), ids=[*MOMENTS])
def test_an_interrupt_closes_the_connection(
    play: Play, server: FaultServer, steps: list[Step]
) -> None:
    """Within a second the call has ended, and the server has seen it go."""
    assert play("before", [GOOD], model="m").error is None
    began: list[float] = []

    def interrupt() -> None:
        began.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    base_url = scripted(server, steps)
    thread = once_stalled(server, interrupt)
    with pytest.raises(KeyboardInterrupt):
        comet.generate("Hi", model="gpt-4o-image", base_url=base_url, max_retries=5)
    assert time.monotonic() - began[0] < 1
    thread.join()
    assert server.wait_until(lambda: not any(each.stalls for each in server.connections))
    assert last(server).connection.closed_by == "client"
    assert len(server.seen("/stop/")) == 1
    server.requests.clear()


@pytest.mark.parametrize("steps", MOMENTS.values(), ids=[*MOMENTS])
def test_a_cancelled_task_closes_the_connection(
    play: Play, server: FaultServer, steps: list[Step]
) -> None:
    """The same for `agenerate`."""
    assert play("before", [GOOD], model="m").error is None
    base_url = scripted(server, steps)

    async def run() -> None:
        work = comet.agenerate("Hi", model="gpt-4o-image", base_url=base_url, max_retries=5)
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        thread = once_stalled(server, lambda: void(loop.call_soon_threadsafe(task.cancel)))
        with pytest.raises(asyncio.CancelledError):
            await task
        thread.join()

    asyncio.run(run())
    assert server.wait_until(lambda: not any(each.stalls for each in server.connections))
    assert last(server).connection.closed_by == "client"
    server.requests.clear()


def last(server: FaultServer) -> Request:
    """The last request of the call; a price list is none."""
    return [*server.seen("/stop/"), *server.seen("/slow.png")][-1]


def void(_: object) -> None:
    """Takes a value that nobody needs."""
