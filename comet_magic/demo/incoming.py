"""What happens to every request before and after its route: key, body, request id, errors."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from comet_magic.demo import ids
from comet_magic.demo.api_errors import ApiError

_MAX_BODY = 32 * 1024 * 1024


def check_key(request: Request) -> None:
    """Accept no key at all, and every key but `sk-invalid`.

    Raises:
        ApiError: 401.
    """
    header = request.headers.get("authorization")
    if header is None:
        return
    scheme, _, key = header.partition(" ")
    if scheme.lower() != "bearer" or len(key.split()) != 1:
        raise ApiError(401, "The Authorization header is malformed", code="invalid_api_key")
    if key.strip() == "sk-invalid":
        raise ApiError(401, "Invalid token", code="invalid_api_key")


async def read_body(request: Request) -> bytearray:
    """Give the body.

    Raises:
        ApiError: 413. The body was still read to its end: a client that is cut off while it
            sends does not see the answer.
    """
    body = bytearray()
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= _MAX_BODY:
            body += part
    if size > _MAX_BODY:
        raise ApiError(413, "The request body is too large", code="request_too_large")
    return body


def root_of(request: Request) -> str:
    """Give the server's root as the client knows it, without a slash at the end."""
    return str(request.base_url).rstrip("/")


def with_request_id(app: ASGIApp) -> ASGIApp:
    """Give each request an id, and send it as a header of the answer."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        request_id = ids.request_id(ids.utc_now())
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = (b"x-cometapi-request-id", request_id.encode())
                message["headers"] = [*message.get("headers", []), header]
            await send(message)

        await app(scope, receive, send_with_id)

    return wrapped


async def _api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    body = error.body(request.state.request_id)
    return JSONResponse(body, error.status, headers=error.headers)


async def _http_error(request: Request, error: Exception) -> Response:
    """Give the endpoint's error body for an unknown path (404) and a wrong method (405)."""
    assert isinstance(error, HTTPException)
    message = f"Invalid URL ({request.method} {request.scope['path']})"
    code = "not_found" if error.status_code == 404 else "method_not_allowed"
    described = ApiError(error.status_code, message, code=code, headers=error.headers)
    return await _api_error(request, described)


async def _gone(request: Request, error: Exception) -> Response:
    """The client went away while it sent its request: nobody will read this."""
    return Response(status_code=499)


async def _fault(request: Request, error: Exception) -> Response:
    """Say what went wrong in this server itself; it has no log."""
    described = ApiError(500, f"The demo server has a fault: {error!r}", code="demo_fault")
    return await _api_error(request, described)


HANDLERS: Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    ApiError: _api_error,
    HTTPException: _http_error,
    ClientDisconnect: _gone,
    Exception: _fault,
}
