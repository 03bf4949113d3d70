"""Responses that are sent at a human pace, as server-sent events or whole."""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AbstractContextManager
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_SILENCE = 0.4  # A comment fills a longer gap; in seconds at a pace of 1.
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]


class PacedEvents:
    """An ASGI response of server-sent events. It ends at once when the client goes away.

    Args:
        events: Each event with the second at which it is due at a pace of 1, in order. An event
            is its lines without the blank one, as `data_line` writes them.
        pace: Factor on all waits.
        streaming: Entered while the answer is being sent.
        is_cut: The connection is closed in the middle of the body; `[DONE]` is not sent.
    """

    def __init__(
        self,
        events: Iterable[tuple[float, str]],
        *,
        pace: float,
        streaming: AbstractContextManager[None],
        is_cut: bool = False,
    ) -> None:
        self._events = events
        self._pace = pace
        self._streaming = streaming
        self._is_cut = is_cut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._streaming:
            await _while_connected(receive, lambda: self._send(send))

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})

        async def event(text: str, *, more: bool = True) -> None:
            body = f"{text}\n\n".encode()
            await send({"type": "http.response.body", "body": body, "more_body": more})

        timer = _Timer(self._pace)
        for due, text in self._events:
            if due - timer.due > _SILENCE:
                await event(": PING")
            await timer.until(due)
            await event(text)
        if not self._is_cut:
            await event("data: [DONE]", more=False)


class PacedBody:
    """An ASGI response that waits as long as an answer takes and then sends it in one body.

    Args:
        make: Builds the response; it runs in a worker thread, because pictures inside an answer
            make it many megabytes.
        seconds: Time that the answer takes at a pace of 1.
        pace: Factor on the wait.
        is_cut: The connection is closed after half of the body.
    """

    def __init__(
        self,
        make: Callable[[], Response],
        *,
        seconds: float,
        pace: float,
        is_cut: bool = False,
    ) -> None:
        self._make = make
        self._seconds = seconds
        self._pace = pace
        self._is_cut = is_cut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def work() -> None:
            await _Timer(self._pace).until(self._seconds)
            response = await asyncio.to_thread(self._make)
            if not self._is_cut:
                await response(scope, receive, send)
                return
            start = {"type": "http.response.start", "status": response.status_code}
            await send(start | {"headers": response.raw_headers})
            half = response.body[: len(response.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})

        await _while_connected(receive, work)


def data_line(value: dict[str, Any]) -> str:
    """Return the event that carries a JSON object."""
    return f"data: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}"


class _Timer:
    """Waits for moments of an answer.

    Attributes:
        due: The last moment that was waited for, in seconds at a pace of 1.
    """

    def __init__(self, pace: float) -> None:
        self._pace = pace
        self._start = time.monotonic()
        self.due = 0.0

    async def until(self, due: float) -> None:
        """Wait for a moment. Even without a wait, other requests get a turn first."""
        self.due = due
        await asyncio.sleep(max(0.0, self._start + due * self._pace - time.monotonic()))


async def _while_connected(receive: Receive, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do the work, and cancel it as soon as the client has gone."""

    async def disconnect() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    job, watch = asyncio.create_task(work()), asyncio.create_task(disconnect())
    try:
        await asyncio.wait({job, watch}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        job.cancel()
        watch.cancel()
        await asyncio.wait({job, watch})
    if not job.cancelled():
        job.result()
