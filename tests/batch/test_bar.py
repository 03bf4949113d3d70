"""The progress bar of a batch."""

import io
import sys

import httpx
import pytest

import comet_magic as comet
from comet_magic.batch.bar import Bar

from ..client.scripted import DONE, delta, sse
from .conftest import Endpoint, options, status


class Terminal(io.StringIO):
    """Takes what is written to standard error."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def shown(monkeypatch: pytest.MonkeyPatch, *prompts: str, **more: object) -> list[str]:
    """What the bar of a batch writes: its states, in order."""
    terminal = Terminal(is_terminal=more.pop("is_terminal", True) is True)
    monkeypatch.setattr(sys, "stderr", terminal)
    list(comet.map(prompts, **options(progress=True, **more)))
    return terminal.getvalue().split("\r")


def test_it_counts_rows_failures_and_tokens(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tokens as they were received; the last state stands."""
    endpoint.answers["bad"] = status(400)
    last = shown(monkeypatch, "a", "bad", "c")[-1]
    assert last.startswith("comet: 100%|")
    assert "| 3/3 [" in last
    assert "row/s" in last
    assert "1 failed, 6 tokens" in last
    assert last.endswith("\n")


def test_it_says_how_long_a_limit_holds_all(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait of a 429 is seen while it lasts, and is gone at the end."""
    waits = iter([status(429, **{"Retry-After": "2"})])

    async def once(prompt: str) -> object:
        return await next(waits, status(400))(prompt)

    endpoint.answers["a"] = once  # type: ignore[assignment]
    states = shown(monkeypatch, "a")
    assert any("429: again in" in state for state in states)
    assert "429" not in states[-1]


def test_rows_of_the_resume_file_use_nothing(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are counted, but their tokens were paid for before, and they took no time."""
    shown(monkeypatch, "a", "b", resume="run.jsonl")
    last = shown(monkeypatch, "a", "b", resume="run.jsonl")[-1]
    assert "2/2" in last
    assert "?row/s" in last
    last = shown(monkeypatch, "a", "b", "c", resume="run.jsonl")[-1]
    assert "3/3" in last
    assert "3 tokens" in last


def test_tokens_that_were_not_received_are_said_to_be_estimated(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And those of rows without an answer are none."""

    async def bare(_: str) -> httpx.Response:
        return sse(delta("x" * 40, "stop"), DONE)

    endpoint.answers |= {"bare": bare, "bad": status(400)}
    assert "1 failed, about 14 tokens" in shown(monkeypatch, "bare", "a", "bad")[-1]


def test_a_log_gets_few_lines(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is written over: the start and the end."""
    prompts = [f"number {number}" for number in range(200)]
    assert len(shown(monkeypatch, *prompts, is_terminal=False)) <= 3


def test_it_can_be_switched_off(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    """`progress=False` writes nothing."""
    list(comet.map(["a"], **options()))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("is_terminal", "painted"), [(True, [False, True, True, False]), (False, [False] * 4)]
)
def test_when_a_wait_is_painted(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, painted: list[bool]
) -> None:
    """When it begins and when it ends, where that can be written over; else when it is due."""
    now = [100.0]
    terminal = Terminal(is_terminal=is_terminal)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("comet_magic.batch.bar.time.monotonic", lambda: now[0])
    bar = Bar(3, shown=True)

    def paints(waiting: float) -> bool:
        before = len(terminal.getvalue())
        bar.tick(waiting)
        return len(terminal.getvalue()) > before

    assert [paints(0), paints(2.5), paints(0), paints(0)] == painted
    now[0] += 1.0
    assert paints(2.5) is is_terminal
    now[0] += 29.0
    assert paints(2.5)
    assert terminal.getvalue().rstrip("]").endswith("429: again in 3 s")
    bar.close()


def test_without_a_place_for_errors_there_is_a_bar_nevertheless(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As under `pythonw`, which has no standard error."""
    monkeypatch.setattr(sys, "stderr", None)
    Bar(3, shown=False).close()
