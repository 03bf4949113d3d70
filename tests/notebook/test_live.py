"""The output of a cell while it runs and at its end."""

import io
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import ipywidgets
import pytest
from IPython.core.displaypub import CapturingDisplayPublisher

from comet_magic.errors import CometError
from comet_magic.generation import Generation, Status
from comet_magic.media.images import GeneratedImage
from comet_magic.notebook import frontend, live
from comet_magic.notebook.cell import interrupted, last_state
from comet_magic.notebook.live import (
    Clock,
    FinalDisplay,
    NotebookDisplay,
    TerminalDisplay,
    live_display,
)
from tests.families.chat.growing import chunk
from tests.families.chat.growing import growing as builder
from tests.generation.test_builder import finished
from tests.pictures import encoded
from tests.sounds import sound, spoken


class Screen:
    """Stands for the front end: what is displayed, by output."""

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.frames = 0

    def display(self, bundle: dict[str, Any], *, raw: bool, display_id: bool = False) -> Any:
        assert raw
        place = len(self.outputs)
        self.outputs.append(bundle)
        self.frames += 1

        def update(newer: dict[str, Any], *, raw: bool) -> None:
            assert raw
            self.outputs[place] = newer
            self.frames += 1

        return SimpleNamespace(update=update) if display_id else None


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """The front end of the test."""
    made = Screen()
    monkeypatch.setattr(live, "display", made.display)
    return made


def states() -> list[Generation]:
    """A generation with a picture on its way."""
    growing = builder()
    seen = [growing.snapshot(0.0)]
    for text in (
        '{"prompt": "A tabby cat"}\n',
        "> Queuing.\n",
        "> Generating..\n",
        "> Progress 14..",
        "61..\n",
    ):
        growing.add(chunk(text), 1.0)
        seen.append(growing.snapshot(1.0))
    return seen


def whole() -> Generation:
    """The same with its picture."""
    generation = finished('{"prompt": "A tabby cat"}\n![x](https://a.example/x.png)')
    return replace(generation, images=(generation.images[0].with_data(encoded()),))


def test_a_notebook_repaints_one_output(screen: Screen) -> None:
    """Frames replace each other and carry no picture; at the end the picture stands there."""
    shown = NotebookDisplay()
    for state in states():
        shown.show((state,))
        assert len(screen.outputs) == 1
        assert set(screen.outputs[0]) == {"text/html", "text/plain"}
        assert "data:image" not in screen.outputs[0]["text/html"]
    assert "61 %" in screen.outputs[0]["text/plain"]
    shown.finish((whole(),))
    picture, summary = screen.outputs
    assert {"text/html", "text/plain", "image/jpeg"} == set(picture)
    assert 'alt="A tabby cat"' in picture["text/html"]
    assert "complete" in summary["text/plain"]


def test_the_final_mode_shows_the_same_end(screen: Screen) -> None:
    """The saved outputs are equal, with no update on the way."""
    streaming, final = NotebookDisplay(), FinalDisplay()
    for state in states():
        streaming.show((state,))
    streaming.finish((whole(),))
    saved, screen.outputs, screen.frames = screen.outputs, [], 0
    for state in states():
        final.show((state,))
    final.finish((whole(),))
    assert screen.outputs == saved
    assert screen.frames == 2


def text_of(*shown: Generation, end: Generation | None = None) -> str:
    """What a terminal shows."""
    out = io.StringIO()
    terminal = TerminalDisplay(out)
    for state in shown:
        terminal.show((state,))
        terminal.show((state,))
    if end:
        terminal.finish((end,))
    return out.getvalue()


def test_a_terminal_says_each_stage_once() -> None:
    """Percentages follow on the line; then the path, the end, and the usage."""
    text = text_of(*states(), end=whole())
    assert text.splitlines()[:2] == ["gpt-4o-image: queued", "gpt-4o-image: generating 14 % 61 %"]
    assert "A tabby cat" in text
    assert "gpt-4o-image: complete" in text
    assert "\x1b" not in text


def test_a_percentage_is_told_of_its_own_stage_alone() -> None:
    """The last one may come with the picture, when it is fetched already."""
    last = states()[-1]
    fetching = replace(last, percent=100, images=whole().images)
    assert text_of(last, fetching).splitlines()[1:] == ["gpt-4o-image: fetching the picture"]


