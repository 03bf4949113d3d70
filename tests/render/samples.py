"""Samples of everything that is shown, each compared whole with a file in the folder `sheet`.

`python -m tests.render.samples` writes these files anew; what has changed is then seen in the
difference of the commit.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import comet_magic as comet
from comet_magic.families.chat.request import body
from comet_magic.families.compose import compose
from comet_magic.generation import Generation, Inspection, Status
from comet_magic.kernel.ledger import LedgerEntry
from comet_magic.media.audios import MOST_EMBEDDED, GeneratedAudio
from comet_magic.media.images import GeneratedImage
from comet_magic.media.medium import Medium
from comet_magic.media.videos import GeneratedVideo
from comet_magic.money.budget import Budget, Use
from comet_magic.render import final_bundles, live_bundle, mimebundle
from comet_magic.render.html import Html
from comet_magic.render.ledger import ledger_bundle
from comet_magic.wire.log_writer import LogWriter
from comet_magic.wire.usage import Usage
from tests.client.scripted import DONE, delta
from tests.generation.test_gallery import generation as made
from tests.pictures import MP4, encoded
from tests.sounds import MP3, sound

FOLDER = Path(__file__).with_name("sheet")
LINK = "https://a.example/x.png?sig=secret&se=2026-11-28T12%3A00%3A00Z"
VIDEO = "https://a.example/v.mp4"
LONG = " ".join(f"word{number}" for number in range(60))
PICTURE = GeneratedImage.from_url(LINK, "A cat").with_data(encoded(size=(900, 600)))
SAVED = replace(PICTURE, path=Path("comet_images/cat.png"))
LINKED = GeneratedImage.from_url(LINK, LONG)
POSTER = GeneratedImage.from_url(LINK).with_data(encoded(size=(600, 900)))
FILM = GeneratedVideo.from_url(VIDEO, "A boat", POSTER).with_data(MP4 + bytes(2_600_000))
TALK = replace(sound(MP3 + bytes(MOST_EMBEDDED)), path=Path("comet_images/talk.mp3"))
SPENT: Mapping[str, Any] = {
    "usage": Usage(24, 1_120, 1_144, {"cached_tokens": 7}, {"reasoning_tokens": 1_009}),
    "cost": 0.0234, "cost_source": "your prices", "time_to_first_token": 0.25, "attempts": 2,
    "finish_reason": "stop", "request_id": "r-1", "id": "chatcmpl-1", "task_id": "t-1",
    "gen_ids": ("gen_1", "gen_2"), "parameters": {"prompt": "A cat", "ratio": "3:2"},
}  # fmt: skip
MARKDOWN = """# Cats
- **one** and [two](https://a.example), ![three](https://a.example/x.png) ~~four~~
- $a_1 = b$, not $5 or $6

| a | b |
|---|--:|
| 1 | a<br>b |

```python
cat < dog
```
> said
"""


def failed(**changes: Any) -> Generation:
    """One that failed."""
    return made(**{"status": Status.FAILED, "error": "It broke.\nTry again.", **changes})


def running(**changes: Any) -> Generation:
    """One of a model that makes pictures, on its way."""
    return made(**{"status": Status.GENERATING, "medium": Medium.IMAGE, **changes})


def inspection(pieces: list[bytes], *requests: int, model: str = "m") -> Inspection:
    """What went over the wire: an attempt for each of these statuses, and one with the pieces."""
    ticks = count()
    log = LogWriter(lambda: float(next(ticks)))
    headers = [("content-type", "text/event-stream")]
    sent = body(compose("A cat", model="m"))
    for status in (*requests, 200):
        url = f"https://api.example/v1/chat/completions?{model}"
        log.ask("POST", url, [("accept", f"*/* {model}")], sent)
        log.answer(status, headers)
        for piece in [b"busy\n"] if status != 200 else pieces:
            log.hear(piece)
    end = float(next(ticks))
    return Inspection(model, "demo", "complete", end, Usage(1, 2, 3), None, log.exchange)


STREAM = [
    delta('```\n{"prompt": "A cat"}\n```\n\n> Queuing.\n'),
    delta("\n> Generating..\n\n> 🏃 Progress 14...3"),
    *[delta(f"7..[100](https://a.example/{'A' * 200}.png)\n")] * 3,
    delta("\n![gen_1](https://a.example/cdn/q.png)", "stop"),
    DONE,
]


def entry(number: int, **changes: Any) -> LedgerEntry:
    """One of a ledger."""
    known: dict[str, Any] = {
        # The table shows the time of the place where it is looked at.
        "started": datetime(2026, 1, 2, 3, 4, number % 60).astimezone(), "model": f"m-{number}",
        "endpoint": "api.example", "status": Status.COMPLETE, "pictures": 1,
        "total_tokens": 1_000 * number, "elapsed": 2.25, "cost": 0.01 * number,
        "used": Use(1, 1_000 * number, 0.01 * number),
    }  # fmt: skip
    return LedgerEntry(**{**known, **changes})


def used(*entries: LedgerEntry, **limits: Any) -> dict[str, str]:
    """What `%comet usage` shows."""
    whole = sum((each.used for each in entries), Use())
    return ledger_bundle(entries, whole, Budget(**limits))


def one(*generations: Generation, reason: bool = False) -> dict[str, str]:
    """All final outputs together."""
    bundles = final_bundles(*generations, reason=reason)
    return {
        kind: "\n".join(bundle[kind] for bundle in bundles) for kind in ("text/html", "text/plain")
    }


WORDY: Mapping[str, Any] = {
    "model": "m" * 200, "finish_reason": "f" * 200, "replayed": "r" * 200, "notes": ("n" * 200,),
    "error": "\n".join(f"line {number}" for number in range(9)), "request_id": "i" * 300,
    "status": Status.FAILED,
}  # fmt: skip
ESTIMATED = entry(3, total_tokens=None, cost=None, used=Use(1, 1_500, 0.5, 1_500, 0.5))
UNSENT = entry(
    4, total_tokens=None, cost=None, used=Use(), is_sent=False, pictures=0, status=Status.FAILED
)
CHOICES = (
    made(answer="Yes."), made(answer=""), failed(error="No.", answer="No."), made(answer="Maybe.")
)  # fmt: skip
SAMPLES: dict[str, Callable[[], Mapping[str, str]]] = {
    "a text": lambda: one(made(answer=MARKDOWN, medium=Medium.TEXT, usage=Usage(1, 2, 3))),
    "a picture": lambda: one(made(images=(SAVED,), revised_prompt="A cat", answer="Here.")),
    "all that is known": lambda: one(made(images=(SAVED,), notes=("one", "two"), **SPENT)),
    "pictures": lambda: one(made(images=(PICTURE, SAVED, LINKED), endpoint="demo")),
    "a picture as a link": lambda: one(made(images=(LINKED,))),
    "a picture that cannot be shown": lambda: mimebundle(
        replace(LINKED, data=b"<svg/>", media_type="image/svg+xml", alt="A cat")
    ),
    "a video": lambda: one(made(videos=(replace(FILM, path=Path("a b.mp4")),))),
    "a video without a poster": lambda: mimebundle(
        replace(FILM, path=Path("v.mp4"), poster=None, alt=LONG)
    ),
    "a video as a link": lambda: mimebundle(GeneratedVideo.from_url(VIDEO, "A boat", POSTER)),
    "a sound": lambda: one(made(audios=(sound(),), endpoint="demo")),
    "a large sound": lambda: mimebundle(TALK),
    "a sound as a link": lambda: mimebundle(GeneratedAudio.from_url(LINK, LONG)),
    "answers": lambda: one(made(choices=CHOICES, revised_prompt="A red boat")),
    "a failure below its cell": lambda: one(failed(notes=("retried",), answer="So far")),
    "a failure with its reason": lambda: one(failed(answer="So far"), reason=True),
    "a refusal": lambda: one(failed(error="No.", answer="No."), reason=True),
    "an interruption": lambda: one(
        made(status=Status.INTERRUPTED, percent=7, error="It was stopped."), reason=True
    ),
    "a replay": lambda: one(
        made(replayed="a.jsonl, recorded 2026-11-25", cost=1.0, cost_source="your prices")
    ),
    "long words": lambda: one(
        made(images=(replace(SAVED, alt="a" * 600),), **WORDY), reason=True
    ),
    "side by side": lambda: one(
        made(images=(PICTURE, SAVED)), failed(model="n"), made(videos=(FILM,), audios=(sound(),))
    ),
    "queued": lambda: live_bundle(running(status=Status.QUEUED)),
    "on its way": lambda: live_bundle(
        running(percent=61, ratio="3:2", notes=("a",), endpoint="demo", revised_prompt=LONG)
    ),
    "on its way, a text": lambda: live_bundle(
        running(medium=Medium.TEXT, answer="So **far**", text="So **far**")
    ),
    "on its way, a video": lambda: mimebundle(running(medium=Medium.VIDEO, answer="Here.\n")),
    "on its way, answers": lambda: live_bundle(
        running(choices=(running(percent=14), running(status=Status.QUEUED)), percent=14)
    ),
    "on its way, side by side": lambda: live_bundle(
        made(images=(PICTURE, SAVED), videos=(FILM,), audios=(sound(),)), running(model="n")
    ),
    "a sheet": lambda: mimebundle(
        comet.grid([
            made("A boat", images=(PICTURE, GeneratedImage.from_url(LINK, "A link"))),
            made(LONG, model="other", answer="Meow", endpoint="demo"),
            failed(), made(status=Status.INTERRUPTED, percent=7), made("A dog"),
            made("A film", videos=(FILM, GeneratedVideo.from_url(VIDEO))),
            made("A talk", audios=(TALK, sound())),
        ])
    ),
    "a sheet of two columns": lambda: mimebundle(comet.grid([made("A boat", answer="A")], 2)),
    "a sheet of long words": lambda: mimebundle(
        comet.grid([
            made("p" * 90, answer="a" * 300), made("p" * 91, answer="a" * 240),
            made("p" * 601, **{**WORDY, "error": "e" * 300}),
        ])
    ),
    "an empty sheet": lambda: mimebundle(comet.grid([])),
    "an inspection": lambda: mimebundle(inspection(STREAM)),
    "an inspection of long words": lambda: mimebundle(
        inspection([delta("w " * 400), DONE], model="m" * 200)
    ),
    "an inspection of attempts": lambda: mimebundle(
        inspection([*[delta("x")] * 62, DONE], 503, 429)
    ),
    "usage of long words": lambda: used(entry(1, model="m" * 50, endpoint="e" * 70)),
    "usage": lambda: used(
        entry(1), entry(2), ESTIMATED, UNSENT, requests=4, tokens=10_000, cost=0.5
    ),
    "usage by estimate": lambda: used(ESTIMATED),
    "usage of the demo": lambda: used(entry(1, endpoint="demo"), entry(2, endpoint="replay")),
    "usage without prices": lambda: used(*(entry(n, cost=None, used=Use(1)) for n in range(61))),
    "no usage": lambda: used(requests=1),
}  # fmt: skip


def sheet(bundle: Mapping[str, str]) -> str:
    """A bundle as lines: one for each element, without the bytes of pictures and sounds."""
    html = re.sub("(data:[a-z]+/[a-z0-9+]+;base64,)[A-Za-z0-9+/=]+", r"\1…", bundle["text/html"])
    lines = re.sub(r"(?<!^)(?=<[a-z])", "\n", html)
    text = bundle.get("text/plain")
    kinds = sorted(bundle.keys() - {"text/html", "text/plain"})
    return "\n".join([lines, *(f"--- {kind}" for kind in kinds), *(["---", text] if text else [])])


def shown(html: Html) -> dict[str, str]:
    """A part of a page as a bundle."""
    return {"text/html": html}


def main() -> None:
    """Writes all files."""
    from .panel_samples import PANEL_SAMPLES

    FOLDER.mkdir(exist_ok=True)
    for name, sample in {**SAMPLES, **PANEL_SAMPLES}.items():
        path = FOLDER / f"{name}.txt"
        path.write_text(f"{sheet(sample())}\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
