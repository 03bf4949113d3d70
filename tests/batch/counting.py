"""`python -m tests.batch.counting [DELAY]`: an endpoint in a process of its own, which counts.

It answers every prompt with a few words after DELAY seconds. It says its address on the first line
of its output, then `connected` for each connection, `asked PROMPT` for each request and
`sent PROMPT` after each whole answer.
It is a hundred lines of asyncio and not the demo: so fast that a benchmark measures the client.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def _chunk(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(content), content)


def _answer(prompt: str) -> bytes:
    words = ["You ", "said: ", prompt, ". ", "That ", "is ", "all."]
    events = []
    for number, word in enumerate(words, 1):
        end = "stop" if number == len(words) else None
        event: dict[str, object] = {
            "id": "c1",
            "model": "gpt-4o-mini",
            "choices": [{"index": 0, "delta": {"content": word}, "finish_reason": end}],
        }
        if end:
            event["usage"] = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
        events.append(b"data: " + json.dumps(event).encode() + b"\n\n")
    return _chunk(b"".join([*events, b"data: [DONE]\n\n"])) + b"0\r\n\r\n"


async def serve(delay: float, *, quiet: bool) -> None:
    """Answers until the process is ended."""

    def say(text: str) -> None:
        if not quiet:
            print(text, flush=True)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        say("connected")
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                size = int(head.partition("content-length: ")[2].partition("\r\n")[0])
                body = json.loads(await reader.readexactly(size))
                prompt = body["messages"][-1]["content"]
                say(f"asked {prompt}")
                if delay:
                    await asyncio.sleep(delay)
                writer.write(_HEAD + _answer(prompt))
                await writer.drain()
                say(f"sent {prompt}")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=1000)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


@contextmanager
def counting_server(log: Path, delay: float = 0.0, *, quiet: bool = False) -> Iterator[str]:
    """The base URL of such a server, which writes to `log` and ends with the block."""
    command = [sys.executable, "-m", "tests.batch.counting", str(delay), *(["quiet"] * quiet)]
    with (
        log.open("wb") as output,
        subprocess.Popen(command, cwd=_ROOT, stdout=output, stderr=subprocess.STDOUT) as process,
    ):
        try:
            while b"/v1\n" not in log.read_bytes():
                assert process.poll() is None, log.read_text()
            yield log.read_text().splitlines()[0]
        finally:
            process.kill()


if __name__ == "__main__":
    try:
        asyncio.run(serve(float((*sys.argv, "0")[1]), quiet="quiet" in sys.argv))
    except KeyboardInterrupt:
        pass
