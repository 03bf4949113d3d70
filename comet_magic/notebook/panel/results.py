"""What came of the requests of a panel: one result for each picture, video, sound or text."""

from dataclasses import dataclass

from ...generation import Generation, Status
from ...generation.gallery import Cell, thumbnail
from ...media.kinds import Media
from ...render import words
from .draft import Draft

# The long side of the small copies on the page and in the saved notebook; about 20 kB each.
_PIXELS = 384
# Status codes that the same request would receive again.
_LASTING = {400, 404, 405, 413, 422}


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One result of a request: a picture, a video, a sound, a text or a failure.

    Attributes:
        generation: The complete generation.
        cell: What to show; of one choice if there are several.
        which: `2 of 3` among the results of its generation; empty if there is only one.
        draft: The draft that it was made from; None if it was not made in this panel.
    """

    generation: Generation
    cell: Cell
    which: str
    draft: Draft | None

    @property
    def can_try_again(self) -> bool:
        """Whether the same request could succeed."""
        shown = self.cell.generation
        return self.draft is not None and (
            shown.status in (Status.FAILED, Status.INTERRUPTED)
            and self.generation.status_code not in _LASTING
        )

    @property
    def can_continue(self) -> bool:
        """Whether a request can continue it."""
        return self.generation.status is Status.COMPLETE


def results_of(generation: Generation, light: Generation, draft: Draft | None) -> list[Result]:
    """The results of a generation that has ended, in order, with their small copies.

    Args:
        generation: The generation, with its pictures in memory or on disk.
        light: The same without the bytes that are on disk; the panel keeps this one.
        draft: The draft that it was made from; None if it was not made in this panel.
    """
    shown: list[tuple[Generation, Media | None]] = []
    for choice in generation.choices or (generation,):
        lean = choice.on_disk()
        shown += [(lean, each) for each in words.all_shown(choice)] or [(lean, None)]
    return [
        Result(
            light,
            Cell(choice, number, thumbnail(media, _PIXELS), media.on_disk() if media else None),
            which(number, len(shown)),
            draft,
        )
        for number, (choice, media) in enumerate(shown, 1)
    ]


def which(number: int, count: int) -> str:
    """`2 of 3`; empty if there is only one."""
    return f"{number} of {count}" if count > 1 else ""
