"""The one error of the demo server, in the endpoint's form."""

from collections.abc import Mapping


class ApiError(Exception):
    """Ends a request with an error body.

    Attributes:
        status: The HTTP status.
        param: The field at fault, "" if there is none.
        code: A short word for programs, "" if there is none.
        headers: Sent besides the usual ones, such as `Retry-After`.
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
        """Give the JSON body; the request id is part of the message, as the endpoint has it."""
        return {
            "error": {
                "message": f"{self} (request id: {request_id})",
                "type": "comet_api_error",
                "param": self.param,
                "code": self.code,
            }
        }
