"""The panel from code: its traits, its place among other widgets, its end, and what stays."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets
import pytest
from nbconvert import HTMLExporter

import comet_magic as comet
from comet_magic.demo import DemoServer
from comet_magic.generation import Status
from comet_magic.generation.gallery import thumbnail
from comet_magic.notebook.panel import Panel
from tests.conftest import Heard
from tests.faults.fault import KEY
from tests.notebook.conftest import Shell

from .conftest import Face, MakePanel, Wire, until

ATTACK = '<img src=x onerror="alert(1)"></textarea><script>alert(2)</script>[x](javascript:a)'


def test_the_magic_and_the_function_give_a_panel(shell: Shell, wire: Wire) -> None:
    """`%comet panel` is an expression; both are the same widget."""
    shell.run("panel = %comet panel").raise_error()
    made: Any = shell.ip.user_ns["panel"]
    assert type(made) is Panel
    other = comet.panel(prompt="A boat", model="gpt-4o-mini")
    assert (other.prompt, other.model) == ("A boat", "gpt-4o-mini")
    assert Face(other, wire).field("Prompt").value == "A boat"
    for each in (made, other):
        each.close()
    ipywidgets.Widget.close_all()


def test_traits_are_set_and_observed(face: Face) -> None:
    """They and the fields are the same, both ways."""
    told: list[Any] = []
    face.panel.observe(lambda change: told.append((change["name"], change["new"])))
    face.panel.prompt = "A boat"
    assert face.field("Prompt").value == "A boat"
    face.field("Model").value = "gpt-4o-mini"
    assert face.panel.model == "gpt-4o-mini"
    made = face.make("Hello")
    assert ("prompt", "A boat") in told
    assert ("model", "gpt-4o-mini") in told
    name, generations = told[-1]
    assert name == "generations"
    assert generations == face.panel.generations
    assert generations[0].text == made.text


def test_generations_are_light_and_whole(face: Face) -> None:
    """Without the bytes that are on disk; they display themselves all the same."""
    made = face.make()
    (kept,) = face.panel.generations
    assert made.images[0].data
    assert kept.images[0].data is kept.images[0].preview is None
    assert kept.images[0].to_pil().size == (1024, 1024)
    assert "data:image/jpeg" in str(kept._repr_mimebundle_())


def test_generations_from_elsewhere_are_shown(face: Face, new_panel: MakePanel) -> None:
    """Those that are put in appear, those that are taken out go."""
    one, two = (face.make(each, model="gpt-4o-mini") for each in ("one", "two"))
    other = new_panel(generations=[one])
    assert "one" in other.text(other.tiles[0])
    other.panel.generations = [one, two]
    assert "two" in other.text(other.tiles[0])
    other.panel.generations = [two]
    assert len(other.tiles) == 1
    assert "two" in other.text(other.tiles[0])
    with pytest.raises(Exception, match="generations"):
        other.panel.generations = ["no generation"]


def test_it_stands_in_other_widgets(face: Face) -> None:
    """It is a box as any other; its layout is its user's."""
    tab = ipywidgets.Tab([ipywidgets.HBox([face.panel])])
    assert isinstance(face.panel, ipywidgets.VBox)
    assert tab.children[0].children[0] is face.panel
    laid = comet.panel(layout=ipywidgets.Layout(width="50%"))
    assert laid.layout.width == "50%"
    assert "comet-panel" in laid._dom_classes
    laid.close()


def test_closing_stops_and_leaves_nothing_on_the_page(
    new_panel: MakePanel, slow: DemoServer, wire: Wire
) -> None:
    """What came is kept; what ends later makes no widgets."""
    before = set(wire.states)
    face = new_panel(prompt="A kitten")
    face.press("Generate")
    face.panel.generate()
    assert until(lambda: slow.open_streams == 2)
    face.panel.close()
    assert until(lambda: slow.open_streams == 0, 2)
    assert until(lambda: len(face.panel.generations) == 2)
    assert {each.status for each in face.panel.generations} == {Status.INTERRUPTED}
    assert set(wire.states) - before <= {face.panel.layout.comm.comm_id}


def bundles(shell: Shell) -> list[dict[str, Any]]:
    """What was displayed: the data of each, and whether it is an update."""
    return [{**each["data"], "update": each.get("update", False)} for each in shell.bundles]


