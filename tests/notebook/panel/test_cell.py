"""The equivalent cell asks the same: as IPython and the magic read it."""

import ast
import html
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from comet_magic.inputs import Inputs
from comet_magic.interpolate import interpolate
from comet_magic.media.images import GeneratedImage
from comet_magic.notebook.options import parse
from comet_magic.notebook.panel.draft import Draft, InputPicture, as_cell
from tests.conftest import Heard
from tests.notebook.conftest import Shell
from tests.pictures import encoded

from .conftest import Face, MakePanel


def read(cell: str) -> tuple[Any, str, str | None]:
    """The options, the prompt and the system message of a cell, as the magic takes them."""
    call = ast.parse(TransformerManager().transform_cell(cell)).body[0]
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    name, line, body = (ast.literal_eval(each) for each in call.value.args)
    assert name == "comet"
    options = parse(line)
    prompt, system = body.removesuffix("\n"), options.system
    if not options.raw:
        assert interpolate(prompt, {}) == (prompt, [])
        assert interpolate(system or "", {}) == (system or "", [])
    return options, prompt, system


WORDS = st.text(min_size=1).filter(str.strip) | st.sampled_from(
    ["-1", "--n", "- be brief", "it's", 'say "no"', "C:\\new", "#1", "a=b", "{x}", "}}", "%comet"]
)
NUMBERS = st.floats(-2, 2) | st.integers(0, 2)


@settings(max_examples=300, deadline=None)
@given(
    prompt=st.text(min_size=1).filter(str.strip)
    | st.sampled_from(["A {boat}", "x\n", "x\n\n", "\n x", "%%comet y\nz", "a\\", "}}", "?", "x?"]),
    model=WORDS,
    options=st.fixed_dictionaries(
        {},
        optional={
            "system": WORDS,
            "n": st.integers(2, 10),
            "temperature": NUMBERS,
            "presence_penalty": NUMBERS,
            "stop": st.lists(WORDS, min_size=1, max_size=4),
            "logit_bias": st.dictionaries(st.integers(0, 9).map(str), st.integers(-100, 100)),
            "user": WORDS,
            "stream": st.just(False),
        },
    ),
    images=st.lists(WORDS, max_size=2),
)
def test_a_cell_says_all_of_a_draft(
    prompt: str, model: str, options: dict[str, Any], images: list[str]
) -> None:
    """Whatever is in it; or it says that no cell can."""
    draft = Draft(
        prompt, model, options, tuple(InputPicture(name, None, Inputs((), ())) for name in images)
    )
    try:
        cell = as_cell(draft)
    except ValueError:
        return
    read_options, read_prompt, system = read(cell)
    assert read_prompt == prompt
    assert read_options.models == [model]
    assert (read_options.images or []) == images
    found = {name: getattr(read_options, name) for name in options}
    assert found == options
    assert system == options.get("system")
    others = vars(read_options).keys() - options.keys() - {"models", "images", "raw", "goes_on"}
    assert {name for name in others if getattr(read_options, name) is not None} == set()


def shown(face: Face) -> str:
    """The cell, as it is copied from the page."""
    (text,) = re.findall(r"<pre[^>]*>(.*?)</pre>", face.cell, re.DOTALL)
    return html.unescape(text)


def test_the_cell_sends_the_same_request(shell: Shell, new_panel: MakePanel, heard: Heard) -> None:
    """Byte for byte what the panel sends, with options, a picture and a name in braces."""
    Path("my cat.png").write_bytes(encoded(size=(300, 200)))
    face = new_panel()
    face.panel.prompt = "A kitten like {this}, 3:2"
    face.panel.model = "gpt-4o-mini"
    face.field("Pictures").value = 2
    face.field("More options").value = True
    face.field("System message").value = 'You are "Ada"'
    face.field("Stop at").value = "-1\ntwo words"
    face.field("Temperature").value = "0.50"
    face.panel._form.pictures.add("my cat.png", Path("my cat.png").read_bytes())

    face.panel.generate().result(20)
    shell.run(shown(face)).raise_error()

    sent, same = heard.bodies
    assert same == sent
    assert sent["messages"][1]["content"][1]["type"] == "image_url"


def test_it_goes_on_with_c(shell: Shell, new_panel: MakePanel, heard: Heard) -> None:
    """Where the panel goes on from what the last cell was answered, the cell does too."""
    shell.run("%%comet gpt-4o-mini\nMy name is Ada")
    answer: Any = shell.ip.user_ns["_comet"]
    face = new_panel(generations=[answer], prompt="What is my name?")
    face.press("Continue", face.tiles[0])
    assert face.panel.model == "gpt-4o-mini"

    face.panel.generate().result(20)
    cell = shown(face)
    shell.run("%%comet gpt-4o-mini\nMy name is Ada")
    shell.run(cell).raise_error()

    assert cell.startswith("%%comet gpt-4o-mini --continue\n")
    assert [m["role"] for m in heard.bodies[-1]["messages"]] == ["user", "assistant", "user"]
    assert [m["role"] for m in heard.bodies[1]["messages"]] == ["user", "assistant", "user"]


