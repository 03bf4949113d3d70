"""The `openai` SDK and we read the same from the same endpoint."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletionContentPartParam
from PIL import Image
from pydantic import TypeAdapter

import comet_magic as comet
from comet_magic.demo import DemoServer
from tests.conftest import Heard
from tests.pictures import encoded

pytestmark = pytest.mark.usefixtures("fresh_session")


@pytest.fixture
def sdk(demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[openai.OpenAI]:
    """The SDK's client for the demo server, which is also our endpoint."""
    monkeypatch.setenv("COMETAPI_BASE_URL", demo.base_url)
    with openai.OpenAI(base_url=demo.base_url, api_key="any", max_retries=0) as client:
        yield client


def usage_of(usage: object) -> dict[str, object]:
    """The counts of a usage object of either side."""
    names = ("prompt_tokens", "completion_tokens", "total_tokens")
    return {name: getattr(usage, name) for name in names}


EVERY_PARAMETER: dict[str, Any] = {
    "temperature": 0.5, "top_p": 0.9, "n": 2, "stop": ["END", "STOP"], "max_tokens": 50,
    "presence_penalty": -1, "frequency_penalty": 1.5, "logit_bias": {"50256": -100}, "user": "ada",
}  # fmt: skip


@pytest.mark.parametrize("parameters", [{}, EVERY_PARAMETER], ids=["none", "all"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_the_request_is_the_same(
    sdk: openai.OpenAI, heard: Heard, parameters: dict[str, Any], stream: bool
) -> None:
    """Field by field, with a system message and a picture; what is not set is not sent."""
    link = comet.generate("A boat", download=False).images[0].url
    content = [
        {"type": "text", "text": "Which colours?"},
        {"type": "image_url", "image_url": {"url": link}},
    ]
    messages: Any = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": content},
    ]
    streamed: Any = {"stream_options": {"include_usage": True}} if stream else {}
    answer = sdk.chat.completions.create(
        model="gpt-4o-mini", messages=messages, stream=stream, **streamed, **parameters
    )
    list(answer)
    comet.generate(
        "Which colours?", model="gpt-4o-mini", system="Be brief.", images=link, stream=stream,
        **parameters,
    )  # fmt: skip
    _, theirs, ours = heard.bodies
    assert ours == theirs


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-4o-image"])
def test_a_whole_answer_has_the_same_fields(sdk: openai.OpenAI, model: str) -> None:
    """Text (but for ids in it), model, finish reason and usage."""
    theirs = sdk.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "A boat"}], temperature=0.5
    )
    ours = comet.generate("A boat", model=model, temperature=0.5, stream=False, download=False)
    assert ours.model == theirs.model
    assert ours.finish_reason == theirs.choices[0].finish_reason
    assert theirs.choices[0].message.content
    assert ours.text.partition("![")[0].count("\n") == theirs.choices[0].message.content.partition(
        "!["
    )[0].count("\n")
    if model == "gpt-4o-mini":
        assert ours.text == theirs.choices[0].message.content
        assert usage_of(ours.usage) == usage_of(theirs.usage)
    assert ours.id.split("-")[0] == theirs.id.split("-")[0]


