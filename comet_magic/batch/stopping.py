"""When a batch gives up: its other rows would fail the same way, and some cost money to try."""

from typing import Any

from .. import errors
from ..errors import APIStatusError, CometError
from ..generation import Generation, Status
from ..text import lines

# Of failures one after the other that say nothing about the row itself.
_MOST = 10
_OF_THE_ENDPOINT = {
    "APIConnectionError", "APITimeoutError", "NotFoundError", "PermissionDeniedError",
    "RateLimitError",
}  # fmt: skip
_STATUSES = {502, 503, 504, 521, 522, 523, 530}


class Patience:
    """Watches how rows end, and says when it is of no use to go on.

    A refused key (401) and a budget that is used up end it at once. So do ten rows in a row that
    fail because the endpoint cannot be reached, is not there, is down, or allows nothing. A row
    that fails for its own sake does not count.
    """

    def __init__(self) -> None:
        self._in_a_row = 0

    def is_over(self, generation: Generation) -> bool:
        """Whether this end of a row is one too many."""
        if generation.error_type in ("AuthenticationError", "BudgetError"):
            return True
        if generation.status is Status.COMPLETE:
            self._in_a_row = 0
        elif generation.error_type in _OF_THE_ENDPOINT or generation.status_code in _STATUSES:
            self._in_a_row += 1
        return self._in_a_row >= _MOST


def stopping_error(generation: Generation) -> CometError:
    """The error that ends a batch after this row: of its type, and with its words."""
    kind: Any = getattr(errors, generation.error_type or "", CometError)
    first = "The batch was stopped: the other rows would fail in the same way."
    message = "\n".join([first, *lines(generation.error or "", most=2)])
    fields: dict[str, Any] = {"generation": generation}
    if issubclass(kind, APIStatusError):
        fields |= {"status_code": generation.status_code, "request_id": generation.request_id}
    error: CometError = kind(message, **fields)
    return error
