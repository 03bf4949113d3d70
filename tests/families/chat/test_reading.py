"""Every form of chunk and body reads as a chunk, and nothing raises."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comet_magic.families.chat.chunks import Attachment, ChatCompletionChunk
from comet_magic.families.chat.reading import is_end, read_chunks, read_event
from comet_magic.media.medium import Medium
from comet_magic.wire.events import Event
from tests.wire.feeding import feedings, read


def read_chunk(data: str) -> ChatCompletionChunk:
    """The one chunk in `data`."""
    (chunk,) = read_chunks(data)
    return chunk


def chunk(choice: dict[str, Any], **more: Any) -> str:
    """The data of an event with one choice."""
    return json.dumps({"id": "c1", "model": "m", "choices": [choice], **more})


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        ({"index": 0, "delta": {"content": "hi"}}, "hi"),
        ({"index": 0, "delta": {"content": None}}, ""),
        ({"index": 0, "delta": {}}, ""),
        ({"index": 0, "delta": {"role": "assistant", "content": ""}}, ""),
        ({"index": 0, "delta": {"content": [{"type": "text", "text": "h"}, {"text": "i"}]}}, "hi"),
        ({"index": 0, "message": {"content": "hi"}}, "hi"),
        ({"index": 0, "delta": {"reasoning_content": "hm", "content": "hi"}}, "hi"),
        ({"index": 0, "delta": {"refusal": "no"}}, "no"),
        ({"index": 0, "delta": {"content": "hi"}, "logprobs": {}, "obfuscation": "xy"}, "hi"),
        ({"delta": {"content": "hi"}}, "hi"),
        ({"index": 0, "text": "hi"}, "hi"),
    ],
)
def test_the_text_of_a_choice(choice: dict[str, Any], text: str) -> None:
    """`content` may be a text, null, absent or a list of parts, in a delta or a message."""
    (read,) = read_chunk(chunk(choice)).choices
    assert (read.text, read.index) == (text, 0)


@pytest.mark.parametrize(
    "message",
    [
        {"images": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]},
        {"images": [{"image_url": "data:image/png;base64,AA=="}]},
        {"images": ["data:image/png;base64,AA=="]},
        {"content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]},
        {"content": [{"image": "data:image/png;base64,AA=="}]},
        {"content": [{"type": "image", "b64_json": "AA=="}]},
        {"content": [{"type": "image", "image": {"b64_json": "AA=="}}]},
        {"content": [{"type": "image", "b64_json": "data:image/png;base64,AA=="}]},
        {"content": [{"type": "image", "source": {"media_type": "image/png", "data": "AA=="}}]},
        {"content": [{"inlineData": {"mimeType": "image/png", "data": "AA=="}}]},
    ],
    ids=json.dumps,
)
def test_pictures_outside_the_text(message: dict[str, Any]) -> None:
    """The forms of several providers all read as one data URI, in deltas and messages."""
    for key in ("delta", "message"):
        (read,) = read_chunk(chunk({"index": 0, key: message})).choices
        assert [each.url for each in read.attachments] == ["data:image/png;base64,AA=="]
        assert read.text == ""


def test_videos_outside_the_text() -> None:
    """As parts and as a list, in the manner of pictures."""
    part = {"type": "video_url", "video_url": {"url": "https://a.example/v.mp4"}}
    for message in ({"content": [part]}, {"videos": [part]}):
        (read,) = read_chunk(chunk({"index": 0, "message": message})).choices
        assert read.attachments == (Attachment("https://a.example/v.mp4", Medium.VIDEO),)


def test_a_top_level_data_list_is_read() -> None:
    """The form of the images API: links or base64, and the revised prompt."""
    read = read_chunk(
        '{"created": 1, "data": [{"url": "https://a.example/x.png", "revised_prompt": "A cat"},'
        ' {"b64_json": "AA=="}]}'
    )
    urls = [each.url for each in read.attachments]
    assert urls == ["https://a.example/x.png", "data:image/png;base64,AA=="]
    assert (read.revised_prompt, read.error) == ("A cat", None)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('{"error": {"message": "busy", "code": 429}}', "busy"),
        ('{"choices": [], "error": {"message": "busy"}}', "busy"),
        ('{"error": "busy"}', "busy"),
        ('{"error": {"error": {"message": "busy"}}}', "busy"),
        ('{"choices": [{"index": 0, "error": {"message": "busy"}, "delta": {}}]}', "busy"),
        ('{"code": 500, "msg": "busy"}', "busy"),
        ('{"detail": "busy"}', "busy"),
        ('{"object": "error", "message": "busy", "code": 40001}', "busy"),
        ("error: busy", "busy"),
        ("busy", "busy"),
        ('"busy"', "busy"),
        ("[" * 100_000, "[" * 2_000),
    ],
    ids=lambda value: value[:40],
)
def test_errors_in_chunks(data: str, message: str) -> None:
    """An error reads as one, in every shape; so does what is no JSON."""
    error = read_chunk(data).error
    assert error is not None
    assert error.message == message


@pytest.mark.parametrize(
    "data",
    [
        '{"choices": [], "error": {}}',
        '{"choices": [], "error": null, "data": null}',
        '{"choices": [], "error": {"message": "", "type": "", "param": "", "code": null}}',
        '{"object": "chat.completion.chunk"}',
        '{"choices": [], "usage": {"total_tokens": 1}}',
        '{"choices": null, "usage": {"total_tokens": 1}}',
    ],
)
def test_an_empty_error_is_none(data: str) -> None:
    """An empty `error` object, and a chunk with nothing in it, are no errors."""
    assert read_chunk(data).error is None


@pytest.mark.parametrize("reason", ["stop", "length", "content_filter", "tool_calls", None, ""])
def test_finish_reasons(reason: str | None) -> None:
    """A finish reason is kept as received; null and an empty one are none."""
    (read,) = read_chunk(chunk({"index": 1, "delta": {}, "finish_reason": reason})).choices
    assert (read.finish_reason, read.index) == (reason or None, 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["id", "model", "choices", "delta", "message", "content", "error", "usage",
                         "data", "index", "images", "image_url", "url", "finish_reason", "text"])
        | st.text(), inner),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_any_json_reads_as_a_chunk(value: object) -> None:
    """Whatever JSON a gateway sends, reading it does not raise."""
    read_chunks(json.dumps(value))


@given(st.text())
def test_any_text_reads_as_a_chunk(text: str) -> None:
    """Neither does text that is no JSON."""
    read_chunks(text)


@pytest.mark.parametrize(
    ("sent", "errors"),
    {
        "a chunk": (b'data: {"choices": [{"delta": {"content": "hi"}}]}\n\n', [None]),
        "named an error": (b'event: error\ndata: {"type":"overloaded","object":"event"}\n\n',
                           ["type: overloaded"]),
        "an error in an error": (b'event: error\ndata: {"error": {"message": "busy"}}\n\n',
                                 ["busy"]),
        "an error in words": (b"event: error\ndata: busy\n\n", ["busy"]),
        "without a name": (b"data: error: busy\n\n", ["busy"]),
        "a body": (b': PING\n\n{"error": {"message": "busy"}}\n\n', ["busy"]),
        "a ping": (b'event: ping\ndata: {"type": "ping"}\n\n', []),
        "a comment": (b": PING\n\n", []),
        "a comment as data": (b"data: : PROCESSING\n\n", []),
        "nothing": (b"data\ndata: \n\n", []),
        "a bare data line": (b'data: {"choices":\ndata\ndata: []}\n\n', [None]),
    }.values(),
    ids=lambda value: "",
)  # fmt: skip
def test_an_event_is_a_chunk_an_error_or_filler(sent: bytes, errors: list[str | None]) -> None:
    """However its bytes are cut."""
    for parts in feedings(sent):
        chunks = [chunk for event in read(parts) for chunk in read_event(event)]
        assert [chunk.error and chunk.error.message for chunk in chunks] == errors


@pytest.mark.parametrize("end", ["[DONE]", '{"error": {"message": "busy"}}', '{"choices": []}'])
def test_an_event_that_the_end_of_the_stream_cut_is_no_error(end: str) -> None:
    """It was not sent so; one that lacks only its blank line is read."""
    for size in range(1, len(end)):
        assert read_event(Event("", end[:size], size, is_whole=False)) == []
    whole = Event("", end, len(end), is_whole=False)
    assert is_end(whole) == (end == "[DONE]")
    assert read_event(whole) == [read_chunk(end)]
    (said,) = read_event(Event("", "error: timed out", 9, is_whole=False))
    assert said.error
    assert said.error.message == "timed out"


@pytest.mark.parametrize(
    ("chunk", "text", "reason"),
    [
        ({"choices": [{"delta": {}, "finish_reason": "length"}], "stop_reason": "stop"}, "",
         "length"),
        ({"choices": [{"delta": {}}], "stop_reason": "stop"}, "", "stop"),
        ({"choices": [{"delta": {"content": ""}, "content": "Hi"}]}, "Hi", None),
        ({"choices": [{"delta": {"content": "Hi"}, "content": "Ho"}]}, "Hi", None),
    ],
    ids=json.dumps,
)  # fmt: skip
def test_what_stands_in_a_choice_and_beside_it(
    chunk: dict[str, Any], text: str, reason: str | None
) -> None:
    """The place that is there for it counts first."""
    (choice,) = read_chunk(json.dumps(chunk)).choices
    assert (choice.text, choice.finish_reason) == (text, reason)


def test_an_error_by_name_may_lack_its_blank_line() -> None:
    """The stream ends behind an error."""
    (said,) = read_event(Event("error", '{"x": "busy"}', 9, is_whole=False))
    assert said.error
    assert said.error.message == "x: busy"