def test_a_terminal_shows_tokens_as_they_come() -> None:
    """Each once; at the end nothing is repeated."""
    growing = builder("gpt-4o-mini")
    shown = []
    for word in ("Hello ", "big ", "\x1b[31mworld"):
        growing.add(chunk(word), 1.0)
        shown.append(growing.snapshot(1.0))
    growing.add(chunk("", "stop"), 1.0)
    growing.close(is_whole=True)
    text = text_of(*shown, end=growing.finish(1.0))
    assert text.count("Hello") == 1
    assert "Hello big world\ngpt-4o-mini: complete" in text
    assert "\x1b" not in text


def test_a_pipe_that_takes_few_letters_loses_those_alone() -> None:
    """As on Windows: the answer goes on, where an error would lose what was paid for."""
    growing = builder("gpt-4o-mini")
    growing.add(chunk("Größe: 画 🎨 x", "stop"), 1.0)
    growing.close(is_whole=True)
    raw = io.BytesIO()
    pipe = io.TextIOWrapper(raw, encoding="cp1252")
    TerminalDisplay(pipe).finish((growing.finish(1.0),))
    said = raw.getvalue().decode("cp1252")
    assert "Größe: ? ? x" in said
    assert "gpt-4o-mini: complete" in said


def test_a_terminal_tells_of_a_retry_when_it_happens() -> None:
    """Not only at the end."""
    waiting = replace(states()[0], notes=("429, again in 2 s, try 2 of 4",))
    assert "try 2 of 4" in text_of(states()[0], waiting)


def test_the_display_suits_the_front_end() -> None:
    """Repainting is for kernels; a terminal gets text in either mode."""
    kernel, terminal = SimpleNamespace(kernel=1), SimpleNamespace()
    assert isinstance(live_display(kernel, "stream"), NotebookDisplay)
    assert isinstance(live_display(kernel, "final"), FinalDisplay)
    assert isinstance(live_display(terminal, "stream"), TerminalDisplay)
    assert isinstance(live_display(terminal, "final"), TerminalDisplay)


def test_the_clock_ticks_while_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seconds of the last state go on; a new state brings its own."""
    now = 100.0
    monkeypatch.setattr("comet_magic.notebook.live.time.monotonic", lambda: now)
    clock = Clock((states()[0],))
    now = 102.5
    assert clock.take(None)[0].elapsed == 2.5
    assert clock.take((states()[-1],))[0].elapsed == 1.0
    now = 103.0
    assert clock.take(None)[0].elapsed == 1.5
    assert clock.latest[0].status is Status.GENERATING
    assert isinstance(whole().images[0], GeneratedImage)


def test_sounds_have_outputs_in_a_notebook_and_lines_in_a_terminal(screen: Screen) -> None:
    """A player each, then the summary; in text their words and where they are."""
    NotebookDisplay().finish((spoken(sound(), sound()),))
    assert ["<audio" in bundle["text/html"] for bundle in screen.outputs] == [True, True, False]
    out = io.StringIO()
    TerminalDisplay(out).finish((spoken(sound()),))
    assert "[sound] Hello\n1 kB wav" in out.getvalue()
    assert "1 sound" in out.getvalue()


def test_the_whole_of_a_terminal() -> None:
    """A line for each stage, what follows on it, and the results."""
    retried = replace(states()[0], notes=("429, again in 2 s",))
    picture = whole().images[0]
    assert text_of(states()[0], retried, *states()[1:], end=whole()).splitlines() == [
        "gpt-4o-image: queued",
        "429, again in 2 s",
        "gpt-4o-image: generating 14 % 61 %",
        f"[picture] {picture.alt}",
        f"{picture.width} × {picture.height} · https://a.example/x.png",
        "gpt-4o-image: complete",
        "1 picture · first token 1.0 s · total 2.0 s · finish stop",
    ]


def text_states(*texts: str) -> list[Generation]:
    """A text model's answer that grows to each of these texts."""
    growing, seen, before = builder("gpt-4o-mini"), [], ""
    for text in texts:
        growing.add(chunk(text.removeprefix(before)), 1.0)
        seen.append(growing.snapshot(1.0))
        before = text
    growing.add(chunk("", "stop"), 1.0)
    growing.close(is_whole=True)
    return [*seen, growing.finish(2.0)]


def test_a_terminal_goes_on_where_it_was() -> None:
    """What comes with the end stands behind what came before, on the same line."""
    first, _, end = text_states("Hel", "Hello world")
    assert text_of(first, end=end).splitlines() == [
        "gpt-4o-mini: answering",
        "Hello world",
        "gpt-4o-mini: complete",
        "first token 1.0 s · total 2.0 s · finish stop",
    ]


