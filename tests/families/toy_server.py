"""What answers the toy family: tasks that are submitted, polled and cancelled."""

import io
import json
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image


def picture() -> bytes:
    """A small PNG."""
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(stream, "PNG")
    return stream.getvalue()


def sound() -> bytes:
    """A tenth of a second of silence, as WAV."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8_000)
        out.writeframes(bytes(1_600))
    return stream.getvalue()


@dataclass
class ToyServer:
    """A server, and what it was asked.

    Attributes:
        base_url: Where it answers.
        asked: Method and path of each request, in order.
        bodies: The submitted tasks.
        answers: What the polls of each task say, one after the other; the last stays.
        polled: Is set when a task is polled.
        cancelled: Is set when one is cancelled.
    """

    base_url: str = ""
    asked: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"state": "running", "percent": 40},
            {"state": "running", "percent": 80},
            {"state": "done"},
        ]
    )
    polled: threading.Event = field(default_factory=threading.Event)
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def submits(self) -> int:
        """How many tasks were submitted."""
        return self.asked.count("POST /v1/toys")


@contextmanager
def serving() -> Iterator[ToyServer]:
    """A server on this machine, as long as the context."""
    toys = ToyServer()
    polls: dict[str, int] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            toys.asked.append(f"POST {self.path}")
            if self.path.endswith("/cancel"):
                toys.cancelled.set()
                self._say({"id": "", "state": "cancelled"})
            else:
                toys.bodies.append(json.loads(body))
                self._say({"id": f"toy-{len(toys.bodies)}", "state": "queued"})

        def do_GET(self) -> None:
            toys.asked.append(f"GET {self.path}")
            if self.path.endswith(".png"):
                self._send(picture(), "image/png")
            elif self.path.endswith("/sound"):
                self._send(sound(), "audio/wav")
            elif "/toys/" in self.path:
                task = self.path.rpartition("/")[2]
                number = polls[task] = polls.get(task, -1) + 1
                answer = toys.answers[min(number, len(toys.answers) - 1)]
                self._say({"id": task, "picture": f"{toys.base_url}/{task}.png", **answer})
                toys.polled.set()
            elif self.path.endswith("/v1/models"):
                self._say({"data": [{"id": "toy-1"}]})
            else:
                self._send(b"", "text/plain", 404)

        def _say(self, value: Any) -> None:
            self._send(json.dumps(value).encode(), "application/json")

        def _send(self, data: bytes, kind: str, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    toys.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield toys
    finally:
        server.shutdown()
        server.server_close()