def test_what_was_made_stays_as_an_ordinary_output(
    kernel_shell: Shell, new_panel: MakePanel
) -> None:
    """Beside the widget's view stands a summary of HTML and text, updated with each end."""
    face = new_panel()
    kernel_shell.ip.user_ns["panel"] = face.panel
    kernel_shell.run("display(panel)")
    view, empty = bundles(kernel_shell)
    model = {"version_major": 2, "version_minor": 0, "model_id": face.panel.model_id}
    assert view == {
        "application/vnd.jupyter.widget-view+json": model,
        "text/plain": "A panel of comet_magic: run the cell to use it.", "update": False,
    }  # fmt: skip
    assert "Nothing has been generated" in empty["text/html"]
    assert empty["text/plain"] == "Nothing has been generated with it yet."

    face.make("A <boat>")
    face.make("Hello", model="gpt-4o-mini")

    *_, last = bundles(kernel_shell)
    assert last["update"]
    assert "Made with a panel of comet_magic:" in last["text/html"]
    assert last["text/html"].count("<img") == 1
    assert "A &lt;boat&gt;" in last["text/html"]
    assert last["text/plain"].startswith("2. Hello")
    assert "1. A <boat>" in last["text/plain"]
    face.press("Remove", face.tiles[0])
    assert "Hello" not in bundles(kernel_shell)[-1]["text/plain"]


def test_shown_twice_it_is_updated_once(kernel_shell: Shell, new_panel: MakePanel) -> None:
    """All places have one id: an update does not cost more the more often a cell was run."""
    face = new_panel()
    kernel_shell.ip.user_ns["panel"] = face.panel
    for _ in range(3):
        kernel_shell.run("display(panel)")
    before = len(bundles(kernel_shell))
    face.make("Hello", model="gpt-4o-mini")
    assert len(bundles(kernel_shell)) == before + 1


def test_an_export_shows_the_summary(
    kernel_shell: Shell, new_panel: MakePanel, kitten: comet.Generation
) -> None:
    """nbconvert has no kernel and no widgets: the pictures are there, and no error."""
    face = new_panel(generations=[kitten])
    kernel_shell.ip.user_ns["panel"] = face.panel
    kernel_shell.run("display(panel)")
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": each["data"]}
        for each in kernel_shell.bundles
    ]
    cell = {
        "cell_type": "code", "id": "a", "source": "panel", "execution_count": 1, "metadata": {},
        "outputs": outputs,
    }  # fmt: skip
    saved = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    Path("saved.ipynb").write_text(json.dumps(saved), encoding="utf-8")
    page, _ = HTMLExporter().from_filename("saved.ipynb")  # type: ignore[no-untyped-call]
    assert 'alt="A kitten' in page
    assert "run the cell to use it" in page
    assert "widget-view+json" not in page.partition("A panel of comet_magic")[2]


def test_outside_a_kernel_nothing_is_printed_later(shell: Shell, new_panel: MakePanel) -> None:
    """An update of a display would be printed again."""
    face = new_panel()
    shell.ip.user_ns["panel"] = face.panel
    shell.run("display(panel)")
    before = len(bundles(shell))
    face.make("Hello", model="gpt-4o-mini")
    assert len(bundles(shell)) == before


def test_two_hundred_generations_do_not_slow_it(
    kernel_shell: Shell, new_panel: MakePanel, kitten: comet.Generation
) -> None:
    """What the page holds, and what one more generation sends to it, stops growing."""
    small = thumbnail(kitten.images[0], 384)
    assert small is not None
    Path("small.jpg").write_bytes(small.data)
    light = replace(kitten, images=(replace(kitten.images[0], path=Path("small.jpg")),))
    sizes, sent = [], []
    for count in (30, 200):
        many = [replace(light, id=str(n)) for n in range(count)]
        other = new_panel(generations=many)
        kernel_shell.ip.user_ns["panel"] = other.panel
        kernel_shell.run("display(panel)")
        other.wire.states = {
            key: value for key, value in other.wire.states.items() if key in ids(other.panel)
        }
        sizes.append(other.wire.size)
        before, shown = len(other.wire.messages), len(kernel_shell.bundles)
        other.make("A boat")
        sent.append(sum(other.wire.messages[before:]))
        (pinned,) = kernel_shell.bundles[shown:]
        assert len(str(pinned)) < 500_000
        assert len(other.tiles) <= 24
    assert sizes[1] < 1.2 * sizes[0] < 2_000_000
    assert sent[1] < 1.2 * sent[0] + 20_000 < 300_000


def ids(widget: Any) -> set[str]:
    """Of the comms of a widget and all in it."""
    found = {widget.model_id}
    for child in getattr(widget, "children", ()):
        found |= ids(child)
    return found


