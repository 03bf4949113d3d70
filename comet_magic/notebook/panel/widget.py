"""The panel: what the cell magic does, in widgets, without blocking the kernel."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
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
from .collection import Collection
from .controls import Controls
from .draft import Draft
from .form import Form
from .run import Run
from .runs import Runs
from .tile import Entry


class Panel(widgets.VBox):
    """A form and a gallery of its results.

    It is an ordinary widget: it fits into boxes and tabs, and its traits can be read, set and
    observed. Observers of `generations` run one after another in their own thread: they may be
    slow, but must not wait for another generation of the same panel.

    Args:
        **arguments: Initial values of traits, such as `prompt` and `model`.

    Attributes:
        prompt: The text in the prompt field.
        model: The id in the model field.
        generations: Generations that have ended, oldest first, without the bytes of pictures that
            are on disk. Adding a generation shows it in the gallery, removing one hides it.
    """

    prompt = Unicode(help="The text in the prompt field.")
    model = Unicode(help="The id in the model field.")
    generations = List(Instance(Generation), help="Generations that have ended, oldest first.")

    def __init__(self, **arguments: Any) -> None:
        settings = configuration.current().settings()
        self._controls = controls = Controls()
        # Reentrant: an observer may remove a generation.
        self._publishing = threading.RLock()
        self._asked_for: Ask | None = None
        self._collection = Collection(
            controls,
            send=lambda make: self._try(lambda: self._submit(make())),
            continue_from=self._continue_from,
            use=self._use,
            removed=self._drop,
        )
        self._runs = Runs(controls, self._collection.wall, self._ended)
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
                self._collection.viewer.file,
                self._collection.viewer.widget,
                self._collection.wall.widget,
                controls.answers,
                script,
            ),
            **{"model": settings.model, **arguments},
        )
        self.add_class("comet-panel")
        link((self, "model"), (self._form.model, "value"))
        link((self, "prompt"), (self._form.prompt, "value"))
        self._show_endpoint(settings)
        self._fingerprint = configuration.current().fingerprint()
        self._events = getattr(get_ipython(), "events", None)
        self._follow_cells()

    def generate(self) -> "Future[Generation]":
        """Sends the form, as the button Generate does, and returns at once.

        Returns:
            A future of the complete `Generation`; `result()` raises the errors of `generate`.
            Stopping the generation cancels the future, and cancelling the future stops it.

        Raises:
            ValueError: A field is wrong; nothing is sent. Also TypeError.
            CometError: Nothing is sent: it would exceed a budget, or `CometMagics.confirm` is on
                and this request has not been asked for before.
        """
        return self._submit(self._form.draft())

    def stop(self) -> None:
        """Stops all running requests and closes their connections; what arrived is kept."""
        self._runs.stop()

    def close(self) -> None:
        """Stops all running requests and removes the panel from the page."""
        self.stop()
        self._asking.cancel()
        if self._events:
            with suppress(ValueError):  # `%unload_ext` has done it already
                self._events.unregister("post_run_cell", self._cell_has_run)
            self._events = None
        self._collection.wall.close()
        for child in self.children:
            self._controls.close(child)
        self._controls.close_shared()
        super().close()

    def _ipython_display_(self, **_: Any) -> None:
        self._collection.pinned.show_with(self.model_id)

    def _submit(self, draft: Draft) -> "Future[Generation]":
        """Sends a request; nothing else in the panel does."""
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
        self._show_endpoint(settings)
        self._follow_cells()
        return self._runs.start(draft, asked, settings, seat)

    def _ended(self, run: Run, entries: list[Entry]) -> None:
        light = run.latest.on_disk()
        self._collection.end(run, light, entries)
        if light.status is Status.COMPLETE and self._form.history is run.draft.history is not None:
            self._form.continue_from(light)  # the next turn follows this one
        with self._publishing:
            self.generations = [*self.generations, light]

    @observe("generations")
    def _generations_changed(self, change: Any) -> None:
        # The first change of a trait has no old value.
        old = change["old"] if isinstance(change["old"], list) else []
        self._collection.follow(old, change["new"])

    def _continue_from(self, generation: Generation) -> None:
        self.model = generation.requested_model
        self._form.continue_from(generation)
        self._form.focus()

    def _use(self, name: str, media: Media | None) -> None:
        self._form.pictures.add(name, media)
        self._form.focus()

    def _drop(self, generation: Generation) -> None:
        with self._publishing:
            self.generations = [each for each in self.generations if each is not generation]

    def _try(self, send: Callable[[], object]) -> bool:
        """Sends something, or shows below the button why not; returns whether it was sent."""
        self._problem.value = ""
        try:
            send()
        except (ValueError, TypeError, CometError) as error:
            self._problem.value = html.problem(str(error))
            return False
        return True

    def _follow_cells(self) -> None:
        """Looks after each cell who answers now: `%comet login` or `%config` may change it.

        `%unload_ext` ends that; a panel that is used after it begins again.
        """
        if self._events:
            self._events.register("post_run_cell", self._cell_has_run)

    def _cell_has_run(self, _: object = None) -> None:
        fingerprint = configuration.current().fingerprint()
        if fingerprint == self._fingerprint:
            return
        self._fingerprint = fingerprint
        # A wrong setting is reported when something is sent.
        with suppress(ValueError):
            self._show_endpoint(configuration.current().settings(), again=True)

    def _show_endpoint(self, settings: Settings, *, again: bool = False) -> None:
        """Shows the endpoint and offers its models; `again` lists them with another key."""
        note = html.note(endpoint(settings))
        if note == self._endpoint.value and not again:
            return
        self._endpoint.value = note
        self._asking = asyncio.run_coroutine_threadsafe(
            current().lists.models(settings), current().loop.loop
        )
        self._asking.add_done_callback(self._models_listed)

    def _models_listed(self, asking: "Future[list[str]]") -> None:
        # Without a list, the user can still type a model.
        if asking is self._asking and not asking.cancelled():
            self._form.offer(() if asking.exception() else asking.result())


def panel(**arguments: Any) -> Panel:
    """A panel: a form and a gallery, to display or to put into other widgets.

    Args:
        **arguments: Initial values of traits, such as `prompt` and `model`.

    Raises:
        ValueError: A setting is wrong.
    """
    return Panel(**arguments)
