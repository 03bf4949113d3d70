"""What a reader sees of an inspection: a plot, the facts, the request and the lines, bounded."""

import re
from html import unescape
from itertools import count

import pytest

from comet_magic.families.chat.request import body
from comet_magic.families.compose import compose
from comet_magic.generation import Inspection
from comet_magic.render import mimebundle
from comet_magic.wire.log_writer import LogWriter
from comet_magic.wire.usage import Usage
from tests.client.scripted import DONE, delta
from tests.render.test_render import HOSTILE, Page

# What an untrusted JupyterLab keeps of HTML.
KEPT = {"div", "span", "strong", "em", "details", "summary", "table", "tr", "td", "pre"}
SCRIPT = [
    delta('```\n{"prompt": "A cat", "ratio": "1:1"}\n```\n\n> Queuing.\n'),
    delta("\n> Generating..\n\n> 🏃 Progress 14...3"),
    delta("7..[100](https://a.example/vg/p.png)\n"),
    delta("\n![gen_1](https://a.example/cdn/q.png)", "stop"),
    DONE,
]


def look(
    pieces: list[bytes] | None, prompt: str = "A cat", url: str = "https://api.example/v1"
) -> Inspection:
    """The inspection of an answer whose pieces came a second apart."""
    ticks = count()
    picture = "data:image/png;base64," + "A" * 9_000
    request = compose(prompt, model="gpt-4o-image", images=[picture])
    recording = LogWriter(lambda: float(next(ticks)))
    if pieces is not None:
        recording.ask(
            "POST", f"{url}/chat/completions", [("accept", "text/event-stream")], body(request)
        )
        recording.answer(200, [("content-type", "text/event-stream")])
        for piece in pieces:
            recording.hear(piece)
    return Inspection(
        "gpt-4o-image", "demo", "complete", float(next(ticks)), Usage(5, 1100, 1105), None,
        recording.exchange,
    )  # fmt: skip


def test_the_text_form_has_the_same_facts() -> None:
    """A plot of characters, the facts with their times, the request, and the lines."""
    text = mimebundle(look(SCRIPT))["text/plain"]
    head, *_ = lines = text.split("\n")
    assert head == (
        "gpt-4o-image: complete · demo · 7.0 s · 5 events · 644 bytes · 5 + 1,100 = 1,105 tokens"
    )
    progress = next(line for line in lines if line.startswith("progress"))
    assert progress.endswith("█  100 %")
    events = next(line for line in lines if line.startswith("events"))
    assert events.count("█") == 5
    assert "          generating: 3.0 s to 7.0 s" in lines
    assert "    4.00 s  progress    37 %" in lines
    assert "    5.00 s  image       https://a.example/cdn/q.png" in lines
    assert "POST https://api.example/v1/chat/completions" in lines
    assert "accept: text/event-stream" in lines
    assert '"text": "A cat"' in text
    assert "·more…" in text
    assert "A" * 60 not in text
    assert "The answer as received: 5 lines, 644 bytes" in lines
    assert lines[-1] == "   6.000 s  data: [DONE]"


def test_the_plot_has_a_column_for_each_moment() -> None:
    """The height is the percentage, or the number of events, and the phases fill the width."""
    html = mimebundle(look(SCRIPT))["text/html"]
    heights = [int(found) for found in re.findall(r"height:(\d+)%", html)]
    assert len(heights) == 96
    progress, events = heights[:48], heights[48:]
    assert sorted(set(progress)) == [0, 14, 100]
    assert progress == sorted(progress)
    assert [place for place, high in enumerate(events) if high] == [13, 20, 27, 34, 41]
    shares = [float(found) for found in re.findall(r"width:([\d.]+)%;min", html)]
    assert sum(shares) == pytest.approx(100, abs=1)
    for name in ("waiting 2.0 s", "generating 4.0 s"):
        assert name in html