def test_a_terminal_says_an_answer_that_has_become_another_again() -> None:
    """What stands there cannot be taken back."""
    first, end = text_states("Hello")
    changed = replace(end, answer="Bye")
    assert text_of(first, end=changed).splitlines()[:4] == [
        "gpt-4o-mini: answering", "Hello", "Bye", "gpt-4o-mini: complete",
    ]  # fmt: skip


def test_a_terminal_says_nothing_of_an_answer_that_is_gone() -> None:
    """What stands there stays, and nothing comes in its place."""
    first, end = text_states("Hello")
    assert text_of(first, end=replace(end, answer="")).splitlines()[:3] == [
        "gpt-4o-mini: answering", "Hello", "gpt-4o-mini: complete",
    ]  # fmt: skip


def test_several_in_a_terminal_have_their_stages_first() -> None:
    """Their texts would mix while they run."""
    out = io.StringIO()
    terminal = TerminalDisplay(out)
    one, end = text_states("Hello")
    failed = replace(end, status=Status.FAILED, error="It broke.", answer="", endpoint="demo")
    terminal.show((one, states()[0]))
    terminal.show((one, states()[-1]))
    terminal.finish((end, failed))
    assert out.getvalue().splitlines() == [
        "gpt-4o-mini: answering",
        "gpt-4o-image: queued",
        "gpt-4o-image: generating",
        "Hello",
        "gpt-4o-mini: complete",
        "first token 1.0 s · total 2.0 s · finish stop",
        "gpt-4o-mini (demo): failed",
        "It broke.",
        "first token 1.0 s · total 2.0 s · finish stop",
    ]
    assert out.getvalue().endswith("\n")


def test_choices_in_a_terminal_come_at_the_end() -> None:
    """They would mix, too."""
    first, end = text_states("Hello")
    several = replace(end, choices=(end, replace(end, answer="Bye")))
    running = replace(first, choices=(first, first))
    assert text_of(running, end=several).splitlines()[:6] == [
        "gpt-4o-mini: answering", "Answer 1 of 2:", "Hello", "", "Answer 2 of 2:", "Bye",
    ]  # fmt: skip


def test_what_only_collects_gets_the_results_alone() -> None:
    """`%%capture`, and an Output widget while it is open; other widgets receive nothing."""
    captured = SimpleNamespace(kernel=1, display_pub=CapturingDisplayPublisher())
    assert isinstance(live_display(captured, "stream"), FinalDisplay)
    kernel = SimpleNamespace(kernel=1, display_pub=object())
    text, output = ipywidgets.Text(), ipywidgets.Output()
    text.msg_id = "m-1"
    assert isinstance(live_display(kernel, "stream"), NotebookDisplay)
    output.msg_id = "m-1"
    assert isinstance(live_display(kernel, "stream"), FinalDisplay)
    output.msg_id = ""
    assert isinstance(live_display(kernel, "stream"), NotebookDisplay)
    ipywidgets.Widget.close_all()


@pytest.mark.parametrize(
    ("command", "console"),
    [
        (["/usr/bin/python", "/usr/bin/jupyter-console"], True),
        (["python", "-m", "jupyter_console"], True),
        (["python", "-m", "jupyterlab"], False),
        (["python", "-m", "pytest", "jupyter-console"], False),
        ([], False),
    ],
)
def test_a_console_is_known_by_what_started_the_kernel(
    command: list[str], console: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first words; it gets text, as a terminal does."""
    psutil = pytest.importorskip("psutil")
    monkeypatch.setattr(psutil.Process, "cmdline", lambda _: command)
    frontend.is_console.cache_clear()
    try:
        shown = live_display(SimpleNamespace(kernel=1), "stream")
    finally:
        frontend.is_console.cache_clear()
    assert isinstance(shown, TerminalDisplay if console else NotebookDisplay)


def test_the_last_state_is_that_of_the_error() -> None:
    """And if it has none, what was seen last."""
    seen, failed = states()[-1], whole()
    assert last_state(failed, seen) is failed
    assert last_state(CometError("It broke.", generation=failed), seen) is failed
    assert last_state(CometError("It broke."), seen) is seen


def test_what_was_stopped_is_marked_as_that() -> None:
    """Unless it had come to its end."""
    stopped = interrupted(states()[-1])
    assert (stopped.status, stopped.error) == (
        Status.INTERRUPTED,
        "It was stopped before its end. The request may still be charged.",
    )
    assert interrupted(whole()).status is Status.COMPLETE
