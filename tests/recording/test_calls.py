"""A recording holds all calls of a generation: submits, polls and downloads."""

import json

import httpx
import pytest

from comet_magic.recording.replay import Replay
from comet_magic.recording.tape import Tape
from tests.client.scripted import Endpoint, answer
from tests.recording.tapes import TAPE, lines, recording_client, replaying_client, send

SUBMIT = ("POST", "videos", b'{"prompt": "A cat"}')
POLL = ("GET", "videos/task-1?full=1")
DOWNLOAD = ("GET", "https://files.example/1.txt?sig=2")
CANCEL = ("DELETE", "videos/task-1")
STATES = ["queued", "50 %", "done"]


def recorded(*calls: tuple[str, str] | tuple[str, str, bytes], texts: list[str]) -> None:
    """Makes a recording in which the calls get these answers."""
    tape = Tape(TAPE, "api.example", "test/1", base_url="https://api.example/v1")
    http = recording_client(Endpoint(*(answer(text) for text in texts)), tape)
    assert send(http, *calls) == texts
    tape.stop()


def test_the_calls_of_a_task_are_replayed_in_order() -> None:
    """And from the beginning when its cell is run again."""
    calls = (SUBMIT, POLL, POLL, POLL, DOWNLOAD)
    texts = ["task-1", *STATES, "a film"]
    recorded(*calls, texts=texts)
    http = replaying_client()
    for _ in range(3):
        assert send(http, *calls) == texts
    assert Replay(TAPE).count == 1


def test_a_task_that_is_done_stays_done() -> None:
    """Until its request is sent again; then it goes on from its first state."""
    recorded(SUBMIT, POLL, POLL, POLL, texts=["task-1", *STATES])
    http = replaying_client()
    assert send(http, *[POLL] * 6) == [*STATES, "done", "done", "done"]
    assert send(http, SUBMIT, POLL, POLL) == ["task-1", "queued", "50 %"]


def test_a_run_that_was_interrupted_in_the_replay_does_not_confuse_the_next() -> None:
    """It goes on where the other one was, and the one after it begins anew."""
    recorded(SUBMIT, POLL, POLL, POLL, texts=["task-1", *STATES])
    http = replaying_client()
    assert send(http, SUBMIT, POLL) == ["task-1", "queued"]
    assert send(http, SUBMIT, POLL, POLL) == ["task-1", "50 %", "done"]
    assert send(http, SUBMIT, POLL, POLL, POLL) == ["task-1", *STATES]


def test_tasks_at_the_same_time_do_not_disturb_each_other() -> None:
    """A submit between the polls of another task does not begin that one anew."""
    second, poll_second = ("POST", "videos", b'{"prompt": "A dog"}'), ("GET", "videos/task-2")
    calls = (SUBMIT, POLL, second, poll_second, POLL, poll_second, POLL)
    texts = ["task-1", "queued", "task-2", "queued", "50 %", "done", "done"]
    recorded(*calls, texts=texts)
    http = replaying_client()
    for _ in range(2):
        assert send(http, *calls) == texts
    assert send(http, SUBMIT, second, POLL, POLL, poll_second, POLL, poll_second) == [
        "task-1", "task-2", "queued", "50 %", "queued", "done", "done",
    ]  # fmt: skip


def test_a_task_that_was_interrupted_when_it_was_recorded_is_not_asked_for_ever() -> None:
    """Its last state would come again and again, and a cell would never end."""
    recorded(SUBMIT, POLL, texts=["task-1", "queued"])
    said = send(replaying_client(), SUBMIT, *[POLL] * 60)
    assert said[:3] == ["task-1", "queued", "queued"]
    assert said[-1] == (
        "tape.jsonl has no more answers for https://api.example/v1/videos/task-1: "
        "it was stopped when it was recorded."
    )


def test_calls_to_the_endpoint_are_found_at_another_address() -> None:
    """The demo has another port each time; what lies elsewhere has one address."""
    recorded(SUBMIT, POLL, CANCEL, DOWNLOAD, texts=["task-1", "queued", "cancelled", "a film"])
    text = TAPE.read_text(encoding="utf-8").replace("api.example/", "127.0.0.1:5/")
    TAPE.write_text(text, encoding="utf-8")
    address = Replay(TAPE).base_url
    assert address == "https://127.0.0.1:5/v1"
    moved = [(call[0], f"{address}/{call[1]}", *call[2:]) for call in (SUBMIT, POLL, CANCEL)]
    assert send(replaying_client(), *moved) == ["task-1", "queued", "cancelled"]
    said = send(replaying_client(), ("GET", "https://mirror.example/1.txt?sig=2"), DOWNLOAD)
    assert said == [
        "tape.jsonl has no https://mirror.example/1.txt, and nothing was sent.", "a film",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://gateway.example/a/b/chat/completions", "https://gateway.example/a/b"),
        ("https://gateway.example/a/models", "https://gateway.example/a"),
        ("https://gateway.example/api/models", "http://localhost/v1"),
        ("https://gateway.example/v1/videos", "http://localhost/v1"),
    ],
    ids=["chat", "models", "prices", "unknown"],
)
def test_an_older_recording_names_its_base_url_by_what_was_asked(url: str, expected: str) -> None:
    """Its header does not have one."""
    recorded(("POST", url, b"{}"), texts=["x"])
    header, *rest = lines()
    del header["base_url"]
    TAPE.write_text("\n".join(json.dumps(line) for line in (header, *rest)), encoding="utf-8")
    assert Replay(TAPE).base_url == expected


def multipart(picture: bytes) -> httpx.Request:
    """A request with a file, as it is sent: with another boundary each time."""
    files = {"image": ("a.png", picture, "image/png")}
    return httpx.Request("POST", "https://api.example/v1/edits", data={"n": "1"}, files=files)


@pytest.mark.parametrize("picture", [b"\x89PNG\xff" * 500, b"\xff", b"<svg/>"], ids=len)
def test_a_form_with_a_file_is_recognized(picture: bytes) -> None:
    """Whatever its boundary; another file is another request."""
    one, other = multipart(picture), multipart(picture)
    assert one.read() != other.read()
    recorded(("POST", "edits", one.content), texts=["edited"])
    http = replaying_client()
    assert send(http, ("POST", "edits", other.content)) == ["edited"]
    changed = multipart(picture + b"x").read()
    (said,) = send(http, ("POST", "edits", changed))
    assert said == "tape.jsonl has no https://api.example/v1/edits, and nothing was sent."
