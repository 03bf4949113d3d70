"""A family of a few lines works through every face, without any other change."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from nbclient import NotebookClient

import comet_magic as comet
from comet_magic.families import registry
from comet_magic.kernel.session import Session
from comet_magic.notebook.panel import Panel
from comet_magic.settings.configuration import current
from tests.kernel.real.kernel import clean_environment
from tests.notebook.conftest import Shell
from tests.notebook.conftest import shell as shell  # noqa: PLC0414 - a fixture

from .toy import Toy
from .toy_server import ToyServer, serving, sound

TAPE = Path("toy.jsonl")


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch, fresh_session: Session) -> Iterator[ToyServer]:
    """A server for the family, which is registered beside chat."""
    del fresh_session
    monkeypatch.setattr(registry, "FAMILIES", (Toy(), *registry.FAMILIES))
    with serving() as server:
        monkeypatch.setenv("COMETAPI_BASE_URL", server.base_url)
        yield server


def check(generation: Any) -> None:
    """It has its picture and its sound, and said how far it was."""
    assert generation.status is comet.Status.COMPLETE, generation.error
    assert (generation.progress, generation.task_id) == ((40, 80), "toy-1")
    (image,), (audio,) = generation.images, generation.audios
    assert image.to_pil().size == (64, 48)
    assert audio.path.read_bytes() == sound()
    assert (audio.media_type, generation.notes) == ("audio/wav", ())


def test_generate(toys: ToyServer) -> None:
    """A submit, three polls, the sound, and the picture."""
    check(comet.generate("A ball", model="toy-1"))
    assert toys.bodies == [{"model": "toy-1", "prompt": "A ball"}]
    assert toys.asked == [
        "POST /v1/toys", *["GET /v1/toys/toy-1"] * 3, "GET /v1/toys/toy-1/sound",
        "GET /v1/toy-1.png",
    ]  # fmt: skip


def test_stream(toys: ToyServer) -> None:
    """The states go forward, and the last is the end."""

    async def states() -> list[Any]:
        return [each async for each in comet.stream("A ball", model="toy-1")]

    *_, last = asyncio.run(states())
    check(last)


def test_a_failed_task_says_why(toys: ToyServer) -> None:
    """The reason is the provider's."""
    toys.answers[:] = [{"state": "failed", "why": "The ball is flat."}]
    with pytest.raises(comet.GenerationError, match="The ball is flat"):
        comet.generate("A ball", model="toy-1")


def test_a_cell_and_two_models_side_by_side(toys: ToyServer, shell: Shell) -> None:
    """Alone, and beside a model of another family."""
    os.environ["COMETAPI_BASE_URL"] = toys.base_url  # the shell names the demo
    assert "1 picture · 1 sound" in shell.said("%%comet toy-1 -o ball\nA ball")
    check(shell.ip.user_ns["ball"])
    shell.run("%%comet toy-1 toy-2 -o both\nA ball")
    first, second = shell.ip.user_ns["both"]
    assert {first.requested_model, second.requested_model} == {"toy-1", "toy-2"}
    assert all(each.images and each.audios for each in (first, second))


def test_map_with_resume(toys: ToyServer) -> None:
    """A rerun yields what is kept, sound included, and submits nothing."""

    def run() -> list[Any]:
        return list(comet.map(["A ball"], model="toy-1", resume="balls.jsonl", progress=False))

    (first,) = run()
    (again,) = run()
    check(first)
    check(again)
    assert toys.submits == 1


def test_the_panel(toys: ToyServer, shell: Shell) -> None:
    """Generate shows the picture and the sound in the gallery."""
    os.environ["COMETAPI_BASE_URL"] = toys.base_url  # the shell names the demo
    panel = Panel(prompt="A ball", model="toy-1")
    try:
        check(panel.generate().result(20))
    finally:
        panel.close()


