"""Mutates valid answers and looks for what must not be; run by hand, it is not collected.

    python -m tests.faults.fuzz --seconds 60 [--seed 7]
    python -m tests.faults.fuzz --pictures 20000 [--seed 7]

It looks for errors outside the tree, for answers that take more than 5 s, and for texts that
depend on how they were cut; with `--pictures` for answers that lose a whole picture. What it finds
is printed with what is needed to see it again.
"""

import argparse
import asyncio
import collections
import json
import random
import resource
import tempfile
import time
import traceback
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import httpx

import comet_magic as comet
from comet_magic.client.create import create
from comet_magic.client.endpoint import Endpoint
from comet_magic.families.chat.transcript import TranscriptParser
from comet_magic.families.compose import compose
from comet_magic.generation import Generation
from comet_magic.settings.key import ApiKey
from comet_magic.settings.settings import Settings
from tests.client.scripted import DONE, Script, data, delta
from tests.faults.fault import KEY, PAGE, TEXT
from tests.faults.table import FAULTS
from tests.faults.whole_pictures import losses
from tests.transcripts import ROWS

HANG = 5.0
TOKENS = [
    b"data: ", b"\n\n", b"\r", b"[DONE]", b'{"', b"}", b"[", b'"choices":', b"null", b"1e999",
    b"\\ud83d", b"\\",
    b"\xf0\x9f", b"\xef\xbb\xbf", b"```", b"> ", b"![", b"](", b")", b"https://h.example/p.png",
    b"data:image/png;base64,",
    b"[100](", b"%", b"..", b'"prompt":', b"\x00", b"\x1b[31m", b"\xe2\x80\xa8", b"<html>",
    b"event: error\n", b"<", b"_", b"*",
]  # fmt: skip


def seeds() -> list[bytes]:
    """Valid answers to begin with: real transcripts, faults, bodies and pages."""
    found = [PAGE.encode(), delta(TEXT, "stop") + DONE]
    for row in ROWS:
        text = str(row["text"])
        body = {"id": "c", "choices": [{"message": {"content": text}, "finish_reason": "stop"}]}
        found.append(json.dumps(body, ensure_ascii=False).encode())
        pieces = [text[place : place + 7] for place in range(0, len(text), 7)]
        found.append(b"".join(delta(piece) for piece in pieces) + delta("", "stop") + DONE)
        found.append(
            delta(text, "stop") + data({"choices": [], "usage": {"total_tokens": 3}}) + DONE
        )
    for fault in FAULTS:
        steps = b"".join(step for step in fault.answers[0] if isinstance(step, bytes))
        found.append(steps.partition(b"\r\n\r\n")[2][:5_000])
    return [seed for seed in found if seed]


def mutated(seed: bytes, others: list[bytes], dice: random.Random) -> bytes:
    """The seed after one to eight changes."""
    made = bytearray(seed)
    for _ in range(dice.randint(1, 8)):
        place, end = sorted(dice.randint(0, len(made)) for _ in "12")
        end = min(end, place + dice.choice((1, 4, 40, 400)))
        kind = dice.randrange(7)
        if kind == 0:
            del made[place:end]
        elif kind == 1:
            made[place:place] = dice.choice(TOKENS)
        elif kind == 2:
            made[place:place] = bytes(made[place:end]) * dice.choice((1, 2, 30))
        elif kind == 3 and made:
            made[place % len(made)] = dice.randrange(256)
        elif kind == 4:
            other = dice.choice(others)
            begin = dice.randint(0, len(other))
            made[place:end] = other[begin : begin + 400]
        elif kind == 5:
            made[place:place] = dice.choice(TOKENS) * dice.choice((10, 1_000))
        else:
            del made[place:]
    return bytes(made[:300_000])


def cut(stream: bytes, dice: random.Random) -> list[bytes]:
    """The stream in up to 40 pieces."""
    places = sorted(
        {0, len(stream), *(dice.randint(0, len(stream)) for _ in range(dice.randint(1, 40)))}
    )
    return [stream[start:end] for start, end in pairwise(places)]


