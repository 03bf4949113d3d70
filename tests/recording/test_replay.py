"""What a recording answers, and what it refuses."""

import asyncio
import base64
import json
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comet_magic import errors
from comet_magic.client.catalogue import Catalogue
from comet_magic.generation import Generation, Status
from comet_magic.recording.replay import Replay
from comet_magic.recording.tape import Tape
from comet_magic.recording.transports import ReplayTransport
from comet_magic.wire.headers import REQUEST_IDS
from tests.client.scripted import BASE_URL, DONE, Endpoint, answer, data, delta, sse
from tests.pictures import encoded
from tests.recording.tapes import (
    TAPE,
    URL,
    lines,
    play,
    record,
    recording_client,
    replaying_client,
)

HE, LLO = delta("Hé"), delta("llo", "stop")
USAGE = data({"choices": [], "usage": {"prompt_tokens": 1, "total_tokens": 3}})
LIMITED = {"Retry-After": "7", "Content-Type": "application/json"}


def facts(result: Any) -> Any:
    """What must be the same of a generation or an error that is replayed: all but the times."""
    if isinstance(result, errors.CometError):
        more = getattr(result, "status_code", None), getattr(result, "body", None)
        return type(result).__name__, str(result), more, facts(result.generation)
    assert isinstance(result, Generation)
    timed = {"started", "elapsed", "time_to_first_token", "images", "exchange"}
    values = {name: getattr(result, name) for name in Generation.__slots__ if name not in timed}
    return values, [(image.url, image.data) for image in result.images]


def test_a_recording_answers_the_same_request_the_same() -> None:
    """Text, usage, finish reason, request id; without a key."""
    recorded = record(Endpoint(sse(HE, LLO, USAGE, DONE, **{"X-Request-Id": "r1"})))
    replayed = play(replaying_client(), {"keyed": False})
    assert [facts(each) for each in replayed] == [facts(each) for each in recorded]
    assert replayed[0].usage.total_tokens == 3
    assert replayed[0].request_id == "r1"


@pytest.mark.parametrize("name", REQUEST_IDS)
def test_the_id_of_a_request_is_replayed_under_each_of_its_names(name: str) -> None:
    """A lesson recorded behind a proxy names the ids that it named then."""
    record(Endpoint(sse(HE, LLO, DONE, **{name: "r1"})))
    assert play(replaying_client())[0].request_id == "r1"


@pytest.mark.parametrize(
    ("answers", "asked"),
    {
        "401": ([answer('{"error": {"message": "no"}}', 401)], {}),
        "500": ([answer("<html>", 500)], {}),
        "429-then-whole": ([answer("{}", 429, **LIMITED), sse(HE, LLO, DONE)], {"max_retries": 1}),
        "cut": ([sse(HE, httpx.ReadError("reset"))], {}),
        "ended-early": ([sse(HE)], {}),
        "silent": ([sse(HE, httpx.ReadTimeout("slow"))], {}),
        "no-connection": ([httpx.ConnectError("refused")], {}),
        "broken-before": ([httpx.RemoteProtocolError("no HTTP")], {}),
        "error-in-stream": ([sse(HE, data({"error": {"message": "lost"}}))], {}),
        "whole": ([answer('{"choices": [{"message": {"content": "Hé"}}]}')], {"stream": False}),
        "not-utf-8": ([sse(HE + b"\xff\xfe\n\n", LLO, DONE)], {}),
        "refused": ([sse(delta("I cannot.", "stop"), DONE)], {"model": "gpt-4o-image"}),
    }.values(),
    ids=lambda value: "",
)
def test_what_went_wrong_goes_wrong_again(answers: list[Any], asked: dict[str, Any]) -> None:
    """The same error with the same words, waits and attempts; a cut is a cut."""
    recorded = record(Endpoint(*answers), asked)
    replayed = play(replaying_client(), asked)
    assert [facts(each) for each in replayed] == [facts(each) for each in recorded]


def test_pictures_are_replayed_without_a_name_server(looked_up: list[str]) -> None:
    """Those that were linked, through a redirect, and those inside the answer; nobody is asked."""
    png, jpeg = encoded("PNG"), encoded("JPEG")
    inline = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
    text = delta(f"![x](https://pictures.example/x.png) ![y]({inline})", "stop")
    moved = httpx.Response(302, headers={"Location": "https://other.example/y.png"})
    made = httpx.Response(200, headers={"Content-Type": "image/png"}, content=png)
    asked = {"model": "gpt-4o-image", "download": True}
    (recorded,) = record(Endpoint(sse(text, DONE), moved, made), asked)
    assert looked_up == ["pictures.example", "other.example"]
    (replayed,) = play(replaying_client(), {**asked, "replayed": "tape.jsonl"})
    assert [image.data for image in replayed.images] == [png, jpeg]
    assert [image.url for image in replayed.images] == [image.url for image in recorded.images]
    assert len(looked_up) == 2
    sidecar = json.loads(replayed.images[0].path.with_suffix(".json").read_text())
    assert sidecar["replayed"] == "tape.jsonl"