def test_an_untrusted_notebook_keeps_all_of_it() -> None:
    """No element, and no style sheet, that JupyterLab's sanitizer takes away."""
    page = Page(mimebundle(look(SCRIPT))["text/html"])
    assert set(page.names) <= KEPT
    assert page.open == []
    assert {key for _, key, _ in page.attributes} <= {"style", "role", "aria-label"}
    styles = [value for _, key, value in page.attributes if key == "style"]
    assert not [style for style in styles if "position" in style or "url(" in style]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    """In the prompt, in the answer, in facts and in errors."""
    pieces = [delta(f"> Generating..\n{text}\n"), f"data: {text}\n\n".encode(), DONE]
    bundle = mimebundle(look(pieces, prompt=text))
    page = Page(bundle["text/html"])
    assert set(page.names) <= KEPT
    assert page.open == []
    for shown in bundle.values():
        assert not set("\x1b\x00\u202e") & set(shown)


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param(delta("word "), id="tokens"),
        pytest.param(b"data: " + b"z y " * 30_000 + b"\n\n", id="long lines"),
        pytest.param(b": PING\n\n", id="comments"),
        pytest.param(delta("> 🏃 Progress 14...37\n"), id="facts"),
    ],
)
def test_what_is_shown_is_bounded(piece: bytes) -> None:
    """A notebook holds what it shows: not more than a picture, whatever came."""
    inspection = look([piece] * 5_000, prompt="p" * 200_000)
    bundle = mimebundle(inspection)
    assert len(bundle["text/html"]) < 150_000
    assert len(bundle["text/plain"]) < 60_000
    assert "more lines in" in bundle["text/html"] or len(inspection.lines) < 200
    assert "were not kept here" in bundle["text/html"]


def test_without_an_exchange_it_says_so() -> None:
    """Nothing was sent, or nothing was kept."""
    assert "Nothing was sent." in mimebundle(look(None))["text/plain"]
    assert "Nothing was sent." in mimebundle(look(None))["text/html"]
    gone = Inspection("m", "api.example", "complete", 1.0, None, None, None)
    assert "not kept" in mimebundle(gone)["text/html"]
    assert "demo" not in mimebundle(gone)["text/plain"]


def test_an_answer_that_has_not_come() -> None:
    """It has a request, a time, and no answer; and no bar that is divided by nothing."""
    inspection = look([])
    assert "0 events" in mimebundle(inspection)["text/plain"]
    html = mimebundle(inspection)["text/html"]
    assert "height:" in html
    assert "events in" not in html


def test_the_whole_text_form() -> None:
    """As a terminal shows it, from the first line to the last."""
    text = mimebundle(look(SCRIPT, prompt="Größe 画"))["text/plain"]
    facts, request = text.split("\nPOST ")
    blank, bar = " " * 10, "▂" * 7 + "█" * 21
    assert facts.splitlines() == [
        "gpt-4o-image: complete · demo · 7.0 s · 5 events · 644 bytes · 5 + 1,100 = 1,105 tokens",
        "",
        f"progress  {' ' * 20}{bar}  100 %",
        f"events    {' ' * 13}█      █      █      █      █{' ' * 6}  1",
        f"{blank}0{' ' * 42}7.0 s",
        f"{blank}waiting: 0.0 s to 2.0 s",
        f"{blank}queued: 2.0 s to 3.0 s",
        f"{blank}generating: 3.0 s to 7.0 s",
        "",
        "    0.00 s  sent        POST /v1/chat/completions",
        "    1.00 s  answered    200 text/event-stream",
        '    2.00 s  first text  ``` {"prompt": "A cat", "ratio": "1:1"} ``` > Queuing.',
        '    2.00 s  parameters  {"prompt": "A cat", "ratio": "1:1"}',
        "    2.00 s  stage       queued",
        "    3.00 s  stage       generating",
        "    3.00 s  progress    14 %",
        "    4.00 s  preview     https://a.example/vg/p.png",
        "    4.00 s  progress    37 %",
        "    4.00 s  progress    100 %",
        "    5.00 s  image       https://a.example/cdn/q.png",
        "    5.00 s  finish      stop",
        "    6.00 s  done        [DONE]",
    ]
    head, _, answer = request.partition("\n\n")
    assert head.splitlines()[:4] == [
        "https://api.example/v1/chat/completions", "accept: text/event-stream", "{",
        '  "model": "gpt-4o-image",',
    ]  # fmt: skip
    assert '          "text": "Größe 画"' in head
    assert f'"data:image/png;base64,{"A" * 24}…8,976·more…"' in head
    assert answer.splitlines()[0] == "The answer as received: 5 lines, 644 bytes"
    assert answer.splitlines()[1] == (
        '   2.000 s  data: {"id": "c1", "… "choices": [{"index": 0, "delta": {"content": "```\\n'
        '{\\"prompt\\": \\"A cat\\", \\"ratio\\":…'
    )
    assert len(answer.splitlines()) == 6


