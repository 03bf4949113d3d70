"""Going on with `-c` in real kernels, cells told apart by the id that front ends send."""

import pytest

from comet_magic.demo import DemoServer
from tests.conftest import Heard

from .conftest import StartKernel
from .kernel import Cell, Kernel


@pytest.fixture
def talk(kernel: Kernel, demo: DemoServer, heard: Heard) -> Kernel:
    """The kernel, asking a server of this process; its model answers with text."""
    kernel.run(f"%env COMETAPI_BASE_URL={demo.base_url}\n")
    kernel.run("%config CometMagics.model = 'gpt-4o-mini'")
    return kernel


def asked(heard: Heard) -> list[str]:
    """What the user's messages of the last request say."""
    return [message["content"] for message in heard.messages if message["role"] == "user"]


def test_a_cell_that_runs_again_replaces_its_turn(talk: Kernel, heard: Heard) -> None:
    """Known by its id, with another text or the same; the later turns go with it."""
    talk.run("%%comet\nOne", cell_id="a")
    assert "with 1 earlier turn" in talk.run("%%comet -c\nTwo", cell_id="b").text
    assert "with 2 earlier turns" in talk.run("%%comet -c\nThree", cell_id="c").text
    assert asked(heard) == ["One", "Two", "Three"]
    said = [one["content"] for one in heard.messages if one["role"] == "assistant"]
    assert said == heard.texts[:2]
    talk.run("%%comet -c\nThree, again", cell_id="c")
    assert asked(heard) == ["One", "Two", "Three, again"]
    talk.run("%%comet -c\nTwo, again", cell_id="b")
    assert asked(heard) == ["One", "Two, again"]
    talk.run("%%comet -c\nThree", cell_id="c")
    assert asked(heard) == ["One", "Two, again", "Three"]


def test_without_an_id_a_cell_is_known_by_its_text(talk: Kernel, heard: Heard) -> None:
    """The same text replaces its turn, another one is a new turn."""
    talk.run("%%comet\nOne")
    for _ in range(2):
        talk.run("%%comet -c\nTwo")
        assert asked(heard) == ["One", "Two"]
    talk.run("%%comet -c\nThree")
    assert asked(heard) == ["One", "Two", "Three"]


def test_a_loop_in_a_cell_goes_on_from_itself(talk: Kernel, heard: Heard) -> None:
    """Its turns are of one execution; when it runs again all of them are replaced."""
    talk.run("%%comet\nOne", cell_id="a")
    ask = "get_ipython().run_cell_magic('comet', '--continue', text)"
    loop = f"for text in ('Two', 'Three'):\n    {ask}"
    for _ in range(2):
        assert talk.run(loop, cell_id="b").status == "ok"
        assert asked(heard) == ["One", "Two", "Three"]


def test_forget_drops_the_conversation(talk: Kernel, heard: Heard) -> None:
    """It says how much that was; then there is nothing to go on from, and nothing is sent."""
    talk.run("%%comet\nOne", cell_id="a")
    talk.run("%%comet -c\nTwo", cell_id="b")
    assert "-c goes on with 2 earlier turns" in talk.run("%comet").text
    assert "2 turns forgotten" in talk.run("%comet forget").text
    assert "none to continue" in talk.run("%comet").text
    cell = talk.run("%%comet -c\nThree", cell_id="c")
    assert cell.ename == "UsageError"
    assert "nothing to continue" in cell.text
    assert len(heard.bodies) == 2


def is_answering(cell: Cell) -> bool:
    """Whether the first words are there."""
    return "answering" in cell.text or cell.idle


def test_an_interrupted_or_failed_cell_leaves_the_conversation(talk: Kernel, heard: Heard) -> None:
    """What is run next goes on from the last whole exchange."""
    talk.run("%%comet\nOne", cell_id="a")
    with DemoServer(pace=1) as slow:
        talk.run(f"%config CometMagics.base_url = '{slow.base_url}'")
        cell = talk.send("%%comet -c\nTwo", cell_id="b")
        talk.until(cell, is_answering)
        talk.interrupt()
        assert talk.wait(cell).status == "error"
        assert "interrupted" in cell.text
        talk.run("%config CometMagics.base_url = ''")
    for model in ("demo-error-cut", "demo-error-401"):
        assert talk.run(f"%%comet {model}\nA boat", cell_id="x").status == "error"
    talk.run("%%comet -c\nThree", cell_id="c")
    assert asked(heard) == ["One", "Three"]


def test_a_new_kernel_has_nothing_to_go_on_from(
    start_kernel: StartKernel, demo: DemoServer, heard: Heard
) -> None:
    """After a restart `-c` says so before anything is sent."""
    kernel = start_kernel(COMETAPI_BASE_URL=demo.base_url)
    kernel.run("%load_ext comet_magic")
    kernel.run("%%comet gpt-4o-mini\nOne", cell_id="a")
    kernel.restart()
    kernel.run("%load_ext comet_magic")
    cell = kernel.run("%%comet -c gpt-4o-mini\nTwo", cell_id="b")
    assert cell.ename == "UsageError"
    assert len(heard.bodies) == 1


def test_pictures_of_earlier_turns_are_in_no_output_or_file(talk: Kernel, heard: Heard) -> None:
    """They are sent, and that is all: neither the notebook nor a sidecar holds them again."""
    talk.run("%%comet gemini-2.5-flash-image-preview --save-dir kept\nA kitten", cell_id="a")
    talk.run("%%comet -c --save-dir kept\nmake it night", cell_id="b")
    data = heard.texts[0].partition("base64,")[2][:2000]
    assert len(data) == 2000
    assert data in heard.messages[1]["content"]
    cell = talk.run("%%comet -c gpt-4o-mini\nWhat did I ask?", cell_id="c")
    assert data in heard.messages[1]["content"]
    assert "with 2 earlier turns" in cell.text
    shown = [str(output.data) for one in talk.cells for output in one.outputs]
    assert not any(data in text for text in shown)
    sidecars = list((talk.folder / "kept").glob("*.json"))
    assert len(sidecars) == 2
    assert not any(data[:100] in path.read_text() for path in sidecars)


def test_a_cell_on_the_kernels_loop_goes_on_too(talk: Kernel, heard: Heard) -> None:
    """Wherever the stream runs."""
    pytest.importorskip("nest_asyncio2")
    talk.run("%config CometMagics.event_loop = 'kernel'")
    talk.run("%%comet\nMy name is Ada", cell_id="a")
    assert "Your name is **Ada**" in talk.run("%%comet -c\nWhat is my name?", cell_id="b").text
