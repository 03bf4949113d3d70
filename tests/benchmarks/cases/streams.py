"""Many streams at once: CPU time, errors, and memory for each."""

import asyncio
import resource
from collections.abc import Awaitable, Callable
from importlib import import_module

import comet_magic as comet

from .. import wire
from ..readers import BODY, aiohttp_text
from ..report import Row
from ..run import Run, median, ratio
from ..server import raw_server

_AT_ONCE = (1, 10, 100, 1_000)
_COUNT, _MICROSECONDS = 20, 20_000
_NAMES = ("comet_magic", "openai, async", "aiohttp")


def measure(run: Run) -> list[Row]:
    """Each of the streams waits until all are there; every text is compared."""
    rows = []
    with raw_server() as url:
        for streams in _AT_ONCE:
            found = run.measure("streams", _NAMES, url, streams)
            largest = streams == _AT_ONCE[-1]
            work = f"{streams:,} streams at once" if streams > 1 else "1 stream"
            for name, bar in (("openai, async", 0.5), ("aiohttp", None)):
                if name in found:
                    value = ratio(found, "comet_magic", name)
                    rows.append(Row(work, f"CPU, {name}", value, " ×", bar if largest else None))
            if largest:
                for name in found:
                    value = median(found, name, "peak") / streams / 1e3
                    rows.append(Row(work, f"memory of {name} for each", value, " kB"))
    return rows


def contestant(name: str, url: str, streams: str) -> Callable[[], None]:
    """All of them, from one process."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8_192), hard))
    base = f"{url}/together/{streams}/{_COUNT}/{_MICROSECONDS}/v1"
    expected = "".join(wire.tokens(_COUNT))
    runner = asyncio.Runner()
    make: dict[str, Callable[[str], Callable[[], Awaitable[str]]]] = {
        "comet_magic": _comet, "openai, async": _openai, "aiohttp": _aiohttp,
    }  # fmt: skip

    async def all_of_them(ask: Callable[[], Awaitable[str]]) -> list[str]:
        return await asyncio.gather(*(ask() for _ in range(int(streams))))

    async def prepared() -> Callable[[], Awaitable[str]]:
        return make[name](base)

    ask = runner.run(prepared())

    def once() -> None:
        assert runner.run(all_of_them(ask)) == [expected] * int(streams)

    return once


def _comet(url: str) -> Callable[[], Awaitable[str]]:
    async def ask() -> str:
        generation = await comet.agenerate("go on", model=wire.MODEL, base_url=url, download=False)
        return generation.text

    return ask


def _openai(url: str) -> Callable[[], Awaitable[str]]:
    module = import_module("openai")
    # Its default of 1,000 connections is enough; ours and aiohttp's have no limit.
    client = module.AsyncOpenAI(base_url=url, api_key="-", max_retries=0)

    async def ask() -> str:
        stream = await client.chat.completions.create(**BODY)
        said = [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
        return "".join(said)

    return ask


def _aiohttp(url: str) -> Callable[[], Awaitable[str]]:
    module = import_module("aiohttp")
    session = module.ClientSession(connector=module.TCPConnector(limit=0))
    return lambda: aiohttp_text(session, url)
