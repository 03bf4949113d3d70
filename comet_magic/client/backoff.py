"""Computes the wait before a retry."""

import random

# An endpoint may ask for hours. Cells and batches wait two minutes at most, then try again.
LONGEST_WAIT = 120.0
_LONGEST_STEP = 30.0


def backoff(failures: int, asked: float | None = None) -> float:
    """Returns the seconds to wait, at most `LONGEST_WAIT`.

    Args:
        failures: The number of failures in a row, including this one.
        asked: The wait that the endpoint asked for. By default 1, 2, 4 … 30 seconds, each with
            up to 25 % jitter, so that clients that failed together do not retry together.
    """
    if asked is None:
        step = min(_LONGEST_STEP, 2.0 ** min(failures - 1, 10))
        asked = step * random.uniform(0.75, 1.25)  # noqa: S311
    return min(asked, LONGEST_WAIT)
