"""What each failure says, word by word, and of which class it is."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from comet_magic import errors
from comet_magic.client.failures import reason_of
from comet_magic.client.models import list_models
from comet_magic.errors import CometError
from tests.client.scripted import KEY, Endpoint, answer, create, sse

pytestmark = pytest.mark.usefixtures("without_waits")

JSON = {"Content-Type": "application/json"}
LATER = "That is the provider's side; try again later."
URL = "Check the base URL; it usually ends in /v1."
TOP_UP = "Ask whoever gave you the key, or top it up; trying again does not help."


def failing(*answers: httpx.Response | Exception, **settings: Any) -> CometError:
    """The error that these answers lead to."""
    with pytest.raises(CometError) as caught:
        asyncio.run(create(Endpoint(*answers), max_retries=0, **settings))
    return caught.value


def says(error: CometError) -> list[str]:
    """The lines of an error, in which `no` is the message of the endpoint."""
    return str(error).splitlines()


@pytest.mark.parametrize(
    ("status", "error_class", "what", "advice"),
    [
        (400, errors.BadRequestError, "the request was refused", None),
        (401, errors.AuthenticationError, "the key was refused",
         "Check COMETAPI_KEY, or run %comet login."),
        (402, errors.PermissionDeniedError, "payment is required", None),
        (403, errors.PermissionDeniedError, "not allowed for this key",
         "Check the key's quota and which models it may use."),
        (404, errors.NotFoundError, "nothing exists at this address", URL),
        (409, errors.APIStatusError, "the endpoint failed", None),
        (413, errors.BadRequestError, "the request is too large",
         "Send less: a shorter prompt, or fewer pictures."),
        (422, errors.BadRequestError, "the request was refused", None),
        (429, errors.RateLimitError, "too many requests", "Wait a little, then run it again."),
        (499, errors.APIStatusError, "the endpoint failed", None),
        (500, errors.InternalServerError, "the endpoint failed", LATER),
        (503, errors.InternalServerError, "the endpoint failed", LATER),
        (524, errors.InternalServerError, "the gateway gave up waiting for the model", LATER),
    ],
)  # fmt: skip
@pytest.mark.parametrize("request_id", ["", "r-1"])
def test_what_a_status_means(
    status: int, error_class: type, what: str, advice: str | None, request_id: str
) -> None:
    """What happened, what the endpoint says, and what to do."""
    headers = {"X-Request-Id": request_id} if request_id else {}
    error = failing(answer('{"error": {"message": "no"}}', status, **headers))
    assert type(error) is error_class
    brackets = f" (request id {request_id})" if request_id else ""
    first = f"{status} from api.example: {what}{brackets}."
    assert says(error) == [first, "no", *([advice] if advice else [])]
    made = error.generation
    assert made
    assert (made.error_type, made.status_code) == (error_class.__name__, status)
    assert (made.request_id, made.error) == (request_id or None, str(error))


@pytest.mark.parametrize(
    ("status", "failure", "error_class", "first", "advice"),
    [
        (400, {"code": "model_not_found"}, errors.BadRequestError, "no such model here",
         "%comet models lists the models."),
        (503, {"code": "model_not_found"}, errors.InternalServerError, "no such model here",
         "%comet models lists the models."),
        (500, {"code": "invalid_request"}, errors.InternalServerError, "the request was refused",
         None),
        (401, {"code": "invalid_request"}, errors.AuthenticationError, "the request was refused",
         "Check COMETAPI_KEY, or run %comet login."),
        (500, {"message": "no, says the safety system"}, errors.InternalServerError,
         "the prompt was refused", "Change the prompt; trying again does not help."),
        (429, {"code": "insufficient_quota"}, errors.PermissionDeniedError,
         "the budget of this key is used up", TOP_UP),
    ],
)  # fmt: skip
def test_what_a_code_means(
    status: int, failure: dict[str, str], error_class: type, first: str, advice: str | None
) -> None:
    """More than the status."""
    error = failing(answer(json.dumps({"error": {"message": "no", **failure}}), status))
    assert type(error) is error_class
    message = failure.get("message", "no")
    lines = [f"{status} from api.example: {first}.", message, *([advice] if advice else [])]
    assert says(error) == lines


@pytest.mark.parametrize(
    ("seconds", "advice"),
    [
        (120, "Wait a little, then run it again."),
        (121, "It asks to wait 2 min."),
        (3600, "It asks to wait 60 min."),
    ],
)
def test_a_long_wait_that_is_asked_for_is_told(seconds: int, advice: str) -> None:
    """One that the package would wait itself is not."""
    error = failing(answer('{"message": "no"}', 429, **{"Retry-After": str(seconds)}))
    assert says(error)[2] == advice


@pytest.mark.parametrize(
    ("location", "where"),
    [
        ("https://b.example/v1?key=1", "https://b.example/v1"),
        ("", "nowhere"),
        ("x" * 300, "x" * 199 + "…"),
        (f"https://b.example/{KEY}", "https://b.example/[key]"),
    ],
    ids=["an address", "none", "a long one", "the key"],
)
def test_where_a_redirect_leads(location: str, where: str) -> None:
    """Its query may hold secrets, and its body says nothing."""
    headers = {"Location": location} if location else {"Location": "?"}
    error = failing(answer("no", 302, **headers))
    assert type(error) is errors.NotFoundError
    assert says(error) == [f"302 from api.example: the request was redirected to {where}.", URL]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"error": {"message": "no"}}, ": no"),
        ({"error": {"message": "no", "request_id": "r-1"}}, " (request id r-1): no"),
        ({"error": True}, ": it does not say why"),
    ],
    ids=json.dumps,
)
def test_an_error_in_a_stream(value: dict[str, Any], reason: str) -> None:
    """In one line."""
    said = b"data: " + json.dumps(value).encode() + b"\n\n"
    error = failing(sse(said))
    assert type(error) is errors.StreamError
    assert str(error) == f"api.example sent an error{reason}"
    named = failing(sse(said, **{"X-Request-Id": "r-9"})).generation
    assert named
    assert named.request_id == ("r-1" if "r-1" in reason else "r-9")
    assert (named.error_type, named.status_code) == ("StreamError", None)


def test_a_used_up_budget_in_a_stream() -> None:
    """In the three lines of a status."""
    error = failing(sse(b'data: {"error": {"message": "no", "code": "insufficient_quota"}}\n\n'))
    assert isinstance(error, errors.PermissionDeniedError)
    assert says(error) == ["api.example: the budget of this key is used up.", "no", TOP_UP]
    assert (error.status_code, error.request_id) == (200, None)


@pytest.mark.parametrize(
    ("title", "quoted"),
    [("<title>Welcome</title>", ["It says: Welcome"]), ("", []),
     (f"<title>{'x' * 200}</title>", [f"It says: {'x' * 99}…"])],
    ids=["a title", "none", "a long one"],
)  # fmt: skip
def test_a_web_page(title: str, quoted: list[str]) -> None:
    """What it says, and that the address is wrong."""
    page = f"<!DOCTYPE html><html><head>{title}</head></html>"
    error = failing(answer(page, 200, **{"Content-Type": "text/html", "X-Request-Id": "r-1"}))
    assert isinstance(error, errors.NotFoundError)
    first = "api.example answered with a web page (request id r-1)."
    assert says(error) == [first, *quoted, URL]
    assert (error.status_code, error.request_id, error.body) == (200, "r-1", page)


@pytest.mark.parametrize(
    ("body", "reason"), [('{"message": "no"}', ["no"]), ("{}", [])], ids=["words", "none"]
)
def test_no_list_of_models(body: str, reason: list[str]) -> None:
    """What came in its place, and that the address may be wrong."""
    endpoint = Endpoint(answer(body, 200, **JSON, **{"X-Request-Id": "r-1"})).asked()
    with pytest.raises(errors.NotFoundError) as caught:
        asyncio.run(list_models(endpoint))
    first = "api.example sent no list of models (request id r-1)."
    assert says(caught.value) == [first, *reason, URL]
    assert (caught.value.status_code, caught.value.request_id) == (200, "r-1")
    assert caught.value.body == json.loads(body)


CHARGED = "The request may have been charged; run the cell again if you want to risk that."
LOOK = "Check the network and the base URL."


@pytest.mark.parametrize(
    ("failure", "error_class", "lines"),
    [
        (httpx.ConnectTimeout("x"), errors.APITimeoutError, [
            "api.example could not be reached within 3.5 s.",
            f"{LOOK} %config CometMagics.connect_timeout raises the time.",
        ]),
        (httpx.WriteTimeout("x"), errors.APITimeoutError, [
            "api.example stopped reading the request for 7 s.",
            "Send less, or raise the time: %config CometMagics.timeout.",
        ]),
        (httpx.ReadTimeout("x"), errors.APITimeoutError, [
            "api.example did not begin to answer within 5 s.",
            ("The provider may still work on the request and charge for it. "
            "%config CometMagics.first_byte_timeout raises the time."),
        ]),
        (httpx.ConnectError("x"), errors.APIConnectionError, [
            "api.example could not be reached: x.", LOOK,
        ]),
        (httpx.ConnectError(""), errors.APIConnectionError, [
            "api.example could not be reached: no connection.", LOOK,
        ]),
        (httpx.ConnectError("x" * 300), errors.APIConnectionError, [
            f"api.example could not be reached: {'x' * 199}….", LOOK,
        ]),
        (httpx.ReadError("x."), errors.APIConnectionError, [
            "The connection to api.example broke before an answer began: x.", CHARGED,
        ]),
        (httpx.ReadError(""), errors.APIConnectionError, [
            "The connection to api.example broke before an answer began: it was reset.", CHARGED,
        ]),
        (httpx.RemoteProtocolError("x" * 300), errors.APIConnectionError, [
            f"The connection to api.example broke before an answer began: {'x' * 199}….", CHARGED,
        ]),
        (httpx.DecodingError(KEY), errors.APIConnectionError, [
            "The connection to api.example broke before an answer began: [key].", CHARGED,
        ]),
        (httpx.InvalidURL("x"), errors.APIConnectionError, [
            "api.example is not a valid address: x.",
        ]),
        (httpx.UnsupportedProtocol("x" * 300), errors.APIConnectionError, [
            f"api.example is not a valid address: {'x' * 199}….",
        ]),
    ],
    ids=lambda value: repr(value)[:30] if isinstance(value, Exception) else "",
)  # fmt: skip
def test_what_a_connection_can_meet(
    failure: Exception, error_class: type, lines: list[str]
) -> None:
    """What happened, whether it may have been charged, and which setting helps."""
    error = failing(failure, connect_timeout=3.5, timeout=7.0, first_byte_timeout=5.0)
    assert type(error) is error_class
    assert says(error) == lines
    # What quotes the key is not kept as the cause either.
    assert error.__cause__ is (None if KEY in str(failure) else failure)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError("x"), "there is not enough memory"),
        (ValueError("It is\nlong."), "It is long"),
        (ValueError(""), "ValueError"),
        (ValueError("x" * 300), "x" * 199 + "…"),
    ],
    ids=["memory", "two lines", "none", "a long one"],
)
def test_the_reason_in_a_note(error: Exception, reason: str) -> None:
    """One line without a full stop."""
    assert reason_of(error, None) == reason


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("application/json", '{"a": "\\ud83d"}', {"a": "�"}),
        ("application/problem+json", '{"a": 1}', {"a": 1}),
        ("text/plain", '{"a": 1}', '{"a": 1}'),
        ("application/json", "{", "{"),
        ("application/json", "[" * 60_000, "[" * 60_000),
    ],
    ids=["half a character", "another JSON", "a text", "no JSON", "nested"],
)
def test_the_body_of_an_error(kind: str, body: str, expected: object) -> None:
    """It is parsed if it is JSON."""
    error = failing(answer(body, 400, **{"Content-Type": kind}))
    assert isinstance(error, errors.APIStatusError)
    assert error.body == expected