def test_record_and_replay(toys: ToyServer) -> None:
    """Every call is recorded; replayed, again and again, nothing is sent."""
    with comet.record(TAPE):
        check(comet.generate("A ball", model="toy-1"))
    count = len(toys.asked)
    with comet.replay(TAPE, "max"):
        for _ in range(2):
            replayed = comet.generate("A ball", model="toy-1")
            check(replayed)
            assert replayed.replayed
    assert len(toys.asked) == count


def test_a_budget_counts_a_task_once(toys: ToyServer) -> None:
    """Polls are no requests of the user's."""
    current().values["budget_requests"] = 1
    check(comet.generate("A ball", model="toy-1"))
    with pytest.raises(comet.BudgetError, match="used up"):
        comet.generate("A ball", model="toy-1")
    assert toys.submits == 1


def test_a_stop_cancels_the_task(toys: ToyServer) -> None:
    """Leaving the stream tells the provider; what was known is kept."""
    toys.answers[:] = [{"state": "running", "percent": 40}]

    async def leave() -> None:
        stream = comet.stream("A ball", model="toy-1")
        async for state in stream:
            if state.percent:
                break
        await stream.aclose()  # type: ignore[attr-defined]

    asyncio.run(leave())
    assert toys.cancelled.wait(10)
    entries = until_entered()
    assert entries[-1]["status"] == "interrupted"


def test_an_interrupt_ends_the_cell_and_cancels(toys: ToyServer, shell: Shell) -> None:
    """As Ctrl-C does it; the next cell runs."""
    toys.answers[:] = [{"state": "running", "percent": 40}]

    def interrupt() -> None:
        toys.polled.wait(10)
        signal.raise_signal(signal.SIGINT)

    os.environ["COMETAPI_BASE_URL"] = toys.base_url  # the shell names the demo
    thread = threading.Thread(target=interrupt)
    thread.start()
    done = shell.run("%%comet toy-1 -o ball\nA ball")
    thread.join()
    assert isinstance(done.error_in_exec, KeyboardInterrupt)
    assert shell.ip.user_ns["ball"].status is comet.Status.INTERRUPTED
    assert toys.cancelled.wait(10)


def test_inspect_shows_every_call(toys: ToyServer) -> None:
    """Each request with its answer, and the facts in their order."""
    look = comet.generate("A ball", model="toy-1").inspect()
    kinds = [fact.kind for fact in look.facts]
    assert kinds.count("sent") == 5
    assert [fact.text for fact in look.facts if fact.kind == "progress"] == ["40 %", "80 %"]
    assert {"id", "stage", "image"} <= {*kinds}
    heard = [fact.text for fact in look.facts if fact.kind == "audio"]
    assert heard == ["its bytes"]  # it came without an address
    assert look.request == {"model": "toy-1", "prompt": "A ball"}
    assert "toys/toy-1" in look._repr_mimebundle_()["text/plain"]


@pytest.mark.kernel
def test_a_saved_notebook(toys: ToyServer, tmp_path: Path) -> None:
    """Executed from start to end it holds the picture and a player."""
    root = Path(__file__).parents[2]
    register = (
        f"import sys; sys.path.insert(0, {str(root)!r})\n"
        "from comet_magic.families import registry\n"
        "from tests.families.toy import Toy\n"
        "registry.FAMILIES = (Toy(), *registry.FAMILIES)\n"
        "%load_ext comet_magic"
    )
    v4: Any = import_module("nbformat.v4")
    cells = [v4.new_code_cell(source) for source in (register, "%%comet toy-1\nA ball")]
    book = v4.new_notebook(cells=cells)
    environment = {**clean_environment(tmp_path), "COMETAPI_BASE_URL": toys.base_url}
    NotebookClient(book, resources={"metadata": {"path": str(tmp_path)}}).execute(env=environment)
    html = "".join(output.get("data", {}).get("text/html", "") for output in book.cells[1].outputs)
    assert "<audio" in html
    assert "<img" in html


def until_entered() -> list[dict[str, Any]]:
    """The ledger, once something is in it."""
    end = time.monotonic() + 10
    while not comet.usage() and time.monotonic() < end:
        time.sleep(0.01)
    return comet.usage()
