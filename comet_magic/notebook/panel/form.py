"""The form of a panel: prompt, model, pictures and options as a `Draft`."""

import re
import zlib
from collections.abc import Sequence
from functools import partial
from typing import Any

import ipywidgets as widgets

from ...families.parameters import PARAMETERS, SYSTEM
from ...generation import Generation
from ...render import panel as html
from ...text import one_line
from ...words import Word
from ..options import CELL_WORDS
from .controls import Controls, focus, show
from .draft import RATIOS, Draft, as_cell, missing_files, with_ratio
from .pictures import Pictures

MOST_PICTURES = 10
_COUNT = PARAMETERS["n"]
# The words behind "More options": long texts first, boxes to tick last.
_WORDS = sorted(
    (word for word in (SYSTEM, *CELL_WORDS.values()) if word.label and word is not _COUNT),
    key=lambda word: (not word.is_long, word.kind.name == "flag"),
)


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
            min=1, max=MOST_PICTURES, description=_COUNT.label,
            _dom_classes=("comet-field", "comet-count"),
        )  # fmt: skip
        self.options = {word.name: _field(word) for word in _WORDS}
        self.pictures = Pictures(controls, self._changed)
        self._more = widgets.ToggleButton(
            description="More options", tooltip="Temperature, system message and so on",
            _dom_classes=("comet-button", "comet-quiet"),
        )  # fmt: skip
        self._advanced = controls.box(*self.options.values(), classes="comet-advanced comet-hidden")
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
        for each in (self.prompt, self.model, self.count, *self.options.values()):
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
        for word in _WORDS:
            value = _read(word, self.options[word.name].value)
            if value is not None:
                options[word.name] = value
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
        """A checksum of the texts in the fields, in their order on the page."""
        fields = (self.prompt, *self.options.values(), self.model, self.count)
        values = (field.value for field in fields if not isinstance(field, widgets.Checkbox))
        texts = (re.sub("\r\n?", "\n", str(value)) for value in values)
        return zlib.adler32("\0".join(texts).encode(errors="replace"))


def _field(word: Word) -> Any:
    if word.kind.name == "flag":
        return widgets.Checkbox(
            value=bool(word.default), description=word.label, indent=False,
            _dom_classes=("comet-check",),
        )  # fmt: skip
    make = widgets.Textarea if word.is_long else widgets.Text
    return make(description=word.label, placeholder=word.hint, _dom_classes=("comet-field",))


def _read(word: Word, value: Any) -> object:
    """What a field says, by `generate`'s types; None if it says nothing but the default.

    Raises:
        ValueError: It should be JSON and is not; the text names the field.
    """
    if word.kind.name == "flag":
        return None if value == bool(word.default) else value
    if not value.strip():
        return None
    if word.kind.name == "texts":
        return [line for line in value.splitlines() if line]
    try:
        return word.read(value if word.is_long else value.strip())
    except ValueError as error:
        raise ValueError(f"{word.label} {error}") from error
