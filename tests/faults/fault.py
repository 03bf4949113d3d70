"""What a fault is, and the bytes that faults are made of."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import comet_magic as comet
from tests.client.scripted import DONE, delta
from tests.faults.server import (
    LAST_CHUNK,
    Step,
    chunk,
    head,
)

KEY = "sk-canary-0123456789abcdef"
ELSEWHERE = "http://127.0.0.2:{port}"  # another host; its port is filled in
SSE, CHUNKED, PLAIN = (
    "Content-Type: text/event-stream",
    "Transfer-Encoding: chunked",
    "Content-Type: text/plain",
)
JSON, HTML = "Content-Type: application/json", "Content-Type: text/html"


@dataclass(frozen=True)
class Fault:
    """One way to fail, and what must come of it.

    Attributes:
        id: Names the test, and the path.
        answers: What is sent to the first request, the second …
        error: The exact class; None for an answer that is read in spite of all.
        says: What the message holds.
        text: What is kept of the answer.
        posts: Requests that are seen; None where it depends on the network.
        retries: That are allowed.
        request_id: That is passed on.
        spoils_next: What is left of it on the connection is taken for the next answer, which
            then is an error. Nothing but a new connection for each request would prevent that.
    """

    id: str
    answers: Sequence[Sequence[Step]]
    error: type[comet.CometError] | None
    says: str = ""
    text: str = ""
    posts: int | None = 1
    retries: int = 0
    request_id: str | None = None
    spoils_next: bool = False


def one(
    id: str,  # noqa: A002
    steps: Sequence[Step],
    error: type[comet.CometError] | None,
    says: str = "",
    text: str = "",
    **more: Any,
) -> Fault:
    """A fault of one answer."""
    return Fault(id, [steps], error, says, text, **more)


def said(message: Any, **more: Any) -> str:
    """An error body."""
    return json.dumps({"error": {"message": message, "type": "comet_api_error", **more}})


HE, LLO = delta("Hé"), delta("llo 🐱", "stop")
TEXT = "Héllo 🐱"
STREAM = HE + LLO + DONE
BODY = json.dumps(
    {"id": "c", "object": "chat.completion", "model": "m",
     "choices": [{"index": 0, "message": {"content": TEXT}, "finish_reason": "stop"}]}
).encode()  # fmt: skip
START = head(200, SSE, CHUNKED)
GOOD = START + chunk(STREAM) + LAST_CHUNK
QUOTED = f"Incorrect API key provided: {KEY} (request id: 2026abc)"
IN_A_CHARACTER = LLO[: LLO.index("🐱".encode()) + 2]
PAGE = (
    "<!DOCTYPE html><html><head><title>502 Bad &lt;Gateway&gt;</title></head><body>x</body></html>"
)
BOMB = gzip.compress(gzip.compress(bytes(100_000_000), 1), 1)
NESTED = b"[" * 50_000


def event(value: bytes, *rest: bytes) -> Sequence[Step]:
    """A stream that begins well and goes on with this."""
    return [START + chunk(HE + value) + b"".join(map(chunk, rest)) + LAST_CHUNK]


CUT = "What arrived is kept"
CONNECTION, STREAM_ERROR = comet.APIConnectionError, comet.StreamError
