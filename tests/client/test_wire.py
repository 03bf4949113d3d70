"""`Generation.inspect` has what went over the wire, however the generation ended."""

import asyncio
import json
import pickle
from collections.abc import Callable
from typing import cast

import httpx
import pytest

from comet_magic.errors import CometError
from comet_magic.generation import Generation, Status
from tests.client.scripted import DONE, KEY, Endpoint, answer, create, data, delta, sse
from tests.wire.feeding import feedings

PICTURE = "> Generating..\n\n> Progress 34%\n\n![x](https://a.example/p.png)"
USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}


def asked(endpoint: Endpoint, model: str = "gpt-4o-image") -> Generation:
    """What came of a request, as a value, whether it failed or not."""
    try:
        return asyncio.run(create(endpoint, model=model))
    except CometError as error:
        return cast("Generation", error.generation)


def kinds(generation: Generation) -> list[str]:
    """The kinds of its facts, in order."""
    return [fact.kind for fact in generation.inspect().facts]


def test_a_picture_that_was_streamed() -> None:
    """The request without its key, the lines as they came, the facts, and the usage."""
    pieces = [delta(PICTURE[:20]), b": PING\n\n", delta(PICTURE[20:], "stop", usage=USAGE), DONE]
    endpoint = Endpoint(sse(*pieces, **{"X-Request-Id": "r1", "Set-Cookie": "a=b"}))
    generation = asked(endpoint)
    look = generation.inspect()
    assert look.exchange is not None
    (attempt,) = look.exchange.attempts
    assert attempt.url == "https://api.example/v1/chat/completions"
    assert dict(attempt.headers)["authorization"] == "Bearer [hidden]"
    assert dict(attempt.answer_headers) == {"content-type": "text/event-stream",
                                            "x-request-id": "r1"}  # fmt: skip
    assert look.request == json.loads(endpoint.requests[0].content)
    assert "".join(line.text + "\n" for line in look.lines).encode() == b"".join(pieces)
    assert kinds(generation) == [
        "sent", "answered", "first text", "stage", "progress", "image", "finish", "usage", "done",
    ]  # fmt: skip
    assert look.usage == generation.usage
    times = [fact.at for fact in look.facts]
    assert times == sorted(times)
    assert times[-1] <= look.elapsed
    assert len(look.event_times) == 3
    assert KEY.encode() not in pickle.dumps(look.exchange)
    assert pickle.loads(pickle.dumps(look)) == look


def test_a_picture_in_one_json_body() -> None:
    """It has one event: the body."""
    body = {"choices": [{"message": {"content": PICTURE}, "finish_reason": "stop"}]}
    generation = asked(Endpoint(answer(json.dumps(body), 200, **{"Content-Type": "x/json"})))
    look = generation.inspect()
    assert generation.status is Status.COMPLETE
    assert kinds(generation)[2:] == ["first text", "stage", "progress", "image", "finish"]
    assert len(look.event_times) == 1
    assert json.loads(look.lines[0].text) == body


def refused() -> Endpoint:
    return Endpoint(answer(json.dumps({"error": {"message": f"bad key {KEY}"}}), 401))


def cut() -> Endpoint:
    return Endpoint(sse(delta("> Generating..\n\n> Progress 61%\n"), httpx.ReadError("gone")))


def silent() -> Endpoint:
    return Endpoint(httpx.ReadTimeout("no answer"))


def blocked() -> Endpoint:
    return Endpoint(sse(delta("I can’t assist with that request.", "stop"), DONE))


def quoting() -> Endpoint:
    """Quotes the key in text that is cut inside it."""
    text = delta(f"Your key is {KEY}.", "stop")
    at = text.index(KEY.encode()) + 4
    return Endpoint(sse(text[:at], text[at:], DONE))


@pytest.mark.parametrize(
    ("make", "status", "expected"),
    [
        (refused, Status.FAILED, ["sent", "answered", "error"]),
        (cut, Status.INTERRUPTED, ["sent", "answered", "first text", "stage", "progress"]),
        (silent, Status.FAILED, ["sent"]),
        (blocked, Status.FAILED, ["sent", "answered", "first text", "finish", "done"]),
        (quoting, Status.FAILED, ["sent", "answered", "first text", "finish", "done"]),
    ],
    ids=["401", "cut", "no answer", "no picture", "key quoted"],
)
def test_what_went_wrong_can_be_looked_at(
    make: Callable[[], Endpoint], status: Status, expected: list[str]
) -> None:
    """The generation of the error has what had come until then, and no key."""
    generation = asked(make())
    assert generation.status is status
    assert kinds(generation) == expected
    look = generation.inspect()
    assert look.error
    for shown in look._repr_mimebundle_().values():
        assert KEY not in shown
    assert KEY.encode() not in pickle.dumps(look.exchange)


def test_a_key_that_was_blotted_out_has_left_its_length() -> None:
    """What follows it in the answer keeps its place and its time."""
    look = asked(quoting()).inspect()
    assert f"Your key is {'*' * len(KEY)}." in look.lines[0].text
    assert look.lines[-2].text == "data: [DONE]"
    assert look.exchange is not None
    assert sum(line.size for line in look.lines) == look.exchange.attempts[0].size


