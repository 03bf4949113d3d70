"""Maps HTTP failures to the errors of this package."""

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
    CometError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    StreamError,
)
from ..settings.key import ApiKey
from ..settings.settings import Settings
from ..text import all_mended, one_line
from ..wire import headers
from ..wire.failure import Failure, failure_from_body
from .backoff import LONGEST_WAIT
from .retries import in_words, retry_after

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
    402: "payment is required",
    403: "not allowed for this key",
    404: "nothing exists at this address",
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
_USED_UP = "the budget of this key is used up"
_TOP_UP = "Ask whoever gave you the key, or top it up; trying again does not help."
_SAFETY = "safety system"


def request_id_of(response: httpx.Response, key: ApiKey | None) -> str | None:
    """Returns the request id from the response headers; None without one."""
    return _shown_id(key, headers.request_id(response.headers))


def request_id_in(failure: Failure, key: ApiKey | None) -> str | None:
    """Returns the request id from a failure; None without one."""
    return _shown_id(key, failure.request_id)


def in_brackets(request_id: str | None) -> str:
    """Returns the request id in brackets for a message; empty without one."""
    return f" (request id {request_id})" if request_id else ""


def status_error(
    response: httpx.Response, text: str, failure: Failure, key: ApiKey | None
) -> APIStatusError:
    """Returns the error for an unsuccessful response.

    Args:
        response: The response.
        text: Its body, without the key.
        failure: What `text` says.
        key: The key, to hide it.
    """
    status = response.status_code
    request_id = request_id_in(failure, key) or request_id_of(response, key)
    reason = quoted(key, failure.message)
    error_class: type[APIStatusError] = NotFoundError
    if response.is_redirect:
        location = quoted(key, response.headers.get("location", "").partition("?")[0], 200)
        what, advice = f"the request was redirected to {location or 'nowhere'}", _ADVICE[404]
        reason = ""
    else:
        what, advice = _WHAT.get(status, "the endpoint failed"), _ADVICE.get(status, "")
        error_class = _CLASSES.get(status, InternalServerError if status >= 500 else APIStatusError)
        if failure.is_used_up:
            error_class, what, advice = PermissionDeniedError, _USED_UP, _TOP_UP
        elif failure.code == "model_not_found":
            what, advice = "no such model here", "%comet models lists the models."
        elif _SAFETY in reason:
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
    return error_class(
        _message(f"{status} from {_host(response)}: {what}", request_id, reason, advice),
        status_code=status,
        request_id=request_id,
        body=_parsed(response, text, key),
    )


def sent_error(
    failure: Failure, host: str, request_id: str | None, key: ApiKey | None, *, in_answer: bool
) -> CometError:
    """Returns the error for a failure that was sent with a successful status.

    Args:
        failure: The failure.
        host: The host that sent it.
        request_id: The id of the request.
        key: The key, to hide it.
        in_answer: Whether a part of the answer had arrived.
    """
    reason = quoted(key, failure.message)
    if failure.is_used_up and not in_answer:
        return PermissionDeniedError(
            _message(f"{host}: {_USED_UP}", request_id, reason, _TOP_UP),
            status_code=200,
            request_id=request_id,
        )
    reason = reason or quoted(key, failure.code or failure.type) or "it does not say why"
    return StreamError(f"{host} sent an error{in_brackets(request_id)}: {reason}")


def web_page_error(response: httpx.Response, text: str, key: ApiKey | None) -> NotFoundError:
    """Returns the error for a web page: the base URL leads to a web site instead of the API."""
    text = without_key(key, text)
    title = quoted(key, failure_from_body(text).message, 100)
    reason = f"It says: {title}" if title else ""
    request_id = request_id_of(response, key)
    return NotFoundError(
        _message(f"{_host(response)} answered with a web page", request_id, reason, _ADVICE[404]),
        status_code=response.status_code,
        request_id=request_id,
        body=text,
    )


