"""What a panel says and names: fields, buttons with their hints, and classes for its style."""

import re
from pathlib import Path
from typing import Any

import pytest

from comet_magic.render import panel as render
from tests.pictures import encoded

from .conftest import Face, until, walk

CLASSES = re.compile(r"(?<![\w-])comet-[a-z-]+")
STYLE, SCRIPT = (
    Path(render.__file__).with_suffix(suffix).read_text(encoding="utf-8")
    for suffix in (".css", ".js")
)


def hints(face: Face, place: Any = None) -> dict[str, str]:
    """The buttons and fields that are seen, by their texts, and what they say of themselves."""
    return {
        each.description: (
            getattr(each, "placeholder", "").strip("\u200b") or getattr(each, "tooltip", "") or ""
        )
        for each in walk(place or face.panel)
        if getattr(each, "description", "")
    }


def test_fields_and_buttons_say_what_they_are_for(face: Face) -> None:
    """An example in an empty field, a hint at a button."""
    face.field("More options").value = True
    assert not face.field("Stream the answer").indent
    assert hints(face) == {
        "Prompt": "A cute kitten sitting on a cloud, cartoon style",
        "add “, 1:1”": "Adds “, 1:1” to the end of the prompt: square",
        "add “, 3:2”": "Adds “, 3:2” to the end of the prompt: landscape",
        "add “, 2:3”": "Adds “, 2:3” to the end of the prompt: portrait",
        "add “, 16:9”": "Adds “, 16:9” to the end of the prompt: wide",
        "Add pictures": "Pictures to edit or ask about; you can also drop them on the panel",
        "More options": "Temperature, system message and so on",
        "System message": "How the model is to behave",
        "Temperature": "0 to 2",
        "Top p": "0 to 1",
        "Max tokens": "1 or more",
        "Stop at": "One text a line, up to four",
        "Presence penalty": "-2 to 2",
        "Frequency penalty": "-2 to 2",
        "Logit bias": '{"50256": -100}',
        "User": "Who asks, for the provider's records",
        "Stream the answer": "",
        "Save in": "comet_images",
        "Model": "",
        "Pictures": "",
        "Generate": "Ctrl+Enter in the prompt",
        "Stop": "Stop all running requests",
    }


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (
            "gpt-4o-image",
            {
                "Full size": "Full size: A kitten",
                "Download": "Download: A kitten",
                "Save as…": "Save as…: A kitten",
                "Vary": "Ask for a variation of this picture: A kitten",
                "Use as input": "Send this picture along with the next prompt: A kitten",
                "Continue": "Continue from this answer with the next prompt: A kitten",
                "Remove": "Remove: A kitten",
            },
        ),
        (
            "gpt-4o-mini",
            {
                "Continue": "Continue from this answer with the next prompt: A kitten",
                "Remove": "Remove: A kitten",
            },
        ),
        (
            "demo-error-503",
            {"Try again": "Try again: A kitten", "Remove": "Remove: A kitten"},
        ),
    ],
    ids=["picture", "text", "failure"],
)
def test_buttons_of_a_tile_name_its_prompt(
    face: Face, model: str, expected: dict[str, str]
) -> None:
    """For somebody who hears them one after the other."""
    face.panel.prompt, face.panel.model = "A kitten", model
    future = face.panel.generate()
    assert hints(face, face.tiles[0]) == {"Stop": "Stop: A kitten"}
    assert until(future.done)
    assert until(lambda: hints(face, face.tiles[0]) == expected), hints(face, face.tiles[0])


def test_an_input_picture_can_be_removed_by_name(face: Face) -> None:
    """It shows its name, size and a small copy."""
    face.panel._form.pictures.add("cat.png", encoded(size=(60, 40)))
    assert "Remove cat.png" in [getattr(each, "tooltip", "") for each in walk(face.panel)]
    (shown,) = re.findall(r'<div class="comet-input">.*', face.text())
    assert 'alt="cat.png" width="56"' in shown
    assert ">cat.png<" in shown
    assert "60 × 40, 1 kB" in shown


