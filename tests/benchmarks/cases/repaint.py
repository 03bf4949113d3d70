"""From Run to the first word on the screen, and from the last byte to the final paint."""

import re
import statistics
import tempfile
from pathlib import Path

from ...kernel.real.kernel import Cell, Kernel
from .. import wire
from ..readers import BODY
from ..report import Row
from ..run import Run, say
from ..server import log_of, raw_server

# What one would write by hand in a cell: plain httpx, the words as they come, the picture as it is.
_BY_HAND = f"""
import json, re, httpx
from IPython.display import Image, display
client = httpx.Client(timeout=60)
def by_hand(url):
    text, shown = "", None
    with client.stream("POST", url + "/chat/completions", json={BODY!r}) as response:
        for line in response.iter_lines():
            if line.startswith("data: {{"):
                for choice in json.loads(line[6:])["choices"]:
                    text += choice["delta"].get("content") or ""
                if shown is None:
                    shown = display({{"text/plain": text}}, raw=True, display_id=True)
    shown.update({{"text/plain": text}}, raw=True)
    for link in re.findall(r"!\\[.*?\\]\\((.*?)\\)", text):
        display(Image(client.get(link).content))
"""
_FIRST_WORD = re.compile(rf"\b{wire.tokens(1)[0].strip()}\b")


def measure(run: Run) -> list[Row]:
    """Wall times in one warm kernel, in turns; the server says when it sent its last byte."""
    more: dict[str, list[float]] = {"first": [], "last": [], "picture": []}
    with (
        raw_server() as url,
        tempfile.TemporaryDirectory() as folder,
        Kernel(Path(folder), {}) as kernel,
    ):
        for code in ("%load_ext comet_magic", _BY_HAND):
            assert kernel.run(code).status == "ok"
        for number in range(run.rounds + 1):
            ours, theirs = (_words(kernel, url, ours=which) for which in (True, False))
            picture = _picture(kernel, url, ours=True) - _picture(kernel, url, ours=False)
            if number:
                more["first"].append(ours[0] - theirs[0])
                more["last"].append(ours[1] - theirs[1])
                more["picture"].append(picture)
            say(".")
    by_hand = "more than plain httpx"
    return [
        Row("Run → first word shown", by_hand, _milliseconds(more["first"]), " ms", 50),
        Row("last byte → final paint", by_hand, _milliseconds(more["last"]), " ms", 50),
        Row(
            f"the same with a picture of {len(wire.photo()) / 1e6:.1f} MB",
            by_hand,
            _milliseconds(more["picture"]),
            " ms",
            150,
        ),
    ]


def _words(kernel: Kernel, url: str, *, ours: bool) -> tuple[float, float]:
    cell = _run(kernel, f"{url}/text/40/5000/v1", ours=ours)
    frames = [frame for output in cell.outputs for frame in output.frames]
    first = next(moment for moment, data in frames if _FIRST_WORD.search(" ".join(data.values())))
    return first - cell.started, frames[-1][0] - log_of(url).ends[-1]


def _picture(kernel: Kernel, url: str, *, ours: bool) -> float:
    cell = _run(kernel, f"{url}/link/v1", ours=ours)
    log = log_of(url)
    assert log.paths[-1] == "/photo.png", log
    assert any({"image/jpeg", "image/png"} & output.data.keys() for output in cell.outputs)
    last = max(moment for output in cell.outputs for moment, _ in output.frames)
    return last - log.ends[-1]


def _run(kernel: Kernel, url: str, *, ours: bool) -> Cell:
    if ours:
        assert kernel.run(f"%config CometMagics.base_url = {url!r}").status == "ok"
        cell = kernel.run(f"%%comet {wire.MODEL}\ngo on")
    else:
        cell = kernel.run(f"by_hand({url!r})")
    assert cell.status == "ok", cell
    return cell


def _milliseconds(found: list[float]) -> float:
    return 1e3 * statistics.median(found)
