"""Replies of a LiteLLM proxy, as `tests.proxy.replies` recorded them."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from comet_magic import errors
from comet_magic.errors import CometError

from .scripted import answer
from .test_errors import failing

pytestmark = pytest.mark.usefixtures("without_waits")

REPLIES: dict[str, Any] = json.loads(Path(__file__).with_name("litellm.json").read_text("utf-8"))
ASK_FOR_MORE = "Ask whoever gave you the key, or top it up; trying again does not help."
BEHIND = "the provider behind the proxy says: "
# What LiteLLM says of a budget that it counts itself, which takes a database.
COUNTED = (
    '{"error":{"message":"Budget has been exceeded! Key=539b9c724b2df69b9e2993dac53c9b7f1098a567015'
    'd6c86ab30cd7537211d12 Current cost: 1.7394, Max budget: 0.1","type":"budget_exceeded",'
    '"param":null,"code":"%d"}}'
)


def reply(name: str) -> httpx.Response:
    """A recorded reply."""
    recorded = REPLIES[name]
    return answer(recorded["text"], recorded["status"], **recorded["headers"])


def met(*replies: httpx.Response) -> tuple[CometError, int]:
    """The error that they lead to, and how often was asked."""
    error, endpoint = failing(*replies)
    return error, len(endpoint.requests)


@pytest.mark.parametrize(
    ("name", "error_class", "says"),
    [
        ("used up", errors.PermissionDeniedError, "The 3 answers of Anna are used up."),
        ("wrong key", errors.AuthenticationError, "This key is not in the list of the class."),
        ("no such model", errors.BadRequestError, "You passed in model=gpt-2. There are no "),
        ("provider 400", errors.BadRequestError, f"{BEHIND}The price of this model is not set"),
        ("provider 401", errors.AuthenticationError, f"{BEHIND}Invalid token"),
        ("provider 403", errors.PermissionDeniedError, f"{BEHIND}The user quota is not enough"),
        ("provider 404", errors.NotFoundError, f"{BEHIND}Invalid URL (POST /v1/chat/completions)"),
        ("provider 500-safety", errors.InternalServerError, f"{BEHIND}Your request was rejected"),
        ("provider stream", errors.StreamError, f"{BEHIND}upstream error: the task was lost"),
        ("provider cut", errors.StreamError, f"{BEHIND}Connection error."),
    ],
)
def test_a_reply_that_stands_is_told_plainly(name: str, error_class: type, says: str) -> None:
    """Three lines at most, in the provider's words and not in the proxy's; asked once."""
    error, asked = met(reply(name))
    assert type(error) is error_class
    assert says in str(error)
    assert "litellm" not in str(error).lower()
    assert len(str(error).splitlines()) <= 3
    assert asked == 1


@pytest.mark.parametrize(
    "name", ["provider 429", "provider 500", "provider 503", "too many in a minute"]
)
def test_a_reply_that_may_pass_is_asked_again(name: str) -> None:
    """As without a proxy."""
    error, asked = met(*[reply(name)] * 4)
    assert isinstance(error, errors.APIStatusError)
    assert error.status_code == REPLIES[name]["status"]
    assert asked == 4


def test_the_limit_of_a_minute_is_told() -> None:
    """What the limit is, and not the whole hash of the key; the wait is the error's."""
    error, _ = met(*[reply("too many in a minute")] * 4)
    assert isinstance(error, errors.RateLimitError)
    assert error.retry_after == 60
    _, said, advice = str(error).splitlines()
    assert said.startswith("Rate limit exceeded for api_key: ")
    assert "…. Limit type: requests. Current limit: 2, Remaining: 0." in said
    assert advice == "Wait a little, then run it again."


@pytest.mark.parametrize("status", [400, 402, 422, 429])
def test_a_used_up_budget_is_not_asked_again(status: int) -> None:
    """Whatever the status: the proxy's was 400, then 429, then 422."""
    error, asked = met(answer(COUNTED % status, status, **{"Retry-After": "60"}))
    assert isinstance(error, errors.PermissionDeniedError)
    assert error.status_code == status
    assert str(error).splitlines() == [
        f"{status} from api.example: the budget of this key is used up.",
        "Budget has been exceeded! Key=539b9c72… Current cost: 1.7394, Max budget: 0.1",
        ASK_FOR_MORE,
    ]
    assert asked == 1


@pytest.mark.parametrize("code", ["insufficient_quota", "insufficient_user_quota"])
def test_a_used_up_quota_of_others_is_not_asked_again(code: str) -> None:
    """OpenAI says it with a 429 that no wait helps against."""
    body = {"error": {"message": "You exceeded your current quota.", "code": code}}
    error, asked = met(answer(json.dumps(body), 429))
    assert isinstance(error, errors.PermissionDeniedError)
    assert (asked, str(error).splitlines()[-1]) == (1, ASK_FOR_MORE)


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (300, "It asks to wait 5 min."),
        (86_400, "It asks to wait 24 h."),
        (10**400, "It asks to wait more than a month."),
    ],
)
def test_a_long_wait_is_said(seconds: int, says: str) -> None:
    """A limit of a day is not over after four tries: the error says how long it is."""
    replies = [answer("{}", 429, **{"Retry-After": str(seconds)}) for _ in range(4)]
    error, asked = met(*replies)
    assert isinstance(error, errors.RateLimitError)
    assert (asked, str(error).splitlines()[-1]) == (4, says)


def test_the_request_id_is_the_providers_or_else_the_proxys() -> None:
    """The proxy passes the provider's on under another name, and has one of its own."""
    theirs = {"llm_provider-x-cometapi-request-id": "2026theirs"}
    ours = {"x-litellm-call-id": "c6169b97"}
    for headers, expected in ((theirs | ours, "2026theirs"), (ours, "c6169b97")):
        error, _ = met(answer("{}", 400, **headers))
        assert isinstance(error, errors.APIStatusError)
        assert error.request_id == expected
