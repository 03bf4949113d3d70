"""Hostile text wherever an endpoint, a prompt or a picture can put it: shown, never obeyed."""

import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from types import NoneType
from typing import Any

import pytest

import comet_magic as comet
from comet_magic.errors import short_traceback
from comet_magic.kernel import session
from comet_magic.notebook.live import TerminalDisplay
from comet_magic.render import final_bundles, live_bundle
from tests.client.scripted import DONE, data, delta
from tests.faults.conftest import HANG, Play
from tests.faults.fault import JSON, SSE, said
from tests.faults.server import FaultServer, whole
from tests.faults.test_pictures import PNG, shown

# They are typed in some versions and not in others.
nbformat: Any = import_module("nbformat.v4")
nbconvert: Any = import_module("nbconvert")

TEXTS = {
    "markup": '<script>x()</script><img src=x onerror=x()><svg onload=x()></svg><b onclick="x()">',
    "links": "[a](javascript:x()) ![b](javascript:x()) <javascript:x()> [c](data:text/html,<b>x)",
    "frame": "\"'><iframe src=//evil.example></iframe></pre></td></details><style>*{}</style>",
    "steering": "\x1b[31mred\x1b]0;title\x07 \x9b2J \x00 \u202egnp.exe\u2066 \r over",
    "path": "../../../etc/passwd \\\\host\\x CON nul.txt. . .",
    "braces": '{"prompt": "<script>x()</script>"} {x} {{7*7}} $\\href{javascript:x()}{y}$ %d %s',
}
MARK = "xyzzy"
ADDRESSES = ("http://", "https://", "data:image/jpeg;", "data:image/png;", "#")
STEERING = set("\x1b\x9b\x00\x07\r\u202e\u2066")


