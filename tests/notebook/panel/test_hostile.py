"""What an endpoint sends to a panel: shown as text, within bounds, and never with the key."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from ipywidgets import Widget

import comet_magic as comet
from tests.client.scripted import DONE, delta
from tests.faults.fault import KEY, SSE, Fault
from tests.faults.server import FaultServer, whole
from tests.faults.table import FAULTS
from tests.faults.test_hostile import MARK, STEERING, TEXTS, answers, check_page
from tests.faults.test_pictures import PNG
from tests.notebook.conftest import Shell

from .conftest import Face, is_html, walk

QUOTING = [fault for fault in FAULTS if "quoting" in fault.id]


@pytest.fixture
def server(
    kernel_shell: Shell, face: Face, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FaultServer]:
    """The endpoint of a panel that is on the page; it is asked with the key."""
    with FaultServer() as server:
        monkeypatch.setenv("COMETAPI_BASE_URL", f"{server.url}/v1")
        monkeypatch.setenv("COMETAPI_KEY", KEY)
        server.script("/x.png", [whole(200, PNG)])
        kernel_shell.ip.user_ns["panel"] = face.panel
        kernel_shell.run("%config CometMagics.max_retries = 0")
        kernel_shell.run("display(panel)")
        yield server


def make(face: Face, prompt: str) -> None:
    """Asks, however it ends."""
    with suppress(comet.CometError):
        face.make(prompt, model="gpt-4o-image")


def every(widget: Widget) -> Iterator[Widget]:
    """A widget and all in it, also what is hidden."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from every(child)


def pages(face: Face, shell: Shell) -> list[str]:
    """All HTML of the panel, and of what stays in the notebook, without the style of ours."""
    kept = [each["data"].get("text/html", "") for each in shell.bundles]
    kept = [html.partition("</style>")[2] for html in kept if html]
    return [*kept, *(each.value for each in walk(face.panel) if is_html(each))]


@pytest.mark.parametrize("text", TEXTS.values(), ids=[*TEXTS])
def test_nothing_that_is_sent_is_obeyed(
    kernel_shell: Shell, face: Face, server: FaultServer, text: str
) -> None:
    """Markup, links, escapes and bidi signs in every place of an answer, and in the prompt."""
    for place, answer in answers(text, server.url).items():
        server.script("/v1/chat/completions", [answer])
        make(face, f"{place}: {text}")
        if "Full size" in face.buttons(face.tiles[0]):
            face.press("Full size", face.tiles[0])
        for page in pages(face, kernel_shell):
            check_page(page)
    assert sum(page.count(MARK) for page in pages(face, kernel_shell)) > 5
    assert not STEERING & {*"".join(e["data"].get("text/plain", "") for e in kernel_shell.bundles)}


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "part", ["x", "<b>\u202e\x1b[31m", "- [ ] [a](javascript:x())\n"], ids=repr
)
def test_five_megabytes_of_an_answer(
    kernel_shell: Shell, face: Face, server: FaultServer, part: str
) -> None:
    """All of it is kept; the page is sent a part."""
    text = part * (5_000_000 // len(part))
    server.script("/v1/chat/completions", [whole(200, delta(text, "stop") + DONE, SSE)])
    assert face.make("Hello", model="gpt-4o-mini").text == text
    assert face.wire.size < 3_000_000
    assert max(face.wire.messages) < 3_000_000
    assert sum(map(len, pages(face, kernel_shell))) < 3_000_000


@pytest.mark.parametrize("fault", QUOTING, ids=lambda fault: fault.id)
def test_a_quoted_key_is_in_no_widget(
    kernel_shell: Shell, face: Face, server: FaultServer, fault: Fault
) -> None:
    """Nor in a message to the page, a trait of any widget, or what a notebook saves."""
    server.script("/v1/chat/completions", *fault.answers)
    make(face, "Hello")
    assert any(request.header("authorization") == f"Bearer {KEY}" for request in server.requests)
    assert KEY not in "".join(face.wire.sent) + face.wire.text
    assert KEY not in str(kernel_shell.bundles)
    for widget in every(face.panel):
        assert KEY not in repr(widget._trait_values), widget
