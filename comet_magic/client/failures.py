"""HTTP trouble, mapped once to the errors of this package."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from ..errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    StreamError,
)
from ..settings.key import ApiKey
from ..settings.settings import Settings
from ..text import all_mended, one_line
from ..wire.failure import Failure, failure_from_body
from .retries import LONGEST_WAIT, in_words, retry_after

_CLASSES: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    402: PermissionDeniedError,
    403: PermissionDeniedError,
    404: NotFoundError,
    413: BadRequestError,
    422: BadRequestError,
    429: RateLimitError,
}
_WHAT = {
    400: "the request was refused",
    401: "the key was refused",
    402: "it wants to be paid first",
    403: "not allowed for this key",
    404: "nothing answers at this address",
    413: "the request is too large",
    422: "the request was refused",
    429: "too many requests",
    524: "the gateway gave up waiting for the model",
}
_ADVICE = {
    401: "Check COMETAPI_KEY, or run %comet login.",
    403: "Check the key's quota and which models it may use.",
    404: "Check the base URL; it usually ends in /v1.",
    413: "Send less: a shorter prompt, or fewer pictures.",
    429: "Wait a little, then run it again.",
}
_IDS = ("x-cometapi-request-id", "x-oneapi-request-id", "x-request-id")
# The LiteLLM proxy passes on the provider's headers under names of its own, and has an id, too.
_REQUEST_ID_HEADERS = (*_IDS, *(f"llm_provider-{name}" for name in _IDS), "x-litellm-call-id")
_SAFETY = "safety system"


def request_id_of(response: httpx.Response, key: ApiKey | None) -> str | None:
    """The id that the provider gave the request in a header."""
    found = (response.headers.get(name) for name in _REQUEST_ID_HEADERS)
    return next((one_line(without_key(key, value), 200) for value in found if value), None)


def in_brackets(request_id: str | None) -> str:
    """What a message says of the id; empty without one."""
    return f" (request id {request_id})" if request_id else ""


def status_error(response: httpx.Response, text: str, key: ApiKey | None) -> APIStatusError:
    """The error for a response that is no success, `text` being its body."""
    text = without_key(key, text)
    status = response.status_code
    failure = failure_from_body(text)
    request_id = failure.request_id or request_id_of(response, key)
    said = one_line(failure.message)
    error_class: type[APIStatusError] = NotFoundError
    if response.is_redirect:
        location = without_key(key, response.headers.get("location", "").partition("?")[0])
        location = one_line(location, 200)
        where = location or "nowhere"
        what, advice, said = f"the request was redirected to {where}", _ADVICE[404], ""
    else:
        what, advice = _WHAT.get(status, "the endpoint failed"), _ADVICE.get(status, "")
        error_class = _CLASSES.get(status, InternalServerError if status >= 500 else APIStatusError)
        if failure.is_used_up:
            error_class, what = PermissionDeniedError, "the budget of this key is used up"
            advice = "Ask whoever gave you the key, or top it up; trying again does not help."
        elif failure.code == "model_not_found":
            what, advice = "no such model here", "%comet models lists the models."
        elif _SAFETY in said:
            what, advice = (
                "the prompt was refused",
                "Change the prompt; trying again does not help.",
            )
        elif failure.code == "invalid_request":
            what = _WHAT[400]
        elif status >= 500:
            advice = "That is the provider's side; try again later."
        elif status == 429 and (seconds := retry_after(response) or 0) > LONGEST_WAIT:
            advice = f"It asks to wait {in_words(seconds)}."
    message = f"{status} from {response.url.netloc.decode()}: {what}"
    message += f"{in_brackets(request_id)}."
    message = "\n".join(line for line in (message, said, advice) if line)
    return error_class(
        message, status_code=status, request_id=request_id, body=_parsed(response, text)
    )


def sent_error(
    failure: Failure, host: str, request_id: str | None, key: ApiKey | None
) -> StreamError:
    """The error for a failure that was sent in place of an answer, or in the middle of one."""
    said = without_key(key, one_line(failure.message))
    return StreamError(f"{host} sent an error{in_brackets(request_id)}: {said}")


def web_page_error(response: httpx.Response, text: str, key: ApiKey | None) -> NotFoundError:
    """The error for an answer that is a web page: the base URL leads to a site, not to the API."""
    text = without_key(key, text)
    title = failure_from_body(text).message
    said = f"It says: {one_line(title, 100)}\n" if title else ""
    request_id = request_id_of(response, key)
    what = f"{response.url.netloc.decode()} answered with a web page{in_brackets(request_id)}."
    return NotFoundError(
        f"{what}\n{said}{_ADVICE[404]}",
        status_code=response.status_code,
        request_id=request_id,
        body=text,
    )


def is_transient(status: int, failure: Failure) -> bool:
    """Whether the same request may succeed later.

    A 500 can be a mistake of the request (`invalid_request`) or a refusal, a 503 an unknown model,
    a 429 a budget that is used up.
    """
    is_lasting = failure.code in ("invalid_request", "model_not_found") or failure.is_used_up
    if is_lasting or _SAFETY in failure.message:
        return False
    return status == 429 or status >= 500


def is_unsent(error: BaseException) -> bool:
    """Whether there was no connection: nothing of the request was written."""
    return isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout)


@contextmanager
def mapped(host: str, settings: Settings) -> Iterator[None]:
    """Turns what httpx raises before an answer has begun into the errors of this package."""
    try:
        yield
    except httpx.ConnectTimeout as error:
        raise APITimeoutError(
            f"{host} could not be reached within {settings.connect_timeout:g} s.\n"
            "Check the network and the base URL. "
            "%config CometMagics.connect_timeout raises the time."
        ) from error
    except httpx.WriteTimeout as error:
        raise APITimeoutError(
            f"{host} took nothing more of the request for {settings.timeout:g} s.\n"
            "Send less, or raise the time: %config CometMagics.timeout."
        ) from error
    except httpx.TimeoutException as error:
        raise APITimeoutError(
            f"{host} did not begin to answer within {settings.first_byte_timeout:g} s.\n"
            "The request may still be worked on and charged. "
            "%config CometMagics.first_byte_timeout raises the time."
        ) from error
    except httpx.ConnectError as error:
        raise APIConnectionError(
            f"{host} could not be reached: {one_line(str(error), 200) or 'no connection'}.\n"
            "Check the network and the base URL."
        ) from error
    except (httpx.TransportError, httpx.DecodingError) as error:
        # What is no HTTP is quoted, and may quote the key in its turn.
        said = without_key(settings.api_key, str(error))
        raise APIConnectionError(
            f"The connection to {host} broke before an answer began: "
            f"{one_line(said, 200).rstrip('.') or 'it was reset'}.\n"
            "The request may have been charged; run the cell again if you want to risk that."
        ) from (error if said == str(error) else None)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise APIConnectionError(f"{host} is no address: {one_line(str(error), 200)}.") from error


def without_key(key: ApiKey | None, text: str) -> str:
    return key.hide_in(text) if key else text


def _parsed(response: httpx.Response, text: str) -> object:
    try:
        is_json = "json" in response.headers.get("content-type", "")
        return all_mended(json.loads(text)) if is_json else text
    except (ValueError, RecursionError):
        return text
