"""Samples of what the widgets of a panel show, each compared whole with a file in `sheet`."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from comet_magic.generation import Status
from comet_magic.generation.gallery import Cell, grid, thumbnail
from comet_magic.media.medium import Medium
from comet_magic.render import panel
from comet_magic.wire.usage import Usage
from tests.generation.test_gallery import generation as made
from tests.sounds import sound

from .samples import (
    FILM,
    LINKED,
    LONG,
    MARKDOWN,
    PICTURE,
    SAVED,
    SPENT,
    TALK,
    WORDY,
    failed,
    running,
    shown,
)

SMALL = thumbnail(PICTURE)
SVG = replace(LINKED, data=b"<svg/>", media_type="image/svg+xml", alt="A cat")
PANEL_SAMPLES: dict[str, Callable[[], Mapping[str, str]]] = {
    "panel, disconnected": lambda: shown(panel.disconnected()),
    "panel, cell": lambda: shown(panel.cell("%%comet\nA <cat>", "a hint", 7)),
    "panel, no cell": lambda: shown(panel.cell("", "no reason", 8)),
    "panel, nothing to say": lambda: shown(panel.cell("", "", 9)),
    "panel, answered": lambda: shown(panel.answered(3)),
    "panel, problem": lambda: shown(panel.problem("It <broke>.")),
    "panel, note": lambda: shown(panel.note("It <works>.")),
    "panel, announcement": lambda: shown(panel.announcement("complete")),
    "panel, input": lambda: shown(panel.input_picture(SMALL, "x" * 70, "900 × 600, 1 kB")),
    "panel, input without picture": lambda: shown(panel.input_picture(None, "a", "no picture")),
    "panel, running": lambda: shown(
        panel.running(running(percent=61, notes=("a", "b"), model="m" * 70), "2 of 3")
    ),
    "panel, running with its prompt": lambda: shown(
        panel.running(running(revised_prompt="A red boat"), "")
    ),
    "panel, running text": lambda: shown(
        panel.running(running(medium=Medium.TEXT, answer="So **far**", prompt="p" * 700), "1 of 2")
    ),
    "panel, long words": lambda: shown(
        panel.ended(Cell(made("p" * 700, **{**WORDY, "status": Status.COMPLETE}), 1), "1 of 2")
    ),
    "panel, picture with long words": lambda: shown(
        panel.ended(Cell(made(**WORDY), 1, SMALL, replace(SAVED, alt="a" * 300)), "")
    ),
    "panel, text": lambda: shown(
        panel.ended(
            Cell(made(answer=MARKDOWN, notes=("a",), usage=Usage(1, 2, 1_003), cost=0.5,
                      cost_source="your prices"), 1),
            "",
        )
    ),
    "panel, picture": lambda: shown(
        panel.ended(Cell(made(images=(SAVED,), **SPENT), 1, SMALL, SAVED), "")
    ),
    "panel, picture of several": lambda: shown(
        panel.ended(
            Cell(made(usage=Usage(1, 2, 1_003), endpoint="demo", notes=("a",)), 1, SMALL,
                 replace(SAVED, alt=LONG)),
            "2 of 3",
        )
    ),
    "panel, picture before a failure": lambda: shown(
        panel.ended(Cell(failed(images=(SAVED,)), 1, SMALL, SAVED), "")
    ),
    "panel, picture as a link": lambda: shown(
        panel.ended(Cell(made(usage=Usage(None, None, None)), 1, None, LINKED), "")
    ),
    "panel, video": lambda: shown(panel.ended(Cell(made(), 1, thumbnail(FILM), FILM), "")),
    "panel, sound": lambda: shown(panel.ended(Cell(made(), 1, None, sound()), "1 of 2")),
    "panel, large sound": lambda: shown(panel.ended(Cell(made(), 1, None, TALK.on_disk()), "")),
    "panel, failure": lambda: shown(
        panel.ended(Cell(failed(answer="**So** far", notes=("a",)), 1), "1 of 2")
    ),
    "panel, refusal": lambda: shown(
        panel.ended(Cell(failed(error="No.", answer="No."), 1), "")
    ),
    "panel, interruption": lambda: shown(
        panel.ended(
            Cell(made(status=Status.INTERRUPTED, percent=7, answer="So far", error=None), 1), ""
        )
    ),
    "panel, full size": lambda: shown(panel.full(made(**SPENT), SAVED, "a note")),
    "panel, full size of a video": lambda: shown(panel.full(made(), FILM, "")),
    "panel, full size of a sound": lambda: shown(panel.full(made(), sound(), "")),
    "panel, full size that is gone": lambda: shown(panel.full(made(), None, "It is gone.")),
    "panel, download": lambda: shown(panel.download(SAVED)),
    "panel, download without a name": lambda: shown(panel.download(SVG)),
    "panel, pinned": lambda: shown(panel.pinned(grid([made(images=(SAVED,))]), 1)),
    "panel, pinned of many": lambda: shown(panel.pinned(grid([made(answer="A")]), 1_002)),
    "panel, pinned of none": lambda: shown(panel.pinned(None, 0)),
}  # fmt: skip
