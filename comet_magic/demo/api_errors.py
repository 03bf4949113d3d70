"""Errors in the endpoint's form: the exception, its JSON body, and the handlers that send it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response


class ApiError(Exception):
    """Ends a request with an error body.

    Attributes:
        status: HTTP status.
        param: Name of the wrong field; "" if no field is to blame.
        code: Short word for programs; may be "".
        headers: Additional response headers, such as `Retry-After`.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str = "",
        code: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.param = param
        self.code = code
        self.headers = dict(headers or {})

    def body(self, request_id: str) -> dict[str, object]:
        """Return the JSON body. As at the endpoint, the message ends with the request id."""
        return {
            "error": {
                "message": f"{self} (request id: {request_id})",
                "type": "comet_api_error",
                "param": self.param,
                "code": self.code,
            }
        }


def no_channel(model: str) -> ApiError:
    """Return the error for a model that the server does not have."""
    return ApiError(
        503, f"No available channel for model {model}", param="model", code="model_not_found"
    )


async def _api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    body = error.body(request.state.request_id)
    return JSONResponse(body, error.status, headers=error.headers)


async def _http_error(request: Request, error: Exception) -> Response:
    """Answer an unknown path (404) or a wrong method (405)."""
    assert isinstance(error, HTTPException)
    message = f"Invalid URL ({request.method} {request.scope['path']})"
    code = "not_found" if error.status_code == 404 else "method_not_allowed"
    described = ApiError(error.status_code, message, code=code, headers=error.headers)
    return await _api_error(request, described)


async def _disconnected(request: Request, error: Exception) -> Response:
    """Answer a client that left while it was sending; nobody reads this."""
    return Response(status_code=499)


async def _fault(request: Request, error: Exception) -> Response:
    """Report a bug of this server in the answer, because the server has no log."""
    described = ApiError(500, f"The demo server has a fault: {error!r}", code="demo_fault")
    return await _api_error(request, described)


HANDLERS: Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    ApiError: _api_error,
    HTTPException: _http_error,
    ClientDisconnect: _disconnected,
    Exception: _fault,
}