def test_the_page_has_the_request_and_each_line() -> None:
    """Both behind a title; a line with the second in which it came."""
    html = mimebundle(look([*SCRIPT[:3], b": x\n\n", DONE], prompt="画"))["text/html"]
    titles = re.findall("<summary[^>]*>([^<]*)</summary>", html)
    assert titles == ["The request, as sent", "The answer as received: 5 lines, 498 bytes"]
    boxes = re.findall("<pre[^>]*>(.*?)</pre>", html, re.DOTALL)
    request, answer = map(unescape, boxes)
    assert request.startswith(
        "POST https://api.example/v1/chat/completions\naccept: text/event-stream\n\n{\n"
    )
    assert '"text": "画"' in request
    lines = re.sub("<[^>]*>", "", answer).splitlines()
    assert lines[:3] == ["HTTP 200", "content-type: text/event-stream", ""]
    assert lines[3].startswith('   2.000 s  data: {"id": "c1", "model": "m", "choices": [{"index"')
    assert lines[-2:] == ["   5.000 s  : x", "   6.000 s  data: [DONE]"]
    rows = re.findall("<tr>(.*?)</tr>", html)
    assert [re.findall("<td[^>]*>([^<]*)", row) for row in rows[:2]] == [
        ["0.00 s", "sent", "POST /v1/chat/completions"],
        ["1.00 s", "answered", "200 text/event-stream"],
    ]


@pytest.mark.parametrize(
    ("count", "in_text", "in_html"),
    [(8, 0, 0), (9, 1, 0), (12, 4, 0), (60, 52, 0), (61, 53, 1), (100, 92, 40)],
)
def test_how_many_lines_are_left_out(count: int, in_text: int, in_html: int) -> None:
    """The first and the last are shown, with a word in place of the others."""
    pieces = [f": {number}\n\n".encode() for number in range(count)]
    shown = mimebundle(look(pieces))
    for text, missing in ((shown["text/plain"], in_text), (shown["text/html"], in_html)):
        seen = re.findall(r"\d\.000 s  (?:</span>)?: (\d+)", text)
        assert len(seen) == count - missing
        assert (seen[0], seen[-1]) == ("0", str(count - 1))
        noun = "line" if missing == 1 else "lines"
        said = f"… {missing} more {noun} in inspect().lines …"
        assert text.count("inspect().lines") == bool(missing)
        assert (said in text) is bool(missing)


def test_attempts_are_numbered() -> None:
    """One that was answered by an error, one by nothing, one by the answer."""
    ticks = count()
    log = LogWriter(lambda: float(next(ticks)))
    for status in (503, None, 200):
        log.ask("POST", "https://api.example/v1/chat/completions", [], {})
        if status:
            log.answer(status, [])
            log.hear(b"busy\n" if status == 503 else DONE)
    made = Inspection("m", "api.example", "complete", 9.0, None, None, log.exchange)
    text, html = mimebundle(made)["text/plain"], mimebundle(made)["text/html"]
    assert text.splitlines()[0] == "m: complete · 9.0 s · 3 requests · 1 event · 14 bytes"
    assert re.findall("<summary[^>]*>([^<]*)<", html)[1:] == [
        "Answer 1 of 3 as received: 1 line, 5 bytes",
        "Answer 2 of 3 as received: 0 lines, 0 bytes",
        "Answer 3 of 3 as received: 1 line, 14 bytes",
    ]
    assert "There was no answer." in html
    assert "HTTP 503" in html
    assert "  sent      POST /v1/chat/completions, request 2 of 3" in text


@pytest.mark.parametrize(("length", "end"), [(600, "x"), (601, "… (1 more)")])
def test_a_line_is_cut_only_if_it_is_longer(length: int, end: str) -> None:
    """Than what a page shows of one."""
    html = mimebundle(look([b": " + b"x " * 298 + b"y" * (length - 600) + b"zx\n"]))["text/html"]
    (line,) = re.findall(r"</span>(: x [^\n]*)\n", html)
    assert line.endswith(end)
    assert len(line.removesuffix("… (1 more)")) == 600


def test_sizes_are_read_at_a_glance() -> None:
    """Bytes, then kilobytes, then megabytes."""
    for size, shown in ((999, "999 bytes"), (1_000, "1 kB"), (999_400, "999 kB")):
        head = mimebundle(look([b"x" * (size - 1) + b"\n"]))["text/plain"].splitlines()[0]
        assert f" · {shown} · " in head
    assert " · 1.5 MB · " in mimebundle(look([b"x" * 1_500_000]))["text/plain"]
