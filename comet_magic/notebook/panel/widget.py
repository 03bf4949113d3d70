"""The panel: what the cell magic does, with widgets, and without blocking the kernel."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

import ipywidgets as widgets
from IPython import get_ipython
from traitlets import Instance, List, Unicode, link, observe

from ...api import prepare
from ...errors import CometError
from ...families.ask import Ask
from ...generation import Generation, Status
from ...inputs import combined
from ...kernel.sending import admit
from ...kernel.session import current
from ...media.kinds import Media
from ...render import panel as html
from ...settings import configuration
from ...settings.settings import Settings
from ..consent import needs_consent, question
from ..report import endpoint
from .controls import Controls
from .draft import Draft, InputPicture
from .form import Form
from .pinned import Pinned
from .results import Result, results_of
from .run import Run
from .runs import Runs
from .tile import Actions, Entry
from .viewer import Viewer
from .wall import Wall

_VARIATION = "Make a variation of this picture."


class Panel(widgets.VBox):
    """A form, and a gallery of what came of it.

    A widget like any other: it can be put into boxes and tabs. Its traits can be read, set and
    observed. Generations are told one after the other in a thread of their own: an observer may
    take its time, but must not wait for another generation of the same panel.

    Args:
        **arguments: Traits to begin with, such as `prompt` and `model`.

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
        self._controls = controls = Controls()
        # Reentrant: an observer may take a generation out.
        self._publishing = threading.RLock()
        self._asked_for: Ask | None = None
        self._pinned = Pinned()
        self._viewer = Viewer(controls)
        self._wall = Wall(
            controls,
            Actions(
                full=self._viewer.show,
                download=self._viewer.download,
                vary=self._vary,
                go_on=self._go_on,
                use=self._use,
                again=self._again,
                remove=self._remove,
            ),
        )
        self._runs = Runs(controls, self._wall, self._ended)
        self._generate = controls.button(
            "Generate",
            lambda: self._try(self.generate),
            *("comet-button", "comet-generate", "comet-waits"),
            tooltip="Ctrl+Enter in the prompt",
        )
        self._generate.button_style = "primary"
        sending = controls.box(self._generate, self._runs.button, classes="comet-row")
        self._form = Form(controls, sending)
        self._problem = controls.html()
        self._endpoint = controls.html()
        script = widgets.Output(_dom_classes=("comet-script",))
        script.outputs = (
            {"output_type": "display_data", "data": {"text/html": html.script()}, "metadata": {}},
        )
        super().__init__(
            children=(
                controls.html(html.style_sheet(), "comet-style"),
                controls.html(html.disconnected(), "comet-disconnected"),
                self._endpoint,
                self._form.widget,
                self._problem,
                self._runs.usage,
                self._form.cell,
                self._runs.status,
                self._viewer.file,
                self._viewer.widget,
                self._wall.widget,
                controls.answers,
                script,
            ),
            **{"model": settings.model, **arguments},
        )
        self.add_class("comet-panel")
        link((self, "model"), (self._form.model, "value"))
        link((self, "prompt"), (self._form.prompt, "value"))
        self._asks(settings)
        self._mark = configuration.current().mark()
        self._events = getattr(get_ipython(), "events", None)
        self._follow_cells()

    def generate(self) -> "Future[Generation]":
        """Sends what is in the form, as Generate does, and returns at once.

        Returns:
            A future of the whole `Generation`; `result()` raises what `generate` would. It is
            cancelled if the generation is stopped, and cancelling it stops the generation.

        Raises:
            ValueError: A field is wrong; nothing is sent. Also TypeError.
            CometError: Nothing is sent: it would go over a budget, or `CometMagics.confirm` is on,
                and it is the first time that this is asked.
        """
        return self._ask(self._form.draft())

    def stop(self) -> None:
        """Ends all that runs and closes the connections; what came is kept."""
        self._runs.stop()

    def close(self) -> None:
        """Stops what runs and takes the panel from the page."""
        self.stop()
        self._asking.cancel()
        if self._events:
            with suppress(ValueError):  # `%unload_ext` has done it already
                self._events.unregister("post_run_cell", self._cell_has_run)
            self._events = None
        self._wall.close()
        for child in self.children:
            self._controls.close(child)
        self._controls.close_shared()
        super().close()

    def _ipython_display_(self, **_: Any) -> None:
        self._pinned.show_with(self.model_id)

    def _ask(self, draft: Draft) -> "Future[Generation]":
        """Sends a request: the one place where a panel does."""
        options = dict(draft.options)
        asked, settings = prepare(
            draft.prompt,
            model=draft.model,
            system=options.pop("system", None),
            images=combined(image.inputs for image in draft.images),
            history=draft.history,
            options=options,
        )
        session = current()
        (seat,) = session.loop.run(lambda: admit(session, [asked], settings))
        if needs_consent(settings) and self._asked_for != asked:
            seat.leave()
            self._asked_for = asked
            raise CometError(f"{question([seat.need], settings)} Press again to send it.")
        self._asked_for = None
        self._asks(settings)
        self._follow_cells()
        return self._runs.start(draft, asked, settings, seat)

    def _ended(self, run: Run, places: list[Entry]) -> None:
        light = run.latest.on_disk()
        made = results_of(run.latest, light, run.draft)
        self._wall.replace(places, _entries(places, made, places[0].number))
        if light.status is Status.COMPLETE and self._form.history is run.draft.history is not None:
            self._form.go_on_from(light)  # the next turn follows this one
        with self._publishing:
            self.generations = [*self.generations, light]

    @observe("generations")
    def _generations_changed(self, change: Any) -> None:
        """Puts what is new into the gallery and takes out what is gone."""
        # By identity. Of other runs results can be in the gallery already that are not told yet.
        # The first change of a trait has no old value.
        old = change["old"] if isinstance(change["old"], list) else []
        before, after = (set(map(id, value)) for value in (old, change["new"]))
        known = set()
        for entry in self._wall.entries:
            if entry.result:
                known.add(id(entry.result.generation))
                if id(entry.result.generation) in before - after:
                    self._wall.replace([entry], [])
        for generation in change["new"]:
            if id(generation) not in before | known:
                made = results_of(generation, generation, None)
                self._wall.add(_entries([], made, self._wall.next_number()))
        self._pin()

    def _vary(self, result: Result) -> None:
        options = dict(result.draft.options) if result.draft else {}
        options.pop("n", None)
        model = result.generation.requested_model

        def send() -> None:
            image = InputPicture.read(*_named(result.cell.media))
            self._ask(Draft(_VARIATION, model, options, (image,)))

        self._try(send, turn_to_it=True)

    def _again(self, result: Result) -> None:
        if result.draft:
            self._try(partial(self._ask, result.draft), turn_to_it=True)

    def _go_on(self, result: Result) -> None:
        self.model = result.generation.requested_model
        self._form.go_on_from(result.generation)
        self._form.focus()

    def _use(self, result: Result) -> None:
        self._form.pictures.add(*_named(result.cell.media))
        self._form.focus()

    def _remove(self, entry: Entry) -> None:
        self._wall.remove(entry)
        left = {id(each.result.generation) for each in self._wall.entries if each.result}
        if entry.result and id(entry.result.generation) not in left:
            gone = entry.result.generation
            with self._publishing:
                self.generations = [each for each in self.generations if each is not gone]
        else:
            self._pin()

    def _pin(self) -> None:
        self._pinned.update([entry.result for entry in self._wall.entries if entry.result])

    def _try(self, send: Callable[[], object], *, turn_to_it: bool = False) -> None:
        """Sends something; what is wrong with it is said below the button."""
        self._problem.value = ""
        try:
            send()
        except (ValueError, TypeError, CometError) as error:
            self._problem.value = html.problem(str(error))
            return
        if turn_to_it:
            self._wall.focus_newest()

    def _follow_cells(self) -> None:
        """Looks after each cell who answers now: `%comet login` or `%config` may change it.

        `%unload_ext` ends that; a panel that is used after it begins again.
        """
        if self._events:
            self._events.register("post_run_cell", self._cell_has_run)

    def _cell_has_run(self, _: object = None) -> None:
        mark = configuration.current().mark()
        if mark == self._mark:
            return
        self._mark = mark
        # What is wrong with a setting is said when something is sent.
        with suppress(ValueError):
            self._asks(configuration.current().settings(), again=True)

    def _asks(self, settings: Settings, *, again: bool = False) -> None:
        """Says who answers, and offers their models, which are listed `again` with another key."""
        said = html.note(endpoint(settings))
        if said == self._endpoint.value and not again:
            return
        self._endpoint.value = said
        self._asking = asyncio.run_coroutine_threadsafe(
            current().lists.models(settings), current().loop.loop
        )
        self._asking.add_done_callback(self._models_listed)

    def _models_listed(self, asking: "Future[list[str]]") -> None:
        # Without a list a model can still be written.
        if asking is self._asking and not asking.cancelled():
            self._form.offer(() if asking.exception() else asking.result())


def panel(**arguments: Any) -> Panel:
    """A panel: a form and a gallery, to be displayed or put into other widgets.

    Args:
        **arguments: Traits to begin with, such as `prompt` and `model`.

    Raises:
        ValueError: A setting is wrong.
    """
    return Panel(**arguments)


def _named(media: Media | None) -> tuple[str, Media | None]:
    return (html.file_name(media) if media else "picture"), media


def _entries(before: Sequence[Entry], made: Sequence[Result], number: int) -> list[Entry]:
    """The entries of these results; the first of them are those that were there before."""
    entries = list(before[: len(made)])
    entries += [Entry(number) for _ in made[len(before) :]]
    for entry, result in zip(entries, made, strict=True):
        entry.result, entry.which, entry.run = result, result.which, None
    return entries
