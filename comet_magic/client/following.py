"""One answer, followed to its end: every chunk of it goes to a builder."""

import asyncio
import time
from contextlib import aclosing, suppress

import httpx

from ..errors import APIConnectionError, APITimeoutError, StreamError
from ..families.chat.chunks import ChatCompletionChunk
from ..generation import GenerationBuilder
from ..text import one_line
from ..wire.log_writer import LogWriter
from .endpoint import Endpoint
from .events import Answer, WebPageError, json_body
from .failures import in_brackets, request_id_of, sent_error, web_page_error, without_key
from .pulse import Pulse
from .retries import retried

# Seconds of silence that are waited for usage and `[DONE]` once every choice has ended.
_LAST_WORDS = 5.0


class Follower:
    """Asks for one answer, again where that is safe, and feeds it to a builder.

    Args:
        endpoint: Is asked.
        builder: Takes what arrives; holds the request.
        recorder: Keeps what is sent and received.
        pulse: Told of each change.
        silence: Seconds that the answer may be silent, for the message.
        began: When, in seconds of `time.monotonic`.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        builder: GenerationBuilder,
        recorder: LogWriter,
        *,
        pulse: Pulse,
        silence: float,
        began: float,
    ) -> None:
        self._endpoint = endpoint
        self._builder = builder
        self._recorder = recorder
        self._pulse = pulse
        self._silence = silence
        self._began = began

    async def follow(self, max_retries: int, *, wait_if_limited: bool = True) -> None:
        """Returns when the whole answer has arrived.

        Args:
            max_retries: Times that the request is sent again where that is safe.
            wait_if_limited: Whether that is so after a 429.

        Raises:
            CometError: No answer came, or it was cut or carried an error.
        """
        body = json_body(self._builder.request.body())

        async def ask(number: int) -> None:
            self._builder.attempts = number
            async with self._endpoint.response(
                "POST", "chat/completions", body, self._recorder
            ) as response:
                self._builder.request_id = request_id_of(response, self._endpoint.key)
                try:
                    await self._read(response)
                finally:
                    # What a recording has to say of itself.
                    self._builder.notes += response.extensions.get("notes", list)()

        never = () if wait_if_limited else ("429",)
        await retried(ask, max_retries + 1, self._announce, never=never)

    def _announce(self, note: str) -> None:
        self._builder.notes.append(note)
        self._pulse.change()

    async def _read(self, response: httpx.Response) -> None:
        answer = Answer(response, self._recorder.hear)
        try:
            with self._endpoint.mapped():
                await self._take_all(answer)
        except WebPageError as error:
            # Not from `error`, which holds the page as it came, the key included if it is in it.
            raise web_page_error(response, error.args[0], self._endpoint.key) from None
        except APITimeoutError as error:
            if not self._builder.has_ended:
                raise StreamError(
                    f"The answer stopped: nothing came for {self._silence:g} s{self._id}.\n"
                    "%config CometMagics.timeout raises the time."
                ) from error
        except APIConnectionError as error:
            if not self._builder.has_ended:
                cause = error.__cause__
                broken = isinstance(cause, httpx.DecodingError)
                why = one_line(str(cause), 200) if broken else "the connection broke"
                raise self._cut(why) from error
        if not answer.is_whole and not self._builder.has_ended:
            raise self._cut("it ended early")

    @property
    def _id(self) -> str:
        return in_brackets(self._builder.request_id)

    def _cut(self, why: str) -> StreamError:
        return StreamError(f"The answer was cut: {why}{self._id}.\nWhat arrived is kept.")

    async def _take_all(self, answer: Answer) -> None:
        async with aclosing(answer.chunks()) as chunks:
            with suppress(TimeoutError):
                async with asyncio.timeout(None) as limit:
                    async for chunk in chunks:
                        self._take(chunk)
                        # Usage and [DONE] follow the end at once, if they follow at all. Some
                        # say `stop` in every chunk: what still comes is waited for.
                        if not self._builder.has_all:
                            limit.reschedule(None)
                        elif chunk.choices or limit.when() is None:
                            limit.reschedule(_now() + _LAST_WORDS)

    def _take(self, chunk: ChatCompletionChunk) -> None:
        self._builder.add(chunk, time.monotonic() - self._began)
        if chunk.error:
            host, key = self._endpoint.host, self._endpoint.key
            if chunk.error.request_id:
                self._builder.request_id = without_key(key, chunk.error.request_id)
            raise sent_error(chunk.error, host, self._builder.request_id, key)
        self._pulse.change()


def _now() -> float:
    return asyncio.get_running_loop().time()