def test_each_request_of_a_retry_is_there() -> None:
    """The one that was refused with its body, and the one that was answered."""
    limited = answer('{"error":{"message":"slow down"}}', 429, **{"Retry-After": "0"})
    generation = asked(Endpoint(limited, sse(delta(PICTURE, "stop"), DONE)))
    said = [fact.text for fact in generation.inspect().facts][:4]
    assert said[0] == "POST /v1/chat/completions, request 1 of 2"
    assert said[2:] == ["slow down", "POST /v1/chat/completions, request 2 of 2"]
    assert generation.inspect().lines[-2].text == "data: [DONE]"


def test_a_generation_that_was_stopped_has_what_came() -> None:
    """Also the snapshots on the way have it, as far as they are."""
    snapshots: list[Generation] = []

    async def stopped() -> None:
        text = delta("> Generating..\n\n> Progress 61%\n")

        class Never(httpx.AsyncByteStream):
            async def __aiter__(self):  # type: ignore[no-untyped-def]
                yield text
                await asyncio.sleep(60)

        response = httpx.Response(200, stream=Never())
        task = asyncio.create_task(
            create(Endpoint(response), snapshots.append, model="gpt-4o-image")
        )
        while not any(snapshot.text for snapshot in snapshots):
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stopped())
    assert snapshots[-1].status is Status.INTERRUPTED
    assert kinds(snapshots[-1])[-1] == "progress"
    assert "progress" in kinds(next(snapshot for snapshot in snapshots if snapshot.text))


def test_each_choice_can_be_looked_at() -> None:
    """It shows the exchange that it was a part of."""
    both = [delta(PICTURE, "stop", index=index) for index in range(2)]
    endpoint = Endpoint(sse(*both, DONE))
    generation = asyncio.run(create(endpoint, model="gpt-4o-image", parameters={"n": 2}))
    looks = [generation.inspect(), *(choice.inspect() for choice in generation.choices)]
    assert [len(look.lines) for look in looks] == [6, 6, 6]


def test_results_on_disk_have_kept_nothing_of_it() -> None:
    """What a batch gives says so, and its choices, too."""
    both = [delta(PICTURE, "stop", index=index) for index in range(2)]
    endpoint = Endpoint(sse(*both, data({"choices": [], "usage": USAGE}), DONE))
    generation = asyncio.run(create(endpoint, model="gpt-4o-image", parameters={"n": 2})).on_disk()
    for each in (generation, *generation.choices):
        look = each.inspect()
        assert (look.exchange, look.request, look.lines, look.facts, look.event_times) == (
            None, {}, (), (), (),
        )  # fmt: skip
        assert "not kept" in look._repr_mimebundle_()["text/plain"]
    assert generation.inspect().usage is not None


HELLO = delta("Hé")
# What stands behind a good chunk, and the error that it is, or the text.
AGREED: dict[str, tuple[bytes, str]] = {
    "named an error": (
        b'event: error\ndata: {"type":"overloaded","object":"event"}\n\n',
        "type: overloaded",
    ),
    "an error in words": (b"event: error\ndata: busy\n\n", "busy"),
    "an error object": (data({"error": {"message": "busy"}}), "busy"),
    "an error body": (b'{"error":{"message":"busy"}}\n\n', "busy"),
    "a bare data line": (
        b'data\ndata: {"choices": [{"index": 0,\ndata\ndata: "delta": {"content": "llo"},'
        b'\ndata: "finish_reason": "stop"}]}\n\n' + DONE,
        "",
    ),
    "a body behind a bare data line": (
        b'data\n{"error":{"message":"no data"}}\n\n' + delta("llo", "stop") + DONE,
        "",
    ),
    "pings": (
        b'event: ping\ndata: {"type": "ping"}\n\ndata: : PROCESSING\n\n:\n\nevent: error\n\n'
        + delta("llo", "stop") + DONE,
        "",
    ),
    "what follows the end": (
        delta("llo", "stop") + DONE + data({"error": {"message": "too late"}}),
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rest", "error"), AGREED.values(), ids=AGREED)
def test_the_answer_and_its_inspection_agree(rest: bytes, error: str) -> None:
    """What fails the cell is listed as an error, what shows as text is listed, and no more."""
    for parts in feedings(HELLO + rest):
        generation = asked(Endpoint(sse(*parts)), "gpt-4o-mini")
        facts = generation.inspect().facts
        assert [fact.text for fact in facts if fact.kind == "error"] == ([error] if error else [])
        assert generation.text == ("Hé" if error else "Héllo")
        assert (generation.error or "").endswith(f"sent an error: {error}" if error else "")
        listed = [fact.kind for fact in facts if fact.kind in ("first text", "finish", "done")]
        assert listed == (["first text"] if error else ["first text", "finish", "done"])


@pytest.mark.parametrize(("rest", "error"), AGREED.values(), ids=AGREED)
def test_they_agree_on_a_stream_that_ends_early(rest: bytes, error: str) -> None:
    """Wherever it ends: half an event is an error to neither of them, or to both."""
    for size in range(len(rest)):
        generation = asked(Endpoint(sse(HELLO + rest[:size])), "gpt-4o-mini")
        listed = [fact.text for fact in generation.inspect().facts if fact.kind == "error"]
        said = (generation.error or "").partition("sent an error: ")[2]
        assert listed == ([said] if said else [])
