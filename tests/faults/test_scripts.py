"""A script whose main thread ends while others wait for answers loses none of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.scripted import DONE, delta
from tests.faults.fault import SSE
from tests.faults.server import CLOSE, STALL, FaultServer, Step, head, whole
from tests.pictures import encoded

# `ended` is printed when pools take no more work, which is shortly before their threads are joined.
_HEAD = """
import asyncio, sys, threading, time
from concurrent.futures import ThreadPoolExecutor, thread
from comet_magic import agenerate, generate, usage

known = dict(base_url=sys.argv[1], api_key="sk-0123456789", model="gpt-4o-image", max_retries=0)

def ask(number):
    told(generate(f"number {number}", **known))

def told(generation):
    # One write a line: several threads tell at once.
    words = [str(generation.status), *(str(image.path) for image in generation.images)]
    sys.stdout.write(" ".join(words) + "\\n")
    sys.stdout.flush()

def tell():
    while not thread._shutdown:
        time.sleep(0.01)
    sys.stdout.write("ended\\n")
    sys.stdout.flush()

threading.Thread(target=tell, daemon=True).start()
"""
_WAYS = {
    "a pool": "pool = ThreadPoolExecutor(3)\nfor number in range(3): pool.submit(ask, number)\n",
    "threads": "for number in range(3): threading.Thread(target=ask, args=[number]).start()\n",
    "a loop in a thread": """
async def all_of_them():
    async def one(number):
        told(await agenerate(f"number {number}", **known))
    await asyncio.gather(*map(one, range(3)))

threading.Thread(target=lambda: asyncio.run(all_of_them())).start()
""",
}
# The main thread ends when all have been sent.
_WAIT = "for line in sys.stdin: break\n"

# The loop that `asyncio.run` made takes no step after its end.
_LEAVE = """
import asyncio, sys
import nest_asyncio
from comet_magic import stream

known = dict(base_url=sys.argv[1], api_key="sk-0123456789", model="gpt-4o-mini")

async def leave():
    states = stream("a story", **known)
    async for state in states:
        if state.text:
            break
    await states.aclose()

if sys.argv[2] == "nested":
    nest_asyncio.apply()
asyncio.run(leave())
print("left", flush=True)
for line in sys.stdin: break
"""


@pytest.mark.parametrize("way", _WAYS.values(), ids=[*_WAYS])
@pytest.mark.parametrize("end", ["", "raise SystemExit(3)\n"], ids=["returns", "exits"])
def test_no_answer_is_lost(tmp_path: Path, way: str, end: str) -> None:
    """Its pictures are fetched, decoded and saved, when Python starts no more threads."""
    script = tmp_path / "script.py"
    script.write_text(_HEAD + way + _WAIT + end, encoding="utf-8")
    with FaultServer() as server:
        text = f"![gen]({server.url}/1.png)\n![gen]({server.url}/2.png)"
        answer: list[Step] = [head(200, SSE), STALL, delta(text, "stop") + DONE, CLOSE]
        server.script("/v1/chat/completions", answer)
        for number in (1, 2):
            server.script(f"/{number}.png", [whole(200, encoded("PNG", (300 + number, 200)))])
        with subprocess.Popen(
            [sys.executable, script, f"{server.url}/v1"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        ) as running:  # fmt: skip
            assert running.stdin
            assert running.stdout
            assert server.wait_until(lambda: len(server.seen("/v1/chat")) == 3, 20)
            running.stdin.write("go on\n")
            running.stdin.flush()
            assert running.stdout.readline() == "ended\n"
            server.release()
            said, problems = running.communicate(timeout=20)
    assert problems == ""
    assert running.returncode == (3 if end else 0)
    lines = said.splitlines()
    assert [line.split()[0] for line in lines] == ["complete"] * 3
    saved = [name for line in lines for name in line.split()[1:]]
    assert len(set(saved)) == 6
    assert all((tmp_path / name).exists() for name in saved)


@pytest.mark.parametrize("loops", ["nested", "plain"])
def test_a_stream_that_is_left_is_cancelled(tmp_path: Path, loops: str) -> None:
    """The endpoint sees the connection go while the script is still there."""
    script = tmp_path / "script.py"
    script.write_text(_LEAVE, encoding="utf-8")
    with FaultServer() as server:
        server.script("/v1/chat/completions", [head(200, SSE), delta("Once"), STALL])
        with subprocess.Popen(
            [sys.executable, script, f"{server.url}/v1", loops],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        ) as running:  # fmt: skip
            assert running.stdout
            assert running.stdout.readline() == "left\n"
            (asked,) = server.seen("/v1/chat")
            assert server.wait_until(lambda: asked.connection.closed_by == "client", 5)
            running.communicate("end\n", timeout=20)
