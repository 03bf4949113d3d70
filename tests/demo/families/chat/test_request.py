"""Validation: every documented field and its range."""

import json
from typing import Any

import pytest

from comet_magic.demo.api_errors import ApiError
from comet_magic.demo.families.chat.request import ChatMessage, ChatRequest, read_request

HI = [{"role": "user", "content": "Hi"}]


def read(**fields: Any) -> ChatRequest:
    """Read a request that is valid but for the given fields."""
    return read_request(json.dumps({"model": "gpt-4o", "messages": HI} | fields).encode())


def content(*parts: object) -> dict[str, Any]:
    """Give messages with one list of parts."""
    return {"messages": [{"role": "user", "content": list(parts)}]}


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        pytest.param({"model": 4}, "model", id="model-number"),
        pytest.param({"model": ""}, "model", id="model-empty"),
        pytest.param({"messages": "Hi"}, "messages", id="messages-text"),
        pytest.param({"messages": []}, "messages", id="messages-empty"),
        pytest.param({"messages": ["Hi"]}, "messages[0]", id="message-text"),
        pytest.param(
            {"messages": [{"role": "king", "content": ""}]}, "messages[0].role", id="role-unknown"
        ),
        pytest.param(
            {"messages": [{"role": [], "content": ""}]}, "messages[0].role", id="role-list"
        ),
        pytest.param({"messages": [{"role": "user"}]}, "messages[0].content", id="content-missing"),
        pytest.param(content(), "messages[0].content", id="content-empty"),
        pytest.param(content("Hi"), "messages[0].content[0]", id="part-text"),
        pytest.param(content({"type": "file"}), "messages[0].content[0].type", id="part-unknown"),
        pytest.param(content({"type": "text"}), "messages[0].content[0]", id="part-no-text"),
        pytest.param(
            content({"type": "image_url", "image_url": "http://x/y.png"}),
            "messages[0].content[0]",
            id="image-no-object",
        ),
        pytest.param(
            content({"type": "image_url", "image_url": {"url": "file:///x.png"}}),
            "messages[0].content[0].image_url.url",
            id="image-file-url",
        ),
        pytest.param({"stream": "yes"}, "stream", id="stream-text"),
        pytest.param({"stream": 1}, "stream", id="stream-number"),
        pytest.param({"stream": True, "stream_options": []}, "stream_options", id="options-list"),
        pytest.param(
            {"stream": True, "stream_options": {"include_usage": 1}}, "include_usage", id="usage-1"
        ),
        pytest.param(
            {"stream_options": {"include_usage": True}}, "stream_options", id="options-no-stream"
        ),
        pytest.param({"temperature": 2.1}, "temperature", id="temperature-high"),
        pytest.param({"temperature": -0.1}, "temperature", id="temperature-low"),
        pytest.param({"temperature": "1"}, "temperature", id="temperature-text"),
        pytest.param({"temperature": True}, "temperature", id="temperature-true"),
        pytest.param({"top_p": 1.01}, "top_p", id="top-p-high"),
        pytest.param({"presence_penalty": -2.5}, "presence_penalty", id="presence-low"),
        pytest.param({"frequency_penalty": 3}, "frequency_penalty", id="frequency-high"),
        pytest.param({"n": 0}, "n", id="n-zero"),
        pytest.param({"n": 1.5}, "n", id="n-fraction"),
        pytest.param({"n": 11}, "n", id="n-high"),
        pytest.param({"max_tokens": 0}, "max_tokens", id="max-tokens-zero"),
        pytest.param({"max_tokens": True}, "max_tokens", id="max-tokens-true"),
        pytest.param({"stop": ["a"] * 5}, "stop", id="stop-five"),
        pytest.param({"stop": [""]}, "stop", id="stop-empty"),
        pytest.param({"stop": {"a": 1}}, "stop", id="stop-object"),
        pytest.param({"logit_bias": [1]}, "logit_bias", id="bias-list"),
        pytest.param({"logit_bias": {"50256": 101}}, "logit_bias", id="bias-high"),
        pytest.param({"logit_bias": {"word": 1}}, "logit_bias", id="bias-word"),
        pytest.param({"user": 7}, "user", id="user-number"),
    ],
)
def test_a_bad_value_is_refused_by_name(fields: dict[str, Any], param: str) -> None:
    """A value outside the documented range is a 400 that names the field."""
    with pytest.raises(ApiError) as caught:
        read(**fields)
    assert caught.value.status == 400
    assert caught.value.param == param
    assert caught.value.code == "invalid_value"


@pytest.mark.parametrize("missing", ["model", "messages"])
@pytest.mark.parametrize("null", [True, False], ids=["null", "absent"])
def test_a_missing_field_is_a_500_as_at_the_endpoint(missing: str, null: bool) -> None:
    """The endpoint answers 500 with the code `invalid_request` for a missing field."""
    fields: dict[str, Any] = {"model": "gpt-4o", "messages": HI, missing: None}
    if not null:
        del fields[missing]
    with pytest.raises(ApiError) as caught:
        read_request(json.dumps(fields).encode())
    assert (caught.value.status, caught.value.code) == (500, "invalid_request")
    assert str(caught.value) == f"field {missing} is required"


