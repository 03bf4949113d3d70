"""What each request goes through: its request id, its key, and the limit on its body."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from comet_magic.demo import ids
from comet_magic.demo.api_errors import ApiError

_MAX_BODY = 32 * 1024 * 1024


def check_key(request: Request) -> None:
    """Accept a missing key and any key but `sk-invalid`.

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
    """Return the body.

    Raises:
        ApiError: 413, the body has more than 32 MB. It is read to its end all the same: a client
            that is cut off while it sends does not see the answer.
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
    """Return the server's root URL as the client knows it, without a slash at the end."""
    return str(request.base_url).rstrip("/")


def with_request_id(app: ASGIApp) -> ASGIApp:
    """Wrap an app: each request gets an id, which is sent as a header of the answer."""

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