def test_a_picture_that_is_not_in_the_recording_is_a_note() -> None:
    """The link stays; nobody is asked for it."""
    asked = {"model": "gpt-4o-image"}
    record(Endpoint(sse(delta("![x](https://pictures.example/x.png?sig=1)", "stop"), DONE)), asked)
    (replayed,) = play(replaying_client(), {**asked, "download": True, "replayed": "tape"})
    assert replayed.status == "complete"
    (note,) = replayed.notes
    assert note.endswith("tape.jsonl has no https://pictures.example/x.png, and nothing was sent.")


def test_a_date_to_wait_for_is_replayed_as_a_time_to_wait() -> None:
    """The date would have passed."""
    date = {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}
    record(Endpoint(answer("{}", 429, **date)))
    written = lines()[2]["headers"]["retry-after"]
    assert written.replace(".", "", 1).isdecimal()
    assert float(written) > 1e9


def test_the_same_request_gets_its_answers_in_order_and_then_the_first_again() -> None:
    """Which is said, so that a cell can be run again and nobody is misled."""
    record(Endpoint(*(sse(delta(text, "stop"), DONE) for text in "ab")), {}, {})
    replayed = play(replaying_client(), {}, {}, {}, {}, {})
    assert [each.text for each in replayed] == ["a", "b", "a", "b", "a"]
    said = "All 2 recorded answers were given; this is the first again."
    assert [each.notes for each in replayed] == [(), (), (said,), (), (said,)]


def test_what_was_recorded_once_is_given_again_without_a_word() -> None:
    """A cell that runs again shows the same, and the saved notebook does not change."""
    record(Endpoint(sse(HE, LLO, DONE)))
    first, again = play(replaying_client(), {}, {})
    assert facts(first) == facts(again)


def test_an_answer_that_was_stopped_is_given_only_if_there_is_no_other() -> None:
    """Who stopped a cell while recording and ran it again wants to show the second run."""
    record(Endpoint(sse(HE, DONE), sse(HE, LLO, DONE)), {}, {})
    whole = TAPE.read_text(encoding="utf-8").splitlines()
    whole[next(n for n, line in enumerate(whole) if '"end"' in line)] = ""
    TAPE.write_text("\n".join(whole), encoding="utf-8")
    assert play(replaying_client())[0].text == "Héllo"
    # Without the line that says [DONE], too.
    TAPE.write_text("\n".join(whole[: whole.index("") - 1]), encoding="utf-8")
    (error,) = play(replaying_client())
    assert isinstance(error, errors.StreamError)
    assert str(error) == (
        "The answer was cut: it was stopped while it was recorded.\nWhat arrived is kept."
    )
    assert error.generation
    assert error.generation.text == "Hé"


def test_a_request_that_was_stopped_before_its_answer_says_so() -> None:
    """There is nothing to give."""
    record(Endpoint(sse(HE, LLO, DONE)))
    TAPE.write_bytes(b"\n".join(TAPE.read_bytes().split(b"\n")[:2]) + b"\n")
    (error,) = play(replaying_client())
    assert isinstance(error, errors.NotRecordedError)
    assert "It was stopped before an answer began" in str(error)


ASKED: dict[str, Any] = {"prompt": "A cat", "model": "m", "temperature": 0.5, "system": "Be kind."}
PNG = f"data:image/png;base64,{base64.b64encode(os.urandom(1_500)).decode()}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"prompt": "A dog"}, 'the prompt ("A dog", recorded "A cat").'),
        ({"model": "n"}, 'the model ("n", recorded "m").'),
        ({"temperature": 1}, "temperature (1, recorded 0.5)."),
        ({"n": 2}, "n (2, recorded none)."),
        ({"system": None}, 'the system message (none, recorded "Be kind.").'),
        ({"images": [PNG]}, "the pictures sent along (1, recorded none)."),
        ({"history": [{"role": "user", "content": "x"}]}, "the earlier turns (1, recorded none)."),
        ({"stream": False}, "streaming (False, recorded True)."),
        ({"n": 2, "prompt": "A dog"}, 'n (2, recorded none) and the prompt ("A dog", recorded'),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_request_that_is_not_recorded_says_how_the_nearest_differs(
    change: dict[str, Any], said: str
) -> None:
    """And is neither sent nor answered by that."""
    far = {"prompt": "Something else", "model": "x", "n": 3}
    record(Endpoint(sse(LLO, DONE), sse(LLO, DONE)), far, ASKED)
    (error,) = play(replaying_client(), {**ASKED, **change})
    assert isinstance(error, errors.NotRecordedError)
    first, second, third = str(error).splitlines()
    assert first == "tape.jsonl has no answer to this request, and nothing was sent."
    assert second.startswith("The nearest one in it differs in ")
    assert said in second
    assert "%comet replay stop" in third
    assert error.generation
    assert error.generation.status is Status.FAILED


