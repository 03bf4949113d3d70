"""The pictures that go with the prompt of a panel: uploaded, dropped, pasted, or its own."""

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
    """A text that the page does not hear of again: it may have megabytes."""

    value = Unicode().tag(sync=True, echo_update=False)


class Pictures:
    """Chosen pictures, each with a small copy of what is sent and a button that removes it.

    Attributes:
        buttons: Open the file chooser.
        widget: The list, and what went wrong with the last upload.
        bridge: Takes pictures from the script: JSON with `name`, `data` in base64 and the size
            that they `had` before they were made smaller; or `name` and `problem`; and whether
            it is the `first` of those that come together. Emptied when it has been read.
    """

    def __init__(self, controls: Controls, changed: Callable[[], None]) -> None:
        self._controls = controls
        self._changed = changed
        self._chosen: list[tuple[InputPicture, Any]] = []
        # The script opens the file chooser of one; where it does not run, there is the other.
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
            tooltip="Pictures to change or speak about; they can also be dropped on the panel",
        )
        self.buttons = controls.box(self._plain, scripted, classes="comet-row")
        self.bridge = _Bridge(_dom_classes=("comet-bridge", "comet-hidden"))
        self.bridge.observe(self._bridged, "value")
        self._list = controls.box(classes="comet-inputs")
        self._problem = controls.html()
        self._problems: list[str] = []
        self.widget = controls.box(
            self._list, self._problem, self.bridge, classes="comet-stack comet-chosen"
        )

    @property
    def chosen(self) -> tuple[InputPicture, ...]:
        """The pictures, in order."""
        return tuple(image for image, _ in self._chosen)

    def add(self, name: str, value: Any) -> None:
        """Adds a picture, or says why it cannot be used. It is read as it will be sent.

        Args:
            name: Of its file.
            value: Whatever `read_images` takes.
        """
        self._forgive()
        self._add(name, value)

    def _add(self, name: str, value: Any, had: str = "") -> None:
        try:
            image = InputPicture.read(name, value)
        except (ValueError, TypeError) as error:
            self._say(str(error))
            return
        shown = one_line(name, 60)
        try:
            combined([*(each.inputs for each in self.chosen), image.inputs])
        except ValueError as error:
            self._say(f"image {shown}: {error}")
            return
        said = image.inputs.notes[0].removeprefix(f"with {shown}, ")
        said += f", made smaller from {one_line(had, 30)} by the browser" if had else ""
        url = image.inputs.urls[0]
        data = data_uri_bytes(url) if is_data_uri(url) else None
        small = thumbnail(GeneratedImage(url, data=data), _PIXELS) if data else None
        remove = self._controls.button(
            "Remove", partial(self._remove, image), "comet-link", tooltip=f"Remove {name}"
        )
        row = self._controls.box(
            self._controls.html(html.input_picture(small, name, said)), remove, classes="comet-row"
        )
        self._set([*self._chosen, (image, row)])

    def _remove(self, image: InputPicture) -> None:
        self._forgive()
        self._set([each for each in self._chosen if each[0] is not image])

    def _set(self, chosen: list[tuple[InputPicture, Any]]) -> None:
        before, self._chosen = self._chosen, chosen
        self._list.children = tuple(row for _, row in chosen)
        for each in before:
            if each not in chosen:
                self._controls.close(each[1])
        self._changed()

    def _say(self, problem: str) -> None:
        self._problems.append(problem)
        self._problem.value = html.problem("\n".join(self._problems))

    def _forgive(self) -> None:
        """Of pictures that come together each may have its problem; the next ones begin anew."""
        self._problems.clear()
        self._problem.value = ""

    def _uploaded(self, change: Any) -> None:
        self._forgive()
        for name, data in _files(change["new"]):
            self._add(name, data)

    def _bridged(self, change: Any) -> None:
        if not change["new"]:
            return
        try:
            sent = json.loads(change["new"])
            if sent.get("first", True):
                self._forgive()
            name = str(sent["name"])
            if sent.get("problem"):
                self._say(f"image {one_line(name, 60)}: {one_line(str(sent['problem']))}")
            else:
                self._add(name, base64.b64decode(sent["data"]), str(sent.get("had", "")))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._say(f"the upload failed ({type(error).__name__}); try again")
        finally:
            self.bridge.value = ""


def _files(value: Any) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of what a `FileUpload` holds: of ipywidgets 8 a tuple, of 7 a dict."""
    for key in value:
        each = value[key]["metadata"] | value[key] if isinstance(value, dict) else key
        yield str(each["name"]), bytes(each["content"])
