"""The results of a panel: on its wall, in full size, and in the saved notebook."""

from collections.abc import Callable, Sequence

from ...generation import Generation
from ...media.kinds import Media
from ...render import panel as html
from .controls import Controls
from .draft import Draft, InputPicture
from .pinned import Pinned
from .results import Result, results_of
from .run import Run
from .tile import Actions, Entry
from .viewer import Viewer
from .wall import Wall

_VARIATION = "Make a variation of this picture."

Send = Callable[[Callable[[], Draft]], bool]
"""Sends the draft that a function makes, or shows why not; returns whether it was sent."""


class Collection:
    """The results of a panel, and the actions of their buttons.

    Args:
        controls: Makes the buttons and texts.
        send: Sends a draft.
        continue_from: Lets the next request continue a generation.
        use: Adds a picture to the next request, by name and value.
        removed: Called with a generation after its last result was removed.

    Attributes:
        wall: The entries, a page of tiles at a time.
        viewer: One result in full size.
        pinned: The newest results as an ordinary output.
    """

    def __init__(
        self,
        controls: Controls,
        send: Send,
        continue_from: Callable[[Generation], None],
        use: Callable[[str, Media | None], None],
        removed: Callable[[Generation], None],
    ) -> None:
        self._send = send
        self._removed = removed
        self.pinned = Pinned()
        self.viewer = Viewer(controls)
        self.wall = Wall(
            controls,
            Actions(
                full=self.viewer.show,
                download=self.viewer.download,
                vary=self._vary,
                resume=lambda result: continue_from(result.generation),
                use=lambda result: use(*_named(result.cell.media)),
                again=self._again,
                remove=self._remove,
            ),
        )

    def end(self, run: Run, light: Generation, entries: Sequence[Entry]) -> None:
        """Shows the results of a run that has ended in place of its entries.

        Args:
            run: A run that has ended.
            light: Its generation without the bytes that are on disk.
            entries: The entries of the run.
        """
        made = results_of(run.latest, light, run.draft)
        self.wall.replace(entries, _entries(entries, made, entries[0].number))

    def follow(self, before: Sequence[Generation], after: Sequence[Generation]) -> None:
        """Removes the results of generations that are gone, and adds those of new ones."""
        # Compared by identity. Results of other runs may be shown before they are published.
        old, new = set(map(id, before)), set(map(id, after))
        known = set()
        for entry in self.wall.entries:
            if entry.result:
                known.add(id(entry.result.generation))
                if id(entry.result.generation) in old - new:
                    self.wall.replace([entry], [])
        for generation in after:
            if id(generation) not in old | known:
                made = results_of(generation, generation, None)
                self.wall.add(_entries([], made, self.wall.next_number()))
        self._pin()

    def _vary(self, result: Result) -> None:
        options = dict(result.draft.options) if result.draft else {}
        options.pop("n", None)
        model = result.generation.requested_model

        def variation() -> Draft:
            image = InputPicture.read(*_named(result.cell.media))
            return Draft(_VARIATION, model, options, (image,))

        if self._send(variation):
            self.wall.focus_newest()

    def _again(self, result: Result) -> None:
        draft = result.draft
        if draft and self._send(lambda: draft):
            self.wall.focus_newest()

    def _remove(self, entry: Entry) -> None:
        self.wall.remove(entry)
        left = {id(each.result.generation) for each in self.wall.entries if each.result}
        if entry.result and id(entry.result.generation) not in left:
            self._removed(entry.result.generation)
        else:
            self._pin()

    def _pin(self) -> None:
        self.pinned.update([entry.result for entry in self.wall.entries if entry.result])


def _named(media: Media | None) -> tuple[str, Media | None]:
    return (html.file_name(media) if media else "picture"), media


def _entries(before: Sequence[Entry], made: Sequence[Result], number: int) -> list[Entry]:
    """An entry for each result; the entries from before come first."""
    entries = list(before[: len(made)])
    entries += [Entry(number) for _ in made[len(before) :]]
    for entry, result in zip(entries, made, strict=True):
        entry.result, entry.which, entry.run = result, result.which, None
    return entries