def test_the_nearest_is_the_one_whose_prompt_is_most_alike() -> None:
    """And not the one whose prompt is the shortest."""
    prompts = ("Hello", "A boat on a lake", "A goat")
    record(Endpoint(*(sse(LLO, DONE) for _ in prompts)), *({"prompt": one} for one in prompts))
    (error,) = play(replaying_client(), {"prompt": "A boat on the lake"})
    assert 'recorded "A boat on a lake"' in str(error)


def test_other_pictures_of_the_same_number_are_told_apart() -> None:
    """They are compared by their content."""
    other = f"data:image/png;base64,{base64.b64encode(os.urandom(1_500)).decode()}"
    asked = {"images": [PNG]}
    record(Endpoint(sse(LLO, DONE)), asked)
    same, error = play(replaying_client(), asked, {"images": [other]})
    assert same.text == "llo"
    assert "the pictures sent along (1, others than the recorded)" in str(error)


def test_the_address_of_the_endpoint_does_not_count() -> None:
    """The demo has another port each time."""
    record(Endpoint(sse(HE, LLO, DONE)))
    text = TAPE.read_text(encoding="utf-8")
    TAPE.write_text(text.replace("api.example/", "127.0.0.1:5/"), encoding="utf-8")
    assert Replay(TAPE).base_url == "https://127.0.0.1:5/v1"
    assert play(replaying_client())[0].text == "Héllo"