def test_a_stream_adds_up_to_the_same(sdk: openai.OpenAI) -> None:
    """The chunks' text, the last finish reason, and the usage chunk at the end."""
    chunks = list(
        sdk.chat.completions.create(
            model="gpt-4o-mini",
            messages=[{"role": "user", "content": "A boat"}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    ours = comet.generate("A boat", model="gpt-4o-mini")
    deltas = [chunk.choices[0] for chunk in chunks if chunk.choices]
    assert ours.text == "".join(choice.delta.content or "" for choice in deltas)
    assert ours.finish_reason == deltas[-1].finish_reason
    assert chunks[-1].usage is not None
    assert usage_of(ours.usage) == usage_of(chunks[-1].usage)
    details = chunks[-1].usage.prompt_tokens_details
    assert ours.usage is not None
    assert details is not None
    assert ours.usage.prompt_tokens_details["cached_tokens"] == details.cached_tokens


def test_pictures_are_sent_as_the_sdk_types_them(sdk: openai.OpenAI) -> None:
    """A text part, then image parts; sent by the SDK they get the same answer."""
    split = Image.new("RGB", (640, 480), "red")
    split.paste("blue", (320, 0, 640, 480))
    ours = comet.generate("Which colours?", model="gpt-4o-mini", images=[split, encoded()])
    (message,) = ours.messages
    parts = message["content"]
    checked = TypeAdapter(list[ChatCompletionContentPartParam]).validate_python(parts)
    assert checked == parts
    assert [part["type"] for part in checked] == ["text", "image_url", "image_url"]
    theirs = sdk.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": checked}]
    )
    assert ours.text == theirs.choices[0].message.content
    assert usage_of(ours.usage) == usage_of(theirs.usage)
    assert "640 × 480 pixels" in ours.text
    assert "about 50 % blue and about 50 % red" in ours.text


def test_several_choices_are_the_same(sdk: openai.OpenAI) -> None:
    """As many, in the same order."""
    theirs = sdk.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": "A boat"}], n=2
    )
    ours = comet.generate("A boat", model="gpt-4o-mini", n=2)
    assert [choice.text for choice in ours.choices] == [c.message.content for c in theirs.choices]


def test_models_are_the_same(sdk: openai.OpenAI) -> None:
    """The ids, in order."""
    assert comet.models() == [model.id for model in sdk.models.list()]


@pytest.mark.parametrize(
    "name", ["demo-error-400", "demo-error-401", "demo-error-403", "demo-error-404",
             "demo-error-429", "demo-error-500", "demo-error-503", "no-such-model"],
)  # fmt: skip
def test_errors_have_the_same_names_and_fields(sdk: openai.OpenAI, name: str) -> None:
    """The class, the status and the error's body."""
    with pytest.raises(openai.APIStatusError) as theirs:
        sdk.chat.completions.create(model=name, messages=[{"role": "user", "content": "x"}])
    with pytest.raises(comet.APIStatusError) as ours:
        comet.generate("x", model=name, max_retries=0)
    assert type(ours.value).__name__ == type(theirs.value).__name__
    assert ours.value.status_code == theirs.value.status_code
    assert isinstance(ours.value.body, dict)
    assert isinstance(theirs.value.body, dict)
    assert ours.value.body["error"]["code"] == theirs.value.body["code"]
    assert ours.value.request_id


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-4o-image"])
def test_a_conversation_is_the_same(sdk: openai.OpenAI, model: str, heard: Heard) -> None:
    """What an SDK user keeps by hand, the message objects of the answers, is what we send."""
    ours = comet.generate("My name is Ada", model=model, system="Be brief.", download=False)
    ours.edit("What is my name?", download=False)
    messages: list[Any] = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "My name is Ada"},
        {"role": "assistant", "content": ours.text},
        {"role": "user", "content": "What is my name?"},
    ]
    sdk.chat.completions.create(model=model, messages=messages)
    assert heard.bodies[1]["messages"] == heard.bodies[2]["messages"] == messages


def test_messages_of_the_sdk_are_a_history(sdk: openai.OpenAI, heard: Heard) -> None:
    """Its message objects, dumped to dicts, can be gone on from."""
    messages: list[Any] = [{"role": "user", "content": "My name is Ada"}]
    theirs = sdk.chat.completions.create(model="gpt-4o-mini", messages=messages)
    messages.append(theirs.choices[0].message.model_dump())
    ours = comet.generate("What is my name?", model="gpt-4o-mini", history=messages)
    assert heard.messages[1] == {"role": "assistant", "content": heard.texts[0]}
    assert "Your name is **Ada**" in ours.text
