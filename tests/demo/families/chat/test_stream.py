"""The form of the two kinds of answer, byte by byte."""

import json
import re
from typing import Any

import httpx
import pytest

from tests.demo.conftest import Ask


def events(answer: httpx.Response) -> list[str]:
    """Give the events of a stream; comments are events too."""
    return answer.text.removesuffix("\n\n").split("\n\n")


def chunks(answer: httpx.Response) -> list[dict[str, Any]]:
    """Give the chunks of a stream that ended as it should."""
    *data, done = [e for e in events(answer) if not e.startswith(":")]
    assert done == "data: [DONE]"
    return [json.loads(event.removeprefix("data: ")) for event in data]


def contents(answer: httpx.Response) -> list[str]:
    """Give the pieces of text, empty ones left out."""
    deltas = [choice["delta"] for chunk in chunks(answer) for choice in chunk["choices"]]
    return [delta["content"] for delta in deltas if delta.get("content")]


def test_the_stream_is_declared_as_one(ask: Ask) -> None:
    """The media type says event stream, and no cache or proxy may hold it back."""
    answer = ask("gpt-4o-image", "A boat", stream=True)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-cache"


def test_comments_fill_the_silence(ask: Ask) -> None:
    """Some comments stand between the chunks."""
    found = events(ask("gpt-4o-image", "A boat", stream=True))
    assert 1 <= found.count(": PING") < len(found) / 4
    assert not found[0].startswith(":")


def test_the_block_comes_in_small_pieces_and_the_ending_in_one(ask: Ask) -> None:
    """One or two characters at first, then words, dots and numbers, then all the rest at once."""
    pieces = contents(ask("gpt-4o-image", "A boat", stream=True))
    start = pieces.index(">🕐 Queuing")
    assert all(len(piece) <= 2 for piece in pieces[:start])
    assert pieces[start + 1] == "."
    progress = pieces[pieces.index(">🏃 Progress ") + 1 : -1]
    assert all(piece == "." or piece.isdecimal() for piece in progress)
    assert re.fullmatch(
        r"\[100\]\(\S+\)\n\n> ✅ Generation complete\n\n\n!\[gen_\w{26}\]\(\S+\)", pieces[-1]
    )


def test_characters_outside_ascii_are_sent_as_utf_8(ask: Ask) -> None:
    """The stream holds the characters themselves, not escapes."""
    assert "一只猫".encode() in ask("gpt-image-1.5", "一只猫", stream=False).content
    assert "🕐".encode() in ask("gpt-4o-image", "A boat", stream=True).content


def test_usage_is_null_until_it_is_known(ask: Ask) -> None:
    """With usage asked for, it is null on every chunk but the last."""
    found = chunks(ask("gpt-4o", "Hi", stream=True, stream_options={"include_usage": True}))
    assert [chunk["usage"] for chunk in found[:-1]] == [None] * (len(found) - 1)
    assert found[-1]["choices"] == []
    assert found[-1]["usage"]["total_tokens"] > 0


def test_a_whole_answer_has_the_documented_extras(ask: Ask) -> None:
    """`data` is null and `error` is empty, which is not an error."""
    body = ask("gpt-4o-image", "A boat").json()
    assert body["object"] == "chat.completion"
    assert body["data"] is None
    assert body["error"] == {}
    usage = body["usage"]
    for side in ("prompt", "completion"):
        details = usage[f"{side}_tokens_details"]
        assert usage[f"{side}_tokens"] == details["text_tokens"] + details["image_tokens"]


@pytest.mark.parametrize("model", ["gpt-4o-image", "gpt-4o-mini", "gpt-4o-image-vip", "veo3"])
def test_both_forms_say_the_same(ask: Ask, model: str) -> None:
    """But for ids, which are new for each task, the whole text is the joined pieces."""
    whole = ask(model, "A boat at dawn").json()["choices"][0]["message"]["content"]
    streamed = "".join(contents(ask(model, "A boat at dawn", stream=True)))
    links = re.compile(r"\S*(?:task_|gen_|http)\S*")
    assert links.sub("", streamed) == links.sub("", whole)


def inline_image(answer: httpx.Response, *, stream: bool) -> str:
    """Give the data URI of the one image beside the text."""
    if stream:
        found = [c["choices"][0]["delta"].get("images") for c in chunks(answer)]
        (images,) = [image for image in found if image]
    else:
        images = answer.json()["choices"][0]["message"]["images"]
    (image,) = images
    assert image["type"] == "image_url"
    return str(image["image_url"]["url"])


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
def test_inline_images_stand_beside_the_text(ask: Ask, stream: bool) -> None:
    """`gemini-2.5-flash-image` sends its picture in `images`, never in the text."""
    boat, cat = (
        inline_image(ask("gemini-2.5-flash-image", prompt, stream=stream), stream=stream)
        for prompt in ("A boat", "A cat")
    )
    assert boat.startswith("data:image/png;base64,iVBOR")
    assert boat != cat


def test_max_tokens_ends_a_text_with_length(ask: Ask) -> None:
    """A text model stops after that many tokens and says why."""
    body = ask("gpt-4o-mini", "Hi", max_tokens=5).json()
    assert body["choices"][0]["finish_reason"] == "length"
    assert body["usage"]["completion_tokens"] == 5


def test_stop_ends_a_text_before_the_word(ask: Ask) -> None:
    """A text model stops before the first of the stop texts, which is not sent."""
    body = ask("gpt-4o-mini", "Hi", stop=["nowhere to be found", "demo server"]).json()
    assert body["choices"][0]["message"]["content"].endswith("This is the **")
    assert body["choices"][0]["finish_reason"] == "stop"


def test_a_text_answer_is_frank_about_the_demo(ask: Ask) -> None:
    """The answer repeats the question and says that no model is behind it."""
    text = ask("claude-sonnet-4-5", "What is\na comet?").json()["choices"][0]["message"]["content"]
    assert "demo server" in text
    assert "> What is\n> a comet?" in text
    assert "\n- " in text
