"""`-i REF`: what a word stands for, and what is sent for it."""

import base64
import io
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from IPython.core.error import UsageError
from PIL import Image

from comet_magic.inputs import Named
from comet_magic.kernel import session
from comet_magic.notebook.references import offered, resolve
from tests.notebook.conftest import Shell
from tests.pictures import encoded

NAMES = {"cats": [b"one", b"two"], "box": SimpleNamespace(images=[b"three"]), "text": "x.png"}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("cats", NAMES["cats"]),
        ("cats[1]", b"two"),
        ("cats[-1]", b"two"),
        ("box.images[0]", b"three"),
        ("text", "x.png"),
    ],
)
def test_a_variable_is_meant_where_there_is_one(word: str, value: object) -> None:
    """Also an attribute or an item of it; even if a file has the same name."""
    Path("cats").write_bytes(b"")
    assert resolve(word, NAMES) == Named(word, value)


@pytest.mark.parametrize(
    "word", ["cats.png", "cat", "a/b.png", "https://a.example/cats[0]", "~/x.png", "a b.png"]
)
def test_anything_else_is_a_path_or_a_link(word: str) -> None:
    """A file `cats.png` is one although there is a variable `cats`."""
    Path("cats.png").write_bytes(b"")
    assert resolve(word, {**NAMES, "a": 1}) == word


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("cats[2]", r"image cats\[2\]: cats has no \[2\]"),
        ("box.pictures", r"box has no \.pictures"),
        ("phto", "no variable and no file has this name; did you mean photo?"),
    ],
)
def test_a_name_of_nothing_is_an_error(word: str, says: str) -> None:
    """It says which step is missing, or which variable has nearly the same name."""
    with pytest.raises(ValueError, match=says):
        resolve(word, {**NAMES, "photo": Image.new("L", (1, 1)), "phtu": 1})


def test_pictures_are_offered() -> None:
    """Variables that hold pictures, picture files, and folders to look into."""
    Path("photos").mkdir()
    for name in ("photos/a.png", "photos/my cat.JPG", "photos/.b.png", "photos/notes.txt"):
        Path(name).write_bytes(b"")
    names = {"photo": encoded(), "phase": 1, "_last": encoded(), "phtml": "<p>"}
    assert offered("ph", names) == ["photo", "photos/"]
    assert offered("photos/", names) == ['"photos/my cat.JPG"', "photos/a.png"]
    assert offered("_l", names) == ["_last"]
    known = ["avif", "bmp", "gif", "jpeg", "jpg", "png", "tif", "tiff", "webp"]
    Path("all").mkdir()
    for ending in (*known, "svg", "pdf"):
        Path(f"all/x.{ending}").touch()
    assert offered("all/", {}) == [f"all/x.{ending}" for ending in known]
    shutil.rmtree("all")
    assert offered("", names) == ["photo", "photos/"]
    assert offered("nowhere/x", names) == []


def sent(generation: Any) -> list[dict[str, Any]]:
    """The content of the message that was sent."""
    content = generation.messages[-1]["content"]
    assert isinstance(content, list)
    return content