def test_a_picture_of_the_gallery_is_named_by_its_file(face: Face) -> None:
    """Relative to the notebook; one that is in memory alone is said to be missing."""
    face.make()
    face.press("Use as input", face.tiles[0])
    path = face.panel.generations[0].images[0].path
    assert path is not None
    assert f"--image comet_images/{path.name}" in shown(face)
    assert "To run it" not in face.cell
    face.panel._form.pictures.add("inline.png", GeneratedImage("data:,", data=encoded()))
    assert "To run it, put inline.png beside it." in face.cell


def test_what_no_cell_can_say_is_said(face: Face) -> None:
    """Instead of a cell that asks something else."""
    face.panel.prompt = "A kitten"
    face.field("More options").value = True
    face.field("System message").value = "one\ntwo"
    assert "<pre" not in face.cell
    assert "several lines" in face.cell
    face.field("System message").value = '- it\'s "so"'
    assert "both kinds of quotes" in face.cell


def test_the_cell_follows_each_field(face: Face) -> None:
    """Empty while there is no prompt; then as it is written."""
    assert "<pre" not in face.cell
    face.panel.prompt = "<b>bold</b>"
    assert shown(face) == "%%comet gpt-4o-image\n<b>bold</b>"
    assert "<b>" not in face.cell
    face.field("Pictures").value = 3
    assert shown(face).startswith("%%comet gpt-4o-image -n 3\n")


CANNOT = "which the first line of a cell cannot say"


@pytest.mark.parametrize(
    ("model", "options", "text"),
    [
        ("-m", {}, f"the model begins with a dash, {CANNOT}"),
        ("a\nb", {}, f"the model has several lines, {CANNOT}"),
        ("m", {"system": "a\nb"}, f"--system has several lines, {CANNOT}"),
        ("m", {"system": 'it\'s "so"'}, f"--system has both kinds of quotes, {CANNOT}"),
        ("m", {"user": "- a"}, f"--user begins with a dash and has spaces, {CANNOT}"),
        ("m", {"stop": ["a", "- b"]}, f"--stop begins with a dash and has spaces, {CANNOT}"),
    ],
)
def test_what_the_first_line_cannot_say(model: str, options: dict[str, Any], text: str) -> None:
    """What it is that stands in the way."""
    with pytest.raises(ValueError, match=r".") as caught:
        as_cell(Draft("x", model, options))
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("draft", "cell"),
    [
        (Draft("x", "m"), "%%comet m\nx"),
        (Draft("x\n", "m"), "%%comet m\nx\n\n"),
        (Draft("{x", "m"), "%%comet m --raw\n{x"),
        (Draft("x}", "m"), "%%comet m --raw\nx}"),
        (Draft("x", "m", {"system": "{a}"}), "%%comet m --system {a} --raw\nx"),
        (Draft("x", "m", {"system": "a b", "n": 2}), '%%comet m --system "a b" -n 2\nx'),
        (Draft("x", "m", {"system": 'a "b"'}), "%%comet m --system 'a \"b\"'\nx"),
        (Draft("x", "m", {"system": ""}), '%%comet m --system ""\nx'),
        (Draft("x", "m", {"stream": False}), "%%comet m --no-stream\nx"),
        (Draft("x", "m", {"stream": True}), "%%comet m\nx"),
        (Draft("x", "m", {"stop": ["a", "-1"]}), "%%comet m --stop a --stop=-1\nx"),
        (Draft("x", "m", {"presence_penalty": -1.5}), "%%comet m --presence-penalty=-1.5\nx"),
        (Draft("x", "m", {"logit_bias": {"5": -1}}), """%%comet m --logit-bias '{"5": -1}'\nx"""),
        (Draft("x", "m", images=(InputPicture("a b", None, Inputs((), ())),)),
         '%%comet m --image "a b"\nx'),
    ],
)  # fmt: skip
def test_a_draft_as_a_cell(draft: Draft, cell: str) -> None:
    """To the letter."""
    assert as_cell(draft) == cell


def test_why_there_is_no_cell(face: Face) -> None:
    """With a prompt it is said; a cell whose pictures are elsewhere says which."""
    face.panel.model = " "
    assert "comet-muted" not in face.cell
    face.panel.prompt = "A kitten"
    assert ">As a cell: no model is named: choose one, or write its id.<" in face.cell
    face.panel.model = "-m"
    assert f">As a cell: the model begins with a dash, {CANNOT}.<" in face.cell
    face.panel.model = "m"
    for name in ("a.png", "b.png"):
        face.panel._form.pictures.add(name, encoded())
    assert ">To run it, put a.png, b.png beside it.<" in face.cell
    face.panel._form.pictures.add("c" * 61, encoded())
    assert f"b.png, {'c' * 59}… beside it" in face.cell