def test_hostile_text_is_text(kernel_shell: Shell, face: Face, heard: Heard) -> None:
    """In every place where it is shown: prompt, answer, error, model, file name, cell, summary."""
    kernel_shell.ip.user_ns["panel"] = face.panel
    kernel_shell.run("display(panel)")
    face.panel._form.pictures.add(f"{ATTACK}.png", b"nothing")
    face.make(ATTACK, model="gpt-4o-mini")
    face.make(ATTACK, model="gpt-4o-image")
    face.press("Continue", face.tiles[0])
    face.press("Full size", face.tiles[0])
    with pytest.raises(Exception, match="model"):
        face.make("A boat", model=ATTACK)
    said = face.text() + str([each["data"].get("text/html") for each in kernel_shell.bundles])
    assert said.count("&lt;img src=x onerror=") > 8
    for wrong in ("<img src=x", "<script", "javascript:a)</a", 'href="javascript'):
        assert wrong not in said
    fields = {"Prompt", "Model"}
    assert [each for each in face.wire.states.values() if each.get("description") in fields]


def test_the_key_is_nowhere_on_the_page(
    kernel_shell: Shell, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in the state of a widget, nor in an output, also after an error that quotes it."""
    monkeypatch.setenv("COMETAPI_KEY", KEY)
    kernel_shell.ip.user_ns["panel"] = face.panel
    kernel_shell.run("display(panel)")
    face.make("Hello", model="gpt-4o-mini")
    monkeypatch.setenv("COMETAPI_KEY", "sk-invalid")
    with pytest.raises(comet.AuthenticationError):
        face.make("Hello")
    everything = face.wire.text + str(kernel_shell.bundles) + repr(face.panel)
    assert KEY not in everything
    assert "sk-invalid" not in everything
    assert "key from COMETAPI_KEY" in new_text(face)


def test_it_says_who_answers_now(
    kernel_shell: Shell, face: Face, demo: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `%comet demo on`, a login or `%config` it is somebody else, with other models."""
    own = demo.base_url
    assert own in face.text()
    models = face.field("Model")
    assert until(lambda: models.options)
    kernel_shell.run("%comet demo on")
    assert "the demo on this machine" in face.text()
    kernel_shell.run("%comet demo off")
    assert f"{own} (no key is sent)" in face.text()
    monkeypatch.setattr("getpass.getpass", lambda _: KEY)
    kernel_shell.run("%comet login")
    assert f"{own} (key from %comet login)" in face.text()
    assert KEY not in face.wire.text
    assert until(lambda: "gpt-4o-image" in models.options)
    kernel_shell.run("%config CometMagics.max_retries = 0")  # nothing listens there
    kernel_shell.run("%config CometMagics.base_url = 'http://127.0.0.1:9/v1'")
    assert "http://127.0.0.1:9/v1" in face.text()
    assert until(lambda: not models.options)
    # Where no cell has run it is said when something is sent.
    kernel_shell.run("%config CometMagics.base_url = ''")
    monkeypatch.setenv("COMETAPI_BASE_URL", own.replace("127.0.0.1", "localhost"))
    face.make("Hello", model="gpt-4o-mini")
    assert "localhost" in face.text()
    face.panel.close()
    assert not [e for e in kernel_shell.ip.events.callbacks["post_run_cell"] if "Panel" in str(e)]


def new_text(face: Face) -> str:
    """What a panel made now says."""
    other = comet.panel()
    text = Face(other, face.wire).text()
    other.close()
    return text


def test_a_lost_kernel_is_said_by_the_page(face: Face) -> None:
    """The words are there from the start, hidden: the kernel cannot say them when it is gone."""
    (words,) = (e for e in face.panel.children if "comet-disconnected" in e._dom_classes)
    assert 'role="alert"' in words.value
    assert "Not connected." in words.value
    assert "Run the cell again" in words.value
    (style,) = (e for e in face.panel.children if "comet-style" in e._dom_classes)
    assert ".jupyter-widgets-disconnected > .comet-disconnected" in style.value


def test_the_summary_holds_the_newest_of_many(kernel_shell: Shell, new_panel: MakePanel) -> None:
    """It says so, and numbers them as all are numbered."""
    face = new_panel()
    kernel_shell.ip.user_ns["panel"] = face.panel
    kernel_shell.run("display(panel)")
    made = face.make("Hello", model="gpt-4o-mini")
    for total, said in ((12, "comet_magic:"), (13, "comet_magic, the newest 12 of 13 results:")):
        face.panel.generations = [replace(made, prompt=f"number {n}") for n in range(1, total + 1)]
        last = bundles(kernel_shell)[-1]
        assert f"Made with a panel of {said}" in last["text/html"]
        assert last["text/plain"].startswith(f"{total}. number {total}\n")
        assert last["text/plain"].count("number") == 12


def test_a_panel_that_is_not_shown_shows_nothing(kernel_shell: Shell, new_panel: MakePanel) -> None:
    """Its results are in its trait; they stand in no cell's output."""
    face = new_panel()
    assert face.make("Hello", model="gpt-4o-mini").text
    assert bundles(kernel_shell) == []
