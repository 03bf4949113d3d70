"""Cells that fail or are interrupted: said once, in words, with everything that arrived."""

import re

from playwright.sync_api import expect

from .conftest import OpenNotebook
from .notebook import LOAD, LOAD_IN_A_HURRY, Notebook


def error_lines(notebook: Notebook, number: int) -> list[str]:
    """What is saved in place of a traceback."""
    outputs = notebook.save()["cells"][number]["outputs"]
    assert outputs[-1]["output_type"] == "error"
    return [line for line in outputs[-1]["traceback"] if line.strip()]


def test_error_is_three_lines_and_no_stack(notebook: OpenNotebook) -> None:
    """A refused key is said once: what happened, why, what to do; and the cell fails."""
    opened = notebook([LOAD_IN_A_HURRY, "%%comet demo-error-401\nA kitten", "'not run'"])

    opened.run_all()

    text = opened.output(1).inner_text()
    assert "failed" in text
    assert text.count("the key was refused") == 1
    assert "Check COMETAPI_KEY" in text
    assert not re.search(r"Traceback|File |\.py|---", text)
    lines = error_lines(opened, 1)
    assert 2 <= len(lines) <= 3
    assert lines[0].startswith("AuthenticationError: 401")
    assert opened.save()["cells"][2]["execution_count"] is None


def test_refusal_is_said_once_in_the_words_of_the_model(notebook: OpenNotebook) -> None:
    """A model that made no picture but says why fails the cell with its reason."""
    opened = notebook([LOAD_IN_A_HURRY, "%%comet demo-error-refused\nA kitten"])

    opened.run_all()

    text = opened.output(1).inner_text()
    assert "failed" in text
    assert text.count("content policies") == 1
    assert "tokens" in text
    assert len(error_lines(opened, 1)) == 2


def test_interrupted_cell_says_so(notebook: OpenNotebook) -> None:
    """Interrupting the kernel ends the cell within seconds, in one line and without a bar."""
    opened = notebook([LOAD, "%%comet demo-error-slow\nA kitten"])
    opened.run(0)
    opened.start(1)
    output = opened.output(1)
    expect(output.locator("progress")).to_be_visible()

    opened.interrupt()
    opened.wait()

    expect(output.locator("progress")).to_have_count(0)
    expect(output.locator("strong", has_text="interrupted")).to_be_visible()
    assert not re.search(r"Traceback|File |\.py|---", output.inner_text())
    assert [line.partition(":")[0] for line in error_lines(opened, 1)] == ["KeyboardInterrupt"]


def test_cut_answer_keeps_what_arrived(notebook: OpenNotebook) -> None:
    """After half an answer the output has the revised prompt and how far it came."""
    opened = notebook([LOAD_IN_A_HURRY, "%%comet demo-error-cut\nA kitten on a cloud"])

    opened.run_all()

    text = opened.output(1).inner_text()
    assert re.search(r"interrupted at \d+ %", text)
    assert "A kitten on a cloud, in" in text
    assert error_lines(opened, 1)[0].startswith("StreamError: The answer was cut")


def test_picture_that_cannot_be_fetched_leaves_its_link(notebook: OpenNotebook) -> None:
    """The answer is complete all the same: its caption, its link, and a note why."""
    opened = notebook([LOAD_IN_A_HURRY, "%%comet demo-error-no-picture\nA kitten on a cloud"])

    opened.run_all()

    output = opened.output(1)
    text = output.inner_text()
    assert "complete" in text
    assert "could not be fetched: 404" in text
    assert output.locator("figure a").get_attribute("href", timeout=5_000)
    assert output.locator("figcaption").inner_text()
