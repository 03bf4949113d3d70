"""A transcript of 100,000 chunks: whether the cost of one grows with those before it."""

from collections.abc import Callable

from comet_magic.families.chat.chunks import ChatCompletionChunk, ChunkChoice
from comet_magic.families.compose import compose

from ...families.chat.growing import Growing
from .. import wire
from ..report import Row
from ..run import Run, ratio

_LONG, _SHORT = 100_000, 1_000
_FRAMES = 20


def measure(run: Run) -> list[Row]:
    """CPU time a chunk, from parsed chunks to a final value, with 20 frames on the way."""
    count = _LONG // run.scale
    found = run.measure("transcript", ["long", "short"], count)
    work = f"a transcript of {count:,} chunks, {_FRAMES} frames"
    return [Row(work, f"CPU a chunk, {_SHORT:,} chunks", ratio(found, "long", "short"), " ×", 1.5)]


def contestant(name: str, count: str) -> Callable[[], None]:
    """One long answer, or as many chunks in short ones."""
    length = int(count) if name == "long" else _SHORT
    chunks = [
        ChatCompletionChunk("c1", wire.MODEL, (ChunkChoice(0, token),))
        for token in wire.tokens(length)
    ]
    expected = "".join(wire.tokens(length))

    def once() -> None:
        for _ in range(int(count) // length):
            request = compose("go on", model=wire.MODEL)
            builder = Growing(request)
            for number, chunk in enumerate(chunks):
                builder.add(chunk, 1.0)
                if number % (length // _FRAMES) == 0:
                    builder.snapshot()
            builder.close(is_whole=True)
            assert builder.finish(1.0).text == expected

    return once
