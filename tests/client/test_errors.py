"""HTTP trouble becomes OpenAI-named errors that say what to do."""

import asyncio
import json
import logging
import pickle

import httpx
import pytest

from comet_magic import errors
from comet_magic.errors import CometError
from comet_magic.families.chat.family import Chat
from comet_magic.generation import Status
from comet_magic.media.medium import Medium
from tests.client.scripted import DONE, ESCAPED_KEY, KEY, Endpoint, answer, create, data, delta, sse
from tests.generation.test_builder import finished

HELLO = delta("Hello", "stop") + DONE
# In JSON, each character can be written as its code; in HTML as an entity.
IN_HTML = KEY.replace("-", "&#45;")
HTML = {"Content-Type": "text/html"}


pytestmark = pytest.mark.usefixtures("without_waits")


def body(message: str = "no", **more: object) -> str:
    """An error body."""
    return json.dumps({"error": {"message": f"{message} (request id: 2026abc)", **more}})


def failing(*answers: httpx.Response | Exception) -> tuple[CometError, Endpoint]:
    """The error that these answers lead to, and the endpoint that gave them."""
    endpoint = Endpoint(*answers)
    with pytest.raises(CometError) as caught:
        asyncio.run(create(endpoint))
    return caught.value, endpoint


@pytest.mark.parametrize(
    ("status", "more", "error_class", "says"),
    [
        (400, {}, errors.BadRequestError, "refused"),
        (401, {}, errors.AuthenticationError, "COMETAPI_KEY"),
        (402, {}, errors.PermissionDeniedError, "payment"),
        (403, {"code": "insufficient_user_quota"}, errors.PermissionDeniedError, "used up"),
        (404, {}, errors.NotFoundError, "base URL"),
        (413, {}, errors.BadRequestError, "too large"),
        (418, {}, errors.APIStatusError, "418"),
        (422, {}, errors.BadRequestError, "refused"),
        (500, {"code": "invalid_request"}, errors.InternalServerError, "500"),
        (503, {"code": "model_not_found"}, errors.InternalServerError, "%comet models"),
    ],
)
def test_each_status_has_its_error(
    status: int, more: dict[str, str], error_class: type, says: str
) -> None:
    """The error has the status, the request id and the body, and is not tried again."""
    error, endpoint = failing(answer(body(**more), status, **{"Content-Type": "application/json"}))
    assert type(error) is error_class
    assert isinstance(error, errors.APIStatusError)
    assert (error.status_code, error.request_id) == (status, "2026abc")
    assert error.body == json.loads(body(**more))
    assert says in str(error)
    assert len(str(error).splitlines()) <= 3
    assert len(endpoint.requests) == 1
    assert error.generation
    assert error.generation.status is Status.FAILED


def test_a_refusal_by_the_safety_system_is_not_tried_again() -> None:
    """It comes as a 500, and the same prompt will be refused again."""
    error, endpoint = failing(answer(body("rejected by the safety system"), 500))
    assert "Change the prompt" in str(error)
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("status", [200, 400, 401, 402, 403, 429, 500, 503])
@pytest.mark.parametrize(
    "said",
    [
        {"error": {"code": "1113", "message": "额度用完了，请先充值"}, "request_id": "r-7"},
        {"error": {"type": "insufficient_balance_error", "message": "low"}, "request_id": "r-7"},
        {"base_resp": {"status_code": 1008, "status_msg": "low"}, "requestId": "r-7"},
        {"error": {"message": "Insufficient Balance (request id: r-7)"}},
    ],
    ids=["Zhipu", "a type", "MiniMax", "words"],
)
def test_a_used_up_balance_is_not_tried_again(said: dict[str, object], status: int) -> None:
    """Whatever the status, also a successful one: waiting does not help."""
    error, endpoint = failing(answer(json.dumps(said), status))
    assert type(error) is errors.PermissionDeniedError
    assert (error.status_code, error.request_id) == (status, "r-7")
    assert "the budget of this key is used up (request id r-7)." in str(error).splitlines()[0]
    assert len(str(error).splitlines()) == 3
    assert len(endpoint.requests) == 1
    assert error.generation
    assert error.generation.status is Status.FAILED


def test_a_balance_that_ends_in_mid_answer_keeps_what_arrived() -> None:
    """Then it is a stream that was interrupted, as with any other error in it."""
    late = b'data: {"error": {"message": "Insufficient Balance"}}\n\n'
    error, _ = failing(sse(delta("Hel") + late))
    assert type(error) is errors.StreamError
    assert error.generation
    assert (error.generation.text, error.generation.status) == ("Hel", Status.INTERRUPTED)


def test_an_error_behind_a_finish_reason_without_text_is_a_failure() -> None:
    """MiniMax ends a refused answer with `stop`; nothing has arrived that could be interrupted."""
    refused = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}],'
    refused += b' "base_resp": {"status_code": 1026, "status_msg": "sensitive"}}\n\n'
    error, _ = failing(sse(refused))
    assert str(error) == "api.example sent an error: sensitive"
    assert error.generation
    assert error.generation.status is Status.FAILED


