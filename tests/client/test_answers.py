"""Whatever form an answer comes in, it becomes the same generation."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import Any

import httpx
import pytest

from comet_magic.errors import GenerationError, StreamError
from comet_magic.generation import Generation, Status
from tests.client import skipping
from tests.client.scripted import DONE, Endpoint, Script, create, data, delta, sse

USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
HELLO = delta("Hé") + delta("llo 🐱") + delta("", "stop")
LAST = data({"id": "c1", "model": "m", "choices": [], "usage": USAGE})


def text_of(*steps: bytes | Exception, **headers: str) -> str:
    """The text of a whole answer that arrived in these steps."""
    return asyncio.run(create(Endpoint(sse(*steps, **headers)))).text


STREAMS = {
    "plain": HELLO + DONE,
    "crlf": (HELLO + DONE).replace(b"\n", b"\r\n"),
    "cr": (HELLO + DONE).replace(b"\n", b"\r"),
    "no space": (HELLO + DONE).replace(b"data: ", b"data:"),
    "bom": b"\xef\xbb\xbf" + HELLO + DONE,
    "comments": b": PING\n\n:\n\n" + HELLO.replace(b"\n\n", b"\n\n: keep-alive\n\n") + DONE,
    "fields": b"retry: 3000\n\n" + HELLO.replace(b"data:", b"event: message\nid: 7\ndata:") + DONE,
    "last event unended": HELLO + DONE.rstrip(b"\n"),
    "no done": HELLO,
    "no done, last event unended": HELLO.rstrip(b"\n"),
    "empty choices first": data({"id": "c1", "choices": []}) + HELLO + DONE,
    "null usage": data({"id": "c1", "choices": [], "usage": None}) + HELLO + DONE,
    "pings": b'event: ping\ndata: {"type": "ping"}\n\n' + HELLO + DONE,
    "comments as data": b"data: : OPENROUTER PROCESSING\n\n" + HELLO + DONE,
    "blank lines": b"\n\n\n" + HELLO + b"\n\n" + DONE,
    "line separators": delta("Hé") + delta("llo 🐱", "stop", note="a\u2028b\u2029c\u0085d") + DONE,
    "after done": HELLO + DONE + delta("more"),
}  # fmt: skip


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_every_form_of_stream_whole_and_byte_by_byte(stream: bytes) -> None:
    """Line ends, comments, byte order marks and missing ends change nothing, nor do TCP's cuts."""
    assert text_of(stream) == "Héllo 🐱"
    assert text_of(*[bytes([byte]) for byte in stream]) == "Héllo 🐱"


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_every_form_of_stream_at_every_cut(stream: bytes) -> None:
    """Cut in two at each byte, inside characters and between CR and LF, it reads the same."""

    async def all_cuts() -> None:
        for position in range(0, len(stream), 3):
            pieces = (stream[:position], stream[position:])
            generation = await create(Endpoint(sse(*pieces)))
            assert generation.text == "Héllo 🐱", position

    asyncio.run(all_cuts())


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/event-stream"},
        {"Content-Type": "text/event-stream; charset=iso-8859-1"},
        {"Content-Type": "application/json"},
        {"Content-Type": "text/plain"},
    ],
    ids=lambda headers: headers["Content-Type"],
)
def test_what_arrives_decides_and_not_what_was_promised(headers: dict[str, str]) -> None:
    """A stream is read as one under any content type, and as UTF-8; so is a JSON body."""
    assert text_of(HELLO + DONE, **headers) == "Héllo 🐱"
    whole = b'{"id":"c1","object":"chat.completion","choices":[{"index":0,"message":' + (
        '{"content":"Héllo 🐱"},"finish_reason":"stop"}],"error":{},"data":null}'.encode()
    )
    assert text_of(whole, **headers) == "Héllo 🐱"
    assert text_of(b"\xef\xbb\xbf\n ", whole, **headers) == "Héllo 🐱"


def test_usage_is_the_last_that_was_received() -> None:
    """Usage on every chunk, before the last text, or in a chunk of its own: the last counts."""
    early = delta("a", usage={"total_tokens": 1})
    inside = data({"choices": [{"index": 0, "delta": {}, "usage": USAGE}], "usage": None})
    ends = (HELLO + LAST, LAST + HELLO, HELLO + inside)
    for stream in [early + end + DONE for end in ends]:
        usage = asyncio.run(create(Endpoint(sse(stream)))).usage
        assert usage is not None
        assert usage.total_tokens == 3


def test_usage_that_was_not_received_is_none() -> None:
    """No number is made up."""
    assert asyncio.run(create(Endpoint(sse(HELLO + DONE)))).usage is None


def test_a_message_repeated_at_the_end_is_not_added_twice() -> None:
    """Some gateways send the whole message once more in their last chunk."""
    whole = data(
        {"choices": [{"index": 0, "message": {"content": "Héllo 🐱"}, "finish_reason": "stop"}]}
    )
    assert text_of(delta("Hé") + delta("llo 🐱") + whole + DONE) == "Héllo 🐱"
    assert text_of(delta("\nHé") + delta("llo 🐱\n") + whole + DONE) == "\nHéllo 🐱\n"


