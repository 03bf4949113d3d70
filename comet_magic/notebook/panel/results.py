"""What came of the requests of a panel: one result for each picture, video, sound or text."""

from dataclasses import dataclass

from ...generation import Generation, Status
from ...generation.gallery import Cell, thumbnail
from ...media.kinds import Media
from ...render import words
from .draft import Draft

# Of the small copies that the page and the saved notebook hold; about 20 kB each.
_PIXELS = 384
# Errors that the same request would meet again.
_LASTING = {400, 404, 405, 413, 422}


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One place in the gallery of a panel.

    Attributes:
        generation: The whole of it.
        cell: What is shown: the picture, text or failure, of one choice if there are several.
        which: `2 of 3` among the results of its generation; empty for an only one.
        draft: That it was made from; None if it was not made here.
    """

    generation: Generation
    cell: Cell
    which: str
    draft: Draft | None

    @property
    def can_try_again(self) -> bool:
        """Whether the same request may end better."""
        shown = self.cell.generation
        return self.draft is not None and (
            shown.status in (Status.FAILED, Status.INTERRUPTED)
            and self.generation.status_code not in _LASTING
        )

    @property
    def can_go_on(self) -> bool:
        """Whether something can follow it."""
        return self.generation.status is Status.COMPLETE


def results_of(generation: Generation, light: Generation, draft: Draft | None) -> list[Result]:
    """The results of a generation that has ended, in order, with their small copies.

    Args:
        generation: With its pictures in memory, or on disk.
        light: The same without what is on disk, which is what the panel keeps.
        draft: That it was made from; None if it was not made here.
    """
    shown: list[tuple[Generation, Media | None]] = []
    for choice in generation.choices or (generation,):
        shown += [(choice, each) for each in words.all_shown(choice)] or [(choice, None)]
    return [
        Result(
            light,
            Cell(
                choice.on_disk(),
                number,
                thumbnail(media, _PIXELS),
                media.on_disk() if media else None,
            ),
            which(number, len(shown)),
            draft,
        )
        for number, (choice, media) in enumerate(shown, 1)
    ]


def which(number: int, count: int) -> str:
    """`2 of 3`; empty for an only one."""
    return f"{number} of {count}" if count > 1 else ""
