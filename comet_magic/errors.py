"""All errors of the package, and when they are raised:

    CometError                      base class
    ├── APIConnectionError          no connection, or it broke before an answer began
    │   └── APITimeoutError         no connection or no data within the time limit
    ├── APIStatusError              an unsuccessful HTTP status
    │   ├── BadRequestError         400, 413, 422: the request is invalid
    │   ├── AuthenticationError     401: the key is missing or was refused
    │   ├── PermissionDeniedError   402, 403: the key may not use the model; a used-up budget
    │   ├── NotFoundError           404, a redirect or a web page: probably a wrong base URL
    │   ├── RateLimitError          429
    │   └── InternalServerError     500 and above
    ├── StreamError                 the answer was cut, or contained an error
    ├── BudgetError                 nothing was sent: the request would exceed the budget
    ├── GenerationError             the model finished without the requested result
    └── RecordingError              a recording cannot be created, read or continued
        └── NotRecordedError        the replayed recording does not contain the request

The names are OpenAI's. Wrong arguments raise `ValueError` or `TypeError` before anything is sent;
the magics turn these into IPython's `UsageError`.
"""

import sys

from . import hooks
from .text import lines, writable


class CometError(Exception):
    """The base class. The text has three lines at most: what happened, why, and what to do.

    Attributes:
        generation: The `Generation` so far; None if the error belongs to none.
    """

    def __init__(self, message: str, *, generation: "hooks.Generation | None" = None) -> None:
        super().__init__(message)
        self.generation = generation

    def _render_traceback_(self) -> list[str]:
        """Returns what IPython shows instead of a traceback, which would not help users."""
        return short_traceback(self)


class APIConnectionError(CometError):
    """No connection to the endpoint, or it broke before an answer began."""


class APITimeoutError(APIConnectionError):
    """The endpoint could not be reached, or sent nothing, within the time limit."""


class APIStatusError(CometError):
    """The endpoint answered with an unsuccessful status.

    Attributes:
        status_code: The HTTP status.
        request_id: The provider's id of the request, for support; None if not given.
        body: The body of the answer, parsed if it is JSON, else its text.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int = 0,
        request_id: str | None = None,
        body: object = None,
        generation: "hooks.Generation | None" = None,
    ) -> None:
        super().__init__(message, generation=generation)
        self.status_code = status_code
        self.request_id = request_id
        self.body = body


class BadRequestError(APIStatusError):
    """400, 413 or 422: repeating the same request will not help."""


class AuthenticationError(APIStatusError):
    """401: the key is missing, malformed or invalid."""


class PermissionDeniedError(APIStatusError):
    """402 or 403: the key may not use this model. Also any status for a used-up budget or quota."""


class NotFoundError(APIStatusError):
    """404, a redirect, or a web page instead of an answer."""


class RateLimitError(APIStatusError):
    """429: too many requests. It is raised after `max_retries` retries.

    Attributes:
        retry_after: The wait that the endpoint asked for, in seconds; None if it asked for none.
    """

    retry_after: float | None = None


class InternalServerError(APIStatusError):
    """500 and above: the endpoint or its gateway failed."""


class StreamError(CometError):
    """The answer ended early or contained an error; `generation` contains what arrived."""


class BudgetError(CometError):
    """Nothing was sent: the request would exceed a budget of this kernel."""


class GenerationError(CometError):
    """The answer is complete, but without the requested result; see `generation.error`."""


class RecordingError(CometError):
    """A recording cannot be created, read or continued. Nothing else changes."""


class NotRecordedError(RecordingError):
    """The replayed recording has no answer to this request. Nothing was sent."""


def short_traceback(error: BaseException) -> list[str]:
    """Returns the lines that a notebook shows for `error`: its name and message, no stack."""
    name = type(error).__name__
    first, *rest = lines(str(error)) or [""]
    # IPython shows nothing if it cannot print the text.
    shown = [f"{name}: {first}" if first else name, *rest]
    return [writable(line, sys.stdout) for line in shown]


def short_interrupt(
    message: str = "the generation was stopped; what arrived is kept",
) -> KeyboardInterrupt:
    """Returns an interrupt that a notebook shows as one line, without a stack."""
    error = KeyboardInterrupt(message)
    # Set it on the instance, because a subclass would have another name.
    setattr(error, "_render_traceback_", lambda: short_traceback(error))  # noqa: B010
    return error
