"""Every error of the package. What is raised, and when:

    CometError                      all of them
    ├── APIConnectionError          no connection, or it broke before an answer began
    │   └── APITimeoutError         no connection or no byte within the time allowed
    ├── APIStatusError              an HTTP status that is no success
    │   ├── BadRequestError         400, 413, 422: the request itself is at fault
    │   ├── AuthenticationError     401: the key is missing or was refused
    │   ├── PermissionDeniedError   402, 403: the key may not use the model; a used-up budget
    │   ├── NotFoundError           404, a redirect or a web page: most likely a wrong base URL
    │   ├── RateLimitError          429
    │   └── InternalServerError     500 and above
    ├── StreamError                 the answer was cut, or carried an error
    ├── BudgetError                 nothing was sent: it would have gone over the budget
    ├── GenerationError             the model finished without what it was asked for
    └── RecordingError              a recording cannot be made, read or gone on with
        └── NotRecordedError        a request that the replayed recording does not hold

The names are OpenAI's. Wrong arguments are `ValueError` or `TypeError`, raised before anything
is sent; the magics turn these into IPython's `UsageError`.
"""

import sys
from typing import Any

from .text import lines, writable


class CometError(Exception):
    """What went wrong, why, and what to do about it, in three lines at most.

    Attributes:
        generation: The `Generation` as far as it came, or None if nothing had arrived.
    """

    def __init__(self, message: str, *, generation: Any = None) -> None:
        super().__init__(message)
        self.generation = generation

    def _render_traceback_(self) -> list[str]:
        """IPython shows this in place of a traceback: the stack is ours and would help nobody."""
        return short_traceback(self)


class APIConnectionError(CometError):
    """No connection to the endpoint, or it broke before an answer began."""


class APITimeoutError(APIConnectionError):
    """The endpoint could not be reached, or sent nothing, within the time allowed."""


class APIStatusError(CometError):
    """The endpoint answered with a status that is no success.

    Attributes:
        status_code: The HTTP status.
        request_id: What to quote to the provider; None if the answer named none.
        body: The answer's body, parsed if it was JSON, else its text.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int = 0,
        request_id: str | None = None,
        body: object = None,
        generation: Any = None,
    ) -> None:
        super().__init__(message, generation=generation)
        self.status_code = status_code
        self.request_id = request_id
        self.body = body


class BadRequestError(APIStatusError):
    """400, 413 or 422: sending the same request again will not help."""


class AuthenticationError(APIStatusError):
    """401: the key is missing, malformed or invalid."""


class PermissionDeniedError(APIStatusError):
    """402 or 403: the key may not use this model. Any status: its budget or quota is used up."""


class NotFoundError(APIStatusError):
    """404, a redirect, or a web page in place of an answer."""


class RateLimitError(APIStatusError):
    """429: too many requests; tried again `max_retries` times before it is raised.

    Attributes:
        retry_after: Seconds that the endpoint asked to wait; None if it did not.
    """

    retry_after: float | None = None


class InternalServerError(APIStatusError):
    """500 and above: the endpoint or a gateway in front of it failed."""


class StreamError(CometError):
    """The answer ended early or carried an error; `generation` holds what arrived."""


class BudgetError(CometError):
    """Nothing was sent: it would have gone over a budget of this kernel."""


class GenerationError(CometError):
    """The answer is whole, but the model made no picture; `generation.error` has its reason."""


class RecordingError(CometError):
    """A recording cannot be made, read or gone on with; what was in force stays so."""


class NotRecordedError(RecordingError):
    """The recording that is replayed has no answer to this request. Nothing was sent."""


def short_traceback(error: BaseException) -> list[str]:
    """The lines that a notebook shows for `error`: its name and message, no stack."""
    name = type(error).__name__
    first, *rest = lines(str(error)) or [""]
    # IPython shows nothing at all of what it cannot print.
    said = [f"{name}: {first}" if first else name, *rest]
    return [writable(line, sys.stdout) for line in said]


def short_interrupt(
    message: str = "the generation was stopped; what arrived is kept",
) -> KeyboardInterrupt:
    """The interrupt as a notebook shows and saves it: one line, no stack of ours."""
    error = KeyboardInterrupt(message)
    # On the instance: it stays a KeyboardInterrupt by name for everything that looks for one.
    setattr(error, "_render_traceback_", lambda: short_traceback(error))  # noqa: B010
    return error
