"""The states in which a generation can be stopped, played by the fault server."""

import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.client.scripted import DONE, delta
from tests.faults.fault import GOOD, HE, JSON, START, said
from tests.faults.server import (
    LAST_CHUNK,
    STALL,
    FaultServer,
    Pause,
    Repeat,
    Step,
    chunk,
    head,
    whole,
)
from tests.pictures import encoded


@dataclass(frozen=True)
class State:
    """One state, and how to bring a generation into it.

    Attributes:
        id: Names the test.
        steps: What the endpoint answers; is passed the server's URL.
        shows: What the running output says once the state is reached.
        stalls: Whether the server is silent then.
        model: That is asked.
        text: Of the answer, as far as it came.
        closes: Whether a connection is open that has to be closed.
        outputs: How many the cell has in the end: its pictures, and one that says how it ended.
        saves: How many pictures are saved before it is reached.
        within: Seconds in which the cell ends once it is stopped.
    """

    id: str
    steps: Callable[[str], Sequence[Step]]
    shows: str
    stalls: bool = True
    model: str = "gpt-4o-mini"
    text: str = ""
    closes: bool = True
    outputs: int = 1
    saves: int = 0
    within: float = 1.0

    def play(self, server: FaultServer) -> str:
        """Lets `server` answer so; returns the base URL."""
        server.script("/stop/v1/chat/completions", self.steps(server.url))
        server.script("/good/v1/chat/completions", [GOOD])
        server.script("/whole.png", [whole(200, encoded(), "Content-Type: image/png")])
        server.script("/slow.png", [head(200, "Content-Length: 999") + b"x", STALL])
        return f"{server.url}/stop/v1"

    def is_reached(self, server: FaultServer) -> bool:
        """Whether the server has played its part, within a few seconds."""
        return server.wait_until(
            lambda: (
                bool(server.requests)
                and (not self.stalls or any(each.stalls for each in server.connections))
            )
        )


def _two_pictures(url: str) -> bytes:
    text = f"Two:\n\n![gen]({url}/whole.png)\n\n![gen]({url}/slow.png)"
    return START + chunk(delta(text, "stop") + DONE) + LAST_CHUNK


_TOKENS: Sequence[Step] = [Pause(0.02), chunk(delta("o "))] * 500
_LINES = Repeat(chunk(delta("oh *dear* [me](http://a.b)  \n")), 200_000)
STATES = {
    state.id: state
    for state in (
        State("headers", lambda _: [STALL], "queued"),
        State("first-byte", lambda _: [START, STALL], "queued"),
        State("tokens", lambda _: [START + chunk(HE), *_TOKENS], "Héo", stalls=False, text="Héo"),
        State("silent", lambda _: [START + chunk(HE), STALL], "Hé", text="Hé"),
        # Its last frame is 100,000 characters of Markdown: half a second, of a busy core more.
        State(
            "repaints", lambda _: [START + chunk(HE), _LINES], "dear", stalls=False, text="Héoh",
            within=3.0,
        ),
        State(
            "picture", lambda url: [_two_pictures(url)], "fetching the picture",
            model="gpt-4o-image", text="Two:", outputs=2, saves=1,
        ),
        State(
            "retry", lambda _: [whole(429, said("slow down"), JSON, "Retry-After: 60")],
            "429, again in 60 s", stalls=False, closes=False,
        ),
    )
}  # fmt: skip


@contextmanager
def unreachable() -> Iterator[tuple[str, Callable[[], int]]]:
    """The base URL of a port that never answers, and how many connections are being tried.

    Its queue is full, so that Linux drops what more comes.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        time.sleep(0.05)
        ours = _tried(port)
        try:
            yield f"http://127.0.0.1:{port}/v1", lambda: _tried(port) - ours
        finally:
            for each in waiting:
                each.close()


def _tried(port: int) -> int:
    """Sockets of this machine in SYN_SENT to the port."""
    assert sys.platform == "linux"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[2].endswith(f":{port:04X}") and row[3] == "02" for row in rows)
