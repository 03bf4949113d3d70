"""The progress bar of a batch: a widget in a notebook, a line in a terminal, few lines in a log."""

import math
import sys
import time
from typing import Any

from tqdm.auto import tqdm

from ..generation import Generation, Status, used_by
from ..money.budget import Use

# Seconds between two lines in a log or a pipe, where every line stays.
_LOG_INTERVAL = 30.0


class _Tqdm(tqdm):  # type: ignore[misc]
    # `Bar.tick` repaints it. tqdm's monitor would be a thread that outlives the batch.
    monitor_interval = 0


class Bar:
    """Counts the results of a batch.

    Args:
        total: Number of rows; None if it is not known.
        shown: False shows nothing.
    """

    def __init__(self, total: int | None, *, shown: bool) -> None:
        self._failed = 0
        self._used = Use()
        self._waiting = 0.0
        self._repainted = time.monotonic()
        is_widget = any("notebook" in base.__module__ for base in tqdm.__mro__)
        # ipywidgets 7 would show an updated widget twice.
        can_update = is_widget and _widgets_can_update()
        self._is_live = is_widget or bool(sys.stderr and sys.stderr.isatty())
        self._interval = 1.0 if self._is_live else _LOG_INTERVAL
        self._bar: Any = _Tqdm(
            total=total, disable=not shown, desc="comet", unit="row", smoothing=0,
            mininterval=0.1 if self._is_live else _LOG_INTERVAL, dynamic_ncols=True,
            **({"display": False} if can_update else {}),
        )  # fmt: skip
        # We display it, not tqdm, so that the saved notebook shows the last state.
        self._handle: Any = None
        if can_update and shown:
            from IPython.display import display

            self._handle = display(self._bar.container, display_id=True)

    def add(self, generation: Generation, *, is_new: bool = True) -> None:
        """Counts one result; `is_new` is False for one from the resume file."""
        if self._bar.disable:
            return
        self._failed += generation.status is not Status.COMPLETE
        if is_new and generation.time_to_first_token is not None:  # it has an answer
            self._used += used_by(generation)
        if not is_new:
            self._bar.initial += 1  # it took no time, so it does not count for the rate
        self._update_counts(refresh=False)
        self._bar.update()

    def tick(self, waiting: float) -> None:
        """Repaints the bar when that is due.

        Args:
            waiting: Seconds for which a rate limit still holds all rows.
        """
        now = time.monotonic()
        begins_or_ends = self._is_live and (waiting > 0) != (self._waiting > 0)
        if begins_or_ends or now - self._repainted >= self._interval:
            self._repainted = now
            self._waiting = waiting
            self._update_counts(refresh=True)

    def close(self) -> None:
        """Paints the last state, which stays."""
        self._waiting = 0.0
        self._update_counts(refresh=False)
        self._bar.close()
        if self._handle:
            self._handle.update(self._bar.container)

    def _update_counts(self, *, refresh: bool) -> None:
        parts = [f"{self._failed:,} failed"] if self._failed else []
        about = "about " if self._used.estimated_tokens else ""
        parts += [f"{about}{self._used.tokens:,} tokens"] if self._used.tokens else []
        parts += [f"429: again in {math.ceil(self._waiting)} s"] if self._waiting > 0 else []
        self._bar.set_postfix_str(", ".join(parts), refresh=refresh)


def _widgets_can_update() -> bool:
    from ipywidgets import Widget

    return hasattr(Widget, "_repr_mimebundle_")