def test_choices_are_kept_apart() -> None:
    """With `n` > 1 the chunks of the choices are interleaved; each gets its own."""
    stream = delta("a", index=1) + delta("b") + delta("c", index=1) + delta("", "stop")
    stream += delta("", "length", index=1) + DONE
    generation = asyncio.run(create(Endpoint(sse(stream)), parameters={"n": 2}))
    assert [choice.text for choice in generation.choices] == ["b", "ac"]
    assert [choice.finish_reason for choice in generation.choices] == ["stop", "length"]
    assert (generation.text, generation.status) == ("b", Status.COMPLETE)


def test_choices_may_be_numbered_from_1() -> None:
    """Two were asked for and two came, so none is missing; of one alone the first is."""
    second = delta("b", "stop", index=2)
    both = second + delta("a", "stop", index=1)
    for stream in (both, both + DONE):
        generation = asyncio.run(create(Endpoint(sse(stream)), parameters={"n": 2}))
        assert [choice.text for choice in generation.choices] == ["a", "b"]
        assert generation.status is Status.COMPLETE
    for stream in (second, second + DONE):
        with pytest.raises((StreamError, GenerationError)) as caught:
            asyncio.run(create(Endpoint(sse(stream)), parameters={"n": 2}))
        assert caught.value.generation is not None
        assert [choice.text for choice in caught.value.generation.choices] == ["", "b"]


def test_an_answer_without_an_end_is_not_waited_for() -> None:
    """A server may keep the connection open behind `[DONE]`, or break it: the answer is whole."""

    class Open(Script):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield delta("Hi") + DONE
            await asyncio.sleep(60)

    for stream in (Open(()), Script([delta("Hi") + DONE, httpx.ReadError("reset")])):
        response = httpx.Response(200, stream=stream)
        generation, seconds = skipping.run(create(Endpoint(response)))
        assert (generation.text, generation.status) == ("Hi", Status.COMPLETE)
        assert stream.closed
        assert seconds < 1


class Slow(Script):
    """Sends each piece and waits for some seconds."""

    def __init__(self, steps: Sequence[bytes | Exception], seconds: float) -> None:
        super().__init__(steps)
        self._seconds = seconds

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for step in super().__aiter__():
            yield step
            await asyncio.sleep(self._seconds)


def test_who_says_stop_all_the_time_is_heard_to_the_end() -> None:
    """Some gateways do so in every chunk, also while the model thinks: as long as more comes."""
    thought = data({"choices": [{"delta": {"reasoning": "hm"}, "finish_reason": "stop"}]})
    steps = (*[thought] * 18, delta("Hé", "stop"), delta("llo 🐱", "stop"), DONE)
    response = httpx.Response(200, stream=Slow(steps, 3))
    generation, seconds = skipping.run(create(Endpoint(response)))
    assert generation.text == "Héllo 🐱"
    assert seconds > 50


@pytest.mark.parametrize(
    ("answered", "waits"),
    [
        ((delta("H"), delta("i", "stop")), 5),
        ((delta(""), delta("H"), delta("i"), delta("", "stop")), 5),
        ((delta("Hi", "stop"), data({"choices": [], "usage": {"total_tokens": 1}})), 5),
        ((delta("Hi", "stop"),), 300),
    ],
    ids=["a last chunk", "a chunk for the reason", "usage", "in doubt"],
)
def test_who_goes_on_with_nothing_is_not_waited_for(
    answered: tuple[bytes, ...], waits: int
) -> None:
    """Chunks that keep the line open are no more of an answer that has come to its end.

    A reason in the only chunk may be one of a gateway that sends it with every chunk.
    """
    steps = (*answered, *[data({"choices": []})] * 1_000)
    response = httpx.Response(200, stream=Slow(steps, 1))
    generation, seconds = skipping.run(create(Endpoint(response)))
    assert (generation.text, generation.status) == ("Hi", Status.COMPLETE)
    # From its last chunk on, which comes a second behind the one before it.
    assert abs(seconds - (len(answered) - 1) - waits) <= 2


@pytest.mark.parametrize(
    "steps",
    [
        (delta("Hé", "null"), delta("llo 🐱", "stop")),
        (delta("Hé", ""), delta("llo 🐱", "stop")),
        (delta("Hé", "stop"), delta("llo 🐱", "stop")),
        (delta("", "stop"), delta("Hé", "stop"), delta("llo 🐱", "stop"), delta("", "stop")),
        (delta("H"), delta("é") + delta("", "stop") + delta("l"), delta("lo 🐱", "stop")),
        (delta("H"), delta("é", "stop") + delta("l", "stop"), delta("lo 🐱", "stop")),
    ],
    ids=["null", "empty", "in every chunk", "in empty chunks too", "text behind it",
         "text and a reason behind it"],
)  # fmt: skip
def test_what_follows_a_finish_reason_is_waited_for(steps: tuple[bytes, ...]) -> None:
    """A minute of silence between two chunks ends no answer that the model is still writing."""
    response = httpx.Response(200, stream=Slow((*steps, DONE), 60))
    generation, _ = skipping.run(create(Endpoint(response)))
    assert (generation.text, generation.status) == ("Héllo 🐱", Status.COMPLETE)
    assert generation.finish_reason == "stop"


