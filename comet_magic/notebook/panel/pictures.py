"""The pictures that go with the prompt of a panel: uploaded, dropped, pasted, or its own."""

import base64
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import ipywidgets as widgets

from ...addresses import data_uri_bytes
from ...gallery import thumbnail
from ...inputs import Named, read_images
from ...media import GeneratedImage
from ...render import panel as html
from ...text import one_line
from .controls import Controls, close

_PIXELS = 112


class Pictures:
    """Chosen pictures, each with a small copy of what is sent and a button that removes it.

    Attributes:
        buttons: Open the file chooser.
        widget: The list, and what went wrong with the last upload.
        bridge: Takes pictures from the script: JSON with `name` and `data` in base64, or
            `problem`. Emptied when it has been read.
    """

    def __init__(self, controls: Controls, changed: Callable[[], None]) -> None:
        self._controls = controls
        self._changed = changed
        self._chosen: list[tuple[Named, Any]] = []
        tooltip = "Pictures to change or speak about; they can also be dropped on the panel"
        # The script opens the file chooser of one; where it does not run, there is the other.
        self._plain = widgets.FileUpload(
            accept="image/*",
            multiple=True,
            description="Add pictures",
            _dom_classes=("comet-plain-upload", "comet-button"),
        )
        self._plain.observe(self._uploaded, "value")
        scripted = controls.button(
            "Add pictures", lambda: None, "comet-upload", "comet-button", tooltip=tooltip
        )
        self.buttons = controls.box(self._plain, scripted, classes="comet-row")
        self.bridge = widgets.Textarea(_dom_classes=("comet-bridge", "comet-hidden"))
        self.bridge.observe(self._bridged, "value")
        self._list = controls.box(classes="comet-inputs")
        self._problem = controls.html()
        self.widget = controls.box(
            self._list, self._problem, self.bridge, classes="comet-stack comet-chosen"
        )

    @property
    def chosen(self) -> tuple[Named, ...]:
        """The pictures, in order."""
        return tuple(named for named, _ in self._chosen)

    def add(self, name: str, value: Any) -> None:
        """Adds a picture, or says why it cannot be used. It is read as it will be sent."""
        try:
            with_it = read_images([*(each for each, _ in self._chosen), Named(name, value)])
        except (ValueError, TypeError) as error:
            self._say(str(error))
            return
        said = with_it.notes[-1].removeprefix(f"with {one_line(name, 60)}, ")
        url = with_it.urls[-1]
        data = data_uri_bytes(url) if url.startswith("data:") else None
        if data is not None and not isinstance(value, GeneratedImage):
            value = data  # what was uploaded may be twenty times as large
        small = thumbnail(GeneratedImage(url, data=data), _PIXELS) if data else None
        named = Named(name, value)
        remove = self._controls.button(
            "Remove", partial(self._remove, named), "comet-link", tooltip=f"Remove {name}"
        )
        row = self._controls.box(
            self._controls.html(html.input_picture(small, name, said)), remove, classes="comet-row"
        )
        self._set([*self._chosen, (named, row)])

    def clear(self) -> None:
        """Removes all."""
        self._set([])

    def _remove(self, named: Named) -> None:
        self._set([each for each in self._chosen if each[0] is not named])

    def _set(self, chosen: list[tuple[Named, Any]]) -> None:
        before, self._chosen = self._chosen, chosen
        self._list.children = tuple(row for _, row in chosen)
        for each in before:
            if each not in chosen:
                close(each[1])
        self._say("")
        self._changed()

    def _say(self, problem: str) -> None:
        self._problem.value = html.problem(problem)

    def _uploaded(self, change: Any) -> None:
        for name, data in _files(change["new"]):
            self.add(name, data)

    def _bridged(self, change: Any) -> None:
        if not change["new"]:
            return
        try:
            sent = json.loads(change["new"])
            name = str(sent["name"])
            if sent.get("problem"):
                self._say(f"image {one_line(name, 60)}: {one_line(str(sent['problem']))}")
            else:
                self.add(name, base64.b64decode(sent["data"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._say(f"the upload failed ({type(error).__name__}); try again")
        self.bridge.value = ""


def _files(value: Any) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of what a `FileUpload` holds: of ipywidgets 8 a tuple, of 7 a dict."""
    for key in value:
        each = value[key]["metadata"] | value[key] if isinstance(value, dict) else key
        yield str(each["name"]), bytes(each["content"])