@pytest.mark.parametrize(
    "body",
    [b"", b"model=gpt", b"[1]", b'{"n": NaN}', b"\xff\xfe", b"[" * 100_000, b"1" * 5000],
    ids=["empty", "form", "list", "nan", "not-utf-8", "deep", "long-number"],
)
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    """Anything but a JSON object is a 400."""
    with pytest.raises(ApiError) as caught:
        read_request(body)
    assert (caught.value.status, caught.value.code) == (400, "invalid_json")


def test_the_whole_documented_surface_is_accepted() -> None:
    """Every documented field at the end of its range is fine, unknown ones too."""
    chat = read(
        messages=[
            {"role": "developer", "content": "Be kind."},
            {"role": "system", "content": "Be short."},
            {"role": "assistant", "content": None, "tool_calls": []},
            {"role": "tool", "content": "42"},
            *content(
                {"type": "text", "text": "Look"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
                {"type": "text", "text": "here"},
            )["messages"],
        ],
        stream=True,
        stream_options={"include_usage": True},
        temperature=2,
        top_p=0,
        n=10,
        stop="END",
        max_tokens=1,
        presence_penalty=-2,
        frequency_penalty=2.0,
        logit_bias={"50256": -100},
        user="me",
        seed=1,
        anything={"else": []},
    )
    assert chat.last_user == ChatMessage("user", "Look\nhere", ("data:image/png;base64,AA==",))
    assert (chat.stream, chat.include_usage, chat.n) == (True, True, 10)
    assert (chat.stop, chat.max_tokens) == (("END",), 1)


def test_null_means_not_set() -> None:
    """OpenAI clients may send null for a field that is not set."""
    nulls = dict.fromkeys(("stream", "stream_options", "n", "stop", "temperature", "user"))
    assert read(**nulls, logit_bias=None, max_tokens=None) == read()


def test_lone_surrogates_are_replaced() -> None:
    """JSON can write half a character, UTF-8 cannot; the answer must be writable."""
    body = b'{"model": "gpt-4o", "messages": [{"role": "user", "content": "a\\ud800b"}]}'
    assert read_request(body).last_user.text == "a?b"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"model": ""}, "model must be a text that is not empty"),
        ({"messages": []}, "messages must be a list with at least one message"),
        ({"messages": ["Hi"]}, "messages[0] must be an object"),
        ({"messages": [{"role": "king"}]},
         "messages[0].role must be one of assistant, developer, system, tool, user"),
        ({"messages": [{"role": "user"}]}, "messages[0].content must be a text or a list of parts"),
        (content("Hi"), "messages[0].content[0] must be an object"),
        (content({"type": "file"}), "messages[0].content[0].type must be text or image_url"),
        (content({"type": "text"}), "messages[0].content[0] must hold text"),
        (content({"type": "image_url"}), "messages[0].content[0] must hold image_url"),
        (content({"type": "image_url", "image_url": {"url": "x"}}),
         "messages[0].content[0].image_url.url must be an http(s) URL or an image data URI"),
        ({"stream": 1}, "stream must be true or false"),
        ({"stream": True, "stream_options": []}, "stream_options must be an object"),
        ({"stream_options": {}}, "stream_options is only allowed when stream is true"),
        ({"temperature": 3}, "temperature must be a number from 0 to 2"),
        ({"presence_penalty": 3}, "presence_penalty must be a number from -2 to 2"),
        ({"n": 0}, "n must be a whole number of at least 1"),
        ({"n": 11}, "n must be at most 10"),
        ({"stop": ["a"] * 5}, "stop must be a text or a list of at most 4 texts"),
        ({"stop": [""]}, "stop must hold texts that are not empty"),
        ({"logit_bias": {"a": 1}}, "logit_bias must be an object with token ids as keys"),
        ({"logit_bias": {"1": 101}}, "logit_bias must hold numbers from -100 to 100"),
        ({"user": 1}, "user must be a text"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_must_be(fields: dict[str, Any], message: str) -> None:
    """As the endpoint does: the field, and what it takes."""
    with pytest.raises(ApiError) as caught:
        read(**fields)
    assert str(caught.value) == message
    assert (caught.value.status, caught.value.code) == (400, "invalid_value")


@pytest.mark.parametrize(
    "fields",
    [
        {"temperature": 0}, {"temperature": 2}, {"top_p": 1}, {"n": 1}, {"n": 10}, {"stop": "a"},
        {"stop": ["a"] * 4}, {"logit_bias": {"1": 100, "2": -100}}, {"max_tokens": 1},
        {"messages": [*HI, {"role": "assistant"}, {"role": "tool", "content": None}, *HI]},
        content({"type": "refusal", "refusal": "No"}),
    ],
    ids=str,
)  # fmt: skip
def test_the_ends_of_each_range_are_accepted(fields: dict[str, Any]) -> None:
    """And an assistant that has only called a tool."""
    assert read(**fields).model == "gpt-4o"


def test_the_last_message_of_the_user_is_the_one_to_answer() -> None:
    """Also if others follow; an empty one if there is none."""
    said = [{"role": "user", "content": "One"}, {"role": "user", "content": "Two"}]
    assert read(messages=[*said, {"role": "assistant", "content": "x"}]).last_user.text == "Two"
    assert read(messages=[{"role": "system", "content": "x"}]).last_user == ChatMessage("user", "")


def test_the_first_limit_of_an_answer_counts() -> None:
    """It has two names."""
    assert read(max_completion_tokens=5).max_tokens == 5
    assert read(max_tokens=4, max_completion_tokens=5).max_tokens == 4
    assert read().max_tokens is None