def test_an_error_without_words_is_said_to_be_that() -> None:
    """No line ends with a colon and nothing behind it."""
    error, _ = failing(sse(b'data: {"error": true}\n\n'))
    assert str(error) == "api.example sent an error: it does not say why"


@pytest.mark.parametrize("kind", ["text/html; charset=gbk", "text/html"])
def test_a_page_in_gbk_is_read(kind: str) -> None:
    """The response or the page itself names the encoding."""
    page = '<html><head><meta charset="gbk"><title>拦截提示</title></head></html>'.encode("gbk")
    response = httpx.Response(403, content=page, headers={"Content-Type": kind})
    error, _ = failing(response)
    assert "拦截提示" in str(error)


@pytest.mark.parametrize(
    ("model", "says"), [("gpt-4o-image", "m made no picture."), ("sora-2", "m made no video.")]
)
def test_a_missing_result_is_named(model: str, says: str) -> None:
    """By what the model was asked for, with the finish reason."""
    with pytest.raises(errors.GenerationError) as caught:
        asyncio.run(create(Endpoint(sse(delta("", "length") + DONE)), model=model))
    first, why = str(caught.value).splitlines()
    assert first == says
    assert "(finish reason length; a greater max_tokens may help)" in why


def test_an_empty_answer_of_a_text_model_is_said_to_be_that() -> None:
    """It is a failure with its finish reason, and never a success without a word."""
    error, _ = failing(sse(delta("", "content_filter") + DONE))
    assert type(error) is errors.GenerationError
    assert str(error).splitlines() == [
        "m wrote nothing.",
        "The answer is empty (finish reason content_filter).",
    ]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_post_does_not_follow_redirects(status: int) -> None:
    """A redirect means a wrong base URL, and the key must not go elsewhere."""
    error, endpoint = failing(answer("", status, Location="https://evil.example/v1?key=1"))
    assert type(error) is errors.NotFoundError
    assert "https://evil.example/v1" in str(error)
    assert "key=1" not in str(error)
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("status", [200, 404])
def test_a_web_page_means_a_wrong_base_url(status: int) -> None:
    """HTML in place of an answer is said to be that."""
    page = "<!DOCTYPE html><html><head><title>Welcome</title></head>" + "x" * 5_000
    error, _ = failing(answer(page, status, **{"Content-Type": "text/html"}))
    assert type(error) is errors.NotFoundError
    assert "Welcome" in str(error)
    assert "base URL" in str(error)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 524])
def test_what_may_pass_is_tried_again(status: int) -> None:
    """A busy endpoint or gateway is asked again, and the waits are told."""
    endpoint = Endpoint(answer("<html>busy</html>", status), answer(body(), status), sse(HELLO))
    generation = asyncio.run(create(endpoint))
    assert (generation.text, generation.attempts) == ("Hello", 3)
    assert [note.partition(",")[0] for note in generation.notes] == [str(status)] * 2
    assert "try 2 of 4" in generation.notes[0]


def test_retries_end() -> None:
    """After `max_retries` the last error is raised."""
    error, endpoint = failing(*[answer(body(), 429) for _ in range(5)])
    assert type(error) is errors.RateLimitError
    assert len(endpoint.requests) == 4
    assert error.generation
    assert error.generation.attempts == 4


def test_max_retries_can_be_none() -> None:
    """With `max_retries=0` nothing is sent twice."""
    endpoint = Endpoint(answer(body(), 429))
    with pytest.raises(errors.RateLimitError):
        asyncio.run(create(endpoint, max_retries=0))
    assert len(endpoint.requests) == 1


def test_a_connection_that_failed_is_tried_again() -> None:
    """Nothing was written yet, so it cannot be paid for twice."""
    generation = asyncio.run(create(Endpoint(httpx.ConnectError("refused"), sse(HELLO))))
    assert (generation.text, generation.attempts) == ("Hello", 2)