@pytest.mark.parametrize(("speed", "waits"), [(1, 1), (4, 4), (float("inf"), float("inf"))])
def test_the_pace_is_the_recorded_one_or_faster(speed: float, waits: float) -> None:
    """Each part comes at its moment, whatever was waited for before."""
    record(Endpoint(sse(HE, LLO, DONE)))
    moments = iter([0.5, 1, 3, 4, 4.5])
    changed = [{**line, "after": next(moments)} if "after" in line else line for line in lines()]
    TAPE.write_text("\n".join(json.dumps(line) for line in changed), encoding="utf-8")
    now, came = [100.0], []

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    async def run() -> None:
        transport = ReplayTransport(Replay(TAPE, speed), clock=lambda: now[0], sleep=sleep)
        async with httpx.AsyncClient(transport=transport) as http:
            body = json.dumps(lines()[1]["body"]).encode()
            async with http.stream("POST", URL, content=body) as response:
                came.append(now[0] - 100)
                async for _ in response.aiter_raw():
                    came.append(now[0] - 100)  # noqa: PERF401  # the moment, not the part
                came.append(now[0] - 100)

    asyncio.run(run())
    assert came == pytest.approx([moment / waits for moment in (0.5, 1, 3, 4, 4.5)])


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda text: "", "is no recording"),
        (lambda text: "not JSON\n" + text, "is no recording"),
        (lambda text: '{"format": "other", "version": 1}\n', "is no recording"),
        (lambda text: text.replace('"version": 1', '"version": 2'), "by a later version"),
        (lambda text: text.replace('"after"', '"aft"', 1), "damaged in line 3"),
        (lambda text: text.replace('{"exchange": 1', "x", 1), "damaged in line 2"),
    ],
    ids=["empty", "no-json", "other-format", "later", "no-time", "no-line"],
)
def test_a_file_that_is_no_good_recording_says_why(damage: Callable[[str], str], said: str) -> None:
    """Before anything is asked."""
    record(Endpoint(sse(HE, LLO, DONE)))
    TAPE.write_text(damage(TAPE.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(errors.RecordingError, match=said):
        Replay(TAPE)


def test_a_file_that_is_not_there_says_so() -> None:
    """With the reason of the system."""
    with pytest.raises(errors.RecordingError, match=r"tape\.jsonl cannot be read: No such file"):
        Replay(TAPE)


def test_pictures_must_be_those_that_were_recorded() -> None:
    """Missing or changed ones are found before a lesson begins."""
    record(Endpoint(sse(delta(f"![x]({PNG})", "stop"), DONE)))
    (file,) = Path("tape_files").iterdir()
    file.write_bytes(b"other")
    with pytest.raises(errors.RecordingError, match="is not what was recorded"):
        Replay(TAPE)
    file.unlink()
    with pytest.raises(errors.RecordingError, match="Copy that folder along"):
        Replay(TAPE)


def test_a_recording_reads_no_file_but_its_own() -> None:
    """One from elsewhere could name any file of this machine."""
    record(Endpoint(sse(LLO, DONE)))
    Path("secret").write_text("secret")
    text = TAPE.read_text(encoding="utf-8")
    bad = '{"exchange": 1, "after": 1, "file": "../secret"}\n'
    TAPE.write_text(text + bad, encoding="utf-8")
    with pytest.raises(errors.RecordingError, match="no file of its"):
        Replay(TAPE)


def test_a_recording_cannot_raise_what_it_likes() -> None:
    """A name that is no error of a connection is one of reading."""
    record(Endpoint(sse(HE, httpx.ReadError("reset"))))
    text = TAPE.read_text(encoding="utf-8")
    TAPE.write_text(text.replace('"ReadError"', '"SystemExit"'), encoding="utf-8")
    assert isinstance(play(replaying_client())[0], errors.StreamError)


def test_what_is_not_recorded_is_an_error_of_recordings() -> None:
    """Its own name or its base's catches it."""
    assert issubclass(errors.NotRecordedError, errors.RecordingError)
    record(Endpoint(sse(HE, LLO, DONE)))
    with pytest.raises(errors.RecordingError, match=r"has no https://a\.example/x\.png") as caught:
        Replay(TAPE).find("GET", "https://a.example/x.png", b"")
    assert type(caught.value) is errors.NotRecordedError


def test_prices_that_are_not_recorded_are_none() -> None:
    """A lesson goes on without an estimate of what it costs."""
    record(Endpoint(sse(HE, LLO, DONE)))

    async def prices() -> int:
        async with replaying_client() as http:
            return len(await Catalogue().fetch(http, BASE_URL))

    assert asyncio.run(prices()) == 0


def test_a_body_that_is_recorded_under_another_path_is_not_this_request() -> None:
    """It differs in nothing that has a name, and that is said."""
    record(Endpoint(sse(HE, LLO, DONE)))
    body = json.dumps(lines()[1]["body"]).encode()
    with pytest.raises(errors.NotRecordedError) as caught:
        Replay(TAPE).find("POST", URL.replace("chat/completions", "responses"), body)
    assert "differs in something that this version sends" in str(caught.value)


def cut(body: bytes, places: list[int]) -> list[bytes]:
    """The body in parts."""
    edges = sorted({0, len(body), *(place % (len(body) + 1) for place in places)})
    return [body[one:two] for one, two in pairwise(edges)]


BODIES = st.one_of(
    st.binary(max_size=300),
    st.lists(
        st.sampled_from(
            [HE, LLO, USAGE, DONE, b": PING\n\n", b"\n", b"\r", b"\xff", b"A" * 1_100, PNG.encode()]
        ),
        max_size=12,
    ).map(b"".join),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(BODIES, st.lists(st.integers(0, 3_000), max_size=8), st.booleans())
def test_any_bytes_cut_anywhere_are_replayed(
    tmp_path: Path, body: bytes, places: list[int], breaks: bool
) -> None:
    """The same bytes, and the same generation or error, also if the connection breaks."""
    steps: list[Any] = [*cut(body, places), *([httpx.ReadError("reset")] if breaks else [])]
    path = tmp_path / f"{os.urandom(8).hex()}.jsonl"
    tape = Tape(path, "api.example", "test/1")
    http = recording_client(Endpoint(sse(*steps), sse(*steps)), tape)

    async def raw(http: httpx.AsyncClient) -> tuple[bytes, bool]:
        found = b""
        try:
            async with http.stream("POST", URL, content=b"{}") as response:
                async for part in response.aiter_raw():
                    found += part
        except httpx.ReadError:
            return found, True
        return found, False

    assert asyncio.run(raw(http)) == (body, breaks)
    recorded = play(http)
    tape.stop()
    replaying = replaying_client(path=path)
    assert asyncio.run(raw(replaying)) == (body, breaks)
    assert [facts(each) for each in play(replaying)] == [facts(each) for each in recorded]
