"""When a batch gives up: its other rows would fail the same way, and some cost money to try."""

from typing import Any

from .. import errors
from ..errors import APIStatusError, CometError
from ..generation import Generation, Status
from ..text import lines

# Failures in a row that say nothing about the row itself.
_MOST_FAILURES = 10
_ENDPOINT_ERRORS = {
    "APIConnectionError", "APITimeoutError", "NotFoundError", "PermissionDeniedError",
    "RateLimitError",
}  # fmt: skip
_ENDPOINT_STATUSES = {502, 503, 504, 521, 522, 523, 530}


class Patience:
    """Watches how rows end, and says when to give up.

    A refused key (401) or a spent budget ends the batch at once. So do ten rows in a row that fail
    because the endpoint is unreachable, missing, down, or permits nothing. A failure that is the
    row's own does not count.
    """

    def __init__(self) -> None:
        self._failures = 0

    def is_over(self, generation: Generation) -> bool:
        """Whether the batch should stop after this result."""
        if generation.error_type in ("AuthenticationError", "BudgetError"):
            return True
        if generation.status is Status.COMPLETE:
            self._failures = 0
        elif (
            generation.error_type in _ENDPOINT_ERRORS
            or generation.status_code in _ENDPOINT_STATUSES
        ):
            self._failures += 1
        return self._failures >= _MOST_FAILURES


def stopping_error(generation: Generation) -> CometError:
    """The error to raise after this result: of the same type, with the same reason."""
    kind: Any = getattr(errors, generation.error_type or "", CometError)
    first = "The batch was stopped: the other rows would fail in the same way."
    message = "\n".join([first, *lines(generation.error or "", most=2)])
    fields: dict[str, Any] = {"generation": generation}
    if issubclass(kind, APIStatusError):
        fields |= {"status_code": generation.status_code, "request_id": generation.request_id}
    error: CometError = kind(message, **fields)
    return error