@pytest.mark.parametrize(
    ("failure", "error_class"),
    [
        (httpx.ReadTimeout("slow"), errors.APITimeoutError),
        (httpx.ReadError("reset"), errors.APIConnectionError),
        (httpx.WriteError("reset"), errors.APIConnectionError),
        (httpx.RemoteProtocolError("bad"), errors.APIConnectionError),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_a_request_of_unknown_fate_is_not_sent_again(failure: Exception, error_class: type) -> None:
    """It may have arrived, and then it is paid for."""
    error, endpoint = failing(failure)
    assert type(error) is error_class
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("failure", [httpx.ConnectError("no"), httpx.ConnectTimeout("slow")])
def test_a_dead_host_is_named(failure: Exception) -> None:
    """The text names the host and what to check."""
    error, endpoint = failing(*[failure] * 4)
    assert isinstance(error, errors.APIConnectionError)
    assert "api.example" in str(error)
    assert "base URL" in str(error)
    slow = isinstance(failure, httpx.ConnectTimeout)
    assert ("CometMagics.connect_timeout raises" in str(error)) is slow
    assert len(endpoint.requests) == 4


def test_a_refusal_names_the_request() -> None:
    """The provider is told it when a picture was paid for and none came."""
    refusal = httpx.Response(
        200, headers={"X-Request-Id": "2026abc"}, content=delta("I cannot.", "stop") + DONE
    )
    with pytest.raises(errors.GenerationError) as caught:
        asyncio.run(create(Endpoint(refusal), model="gpt-4o-image"))
    assert str(caught.value).splitlines() == [
        "m made no picture (request id 2026abc).",
        "I cannot.",
    ]


@pytest.mark.parametrize(
    ("medium", "noun"),
    [(Medium.IMAGE, "picture"), (Medium.VIDEO, "video"), (Medium.AUDIO, "sound")],
)
def test_a_refusal_says_what_was_not_made(
    medium: Medium, noun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model of videos or of sounds was asked for no picture."""
    monkeypatch.setattr(Chat, "makes", lambda *_: medium)
    with pytest.raises(errors.GenerationError, match=f"made no {noun}"):
        asyncio.run(create(Endpoint(sse(delta("I cannot.", "stop"), DONE)), model="m"))


def test_nothing_is_sent_again_after_the_first_byte() -> None:
    """A stream that breaks is an error, not a second payment."""
    _, endpoint = failing(sse(delta("Hel"), httpx.ReadError("reset")), sse(HELLO))
    assert len(endpoint.requests) == 1


def test_the_key_is_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """A server that quotes the key is blotted out; at DEBUG it is not logged either."""
    caplog.set_level(logging.DEBUG)
    error, endpoint = failing(answer(body(f"bad key {KEY}"), 401))
    assert endpoint.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    in_stream, _ = failing(
        sse(b'data: {"error": {"message": "bad key ' + KEY.encode() + b'"}}\n\n')
    )
    kind = {"Content-Type": "application/json"}
    in_escapes, _ = failing(answer(body().replace("no ", f"bad {ESCAPED_KEY} "), 401, **kind))
    in_id, _ = failing(answer(json.dumps({"message": "no", "request_id": KEY}), 400, **kind))
    for shown in (error, in_stream, in_escapes, in_id):
        everything = f"{shown} {shown!r} {vars(shown)} {shown.generation!r} {caplog.text}"
        assert KEY not in everything


def message(text: str) -> str:
    """An error body with nothing but a message, which may be written with escapes."""
    return f'{{"error": {{"message": "{text}"}}}}'


@pytest.mark.parametrize(
    "given",
    [
        answer(message("word " * 57 + ESCAPED_KEY), 400),
        answer(message("word" + " " * 1_980 + ESCAPED_KEY), 400),
        answer(message("word" + " " * 290 + "x" * 63_671 + KEY), 400),
        answer(f"<!doctype html><title>Bad key {IN_HTML}</title>", **HTML),
        answer(f"<!doctype html><title>{'word ' * 17} {IN_HTML}</title>", **HTML),
        answer("<!doctype html><title>" + " " * 1_960 + KEY + "</title>", **HTML),
        sse(f"data: {message('word ' * 57 + ESCAPED_KEY)}\n\n".encode()),
        sse(data({"error": {"message": "word " * 57 + KEY.replace("y", "y\x1b[31m")}})),
        sse(data({"error": {"message": "no", "request_id": "r" * 185 + KEY}})),
        sse(delta("", "stop", finish_message="word " * 37 + KEY), DONE),
    ],
    ids=[
        "message", "long message", "long body", "title", "long title",
        "long page", "message in a stream", "escape sequence", "id in a stream", "finish reason",
    ],
)  # fmt: skip
def test_the_key_is_hidden_where_a_text_is_shortened(given: httpx.Response) -> None:
    """Neither the whole key nor half of it is left, whatever is cut, and where."""
    error, _ = failing(given)
    everything = f"{error} {error!r} {vars(error)} {error.generation!r}"
    assert KEY[:8] not in everything


@pytest.mark.parametrize(
    "error",
    [
        errors.CometError("x"),
        errors.StreamError("x", generation=finished("Héllo", "m")),
        errors.RateLimitError("x", status_code=429, request_id="r", body={"a": 1}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_can_be_pickled(error: CometError) -> None:
    """They cross process boundaries with all they hold."""
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_a_notebook_shows_three_lines_and_no_stack() -> None:
    """IPython's traceback of an error is its name and message."""
    shown = errors.StreamError("one\n\ntwo \x1b[31mred\nthree\nfour")._render_traceback_()
    assert shown == ["StreamError: one", "two red", "three"]


def test_a_failure_in_the_words_of_the_model_hides_the_key() -> None:
    """Some gateways answer a bad key with 200 and a text."""
    said = sse(delta(f"Invalid key {KEY} for this model.", "stop"), DONE)
    with pytest.raises(errors.GenerationError, match=r"Invalid key \[key\]") as caught:
        asyncio.run(create(Endpoint(said), model="gpt-4o-image"))
    assert caught.value.generation
    assert caught.value.generation.error == "Invalid key [key] for this model."