def test_several_pictures_of_several_sorts(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text first, then the pictures in their order; each is said with its size."""
    monkeypatch.setenv("HOME", str(Path.cwd()))
    Path("red cat.png").write_bytes(encoded())
    Path("other.png").write_bytes(encoded(size=(8, 9)))
    shell.ip.user_ns.update(cats=[Image.new("RGB", (5, 7))], array=np.zeros((3, 4), "uint8"))
    said = shell.said(
        '%%comet gpt-4o-mini -i "red cat.png" --image cats[0] -i array -i ~/other.png\nLook'
    )
    generation = shell.ip.user_ns["_comet"]
    text, *images = sent(generation)
    assert text == {"type": "text", "text": "Look"}
    assert generation.prompt == "Look"
    sizes = []
    for part in images:
        url = part["image_url"]["url"]
        assert part == {"type": "image_url", "image_url": {"url": url}}
        data = base64.b64decode(url.partition(",")[2])
        sizes.append(Image.open(io.BytesIO(data)).size)
    assert sizes == [(60, 40), (5, 7), (4, 3), (8, 9)]
    assert "Note: with red cat.png, 60 × 40, 1 kB" in said
    assert "with cats[0], 5 × 7" in said
    assert "**Picture 4:** This is a PNG picture of 8 × 9" in said


def test_several_models_get_the_same_picture(shell: Shell) -> None:
    """It is encoded once; each of the answers says what went with it."""
    Path("cat.png").write_bytes(encoded())
    shell.run("%%comet gpt-4o-mini gpt-4o -i cat.png -o two\nLook")
    one, other = shell.ip.user_ns["two"]
    assert sent(one)[1]["image_url"]["url"] is sent(other)[1]["image_url"]["url"]
    assert one.notes == other.notes == ("with cat.png, 60 × 40, 1 kB",)


def test_a_conversation_goes_on_about_a_picture(shell: Shell) -> None:
    """The turn before is sent along with its picture, and a new one goes with the new turn."""
    Path("cat.png").write_bytes(encoded())
    Path("dog.png").write_bytes(encoded(size=(8, 9)))
    shell.run("%%comet gpt-4o-mini -i cat.png\nLook")
    first = shell.ip.user_ns["_comet"].messages[0]
    shell.run("%%comet -c -i dog.png\nAnd this?")
    generation = shell.ip.user_ns["_comet"]
    assert generation.messages[0] == first
    assert [part["type"] for part in sent(generation)] == ["text", "image_url"]
    assert generation.prompt == "And this?"
    assert any(note.startswith("with dog.png, 8 × 9") for note in generation.notes)


def test_a_generation_is_edited(shell: Shell) -> None:
    """A picture of an earlier cell, by its variable."""
    shell.run("%%comet -o boat\nA boat on a lake, 3:2")
    shell.run("%%comet -i boat -o night\nMake it night")
    shell.run("%%comet -i boat.images[0] -o again\nMake it night")
    boat, night, again = (shell.ip.user_ns[name] for name in ("boat", "night", "again"))
    assert night.images[0].width == again.images[0].width == boat.images[0].width
    before, after = (np.asarray(one.images[0].to_pil().convert("L")) for one in (boat, night))
    assert after.mean() < before.mean() - 20
    assert [note.split(",")[0] for note in again.notes] == ["with boat.images[0]"]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("%%comet -i\nx", "-i/--image: expected one argument"),
        ("%%comet -i cta.png\nx", "--image cta.png: there is no such file in"),
        ("%%comet -i cta.png\nx", "did you mean cat.png?"),
        ("%%comet -i .\nx", "a folder; name a file in it"),
        ("%%comet -i number\nx", "--image number: no picture but a value of type int"),
        ("%%comet -i array\nx", "--image array: an array of int64"),
        ('%%comet -i "user guide.txt"\nx', "--image user guide.txt: no picture but text"),
        ("%%comet -i cat.png[0]\nx", "--image cat.png[0]: there is no such file"),
    ],
)
def test_what_is_no_picture_is_one_line_and_sends_nothing(
    shell: Shell, cell: str, says: str
) -> None:
    """With its name, as it was typed."""
    Path("cat.png").write_bytes(encoded())
    Path("user guide.txt").write_text("How to", encoding="utf-8")
    shell.ip.user_ns.update(number=7, array=np.zeros((3, 4), "int64"))
    result = shell.run(cell)
    said = shell.printed()
    assert isinstance(result.error_in_exec, UsageError)
    assert says in said
    assert len(said.strip().splitlines()) == 1
    assert len(session.current().ledger) == 0


def test_what_is_sent_is_shown_nowhere(shell: Shell) -> None:
    """No output, table, repr, sidecar or saved picture holds the base64 of a picture."""
    data = encoded(size=(123, 77))
    Path("cat.png").write_bytes(data)
    said = shell.said("%%comet -i cat.png\nMake it night")
    generation = shell.ip.user_ns["_comet"]
    url = sent(generation)[1]["image_url"]["url"]
    marker = url.partition(",")[2][20:60]
    said += shell.said("%comet usage") + shell.said("%comet") + shell.said("_comet")
    said += str(shell.bundles) + repr(generation) + str(generation._repr_mimebundle_())
    assert "with cat.png, 123 × 77" in said
    assert marker not in said
    saved = [path for path in Path("comet_images").iterdir() if path.is_file()]
    assert len(saved) == 2
    for path in saved:
        assert marker.encode() not in path.read_bytes()
