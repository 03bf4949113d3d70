"""The public names of the package."""

import base64
import doctest
import inspect
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from PIL import Image

import comet_magic
from comet_magic import errors
from comet_magic.families.compose import compose
from comet_magic.inputs import read_images
from comet_magic.inputs.encoding import encode
from comet_magic.media.images import GeneratedImage
from comet_magic.settings.key import ApiKey
from comet_magic.settings.settings import Settings
from comet_magic.wire.body import Body
from tests.generation.test_gallery import generation
from tests.pictures import encoded

MODULES = [
    "text", "media.addresses", "media.archive", "media.inline", "media.sniffing",
    "families.chat.models", "families.chat.transcript", "families.registry", "render.html",
    "interpolate", "wire.usage",
]  # fmt: skip


def test_all_is_sorted_and_complete() -> None:
    """`__all__` is sorted, each name in it exists, and every error is among them."""
    assert comet_magic.__all__ == sorted(comet_magic.__all__)
    for name in comet_magic.__all__:
        assert getattr(comet_magic, name) is not None
    tree = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.CometError)
    }
    assert tree <= set(comet_magic.__all__)
    assert set(comet_magic.__all__) <= set(dir(comet_magic))


def test_unknown_names_are_attribute_errors() -> None:
    """A name that does not exist is an `AttributeError` that names it."""
    with pytest.raises(AttributeError, match="nothing_here"):
        _ = comet_magic.nothing_here


def test_importing_the_package_loads_nothing_heavy() -> None:
    """`import comet_magic` and loading the magics leave httpx, Pillow and the rest unloaded."""
    code = (
        "import sys, comet_magic, comet_magic.notebook.magics;"
        "heavy = {'httpx', 'PIL', 'markdown_it', 'ipywidgets', 'starlette', 'anyio'};"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str) -> None:
    """The examples in the docstrings give what they say."""
    result = doctest.testmod(import_module(f"comet_magic.{name}"))
    assert result.attempted > 0 or name in ("text", "media.addresses")
    assert result.failed == 0


def test_the_package_is_marked_as_typed() -> None:
    """`py.typed` is shipped, so that type checkers read the annotations."""
    assert (Path(comet_magic.__file__).parent / "py.typed").exists()


@pytest.mark.parametrize(
    ("name", "defaults"),
    [
        ("generate", {"download": True}),
        ("agenerate", {"download": True}),
        ("stream", {"download": True}),
        ("map", {"concurrency": 8, "download": True, "ordered": True, "progress": True}),
        ("amap", {"concurrency": 8, "download": True, "ordered": True, "progress": True}),
        ("record", {"append": False}),
        ("replay", {"speed": 1}),
        ("grid", {}),
    ],
)
def test_defaults_are_those_of_the_documentation(name: str, defaults: dict[str, object]) -> None:
    """All others are None: the setting in force."""
    parameters = inspect.signature(getattr(comet_magic, name)).parameters.values()
    given = {each.name: each.default for each in parameters if each.default is not each.empty}
    assert {key: value for key, value in given.items() if value is not None} == defaults


def test_a_repr_is_short_and_holds_no_bytes() -> None:
    """Of whatever a notebook or a traceback may show."""
    link = "data:image/png;base64," + base64.b64encode(encoded(size=(300, 200))).decode()
    image = GeneratedImage.from_url(link, "A cat").with_data(encoded(size=(300, 200)))
    made = generation(images=(image,), choices=(generation(),), messages=({"role": "user"},))
    asked = compose("Hi", model="m", images=[link])
    values = [
        comet_magic.grid([made]), made, image, image.preview, read_images(image),
        encode(Image.new("RGB", (300, 200))), asked, Body(encoded(), "image/png"),
    ]  # fmt: skip
    for value in values:
        assert len(repr(value)) < 500, type(value)
        assert not re.search(r"x89PNG|base64,iVBOR|role", repr(value)), type(value)
    assert repr(comet_magic.grid([made])) == "Gallery(total=1, columns=None)"
    assert "api_key" not in repr(Settings(api_key=ApiKey("sk-1", "x")))