def test_what_follows_a_picture_is_waited_for() -> None:
    """A model that draws and writes takes its time between a picture and the next."""

    def drawn(name: str) -> bytes:
        return data({"choices": [{"index": 0, "delta": {"images": [f"https://a.example/{name}"]}}]})

    steps = (drawn("1.png"), delta("and"), drawn("2.png"), delta("", "stop") + DONE)
    response = httpx.Response(200, stream=Slow(steps, 60))
    generation, _ = skipping.run(create(Endpoint(response), model="gpt-4o-image"))
    assert [image.url[-5:] for image in generation.images] == ["1.png", "2.png"]
    assert (generation.text, generation.finish_reason) == ("and", "stop")


CUT = {
    "nothing after the headers": (),
    "in mid-text": (delta("Héllo"),),
    "connection reset": (delta("Héllo"), httpx.ReadError("reset")),
    "chunked encoding broken": (delta("Héllo"), httpx.RemoteProtocolError("incomplete")),
    "in an event": (delta("Héllo"), b'data: {"choices":[{"ind'),
    "in a character": (delta("Héllo"), "data: é".encode()[:-1]),
    "silence": (delta("Héllo"), httpx.ReadTimeout("silence")),
    "after a picture": (
        delta("Héllo"),
        data({"choices": [{"index": 0, "delta": {"images": ["https://a.example/x.png"]}}]}),
    ),
    "one of two choices unended": (delta("Héllo"), delta("x", "stop", index=1)),
}
ASKED_FOR_TWO = CUT["one of two choices unended"]


@pytest.mark.parametrize("steps", CUT.values(), ids=CUT)
def test_a_cut_stream_is_never_complete(steps: tuple[Any, ...]) -> None:
    """What arrived is kept, the status says that it was cut, and an error is raised."""
    seen: list[Generation] = []
    parameters = {"n": 2} if steps is ASKED_FOR_TWO else {}
    with pytest.raises(StreamError) as caught:
        asyncio.run(create(Endpoint(sse(*steps)), seen.append, parameters=parameters))
    generation = caught.value.generation
    assert generation
    assert generation.status is (Status.INTERRUPTED if steps else Status.FAILED)
    assert generation.text == ("Héllo" if steps else "")
    assert generation.error
    assert seen[-1] == generation


@pytest.mark.parametrize(
    "error",
    [
        data({"error": {"message": "overloaded"}}),
        data({"choices": [], "error": {"message": "overloaded"}}),
        b"event: error\ndata: overloaded\n\n",
        b'event: error\ndata: {"message": "overloaded"}\n\n',
        b"data: error: overloaded\n\n",
        b'{"error": {"message": "overloaded"}}',
        data({"object": "error", "message": "overloaded", "code": 400}),
    ],
)
def test_an_error_in_the_stream_keeps_what_came_before_it(error: bytes) -> None:
    """The error is raised in the provider's words, with the text so far."""
    with pytest.raises(StreamError, match="overloaded") as caught:
        asyncio.run(create(Endpoint(sse(delta("Héllo") + error + DONE))))
    assert caught.value.generation
    assert caught.value.generation.text == "Héllo"
    assert caught.value.generation.status is Status.INTERRUPTED


def test_an_error_body_with_status_200_is_an_error() -> None:
    """A gateway that reports its failure as a success is not believed."""
    with pytest.raises(StreamError, match="no channel"):
        asyncio.run(create(Endpoint(sse(b'{"error": {"message": "no channel"}}'))))


def test_a_20_mb_picture_in_one_line_is_read() -> None:
    """An inline picture may be one line of many megabytes, in thousands of reads."""
    picture = "data:image/png;base64," + "A" * 20_000_000
    event = data({"choices": [{"index": 0, "delta": {"images": [picture]}}]})
    pieces = [event[start : start + 65_536] for start in range(0, len(event), 65_536)]
    generation = asyncio.run(
        create(Endpoint(sse(*pieces, delta("", "stop"), DONE)), model="gpt-4o-image")
    )
    assert generation.images[0].url == picture
    assert generation.status is Status.COMPLETE


def test_text_arrives_while_it_streams() -> None:
    """Snapshots grow, come at most at the given rate, and the last one is the final state."""
    seen: list[Generation] = []
    pieces = [delta(f"{number} ") for number in range(200)]
    generation = asyncio.run(create(Endpoint(sse(*pieces, delta("", "stop"), DONE)), seen.append))
    assert 2 <= len(seen) <= 10
    assert all(after.text.startswith(before.text) for before, after in pairwise(seen))
    assert seen[-1] == generation
    assert [snapshot.status.is_final for snapshot in seen] == [False] * (len(seen) - 1) + [True]
