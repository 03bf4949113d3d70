"""Pictures that go with the prompt: uploaded, dropped, or of the gallery."""

import base64
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from comet_magic.generation import Generation
from tests.conftest import Heard
from tests.pictures import encoded

from .conftest import Face, MakePanel


def upload(face: Face, name: str, data: bytes) -> None:
    """What the page's own upload button does."""
    chooser = next(each for each in _everything(face.panel) if hasattr(each, "accept"))
    content = {
        "name": name,
        "type": "image/png",
        "size": len(data),
        "last_modified": datetime.now(UTC),
    }
    if isinstance(chooser.value, dict):
        chooser.set_trait("value", {name: {"metadata": content, "content": data}})
    else:
        chooser.set_trait("value", ({**content, "content": memoryview(data)},))


def drop(face: Face, **message: Any) -> None:
    """What the script of the page does."""
    bridge = next(e for e in _everything(face.panel) if "comet-bridge" in e._dom_classes)
    bridge.set_state({"value": json.dumps(message)})
    assert bridge.value == ""


def sent(heard: Heard) -> list[Image.Image]:
    """The pictures of the last request."""
    text, *parts = heard.messages[-1]["content"]
    assert text["type"] == "text"
    data = (part["image_url"]["url"].partition(",")[2] for part in parts)
    return [Image.open(io.BytesIO(base64.b64decode(each))) for each in data]


def test_an_uploaded_picture_is_shown_and_sent(face: Face, heard: Heard) -> None:
    """With a small copy, its name and its size; also one that the script brought."""
    upload(face, "cat <1>.png", encoded(size=(300, 200)))
    drop(face, name="dog.jpg", data=base64.b64encode(encoded("JPEG", (40, 50))).decode())

    text = face.text()
    assert "cat &lt;1&gt;.png" in text
    assert "<1>" not in text
    assert "300 × 200" in text
    assert text.count("data:image/") == 2
    face.make("Make them friends", model="gpt-4o-mini")

    assert [picture.size for picture in sent(heard)] == [(300, 200), (40, 50)]


def test_a_picture_is_removed(face: Face, heard: Heard) -> None:
    """The one whose button was pressed; and its widgets are closed."""
    for number in (1, 2, 3):
        upload(face, f"{number}.png", encoded(size=(10 * number, 10)))
    before = len(face.wire.states)
    face.named("Remove")[1].click()

    assert len(face.wire.states) == before - 3  # its row: a box, a text, a button
    face.make(model="gpt-4o-mini")
    assert [picture.width for picture in sent(heard)] == [10, 30]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("notes.txt", b"Hello", "image notes.txt: no picture but text"),
        ("half.png", encoded(size=(300, 200))[:90], "image half.png: "),
    ],
)
def test_what_is_no_picture_is_refused_with_its_reason(
    face: Face, name: str, data: bytes, says: str
) -> None:
    """And what was there stays."""
    upload(face, "cat.png", encoded())
    upload(face, name, data)
    assert says in face.problem
    assert len(face.named("Remove")) == 1
    upload(face, "dog.png", encoded())
    assert face.problem == ""


def test_a_large_picture_is_made_smaller_with_a_note(face: Face, heard: Heard) -> None:
    """One of 20 MB: the page makes it smaller where it can, and the kernel always."""
    noise = Image.effect_noise((4600, 4500), 90)
    stream = io.BytesIO()
    noise.save(stream, "BMP")
    assert len(stream.getvalue()) > 20_000_000

    upload(face, "large.bmp", stream.getvalue())

    assert "made smaller from 4600 × 4500" in face.text()
    drop(face, name="page.jpg", data=base64.b64encode(encoded("JPEG")).decode(), had="20.7 MB")
    assert "made smaller from 20.7 MB by the browser" in face.text()
    face.make(model="gpt-4o-mini")
    assert max(sent(heard)[0].size) == 2048
    # The page holds the small copies alone.
    assert face.wire.size < 200_000


def test_what_the_page_could_not_make_smaller_is_refused(face: Face) -> None:
    """With its reason; so is what is no message of ours."""
    drop(face, name="x<i>.tiff", problem="it has 20.0 MB, and the browser could not")
    assert "image x&lt;i&gt;.tiff: it has 20.0 MB" in face.problem
    for wrong in ({"name": "x"}, {"name": "x", "data": "?"}, {}):
        drop(face, **wrong)
        assert "upload failed" in face.problem or "no picture" in face.problem
    assert not face.named("Remove")


def test_what_is_wrong_with_one_of_several_stays(face: Face) -> None:
    """The good ones that come with it do not take its reason away, the next ones do."""
    good = base64.b64encode(encoded()).decode()
    drop(face, name="a.txt", data=base64.b64encode(b"Hello").decode(), first=True)
    drop(face, name="b.tiff", problem="it has 20.0 MB", first=False)
    drop(face, name="c.png", data=good, first=False)
    assert "image a.txt: no picture" in face.problem
    assert "image b.tiff: it has 20.0 MB" in face.problem
    assert len(face.named("Remove")) == 1
    drop(face, name="d.png", data=good, first=True)
    assert face.problem == ""


def test_too_many_megabytes_are_refused(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    """All pictures of a request have 20 MB at most; the one that is too much is named."""
    monkeypatch.setattr("comet_magic.inputs.sources.MOST_TOTAL", 3_000)
    for number in range(8):
        upload(face, f"{number}.png", encoded(size=(300, 200)))
        if face.problem:
            break
    assert f"image {number}.png: with it the pictures have" in face.problem
    assert len(face.named("Remove")) == number >= 1


def test_a_picture_of_the_gallery_is_used(
    new_panel: MakePanel, heard: Heard, kitten: Generation
) -> None:
    """The original, from its file, and not the small copy."""
    face = new_panel(generations=[kitten], model="gpt-4o-mini")
    face.press("Use as input", face.tiles[0])
    face.make("Make it night")
    assert [picture.size for picture in sent(heard)] == [(1024, 1024)]
    (image,) = kitten.images
    assert image.path is not None
    assert image.path.name in face.text()


def _everything(widget: Any) -> list[Any]:
    children = getattr(widget, "children", ())
    return [widget, *(each for child in children for each in _everything(child))]
