"""How long to wait before a request is sent again."""

import random

# An endpoint may ask for hours. A cell, and a batch, wait two minutes at most, then try again.
LONGEST_WAIT = 120.0
_LONGEST_STEP = 30.0


def backoff(failures: int, asked: float | None = None) -> float:
    """The seconds to wait, at most `LONGEST_WAIT`.

    Args:
        failures: How many there were in a row, this one included.
        asked: What the endpoint asked for. None: 1, 2, 4 … 30 seconds, each up to a quarter
            shorter or longer, so that clients that failed together do not come back together.
    """
    if asked is None:
        step = min(_LONGEST_STEP, 2.0 ** min(failures - 1, 10))
        asked = step * random.uniform(0.75, 1.25)  # noqa: S311
    return min(asked, LONGEST_WAIT)
