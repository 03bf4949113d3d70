"""Sends an answer at a human pace, as server-sent events or whole, while somebody listens."""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from comet_magic.demo.families.chat.answer import Answer, chunks, whole
from comet_magic.demo.families.chat.lessons import STREAM_ERROR

_SILENCE = 0.4  # Seconds without a chunk, at a pace of 1, that are filled with a comment.
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]


class EventStream:
    """An ASGI response that sends an answer as server-sent events.

    A client that goes away ends it at once. With `cut` as its ending the connection is closed
    in the middle of the body.
    """

    def __init__(
        self,
        answer: Answer,
        *,
        pace: float,
        include_usage: bool,
        opened: AbstractContextManager[None],
    ) -> None:
        self._answer = answer
        self._pace = pace
        self._include_usage = include_usage
        self._opened = opened

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._opened:
            await _while_connected(receive, lambda: self._send(send))

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})

        async def event(text: str, *, more: bool = True) -> None:
            body = f"{text}\n\n".encode()
            await send({"type": "http.response.body", "body": body, "more_body": more})

        clock = _Clock(self._pace)
        for at, chunk in chunks(self._answer, include_usage=self._include_usage):
            if at - clock.due > _SILENCE:
                await event(": PING")
            await clock.until(at)
            await event(_data(chunk))
        ending = self._answer.scripts[0].ending
        if ending == "cut":
            return
        if ending == "error":
            await event(_data(STREAM_ERROR))
        await event("data: [DONE]", more=False)


class WholeAnswer:
    """An ASGI response that waits as long as the answer takes, then sends it in one body."""

    def __init__(self, answer: Answer, *, pace: float) -> None:
        self._answer = answer
        self._pace = pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def work() -> None:
            await _Clock(self._pace).until(self._answer.seconds)
            # Pictures inside the answer make it many megabytes: not on the event loop.
            response = await asyncio.to_thread(self._response)
            if self._answer.scripts[0].ending == "cut":
                start = {"type": "http.response.start", "status": 200}
                await send(start | {"headers": response.raw_headers})
                half = response.body[: len(response.body) // 2]
                await send({"type": "http.response.body", "body": half, "more_body": True})
            else:
                await response(scope, receive, send)

        await _while_connected(receive, work)

    def _response(self) -> JSONResponse:
        failed = self._answer.scripts[0].ending == "error"
        return JSONResponse(STREAM_ERROR if failed else whole(self._answer))


class _Clock:
    """Waits for moments of a script.

    Attributes:
        due: The moment of the script that was last waited for.
    """

    def __init__(self, pace: float) -> None:
        self._pace = pace
        self._start = time.monotonic()
        self.due = 0.0

    async def until(self, moment: float) -> None:
        """Return when the moment has come; the other requests always get a turn first."""
        self.due = moment
        await asyncio.sleep(max(0.0, self._start + moment * self._pace - time.monotonic()))


async def _while_connected(receive: Receive, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do the work, and give it up as soon as the client has gone."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    job, watch = asyncio.create_task(work()), asyncio.create_task(gone())
    try:
        await asyncio.wait({job, watch}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        job.cancel()
        watch.cancel()
        await asyncio.wait({job, watch})
    if not job.cancelled():
        job.result()


def _data(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}"
