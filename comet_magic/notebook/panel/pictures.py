"""The input pictures of a panel: uploaded, dropped, pasted, or results of the panel."""

import base64
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import ipywidgets as widgets
from traitlets import Unicode

from ...generation.gallery import thumbnail
from ...inputs import combined
from ...media.addresses import data_uri_bytes, is_data_uri
from ...media.images import GeneratedImage
from ...render import panel as html
from ...text import one_line
from .controls import Controls
from .draft import InputPicture

_PIXELS = 112


class _Bridge(widgets.Textarea):
    """A text that the kernel does not send back to the page: it can have megabytes."""

    value = Unicode().tag(sync=True, echo_update=False)


class Pictures:
    """The chosen pictures, each with a small copy and a button that removes it.

    Attributes:
        buttons: The buttons that open the file chooser.
        widget: The list of pictures, and the problems of the last upload.
        bridge: Receives pictures from the script as JSON: `name`, and `data` in base64 with the
            size that the picture `had` before it was made smaller, or a `problem`; `first` marks
            the first picture of an upload. It is emptied after reading.
    """

    def __init__(self, controls: Controls, changed: Callable[[], None]) -> None:
        self._controls = controls
        self._changed = changed
        self._chosen: list[tuple[InputPicture, Any]] = []
        # The script shows its own button and hides this one.
        self._plain = widgets.FileUpload(
            accept="image/*",
            multiple=True,
            description="Add pictures",
            _dom_classes=("comet-plain-upload", "comet-button", "comet-quiet"),
        )
        self._plain.observe(self._uploaded, "value")
        scripted = controls.button(
            "Add pictures",
            lambda: None,
            "comet-upload",
            "comet-button",
            "comet-quiet",
            tooltip="Pictures to edit or ask about; you can also drop them on the panel",
        )
        self.buttons = controls.box(self._plain, scripted, classes="comet-row")
        self.bridge = _Bridge(_dom_classes=("comet-bridge", "comet-hidden"))
        self.bridge.observe(self._received, "value")
        self._list = controls.box(classes="comet-inputs")
        self._problem = controls.html()
        self._problems: list[str] = []
        self.widget = controls.box(
            self._list, self._problem, self.bridge, classes="comet-stack comet-chosen"
        )

    @property
    def chosen(self) -> tuple[InputPicture, ...]:
        """The chosen pictures, in order."""
        return tuple(image for image, _ in self._chosen)

    def add(self, name: str, value: Any) -> None:
        """Adds a picture, encoded as it will be sent, or shows why it cannot be used.

        Args:
            name: The name of its file.
            value: Any value that `read_images` takes.
        """
        self._clear_problems()
        self._add(name, value)

    def _add(self, name: str, value: Any, had: str = "") -> None:
        try:
            image = InputPicture.read(name, value)
        except (ValueError, TypeError) as error:
            self._add_problem(str(error))
            return
        shown = one_line(name, 60)
        try:
            combined([*(each.inputs for each in self.chosen), image.inputs])
        except ValueError as error:
            self._add_problem(f"image {shown}: {error}")
            return
        facts = image.inputs.notes[0].removeprefix(f"with {shown}, ")
        facts += f", made smaller from {one_line(had, 30)} by the browser" if had else ""
        url = image.inputs.urls[0]
        data = data_uri_bytes(url) if is_data_uri(url) else None
        small = thumbnail(GeneratedImage(url, data=data), _PIXELS) if data else None
        remove = self._controls.button(
            "Remove", partial(self._remove, image), "comet-link", tooltip=f"Remove {name}"
        )
        row = self._controls.box(
            self._controls.html(html.input_picture(small, name, facts)), remove, classes="comet-row"
        )
        self._choose([*self._chosen, (image, row)])

    def _remove(self, image: InputPicture) -> None:
        self._clear_problems()
        self._choose([each for each in self._chosen if each[0] is not image])

    def _choose(self, chosen: list[tuple[InputPicture, Any]]) -> None:
        before, self._chosen = self._chosen, chosen
        self._list.children = tuple(row for _, row in chosen)
        for each in before:
            if each not in chosen:
                self._controls.close(each[1])
        self._changed()

    def _add_problem(self, problem: str) -> None:
        self._problems.append(problem)
        self._problem.value = html.problem("\n".join(self._problems))

    def _clear_problems(self) -> None:
        """Removes the problems of the last upload before the next one."""
        self._problems.clear()
        self._problem.value = ""

    def _uploaded(self, change: Any) -> None:
        self._clear_problems()
        for name, data in _files(change["new"]):
            self._add(name, data)

    def _received(self, change: Any) -> None:
        if not change["new"]:
            return
        try:
            sent = json.loads(change["new"])
            if sent.get("first", True):
                self._clear_problems()
            name = str(sent["name"])
            if sent.get("problem"):
                self._add_problem(f"image {one_line(name, 60)}: {one_line(str(sent['problem']))}")
            else:
                self._add(name, base64.b64decode(sent["data"]), str(sent.get("had", "")))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._add_problem(f"the upload failed ({type(error).__name__}); try again")
        finally:
            self.bridge.value = ""


def _files(value: Any) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the files in a `FileUpload`: a tuple in ipywidgets 8, a dict in 7."""
    for key in value:
        each = value[key]["metadata"] | value[key] if isinstance(value, dict) else key
        yield str(each["name"]), bytes(each["content"])
