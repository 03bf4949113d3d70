"""The form of a panel: prompt, model, pictures and options as a `Draft`."""

import json
import re
import zlib
from collections.abc import Sequence
from functools import partial
from typing import Any

import ipywidgets as widgets

from ...generation import Generation
from ...render import panel as html
from ...text import one_line
from ..options import number
from .controls import Controls, focus, show
from .draft import RATIOS, Draft, as_cell, missing_files, with_ratio
from .pictures import Pictures

MOST_PICTURES = 10
# What may be set besides prompt, model and number: name, label, and what it takes.
_OPTIONS = (
    ("system", "System message", "How the model is to behave"),
    ("stop", "Stop at", "One text a line, up to four"),
    ("temperature", "Temperature", "0 to 2"),
    ("top_p", "Top p", "0 to 1"),
    ("max_tokens", "Max tokens", "1 or more"),
    ("presence_penalty", "Presence penalty", "-2 to 2"),
    ("frequency_penalty", "Frequency penalty", "-2 to 2"),
    ("logit_bias", "Logit bias", '{"50256": -100}'),
    ("user", "User", "Who asks, for the provider"),
    ("save_dir", "Save in", "comet_images"),
)
_NUMBERS = {"temperature", "top_p", "max_tokens", "presence_penalty", "frequency_penalty"}


class Form:
    """What is asked, in widgets.

    Args:
        controls: Makes the buttons and texts.
        sending: The buttons that send it, which stand beside the model.

    Attributes:
        prompt: The text area.
        model: The combobox.
        count: The number of pictures.
        options: A field for each other option, by `generate`'s names.
        stream: Whether the answer is wanted in pieces.
        pictures: That go with the prompt.
        history: The generation that the next one goes on from; None to begin anew.
        widget: All of it but the cell.
        cell: The equivalent cell.
    """

    def __init__(self, controls: Controls, sending: Any) -> None:
        self.history: Generation | None = None
        self.prompt = widgets.Textarea(
            description="Prompt",
            placeholder="A cute kitten sitting on a cloud, cartoon style",
            rows=3,
            _dom_classes=("comet-field", "comet-prompt"),
        )
        self.model = widgets.Combobox(
            description="Model",
            ensure_option=False,
            _dom_classes=("comet-field", "comet-model"),
        )
        self.count = widgets.BoundedIntText(
            value=1, min=1, max=MOST_PICTURES, description="Pictures",
            _dom_classes=("comet-field", "comet-count"),
        )  # fmt: skip
        self.options = {
            name: (widgets.Textarea if name in ("stop", "system") else widgets.Text)(
                description=label, placeholder=wanted, _dom_classes=("comet-field",)
            )
            for name, label, wanted in _OPTIONS
        }
        self.stream = widgets.Checkbox(
            value=True, description="Stream the answer", indent=False, _dom_classes=("comet-check",)
        )
        self.pictures = Pictures(controls, self._changed)
        self._more = widgets.ToggleButton(
            description="More options", tooltip="Temperature, system message and so on",
            _dom_classes=("comet-button", "comet-quiet"),
        )  # fmt: skip
        self._advanced = controls.box(
            *self.options.values(), self.stream, classes="comet-advanced comet-hidden"
        )
        self._more.observe(lambda change: show(self._advanced, is_shown=change["new"]), "value")
        self._continues = controls.html()
        forget = controls.button(
            "Start over", lambda: self.continue_from(None), "comet-link",
            tooltip="Do not continue from that answer",
        )  # fmt: skip
        self._turn = controls.box(self._continues, forget, classes="comet-row comet-hidden")
        ratios = [
            controls.button(
                f"add “, {ratio}”", partial(self._shape, ratio),
                "comet-button", "comet-quiet", "comet-waits",
                tooltip=f"Adds “, {ratio}” to the end of the prompt: {name}",
            )
            for ratio, name in RATIOS.items()
        ]  # fmt: skip
        self.cell = controls.html(None, "comet-equivalent")
        self.widget = controls.box(
            self._turn,
            self.prompt,
            controls.box(*ratios, self.pictures.buttons, self._more, classes="comet-row"),
            self.pictures.widget,
            self._advanced,
            controls.box(self.model, self.count, sending, classes="comet-row"),
            classes="comet-stack comet-form",
        )
        for each in (self.prompt, self.model, self.count, self.stream, *self.options.values()):
            each.observe(lambda _: self._changed(), "value")
        self._changed()

    def draft(self) -> Draft:
        """What is asked.

        Raises:
            ValueError: A field holds what it does not take; the text names it. The ranges are
                checked when it is sent.
        """
        options: dict[str, Any] = {}
        if self.count.value != 1:
            options["n"] = self.count.value
        for name, widget in self.options.items():
            text = widget.value if name in ("system", "stop") else widget.value.strip()
            if text.strip():
                options[name] = _read(name, text)
        if not self.stream.value:
            options["stream"] = False
        model = self.model.value.strip()
        if not model:
            raise ValueError("no model is named: choose one, or write its id")
        if not self.prompt.value.strip():
            raise ValueError("the prompt is empty: write what you would like to see")
        return Draft(self.prompt.value, model, options, self.pictures.chosen, self.history)

    def offer(self, models: Sequence[str]) -> None:
        """The models to choose from; another one can still be written."""
        self.model.options = tuple(models)

    def continue_from(self, generation: Generation | None) -> None:
        """Lets the next request continue `generation`; with None it starts over."""
        self.history = generation
        said = f"Continues from “{one_line(generation.prompt, 80)}”." if generation else ""
        self._continues.value = html.note(said)
        show(self._turn, is_shown=generation is not None)
        self._changed()

    def focus(self) -> None:
        """Puts the keyboard on the prompt, which may be far from what was pressed."""
        focus(self.prompt)

    def _shape(self, ratio: str) -> None:
        self.prompt.value = with_ratio(self.prompt.value, ratio)

    def _changed(self) -> None:
        if not hasattr(self, "cell"):
            return
        text, hint = "", ""
        try:
            draft = self.draft()
            text = as_cell(draft)
            if files := missing_files(draft):
                hint = (
                    f"To run it, put {', '.join(one_line(name, 60) for name in files)} beside it."
                )
            elif draft.history is not None:
                hint = "The cell continues from the last cell, the panel from the answer above."
        except ValueError as error:
            hint = f"As a cell: {error}." if self.prompt.value.strip() else ""
        self.cell.value = html.cell(text, hint, self._known())

    def _known(self) -> int:
        """A checksum of what is in the fields, in the order in which they stand on the page."""
        fields = (self.prompt, *self.options.values(), self.model, self.count)
        texts = (re.sub("\r\n?", "\n", str(field.value)) for field in fields)
        return zlib.adler32("\0".join(texts).encode(errors="replace"))


def _read(name: str, text: str) -> Any:
    """What a field means, by `generate`'s types."""
    if name in _NUMBERS:
        return number(text)
    if name == "stop":
        return [line for line in text.splitlines() if line]
    if name == "logit_bias":
        try:
            return json.loads(text)
        except ValueError as error:
            raise ValueError(
                f'Logit bias must be JSON such as {{"50256": -100}}: {error}'
            ) from error
    return text