async def outcome(
    steps: list[bytes], status: int, model: str, folder: Path
) -> tuple[str, str, str, object]:
    """What the user gets: the error's class and text, the answer's text and progress."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(404)
        return httpx.Response(status, stream=Script(steps))

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        settings = Settings(
            base_url="http://127.0.0.1:9/v1",
            api_key=ApiKey(KEY, "fuzz"),
            save_dir=folder,
            max_retries=0,
        )
        endpoint = Endpoint(settings, http, "fuzz")
        request = compose("Hi", model=model)
        seen: list[Generation] = []
        try:
            generation = await create(endpoint, request, seen.append, download=False)
        except comet.CometError as error:
            kept = error.generation
            assert kept
            generation = kept
            if len(str(error).splitlines()) > 3:
                raise AssertionError(f"more than three lines: {str(error)[:200]!r}") from None
            name, said = type(error).__name__, str(error)
        else:
            name = said = ""
        repr(generation._repr_mimebundle_())
        if KEY in said:
            raise AssertionError("the key is shown")
        generation.text.encode()
        return name, said, generation.text, generation.progress


def transcript(text: str, dice: random.Random) -> None:
    """Feeds a text whole and in pieces, and compares the facts."""
    whole = TranscriptParser()
    whole.feed(text)
    parser = TranscriptParser()
    while text:
        size = dice.choice((1, 2, 7, 60))
        _ = parser.feed(text[:size]).progress
        text = text[size:]
    facts, same = whole.close(), parser.close()
    if (facts.facts, facts.images) != (same.facts, same.images):
        raise AssertionError("a transcript depends on its cutting")


def lost_pictures(runs: int, seed: int) -> int:
    """Prints the answers that lose a whole picture, and returns how many there are."""
    found = list(losses(runs, seed))
    for text, missing in found[:20]:
        print(f"lost {[url[:100] for url in missing]}: {text[:2_000]!r}")
    print(f"seed {seed}: {len(found):,} of {runs:,} answers lose a whole picture")
    return len(found)


def main() -> int:
    """Runs until the time is over; the exit code counts what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--pictures", type=int, metavar="RUNS", help="look for lost pictures")
    options = parser.parse_args()
    if options.pictures:
        return lost_pictures(options.pictures, options.seed)
    dice = random.Random(options.seed)
    begun, runs, bytes_in, slowest = time.monotonic(), 0, 0, 0.0
    others = seeds()
    classes: collections.Counter[str] = collections.Counter()
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:

        def once(stream: bytes, status: int, model: str) -> None:
            nonlocal slowest
            results = []
            for steps in ([stream], cut(stream, dice)):
                started = time.monotonic()
                work = outcome(steps, status, model, Path(folder))
                results.append(asyncio.run(asyncio.wait_for(work, 4 * HANG)))
                slowest = max(slowest, time.monotonic() - started)
                if time.monotonic() - started > HANG:
                    raise AssertionError("more than 5 s")
            classes[results[0][0] or "read"] += 1
            if results[0] != results[1]:
                raise AssertionError(f"depends on its cutting: {results!r:.400}")

        while time.monotonic() - begun < options.seconds:
            stream = mutated(dice.choice(others), others, dice)
            status = dice.choice((200, 200, 200, 200, 200, 400, 401, 429, 500, 503))
            model = dice.choice(("gpt-4o-image", "gpt-4o-mini", "sora-2"))
            if status == 200 and model != "gpt-4o-mini":
                stream = stream.replace(KEY.encode(), b"x")  # what a model says is no leak
            text = stream.decode(errors="replace")
            said = delta(text.replace(KEY, "x"), "stop") + DONE
            tries: list[Callable[[], None]] = [
                partial(once, stream, status, model),
                partial(once, said, 200, model),
                partial(transcript, text, dice),
            ]
            for attempt in tries:
                runs, bytes_in = runs + 1, bytes_in + len(stream)
                try:
                    attempt()
                except Exception as error:  # noqa: BLE001
                    where = traceback.extract_tb(error.__traceback__)[-1]
                    file = Path(where.filename).name
                    name = f"{type(error).__name__} at {file}:{where.lineno}"
                    if name not in found or len(found[name]) > len(stream):
                        found[name] = stream
                        print(f"{name}: {str(error)[:400]}")
                        print(f"  {status} {model} {stream[:300]!r} ({len(stream)} bytes)")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000
    print(
        f"seed {options.seed}: {runs:,} runs, {bytes_in / 1e6:.0f} MB, slowest {slowest:.2f} s, "
        f"{memory} MB of memory at most; {len(found)} kinds of trouble; {dict(classes)}"
    )
    return len(found)


if __name__ == "__main__":
    raise SystemExit(main())