def test_the_page_has_the_classes_that_style_and_script_know(face: Face) -> None:
    """And no others: each has a rule, or is looked for."""
    face.field("More options").value = True
    face.panel._form.pictures.add("cat.png", encoded())
    face.panel._form.pictures.add("bad.png", b"nothing")
    for model in ("gpt-4o-image", "gpt-4o-mini", "demo-error-400", "demo-error-no-picture"):
        face.panel.prompt, face.panel.model = "A kitten", model
        assert until(face.panel.generate().done)
    assert until(lambda: len(face.panel.generations) == 4)
    face.press("Full size")
    face.press("Download")
    face.press("Close")
    face.press("Save as…")
    sent = "".join(
        each for each in face.wire.sent if "<style" not in each and "<script" not in each
    )
    seen = set(CLASSES.findall(sent))
    styled, scripted = set(CLASSES.findall(STYLE)), set(CLASSES.findall(SCRIPT))
    by_script = {
        f"comet-{name}" for name in ("dropping", "uploading", "late", "scripted", "waiting")
    }
    assert seen - styled - scripted == set()
    assert styled - by_script - seen == {"comet-style"}  # of the style sheet itself
    assert scripted - by_script - seen == set()


def outline(widget: Any, depth: int = 0) -> list[str]:
    """A line for each widget in it: its kind, its classes without `comet-`, its text."""
    classes = [each.removeprefix("comet-") for each in widget._dom_classes]
    text = [getattr(widget, "description", "")]
    line = "  " * depth + " ".join([type(widget).__name__, *classes, *filter(None, text)])
    inside = getattr(widget, "children", ())
    return [line, *(each for child in inside for each in outline(child, depth + 1))]


def test_what_stands_in_what(face: Face) -> None:
    """The order is that of the keyboard and of reading; the classes arrange what is in a box."""
    assert outline(face.panel) == PANEL.strip().splitlines()
    face.panel.prompt = "A kitten"
    assert until(face.panel.generate().done)
    assert until(lambda: outline(face.tiles[0]) == TILE.strip().splitlines())


PANEL = """
Panel panel
  HTML style
  HTML disconnected
  HTML
  Box box stack form
    Box box row hidden
      HTML
      Button link Start over
    Textarea field prompt Prompt
    Box box row
      Button button quiet waits add “, 1:1”
      Button button quiet waits add “, 3:2”
      Button button quiet waits add “, 2:3”
      Button button quiet waits add “, 16:9”
      Box box row
        FileUpload plain-upload button quiet Add pictures
        Button upload button quiet Add pictures
      ToggleButton button quiet More options
    Box box stack chosen
      Box box inputs
      HTML
      _Bridge bridge hidden
    Box box advanced hidden
      Textarea field System message
      Textarea field Stop at
      Text field Temperature
      Text field Top p
      Text field Max tokens
      Text field Presence penalty
      Text field Frequency penalty
      Text field Logit bias
      Text field User
      Text field Save in
      Checkbox check Stream the answer
    Box box row
      Combobox field model Model
      BoundedIntText field count Pictures
      Box box row
        Button button generate waits Generate
        Button button Stop
  HTML
  HTML
  HTML equivalent
  HTML status
  HTML
  Box box viewer hidden
    Box box row
      Button button close Close
      Button button Download
    HTML full
  Box box stack
    Box box wall
    Box box row hidden
      Button button Newer
      Button button Older
      HTML
  HTML hidden
  Output script
"""
TILE = """
Box tile
  HTML
  Box box row actions
    Button link open Full size
    Button link Download
    Button link Save as…
    Button link waits Vary
    Button link waits Use as input
    Button link waits Continue
    Button link remove Remove
  Box box stack
"""