class Page(HTMLParser):
    """The elements of some HTML and their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.names.add(name)
        self.attributes += [(key, value or "") for key, value in attributes]


def check_page(html: str) -> None:
    """There is no element, handler or address in it that runs something or calls somebody."""
    page = Page(html)
    assert not {"script", "style", "iframe", "svg", "object", "embed"} & page.names
    for key, value in page.attributes:
        assert not key.startswith("on"), (key, value)
        if key in ("href", "src", "poster"):
            assert value.startswith(ADDRESSES), (key, value)
    assert not STEERING & set(html)


@pytest.fixture
def ask(server: FaultServer, own_session: session.Session) -> Iterator[Any]:
    """Asks an endpoint that answers so; returns the generation, and the error if there is one."""

    def run(answer: bytes, prompt: str = "Hi") -> tuple[comet.Generation, BaseException | None]:
        server.script("/hostile/v1/chat/completions", [answer])
        server.script("/x.png", [whole(200, PNG)])
        options: Any = {"base_url": f"{server.url}/hostile/v1", "max_retries": 0}
        try:
            return comet.generate(prompt, model="gpt-4o-image", **options), None
        except comet.CometError as error:
            kept = error.generation
            assert kept
            return kept, error

    yield run
    server.requests.clear()


def answers(text: str, url: str) -> dict[str, bytes]:
    """The same text, with a mark, in every place of an answer."""
    text = f"{text} {MARK}"
    picture = f"![gen]({url}/x.png)"
    block = json.dumps({"prompt": text, "ratio": text, text: text, "gen_id": text})
    labelled = f"![{text}]({url}/x.png) [{text}]({url}/other) {picture}"

    def stream(content: str, **more: Any) -> bytes:
        choice = {"index": 0, "delta": {"content": content}, "finish_reason": "stop"}
        event = data({"id": "c", "model": "m", "choices": [choice], **more})
        return whole(200, event + DONE, SSE)

    header = "".join(sign for sign in text if sign not in "\r\n\0").encode("utf-8", "replace")
    named = whole(401, said(text), JSON, "X-Request-Id: HERE").replace(b"HERE", header)
    finish = {"index": 0, "delta": {}, "finish_reason": text}
    usage = {"total_tokens": 3, "prompt_tokens_details": {text: 7}}
    return {
        "text": stream(f"{text}\n\n{picture}"),
        "refusal": stream(text),
        "block": stream(f"```json\n{block}\n```\n\n{picture}"),
        "labels": stream(labelled),
        "status line": stream(f"> 🏃 {text}\n> Task ID: `{text}`\n\n{picture}"),
        "ids": stream(picture, id=text, model=text, usage=usage),
        "finish": whole(200, data({"choices": [{**finish, "delta": {"content": picture}}]}), SSE),
        "error": whole(400, said(text, code=text, type=text), JSON),
        "error page": whole(502, f"<html><title>{text}</title><h1>{text}</h1>", "X: x"),
        "error text": whole(418, text),
        "header": named if b"\x1b" not in header else whole(401, said(text), JSON),
        "stream error": whole(200, data({"error": {"message": text}}), SSE),
    }


@pytest.mark.parametrize("text", TEXTS.values(), ids=[*TEXTS])
def test_nothing_that_is_sent_is_obeyed(ask: Any, server: FaultServer, text: str) -> None:
    """In bundles, errors, notes, file names, a terminal, and the page that nbconvert makes."""
    cells = []
    for place, answer in answers(text, server.url).items():
        generation, error = ask(answer, f"{place}: {text}")
        bundles = final_bundles(generation)
        for bundle in [*bundles, live_bundle(generation), generation._repr_mimebundle_()]:
            check_page(bundle["text/html"])
            assert not STEERING & set(bundle["text/plain"]), place
        lines = short_traceback(error) if error else []
        assert MARK in f"{asdict(generation)} {error and vars(error)} {lines}", place
        assert not STEERING & set("".join(lines)), place
        terminal = io.StringIO()
        display = TerminalDisplay(terminal)
        display.show((generation,))
        display.finish((generation,))
        assert not STEERING & set(terminal.getvalue()), place
        outputs = [nbformat.new_output("display_data", bundle) for bundle in bundles]
        if error:
            name = type(error).__name__
            outputs.append(
                nbformat.new_output("error", ename=name, evalue=str(error), traceback=lines)
            )
        cells.append(nbformat.new_code_cell("%%comet", outputs=outputs))
        for image in generation.images:
            if image.path:
                assert image.path.absolute().parent == Path.cwd() / "comet_images"
                assert image.path.name.replace("-", "").replace(".", "").isalnum()
    notebook = nbformat.new_notebook(cells=cells)
    page: str
    page, _ = nbconvert.HTMLExporter(template_name="basic").from_notebook_node(notebook)
    assert page.count(MARK) > 10
    check_page(page)


LONG = ["x", "\n", "<b>\u202e\x1b[31m", "http://a.example/x.png ", "- [ ] [a](javascript:x())\n"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("part", LONG, ids=repr)
def test_five_megabytes_of_an_answer(play: Play, part: str) -> None:
    """All of it is kept, read in seconds, and shown within bounds; a square would take minutes."""
    text = part * (5_000_000 // len(part))
    size = len(text) // 200
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    stream = b"".join(map(delta, pieces)) + delta("", "stop") + DONE
    outcome = play("long", [whole(200, stream, SSE)], model="m", timeout=30)
    # An answer of line ends alone is an empty one.
    assert type(outcome.error) is (NoneType if text.strip() else comet.GenerationError)
    generation = outcome.generation
    assert generation is not None
    assert generation.text == text
    assert len(repr(generation)) < 1_000
    assert len(live_bundle(generation)["text/html"]) < 20_000
    (bundle,) = final_bundles(generation)
    check_page(bundle["text/html"])
    assert len(bundle["text/html"]) < 1_500_000
    assert not STEERING & set(bundle["text/plain"])


def test_ten_thousand_pictures(play: Play, server: FaultServer) -> None:
    """A hundred are fetched and shown, as a note says; the links of all are kept."""
    server.script("/x.png", [whole(200, PNG)])
    links = [f"{server.url}/x.png?{number}" for number in range(10_000)]
    for link in links[:200]:
        server.script(link.removeprefix(server.url), [whole(200, PNG)])
    outcome = play("many", shown(*links), model="gpt-4o-image", timeout=10)
    assert outcome.error is None
    generation = outcome.generation
    assert generation is not None
    assert [image.url for image in generation.images] == links
    assert len([image for image in generation.images if image.path]) == 100
    assert len([request for request in outcome.requests if request.method == "GET"]) == 100
    assert generation.notes == (
        "The first 100 of 10,000 pictures are fetched; the links of the others are in its images.",
    )
    bundles = final_bundles(generation)
    assert bundles[0]["text/html"].count("<figure") == 100
    assert "10,000 pictures · 100 of them shown" in bundles[-1]["text/plain"]
    assert sum(len(value) for bundle in bundles for value in bundle.values()) < 5_000_000
    assert outcome.seconds < HANG


def test_more_pictures_are_fetched_if_they_were_asked_for(play: Play, server: FaultServer) -> None:
    """Whoever wants 120 and pays for them gets 120."""
    links = [f"{server.url}/x.png?{number}" for number in range(130)]
    for link in links:
        server.script(link.removeprefix(server.url), [whole(200, PNG)])
    outcome = play("more", shown(*links), model="gpt-4o-image", timeout=10, n=120)
    assert outcome.generation is not None
    assert len([image for image in outcome.generation.images if image.path]) == 120
    assert final_bundles(outcome.generation)[0]["text/html"].count("<figure") == 120
