"""The real OpenAI client against the demo server."""

import openai
import pytest
from openai.types.chat import ChatCompletionUserMessageParam

KITTEN: list[ChatCompletionUserMessageParam] = [
    {"role": "user", "content": "A cute kitten sitting on a cloud, cartoon style"}
]


def test_a_whole_answer_has_text_usage_and_a_finish_reason(ai: openai.OpenAI) -> None:
    """A whole answer reads like any other provider's."""
    answer = ai.chat.completions.create(model="gpt-4o-image", messages=KITTEN)
    (choice,) = answer.choices
    assert choice.message.role == "assistant"
    assert "> ✅ Generation complete" in (choice.message.content or "")
    assert choice.finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer.system_fingerprint


def test_a_streamed_answer_is_the_whole_answer_in_pieces(ai: openai.OpenAI) -> None:
    """The stream starts with the role, ends with a finish reason, and has one id and time."""
    with ai.chat.completions.create(model="gpt-4o-image", messages=KITTEN, stream=True) as stream:
        chunks = list(stream)
    deltas = [chunk.choices[0].delta for chunk in chunks]
    text = "".join(delta.content or "" for delta in deltas)
    assert deltas[0].role == "assistant"
    assert text.startswith('```\n{\n  "prompt": "A cute kitten sitting on a cloud, in a cartoon')
    assert [chunk.choices[0].finish_reason for chunk in chunks[-2:]] == [None, "stop"]
    assert len({(chunk.id, chunk.created, chunk.model) for chunk in chunks}) == 1
    assert all(chunk.usage is None for chunk in chunks)


def test_usage_comes_last_when_it_is_asked_for(ai: openai.OpenAI) -> None:
    """The usage chunk follows all others, has no choices, and its details add up."""
    with ai.chat.completions.create(
        model="gpt-4o-mini",
        messages=KITTEN,
        stream=True,
        stream_options={"include_usage": True},
    ) as stream:
        *chunks, last = stream
    assert last.choices == []
    assert last.usage is not None
    assert last.usage.completion_tokens == len(chunks) - 2  # without role and finish reason
    assert all(chunk.usage is None for chunk in chunks)


def test_several_choices_come_interleaved_each_with_its_picture(ai: openai.OpenAI) -> None:
    """With n=2 both choices grow at the same time and link to different pictures."""
    with ai.chat.completions.create(
        model="gpt-4o-image", messages=KITTEN, stream=True, n=2
    ) as stream:
        choices = [chunk.choices[0] for chunk in stream]
    order = [choice.index for choice in choices]
    texts = [
        "".join(choice.delta.content or "" for choice in choices if choice.index == index)
        for index in (0, 1)
    ]
    assert set(order[:20]) == {0, 1}
    assert texts[0].rpartition("(")[2] != texts[1].rpartition("(")[2]
    assert sum(choice.finish_reason == "stop" for choice in choices) == 2


def test_the_models_are_listed_and_found_one_by_one(ai: openai.OpenAI) -> None:
    """The list holds every kind of model; one that is not in it is not found."""
    names = [model.id for model in ai.models.list()]
    assert {"gpt-4o-image", "gpt-4o-mini", "sora-2", "demo-error-429"} <= set(names)
    assert len(names) == len(set(names))
    assert ai.models.retrieve("gpt-4o-image").object == "model"
    with pytest.raises(openai.NotFoundError):
        ai.models.retrieve("gpt-0")


@pytest.mark.parametrize(
    ("model", "kind", "code"),
    [
        ("demo-error-400", openai.BadRequestError, "model_price_error"),
        ("demo-error-401", openai.AuthenticationError, "invalid_api_key"),
        ("demo-error-403", openai.PermissionDeniedError, "insufficient_user_quota"),
        ("demo-error-404", openai.NotFoundError, "not_found"),
        ("demo-error-413", openai.APIStatusError, "request_too_large"),
        ("demo-error-429", openai.RateLimitError, "rate_limit_exceeded"),
        ("demo-error-500", openai.InternalServerError, "upstream_error"),
        ("demo-error-500-safety", openai.InternalServerError, "moderation_blocked"),
        ("demo-error-503", openai.InternalServerError, "model_not_found"),
        ("no-such-model", openai.InternalServerError, "model_not_found"),
    ],
)
def test_errors_arrive_as_the_clients_own_classes(
    ai: openai.OpenAI, model: str, kind: type[openai.APIStatusError], code: str
) -> None:
    """Each error has its class, its code, and its request id in the message and a header."""
    with pytest.raises(kind) as caught:
        ai.chat.completions.create(model=model, messages=KITTEN)
    error = caught.value
    request_id = error.response.headers["X-Cometapi-Request-Id"]
    assert error.code == code
    assert isinstance(error.body, dict)
    assert error.body["message"].endswith(f"(request id: {request_id})")
    assert error.body["type"] == "comet_api_error"


def test_an_error_inside_a_stream_is_raised(ai: openai.OpenAI) -> None:
    """An error object in a chunk reaches the user as an error."""
    with (
        ai.chat.completions.create(
            model="demo-error-stream", messages=KITTEN, stream=True
        ) as stream,
        pytest.raises(openai.APIError, match="the task was lost"),
    ):
        list(stream)


def test_the_client_gets_over_one_rate_limit_by_itself(
    ai: openai.OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`demo-error-429-once` turns a prompt away once, then answers it."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    patient = ai.with_options(max_retries=1)
    answer = patient.chat.completions.create(model="demo-error-429-once", messages=KITTEN)
    assert "Generation complete" in (answer.choices[0].message.content or "")