def no_list_error(response: httpx.Response, text: str, key: ApiKey | None) -> NotFoundError:
    """Returns the error for something else in place of a list of models."""
    text = without_key(key, text)
    failure = failure_from_body(text)
    request_id = request_id_in(failure, key) or request_id_of(response, key)
    what, reason = f"{_host(response)} sent no list of models", quoted(key, failure.message)
    return NotFoundError(
        _message(what, request_id, reason, _ADVICE[404]),
        status_code=response.status_code,
        request_id=request_id,
        body=_parsed(response, text, key),
    )


def is_transient(status: int, failure: Failure) -> bool:
    """Returns whether the same request may succeed later.

    Some failures are permanent: a 500 can mean an invalid request or a refusal, a 503 an unknown
    model, and a 429 a used-up budget.
    """
    is_lasting = failure.code in ("invalid_request", "model_not_found") or failure.is_used_up
    if is_lasting or _SAFETY in failure.message:
        return False
    return status == 429 or status >= 500


def is_unsent(error: BaseException) -> bool:
    """Returns whether there was no connection, so that nothing was sent."""
    return isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout)


@contextmanager
def mapped(host: str, settings: Settings) -> Iterator[None]:
    """Maps errors of httpx before an answer has begun to the errors of this package."""
    key = settings.api_key
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
            f"{host} stopped reading the request for {settings.timeout:g} s.\n"
            "Send less, or raise the time: %config CometMagics.timeout."
        ) from error
    except httpx.TimeoutException as error:
        raise APITimeoutError(
            f"{host} did not begin to answer within {settings.first_byte_timeout:g} s.\n"
            "The provider may still work on the request and charge for it. "
            "%config CometMagics.first_byte_timeout raises the time."
        ) from error
    except httpx.ConnectError as error:
        raise APIConnectionError(
            f"{host} could not be reached: {quoted(key, str(error), 200) or 'no connection'}.\n"
            "Check the network and the base URL."
        ) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise APIConnectionError(
            f"{host} is not a valid address: {quoted(key, str(error), 200)}."
        ) from error
    except (httpx.TransportError, httpx.DecodingError) as error:
        # The error quotes an invalid response, which may contain the key.
        is_clean = without_key(key, str(error)) == str(error)
        raise APIConnectionError(
            f"The connection to {host} broke before an answer began: "
            f"{quoted(key, str(error), 200).rstrip('.') or 'it was reset'}.\n"
            "The request may have been charged; run the cell again if you want to risk that."
        ) from (error if is_clean else None)


def reason_of(error: Exception, key: ApiKey | None) -> str:
    """Returns the reason of any error for a note: one line without a full stop and the key."""
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    return quoted(key, str(error), 200).rstrip(".") or type(error).__name__


def without_key(key: ApiKey | None, text: str) -> str:
    """Returns `text` with the key replaced."""
    return key.hide_in(text) if key else text


def quoted(key: ApiKey | None, text: str, limit: int = 300) -> str:
    """Returns foreign text on one line of at most `limit` characters, without the key.

    The key is hidden before the text is shortened, as it can lie across the cut; and after it, as
    the key can show only when escape sequences are removed.
    """
    return without_key(key, one_line(without_key(key, text), limit))


def _message(what: str, request_id: str | None, reason: str, advice: str) -> str:
    """Returns the lines of an error: what happened, why, and what to do."""
    lines = (f"{what}{in_brackets(request_id)}.", reason, advice)
    return "\n".join(line for line in lines if line)


def _host(response: httpx.Response) -> str:
    return response.url.netloc.decode()


def _shown_id(key: ApiKey | None, found: str | None) -> str | None:
    return quoted(key, found, 200) if found else None


def _parsed(response: httpx.Response, text: str, key: ApiKey | None) -> object:
    try:
        if "json" not in response.headers.get("content-type", ""):
            return text
        plain = json.dumps(all_mended(json.loads(text)), ensure_ascii=False)
        return json.loads(without_key(key, plain))
    except (ValueError, RecursionError):
        return text
