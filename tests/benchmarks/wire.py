"""The answers of the benchmarks, as bytes; who sends and who checks them make them alike."""

import base64
import io
import json
import random
from functools import cache

from PIL import Image

MODEL = "gpt-4o-mini"
_PROSE = (
    "The kitten sat on a cloud and looked at the sea below, where a small boat drew a white "
    "line through the blue; nobody was in a hurry, and the wind smelled of salt and oranges."
)


def tokens(count: int) -> list[str]:
    """Words of prose, in lines of a dozen."""
    words = _PROSE.split()
    return [
        words[number % len(words)] + ("\n" if number % 12 == 11 else " ") for number in range(count)
    ]


@cache
def noise(size: int) -> bytes:
    """A PNG-like block of random bytes: what an inline picture is to a reader of streams."""
    return random.Random(size).randbytes(size)


@cache
def inline(size: int) -> str:
    """A picture of `size` bytes as a text of Markdown."""
    return f"![picture](data:image/png;base64,{base64.b64encode(noise(size)).decode()})"


def cut(text: str, parts: int) -> list[str]:
    """`text` in so many pieces of one length, the last one shorter."""
    length = -(-len(text) // parts)
    return [text[start : start + length] for start in range(0, len(text), length)]


@cache
def photo(seed: int = 1) -> bytes:
    """A PNG of 1024 × 1536 and 4 MB: soft shapes, edges and fine grain, as in a photograph."""
    chance = random.Random(seed)
    width, height = 1024, 1536
    bands = []
    for _ in range(3):
        band = Image.new("L", (width, height))
        for step, weight in ((256, 0.5), (64, 0.35), (16, 0.12), (1, 0.25)):
            small = (width // step, height // step)
            layer = Image.frombytes("L", small, chance.randbytes(small[0] * small[1]))
            layer = layer.resize(band.size, Image.Resampling.BICUBIC)
            band = Image.blend(band, layer, weight)
        bands.append(band)
    stream = io.BytesIO()
    Image.merge("RGB", bands).save(stream, "PNG")
    return stream.getvalue()


def event(content: str, end: str | None = None) -> bytes:
    """One event of a stream, as one chunk of HTTP/1.1."""
    value: dict[str, object] = {
        "id": "chatcmpl-20261125000000000000000000000000",
        "object": "chat.completion.chunk",
        "created": 1764028800,
        "model": MODEL,
        "system_fingerprint": "fp_0123456789",
        "choices": [{"index": 0, "delta": {"content": content}, "finish_reason": end}],
    }
    return _chunk(b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n")


def ending(words: int) -> bytes:
    """Finish reason, usage, `[DONE]`, and the end of the body."""
    usage = {"prompt_tokens": 5, "completion_tokens": words, "total_tokens": words + 5}
    value = {"id": "c1", "object": "chat.completion.chunk", "created": 1764028800, "model": MODEL,
             "choices": [], "usage": usage}  # fmt: skip
    last = b"data: " + json.dumps(value).encode() + b"\n\n"
    return event("", "stop") + _chunk(last) + _chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)
