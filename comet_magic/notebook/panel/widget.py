"""The panel: what the cell magic does, with widgets, and without blocking the kernel."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Any

import ipywidgets as widgets
from traitlets import Instance, List, Unicode, link, observe

from ... import configuration
from ...api import prepare
from ...generation import Generation, Status
from ...inputs import Named
from ...render import panel as html
from ...render import plain
from ...session import LedgerEntry, current
from ..report import endpoint, totals
from .controls import Controls, close
from .draft import Draft
from .form import Form
from .pinned import Pinned
from .results import Result, results_of, which
from .run import Run
from .tile import Actions, Entry
from .viewer import Viewer
from .wall import Wall

_VARIATION = "Make a variation of this picture."


class Panel(widgets.VBox):
    """A form, and a gallery of what came of it.

    A widget like any other: it can be put into boxes and tabs. Its traits can be read, set and
    observed; they change in a thread of its own, so an observer may take its time.

    Attributes:
        prompt: What is in the prompt field.
        model: The id in the model field.
        generations: That have ended, oldest first, without the bytes of pictures that are on
            disk. Generations from elsewhere can be put in; what is taken out leaves the gallery.
    """

    prompt = Unicode(help="What is in the prompt field.")
    model = Unicode(help="The id in the model field.")
    generations = List(Instance(Generation), help="That have ended, oldest first.")

    def __init__(self, **arguments: Any) -> None:
        settings = configuration.current().settings()
        controls = Controls()
        self._lock = threading.Lock()
        self._publishing = threading.Lock()
        self._runs: dict[Run, list[Entry]] = {}
        self._ledger: list[LedgerEntry] = []
        self._count = 0
        self._pinned = Pinned()
        self._form = Form(controls, settings.model)
        self._viewer = Viewer(controls)
        self._wall = Wall(
            controls,
            Actions(
                full=self._viewer.show,
                download=self._viewer.download,
                vary=self._vary,
                go_on=lambda result: self._form.go_on_from(result.generation),
                use=self._use,
                again=self._again,
                remove=self._remove,
            ),
        )
        self._generate = controls.button(
            "Generate", self._clicked, "comet-button", "comet-generate", tooltip="Ctrl+Enter"
        )
        self._generate.button_style = "primary"
        self._stop = controls.button(
            "Stop", self.stop, "comet-button", tooltip="Stop everything that runs"
        )
        self._stop.disabled = True
        self._problem = controls.html()
        self._status = controls.html(html.announcement(""), "comet-status")
        self._usage = controls.html()
        script = widgets.Output(_dom_classes=("comet-script",))
        script.outputs = (
            {"output_type": "display_data", "data": {"text/html": html.script()}, "metadata": {}},
        )
        super().__init__(
            children=(
                controls.html(html.style_sheet(), "comet-style"),
                controls.html(html.disconnected(), "comet-disconnected"),
                controls.html(html.note(endpoint(settings))),
                self._form.widget,
                controls.box(self._generate, self._stop, self._usage, classes="comet-row"),
                self._problem,
                self._form.cell,
                self._status,
                self._viewer.file,
                self._viewer.widget,
                self._wall.widget,
                script,
            ),
            **arguments,
        )
        self.add_class("comet-panel")
        link((self._form.model, "value"), (self, "model"))
        link((self._form.prompt, "value"), (self, "prompt"))
        asking = asyncio.run_coroutine_threadsafe(current().models(settings), current().loop.loop)
        asking.add_done_callback(self._models_listed)

    def generate(self) -> "Future[Generation]":
        """Sends what is in the form, as Generate does, and returns at once.

        Returns:
            A future of the whole `Generation`; `result()` raises what `generate` would. It is
            cancelled if the generation is stopped, and cancelling it stops the generation.

        Raises:
            ValueError: A field is wrong; nothing is sent. Also TypeError.
        """
        return self._ask(self._form.draft())

    def stop(self) -> None:
        """Ends all that runs and closes the connections; what came is kept."""
        with self._lock:
            runs = list(self._runs)
        for run in runs:
            run.stop()

    def close(self) -> None:
        """Stops what runs and takes the panel from the page."""
        self.stop()
        for child in self.children:
            close(child)
        super().close()

    def _ipython_display_(self, **_: Any) -> None:
        self._pinned.show_with(self.model_id)

    def _ask(self, draft: Draft) -> "Future[Generation]":
        options = dict(draft.options)
        request, settings = prepare(
            draft.prompt,
            model=draft.model,
            system=options.pop("system", None),
            images=list(draft.images),
            history=draft.history,
            options=options,
        )
        run = Run(draft, request, settings, self._changed, self._ended)
        count = int(options.get("n", 1))
        with self._lock:
            self._count += 1
            entries = [
                Entry(self._count, run, place, which(place + 1, count)) for place in range(count)
            ]
            self._runs[run] = entries
            self._stop.disabled = False
        self._wall.add(entries)
        self._announce(run)
        run.start()
        return run.future

    def _changed(self, run: Run) -> None:
        for entry in self._runs.get(run, ()):
            self._wall.paint(entry)
        self._announce(run)

    def _ended(self, run: Run) -> None:
        light = run.latest.on_disk()
        made = results_of(run.latest, light, run.draft)
        with self._lock:
            before = self._runs.pop(run)
            self._stop.disabled = not self._runs
            self._ledger.append(LedgerEntry.of(run.latest))
            said = totals(self._ledger)
        self._usage.value = html.note(f"In this panel: {said}")
        self._announce(run)
        self._wall.replace(before, _entries(before, made, before[0].number))
        if light.status is Status.COMPLETE and self._form.history is run.draft.history is not None:
            self._form.go_on_from(light)  # the next turn follows this one
        # One after the other, so that none is lost. Not under the lock: observers take their time.
        with self._publishing:
            self.generations = [*self.generations, light]

    @observe("generations")
    def _generations_changed(self, change: Any) -> None:
        """Puts what is new into the gallery and takes out what is gone."""
        wanted = {id(generation): generation for generation in change["new"]}
        gone, known = [], set()
        for entry in self._wall.entries:
            if entry.result:
                known.add(id(entry.result.generation))
                if id(entry.result.generation) not in wanted:
                    gone.append(entry)
        for entry in gone:
            self._wall.replace([entry], [])
        for key, generation in wanted.items():
            if key not in known:
                with self._lock:
                    self._count += 1
                    number = self._count
                made = results_of(generation, generation, None)
                self._wall.add(_entries([], made, number))
        self._pinned.update([entry.result for entry in self._wall.entries if entry.result])

    def _clicked(self) -> None:
        self._try(self.generate)

    def _vary(self, result: Result) -> None:
        options = dict(result.draft.options) if result.draft else {}
        options.pop("n", None)
        image = self._named(result)
        model = result.generation.requested_model
        self._try(partial(self._ask, Draft(_VARIATION, model, options, (image,))))

    def _again(self, result: Result) -> None:
        if result.draft:
            self._try(partial(self._ask, result.draft))

    def _use(self, result: Result) -> None:
        image = self._named(result)
        self._form.pictures.add(image.name, image.value)

    def _remove(self, entry: Entry) -> None:
        self._wall.remove(entry)
        left = [other.result.generation for other in self._wall.entries if other.result]
        if entry.result and not any(each is entry.result.generation for each in left):
            gone = entry.result.generation
            self.generations = [each for each in self.generations if each is not gone]
        else:
            self._pinned.update([each.result for each in self._wall.entries if each.result])

    def _named(self, result: Result) -> Named:
        media = result.cell.media
        return Named(html.file_name(media) if media else "picture", media)

    def _try(self, send: Callable[[], object]) -> None:
        """Sends something; what is wrong with it is said below the button."""
        self._problem.value = ""
        try:
            send()
        except (ValueError, TypeError) as error:
            self._problem.value = html.problem(str(error))

    def _announce(self, run: Run) -> None:
        """Says a new stage, once, and not each percentage."""
        line = plain.stage_line(replace(run.latest, percent=None))
        if line != run.announced:
            run.announced = line
            self._status.value = html.announcement(line)

    def _models_listed(self, asking: "Future[list[str]]") -> None:
        # Without a list a model can still be written.
        if not asking.cancelled() and not asking.exception():
            self._form.offer(asking.result())


def panel() -> Panel:
    """A panel: a form and a gallery, to be displayed or put into other widgets.

    Raises:
        ValueError: A setting is wrong.
    """
    return Panel()


def _entries(before: Sequence[Entry], made: Sequence[Result], number: int) -> list[Entry]:
    """The entries of these results; the first of them are those that were there before."""
    entries = list(before[: len(made)])
    entries += [Entry(number) for _ in made[len(before) :]]
    for entry, result in zip(entries, made, strict=True):
        entry.result, entry.which, entry.run = result, result.which, None
    return entries
