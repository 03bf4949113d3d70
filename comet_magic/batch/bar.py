"""The progress bar of a batch: widgets in a notebook, a line in a terminal, few lines in a log."""

import math
import sys
import time
from typing import Any

from tqdm.auto import tqdm

from ..generation import Generation, Status

# Seconds between two lines where each stays: in a log or a pipe.
_IN_A_LOG = 30.0


class Bar:
    """Counts the results of a batch.

    Args:
        total: Rows; None if that is not known.
        shown: False shows nothing.
    """

    def __init__(self, total: int | None, *, shown: bool) -> None:
        self._failed = 0
        self._tokens = 0
        self._waiting = 0.0
        self._drawn = time.monotonic()
        is_widget = any("notebook" in base.__module__ for base in tqdm.__mro__)
        # Before version 8 a widget that is updated stands there twice.
        can_update = is_widget and _widgets_can_update()
        self._is_live = is_widget or bool(sys.stderr and sys.stderr.isatty())
        self._pace = 1.0 if self._is_live else _IN_A_LOG
        self._bar: Any = tqdm(
            total=total, disable=not shown, desc="comet", unit="row", smoothing=0,
            mininterval=0.1 if self._is_live else _IN_A_LOG, dynamic_ncols=True,
            **({"display": False} if can_update else {}),
        )  # fmt: skip
        # Shown here and not by tqdm, so that the saved text can be that of the end.
        self._handle: Any = None
        if can_update and shown:
            from IPython.display import display

            self._handle = display(self._bar.container, display_id=True)

    def add(self, generation: Generation, *, is_new: bool = True) -> None:
        """Counts one result; one that is not new came from the resume file and took no time."""
        self._failed += generation.status is not Status.COMPLETE
        if is_new and generation.usage:
            self._tokens += generation.usage.total_tokens or 0
        if not (is_new or self._bar.disable):
            self._bar.initial += 1
        self._say(refresh=False)
        self._bar.update()

    def tick(self, waiting: float) -> None:
        """Moves the clock on, and says how long a rate limit holds all rows, in seconds."""
        now = time.monotonic()
        begins_or_ends = self._is_live and (waiting > 0) != (self._waiting > 0)
        if begins_or_ends or now - self._drawn >= self._pace:
            self._drawn = now
            self._waiting = waiting
            self._say(refresh=True)

    def close(self) -> None:
        """It stands as it is."""
        self._waiting = 0.0
        self._say(refresh=False)
        self._bar.close()
        if self._handle:
            self._handle.update(self._bar.container)

    def _say(self, *, refresh: bool) -> None:
        parts = [f"{self._failed:,} failed"] if self._failed else []
        parts += [f"{self._tokens:,} tokens"] if self._tokens else []
        parts += [f"429: again in {math.ceil(self._waiting)} s"] if self._waiting > 0 else []
        self._bar.set_postfix_str(", ".join(parts), refresh=refresh)


def _widgets_can_update() -> bool:
    from ipywidgets import Widget

    return hasattr(Widget, "_repr_mimebundle_")
