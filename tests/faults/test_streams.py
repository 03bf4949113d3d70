"""Any bytes as an answer, cut anywhere: the same text, and no error that is not ours."""

import asyncio
import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import comet_magic as comet
from comet_magic.client.retries import retry_after
from comet_magic.families.chat.reading import read_chunks
from comet_magic.media.images import GeneratedImage
from comet_magic.media.sniffing import MediaError
from tests.client.scripted import DONE, Endpoint, Script, create, delta
from tests.faults.fault import PAGE
from tests.pictures import encoded

Result = tuple[str, str, str, tuple[int, ...]]

KEYS = st.sampled_from(
    ["choices", "delta", "message", "content", "index", "finish_reason", "error", "usage", "images",
     "image_url", "url", "data", "b64_json", "revised_prompt", "id", "model", "code", "type",
     "text",
     "total_tokens", "status", "source", "object"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
PIECES = st.one_of(
    st.binary(max_size=12),
    st.sampled_from(
        [b"data: ", b"data:", b"\n", b"\r\n", b"\r", b"\n\n", DONE, delta("Hé 🐱"), delta("x",
            "stop"),
         delta("> 🏃 Progress 14..3"), delta("7..[100](http://h/p.png)\n"), delta("![a](b"),
             b": ping\n\n",
         b"event: error\n", b"\xef\xbb\xbf", b"\xf0\x9f", b"{", b"\x0b\x0c\x1c", b" ", b'"\\ud83d"',
         PAGE.encode(), b"<html>", b"<!doctype html>", b"id: 1\n", b"null", b"\xe2\x80\xa8",
         rb'data: {"choices":[{"delta":{"content":"\ud83d"}}]}' + b"\n\n",
         rb'data: {"choices":[{"delta":{"content":"\udc31"}}]}' + b"\n\n"]
    ),
    VALUES.map(lambda value: b"data: " + json.dumps(value).encode() + b"\n\n"),
)  # fmt: skip
STREAMS = st.lists(PIECES, max_size=8).map(b"".join)


def result_of(stream: bytes, cuts: Sequence[int], model: str = "m", status: int = 200) -> Result:
    """Class of the error, its text, and text and status of the answer that is cut there."""
    places = [0, *sorted({cut % (len(stream) + 1) for cut in cuts}), len(stream)]
    steps = [stream[start:end] for start, end in pairwise(places) if start < end]
    response = httpx.Response(status, stream=Script(steps))
    try:
        generation = asyncio.run(create(Endpoint(response), model=model, max_retries=0))
    except comet.CometError as error:
        kept = error.generation
        assert kept
        repr(kept)
        result = type(error).__name__, str(error), kept.text, kept.progress
        lines = str(error).splitlines()
        assert len(lines) <= 3
        return result
    generation._repr_mimebundle_()
    return "", "", generation.text, generation.progress


@given(stream=STREAMS, cuts=st.lists(st.integers(0, 2_000), max_size=6))
@example(stream=b"<!doctype html><title>x</title>", cuts=[7])
@example(stream=b"\x0b" * 6 + delta("x", "stop") + DONE, cuts=[6])
@example(stream=b"\n\x0c\n\n\n\n\n" + delta("x", "stop") + DONE, cuts=[7])
@example(stream=PAGE.encode().replace(b"<title>", b" " * 3_000 + b"<title>"), cuts=[100, 2_500])
@settings(max_examples=60, deadline=None)
def test_any_stream_reads_the_same_however_it_is_cut(stream: bytes, cuts: list[int]) -> None:
    """Whole, in two, and in many pieces."""
    assert result_of(stream, cuts) == result_of(stream, [])


@given(stream=STREAMS)
@settings(max_examples=25, deadline=None)
def test_any_stream_reads_the_same_byte_by_byte(stream: bytes) -> None:
    """As the slowest of networks brings it."""
    assert result_of(stream, range(len(stream))) == result_of(stream, [])


@given(
    body=STREAMS,
    status=st.sampled_from([400, 401, 403, 404, 413, 418, 429, 500, 502, 503, 524, 302]),
)
@settings(max_examples=40, deadline=None)
def test_any_body_of_any_status_is_an_error_of_ours(body: bytes, status: int) -> None:
    """In three lines at most."""
    assert result_of(body, [], status=status)[0].endswith("Error")


@given(text=st.text(max_size=300) | STREAMS.map(lambda raw: raw.decode(errors="replace")))
@example(text="I can't.\n\nIt is against:\n\n1. this\n2. that\n3. and that\n\nSorry.")
@example(text="x" * 100_000)
@settings(max_examples=60, deadline=None)
def test_any_text_of_a_picture_model_ends_in_a_word_of_ours(text: str) -> None:
    """As a picture or as a reason why there is none, in three lines at most."""
    name, message, kept, _ = result_of(delta(text, "stop") + DONE, [], model="gpt-4o-image")
    assert kept == text
    assert name in ("", "GenerationError")
    assert len(message) < 1_500


@given(value=VALUES)
@settings(max_examples=200, deadline=None)
def test_any_json_is_a_chunk(value: Any) -> None:
    """It is read, or it is an error; it does not raise."""
    read_chunks(json.dumps(value))


@pytest.mark.parametrize("opening", ['{"error":', "[", '{"a":[', '{"error":[', '{"choices":['])
def test_json_nested_to_any_depth_is_a_chunk(opening: str) -> None:
    """Also at depths that one step of the reading allows and the next does not."""
    closing = "".join("}" if sign == "{" else "]" for sign in reversed(opening) if sign in "{[")
    for depth in [*range(1, 1_100, 7), 5_000, 50_000]:
        read_chunks(opening * depth + "1" + closing * depth)


@given(value=st.text(st.characters(max_codepoint=255), max_size=40))
@example(value="Mon, 01 Nov 99999999999999999999 00:00:00 GMT")
@example(value="Mon, 01 Nov 2026 00:00:00 +99999999999999")
@example(value="9" * 400)
@example(value="²")
@settings(max_examples=200, deadline=None)
def test_any_retry_after_is_a_wait_or_none(value: str) -> None:
    """Whatever a gateway writes there."""
    seconds = retry_after(httpx.Response(429, headers=[(b"Retry-After", value.encode("latin-1"))]))
    assert seconds is None or seconds >= 0


PICTURES = [
    encoded("PNG"), encoded("PNG", mode="I;16"), encoded("JPEG",
        exif=b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"),
    encoded("JPEG", mode="CMYK"), encoded("WEBP"), encoded("GIF", mode="P"), encoded("BMP"),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")
@given(
    data=st.sampled_from(PICTURES),
    changes=st.lists(st.tuples(st.integers(0, 2_000), st.binary(max_size=4)), max_size=5),
)
@settings(max_examples=150, deadline=None)
def test_any_damage_to_a_picture_is_an_error_of_ours(
    data: bytes, changes: list[tuple[int, bytes]]
) -> None:
    """It is decoded, or it is a `MediaError`."""
    for where, new in changes:
        place = where % len(data)
        data = data[:place] + new + data[place + len(new) :]
    try:
        image = GeneratedImage.from_url("https://h.example/x.png").with_data(data)
    except MediaError:
        return
    assert image.preview is not None


def test_a_whole_answer_is_the_same_however_it_is_cut() -> None:
    """At every second place, also inside characters."""
    body = json.dumps({"choices": [{"message": {"content": "Hé 🐱"}}]}, ensure_ascii=False).encode()
    whole = result_of(body, [])
    assert whole[2] == "Hé 🐱"
    for cut in range(1, len(body), 2):
        assert result_of(body, [cut]) == whole
