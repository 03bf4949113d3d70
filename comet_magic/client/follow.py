"""Follows an exchange: sends its calls, and passes the facts of the answers to a builder."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass

import httpx

from ..errors import APIConnectionError, APITimeoutError, CometError, StreamError
from ..families.exchange import Call, Exchange, Pause
from ..families.facts import Done, Fact, Finished, Grown, SentError, Used
from ..generation import GenerationBuilder
from ..wire.body import Body
from ..wire.events import Event
from ..wire.log_writer import LogWriter
from .answer import WebPageError, read_answer
from .endpoint import Endpoint, repeatable, respond
from .failures import (
    in_brackets,
    mapped,
    reason_of,
    request_id_in,
    request_id_of,
    sent_error,
    web_page_error,
)
from .pulse import Pulse
from .retries import TryAgain, retried

# Seconds to wait for usage and the end mark once every choice has ended.
_USAGE_SECONDS = 5.0
# Seconds to wait for more text of an endpoint that may send a finish reason with every chunk. A
# picture can take that long.
_LONGEST_PAUSE = 300.0
# Seconds to wait for the end of a body after its end mark.
_END_SECONDS = 0.25
# Seconds to wait for the provider to cancel its work; the user is waiting, too.
_CANCEL_SECONDS = 1.0
_TOKEN: set[type[Fact]] = {Grown}


@dataclass(frozen=True, slots=True)
class Follower:
    """Follows an exchange.

    Attributes:
        exchange: The exchange, which decides what to send and reads the answers.
        endpoint: The endpoint.
        builder: Takes the facts.
        log: Records requests and responses.
        pulse: Notified of each change.
        began: The start, in seconds of `time.monotonic`.
        waits_if_limited: Whether to retry after a 429.
    """

    exchange: Exchange
    endpoint: Endpoint
    builder: GenerationBuilder
    log: LogWriter
    pulse: Pulse
    began: float
    waits_if_limited: bool = True

    async def follow(self) -> None:
        """Follows the exchange to its end.

        Raises:
            CometError: There was no answer, or it was cut or contained an error.
        """
        while (step := self.exchange.next()) is not None:
            if isinstance(step, Pause):
                await asyncio.sleep(step.seconds / self.endpoint.pace)
            else:
                await self._send(step)

    async def cancel(self) -> None:
        """Asks the provider to stop the work, if it supports that. Ignores failures."""
        call = self.exchange.cancel()
        if call is None:
            return

        async def send(call: Call) -> None:
            with suppress(CometError, TryAgain, httpx.HTTPError):
                async with respond(self.endpoint, call, self.log):
                    pass  # the answer tells nothing that is needed

        sending = asyncio.create_task(send(call))
        with suppress(asyncio.CancelledError):
            await asyncio.wait({sending}, timeout=_CANCEL_SECONDS)
        sending.cancel()

    async def _send(self, call: Call) -> None:
        async def attempt(number: int) -> None:
            if number > 1:
                self.builder.attempts += 1
            with repeatable(call):
                async with respond(self.endpoint, call, self.log) as response:
                    await self._hear_all(call, response)

        never = () if self.waits_if_limited else ("429",)
        tries = self.endpoint.settings.max_retries + 1
        await retried(attempt, tries, self._announce, never=never)

    def _announce(self, note: str) -> None:
        self.builder.notes.append(note)
        self.pulse.change()

    async def _hear_all(self, call: Call, response: httpx.Response) -> None:
        self.builder.request_id = (
            request_id_of(response, self.endpoint.key) or self.builder.request_id
        )
        try:
            await self._hear(call, response)
        finally:
            # Notes of a replay, or of a recording that is under way.
            self.builder.notes += response.extensions.get("notes", list)()

    async def _hear(self, call: Call, response: httpx.Response) -> None:
        is_whole = False
        try:
            with mapped(self.endpoint.host, self.endpoint.settings):
                is_whole = await self._take_all(response)
        except WebPageError as error:
            # Do not chain `error`: it contains the page as received, possibly with the key.
            raise web_page_error(response, error.args[0], self.endpoint.key) from None
        except APITimeoutError as error:
            if not self.builder.has_ended:
                raise StreamError(
                    f"The answer stopped: nothing arrived for {self.endpoint.settings.timeout:g} s"
                    f"{self._id}.\n%config CometMagics.timeout raises the time."
                ) from error
        except APIConnectionError as error:
            if not self.builder.has_ended:
                cause = error.__cause__
                why = "the connection broke"
                if isinstance(cause, httpx.DecodingError):
                    why = reason_of(cause, self.endpoint.key)
                if not call.may_cost:
                    raise TryAgain(self._cut(why), "no connection") from error
                raise self._cut(why) from error
        if not is_whole and not self.builder.has_ended:
            raise self._cut("it ended early")

    @property
    def _id(self) -> str:
        return in_brackets(self.builder.request_id)

    def _cut(self, why: str) -> StreamError:
        return StreamError(f"The answer was cut: {why}{self._id}.\nWhat arrived is kept.")

    async def _take_all(self, response: httpx.Response) -> bool:
        """Reads the whole answer; returns whether it is complete."""
        async with aclosing(read_answer(response, self.log.hear)) as everything:
            with suppress(TimeoutError):
                async with asyncio.timeout(None) as limit:
                    async for each in everything:
                        kinds = self._take(each)
                        if Done in kinds or isinstance(each, Body):
                            await _drain(everything)
                            return True
                        if kinds is not _TOKEN or limit.when() is not None:
                            self._limit(limit, kinds)
        return False

    def _limit(self, limit: asyncio.Timeout, kinds: set[type[Fact]]) -> None:
        """Limits the wait for usage and the end mark once every choice has ended.

        Both follow at once, if at all. Text after a finish reason shows that the choice goes on.
        """
        if Grown in kinds:
            limit.reschedule(None)
        if self.builder.has_all and (Finished in kinds or Used in kinds):
            is_usage = Used in kinds and Grown not in kinds  # it comes behind the whole answer
            is_in_doubt = self.builder.is_open and not is_usage
            seconds = _LONGEST_PAUSE if is_in_doubt else _USAGE_SECONDS
            when = asyncio.get_running_loop().time() + seconds
            limit.reschedule(min(when, limit.when() or when))

    def _take(self, each: Event | Body) -> set[type[Fact]]:
        """Passes on the facts of an event or body; returns their types."""
        facts = list(self.exchange.hear(each))
        self.builder.take(facts, time.monotonic() - self.began)
        if len(facts) == 1 and type(facts[0]) is Grown:  # a token
            self.pulse.change()
            return _TOKEN
        kinds = set(map(type, facts))
        if SentError in kinds:
            raise self._sent(next(fact for fact in facts if isinstance(fact, SentError)))
        if facts:
            self.pulse.change()
        return kinds

    def _sent(self, error: SentError) -> CometError:
        key, failure, builder = self.endpoint.key, error.failure, self.builder
        builder.request_id = request_id_in(failure, key) or builder.request_id
        return sent_error(
            failure, self.endpoint.host, builder.request_id, key, in_answer=not builder.is_empty
        )


async def _drain(everything: AsyncGenerator[Event | Body, None]) -> None:
    """Reads the rest after the end mark, if it arrives at once, to reuse the connection."""
    with suppress(TimeoutError, httpx.TransportError, httpx.DecodingError):
        async with asyncio.timeout(_END_SECONDS):
            async for _ in everything:
                pass
