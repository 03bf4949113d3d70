"""What is said of recordings that cannot be made or used, and the lines of one, whole."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from comet_magic.errors import NotRecordedError, RecordingError
from comet_magic.families.chat.request import body
from comet_magic.families.compose import compose
from comet_magic.recording.bodies import Bodies, request_body
from comet_magic.recording.differences import nearest
from comet_magic.recording.folding import file_name, fold
from comet_magic.recording.replay import Replay, _Turns
from comet_magic.recording.tape import Tape
from comet_magic.settings.key import ApiKey
from tests.client.scripted import DONE, Endpoint, answer, delta, sse
from tests.pictures import encoded

from .tapes import TAPE, URL, lines, record

PNG = encoded()
HEAD = "tape.jsonl has no answer to this request, and nothing was sent."
ADVICE = "Ask as it was recorded, or end the replay: %comet replay stop."
NO_RECORDING = "tape.jsonl is no recording of comet_magic: its first line does not say so."


def asked(prompt: str = "Hi", **more: Any) -> bytes:
    """The body of a request."""
    return json.dumps(body(compose(prompt, **{"model": "gpt-4o-mini", **more}))).encode()


def hello() -> httpx.Response:
    """A whole answer."""
    return sse(delta("Hello", "stop"), DONE)


@pytest.mark.parametrize(
    ("damage", "text"),
    [
        (lambda text: "", NO_RECORDING),
        (lambda text: text.replace("recorded", "when"), NO_RECORDING),
        (lambda text: text.replace('"version": 1', '"version": "x"'), NO_RECORDING),
        (lambda text: text.replace('"version": 1', '"version": 2'),
         ("tape.jsonl was recorded by a later version (test/1).\n"
          "Update comet_magic to replay it.")),
        (lambda text: text.replace('{"exchange": 1', "x", 1), "tape.jsonl is damaged in line 2."),
        (lambda text: f'{text}{{"exchange": 1, "after": 1, "file": "{"x" * 70}"}}\n',
         f"tape.jsonl names {'x' * 60!r}, which is no file of its."),
    ],
    ids=["empty", "no date", "no version", "later", "line", "file"],
)  # fmt: skip
def test_what_is_no_recording(damage: Callable[[str], str], text: str) -> None:
    """Before anything is asked."""
    record(Endpoint(hello()))
    TAPE.write_text(damage(TAPE.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(RecordingError) as caught:
        Replay(TAPE)
    assert str(caught.value) == text


def test_files_of_a_recording_that_are_gone_or_others() -> None:
    """Which, and what to do."""
    record(Endpoint(answer(PNG, content_type="image/png")), {"prompt": "Hi"})
    files = Path("tape_files")
    files.mkdir(exist_ok=True)
    name = file_name(PNG)
    line = json.dumps({"exchange": 1, "after": 1, "file": name})
    TAPE.write_text(f"{TAPE.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    (files / name).unlink(missing_ok=True)
    with pytest.raises(RecordingError) as caught:
        Replay(TAPE)
    assert str(caught.value) == (
        f"tape.jsonl needs tape_files/{name}: No such file or directory.\n"
        "Copy that folder along with the recording."
    )
    (files / name).write_bytes(b"other")
    with pytest.raises(RecordingError) as caught:
        Replay(TAPE)
    assert str(caught.value) == f"tape_files/{name} is not what was recorded."


@pytest.mark.parametrize(
    ("method", "url", "content", "text"),
    [
        ("GET", "https://a.example/x.png?sig=secret", b"",
         "tape.jsonl has no https://a.example/x.png, and nothing was sent."),
        ("GET", f"{URL.removesuffix('/chat/completions')}/models", b"",
         "tape.jsonl has no list of models, and nothing was sent."),
        ("POST", URL, b"[]", f"tape.jsonl has no {URL}, and nothing was sent."),
        ("POST", URL, asked("Bye"),
         (f'{HEAD}\nThe nearest one in it differs in the prompt ("Bye", recorded "Hi").'
          f"\n{ADVICE}")),
        ("POST", URL, asked("Hi", n=2, temperature=1),
         (f"{HEAD}\nThe nearest one in it differs in n (2, recorded none) and "
          f"temperature (1, recorded none).\n{ADVICE}")),
    ],
    ids=["file", "models", "no body", "prompt", "options"],
)  # fmt: skip
def test_what_was_not_recorded(method: str, url: str, content: bytes, text: str) -> None:
    """What is asked, and how it differs from what was recorded."""
    record(Endpoint(hello()))
    with pytest.raises(NotRecordedError) as caught:
        Replay(TAPE).find(method, url, content)
    assert str(caught.value) == text


def test_a_recording_without_a_request() -> None:
    """And one whose request was stopped."""
    Tape(TAPE, "api.example", "test/1").stop()
    with pytest.raises(NotRecordedError) as caught:
        Replay(TAPE).find("POST", URL, asked())
    assert str(caught.value) == f"{HEAD}\nIt holds no request.\n{ADVICE}"
    TAPE.unlink()
    tape = Tape(TAPE, "api.example", "test/1")
    tape.begin("POST", URL, asked()).end("stopped")
    tape.stop()
    with pytest.raises(NotRecordedError) as caught:
        Replay(TAPE).find("POST", URL, asked())
    assert str(caught.value) == (
        f"{HEAD}\nIt was stopped before an answer began when it was recorded."
    )


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({}, "something that this version sends and the recording one did not"),
        ({"model": "m"}, 'the model ("m", recorded "gpt-4o-mini")'),
        ({"prompt": "x" * 61}, f'the prompt ("{"x" * 59}…", recorded "Hi")'),
        ({"system": "Be brief."}, 'the system message ("Be brief.", recorded none)'),
        ({"n": 1_000}, "n (1000, recorded none)"),
        ({"stop": ["a"]}, "stop (1, recorded none)"),
    ],
)
def test_differences_are_told_in_a_phrase(changes: Mapping[str, Any], phrase: str) -> None:
    """The parameter, what it is, and what it was."""
    other = json.loads(asked())
    assert nearest(json.loads(asked(**{"prompt": "Hi", **changes})), [other]) == phrase
    assert nearest(other, []) == ""


def test_the_nearest_is_the_one_whose_words_are_most_alike() -> None:
    """Of those that differ in as little."""
    others = [json.loads(asked(prompt)) for prompt in ("A boat", "A cats", "Hello")]
    assert nearest(json.loads(asked("A cat")), others) == 'the prompt ("A cat", recorded "A cats")'
    far = json.loads(asked("A cat", n=2, temperature=1))
    assert nearest(json.loads(asked("A cat ")), [far, others[0]]).startswith('the prompt ("A cat')


@pytest.mark.parametrize(
    ("count", "places"),
    [(1, [0, 0, 0]), (2, [0, 1, 0, 1, 0]), (3, [0, 1, 2, 0])],
)
def test_which_answer_a_request_gets_next(count: int, places: list[int]) -> None:
    """After the last the first, with a note if there are several."""
    turns = _Turns()
    again = f"All {count} recorded answers were given; this is the first again."
    for number, place in enumerate(places):
        notes = [again] if number and count > 1 and place == 0 else []
        assert turns.posted("a", count) == (place, notes)
    assert turns.posted("b", count) == (0, [])


def test_a_poll_gets_its_last_answer_until_something_is_posted() -> None:
    """Fifty times; then the task has no end."""
    turns = _Turns()
    assert [turns.polled("a", 2) for _ in range(3)] == [0, 1, 1]
    turns.posted("b", 1)
    assert [turns.polled("a", 2) for _ in range(52)] == [0, *[1] * 51]
    assert turns.polled("a", 2) is None


def test_the_lines_of_a_recording() -> None:
    """Its header, the request, the answer's head, its pieces, its end."""
    record(Endpoint(hello()))
    header, request, head, *pieces, end = lines()
    recorded = header.pop("recorded")
    assert recorded.endswith("+00:00")
    assert len(recorded) == len("2026-01-02T03:04:05+00:00")
    assert header == {
        "format": "comet_magic recording", "version": 1, "endpoint": "api.example",
        "software": "test/1",
    }  # fmt: skip
    assert len(request.pop("at")) == len(recorded)
    assert request.pop("body") == json.loads(asked())
    assert request == {"exchange": 1, "method": "POST", "url": URL}
    assert (head["exchange"], head["status"]) == (1, 200)
    assert head["headers"]["content-type"].startswith("text/event-stream")
    assert [piece.keys() for piece in pieces] == [{"exchange", "after", "text"}] * 2
    assert (end["exchange"], end["end"]) == (1, "complete")
    assert end.keys() == {"exchange", "after", "end"}


def test_a_base_url_is_in_the_header_if_it_is_known() -> None:
    """And where there is none it is read from the requests, or is some host."""
    Tape(TAPE, "api.example", "test/1", base_url="https://a.example/v1").stop()
    assert lines()[0]["base_url"] == Replay(TAPE).base_url == "https://a.example/v1"
    for url, base in (
        ("https://b.example/v2/chat/completions", "https://b.example/v2"),
        ("https://b.example/v2/models", "https://b.example/v2"),
        ("https://b.example/api/models", "http://localhost/v1"),
        ("https://b.example/x.png", "http://localhost/v1"),
    ):
        TAPE.unlink()
        tape = Tape(TAPE, "api.example", "test/1")
        tape.begin("GET", url, b"").end("complete")
        tape.stop()
        assert Replay(TAPE).base_url == base
        assert Replay(TAPE).count == 0


def test_what_a_tape_says() -> None:
    """Of a file that is there, of one of another endpoint, and of an answer that was cut."""
    tape = Tape(TAPE, "api.example", "test/1")
    entry = tape.begin("POST", URL, b"")
    tape.begin("GET", "https://a.example/v1/models", b"")
    assert (tape.count, tape.notes(), tape.problem) == (1, [], "")
    tape.stop()
    tape.stop()
    assert tape.notes() == ["tape.jsonl is incomplete: an answer was still on its way."]
    entry.end("complete")
    for arguments, text in (
        ({"endpoint": "api.example"},
         ("tape.jsonl is there already, and is kept.\n"
          "Use another name, or append to it: %comet record tape.jsonl --append")),
        ({"endpoint": "demo", "append": True},
         ("tape.jsonl holds answers of api.example; demo answers now.\n"
          "Record to another file.")),
    ):  # fmt: skip
        with pytest.raises(RecordingError) as caught:
            Tape(TAPE, **{"software": "test/1", **arguments})  # type: ignore[arg-type]
        assert str(caught.value) == text
    with pytest.raises(RecordingError, match=r"^no/a cannot be written: No such file or dir.*\.$"):
        Tape(Path("no/a"), "demo", "test/1")


@pytest.mark.parametrize("size", [999, 1_000])
def test_base64_is_folded_from_a_thousand_characters_on(size: int) -> None:
    """A shorter one spoils no difference of files."""
    text = "A" * size
    assert (fold(text) == text) is (size < 1_000)


def test_without_a_key_nothing_is_hidden() -> None:
    """Each key that is known is."""
    bodies = Bodies(Path("files"))
    bodies.hide(None)
    assert bodies.hidden("sk-1234") == "sk-1234"
    bodies.hide(ApiKey("sk-1234", "x"))
    bodies.hide(None)
    bodies.hide(ApiKey("sk-5678", "x"))
    assert bodies.hidden("a sk-1234 b sk-5678") == "a [key] b [key]"


@pytest.mark.parametrize(
    ("data", "is_medium", "kind"),
    [
        (b"hello", False, "text"),
        (b"hello", True, "file"),
        (b"\xff" * 1_000, False, "base64"),
        (b"\xff" * 1_001, False, "file"),
    ],
    ids=["text", "medium", "short", "long"],
)
def test_how_a_piece_is_kept(data: bytes, is_medium: bool, kind: str) -> None:
    """As text; else in the line if it is short, else in a file."""
    assert list(Bodies(Path("files")).piece(data, is_medium=is_medium)) == [kind]


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"--a1\r\nx\r\n--a1--\r\n", "--boundary\r\nx\r\n--boundary--\r\n"),
        (b"--a1\r\nx\r\n--a2--", "--a1\r\nx\r\n--a2--"),
        (b"a1\r\nx\r\na1--", "a1\r\nx\r\na1--"),
        (b"", None),
    ],
)
def test_the_boundary_of_a_form_is_always_the_same(body: bytes, kept: str | None) -> None:
    """It is random, and would make another request of the same one."""
    assert request_body(Bodies(Path("files")).request(body)) == kept


@pytest.mark.parametrize(
    ("pieces", "how", "end"),
    [
        ([b"data: [DONE]\n\n"], "stopped", "closed"),
        ([b"data: {}\n\n"], "stopped", "stopped"),
        ([], "stopped", "stopped"),
        ([b"data: [DONE]\n\n"], "complete", "complete"),
        ([b"data: [DONE]\n\n", b"data: {}\n\n"], "stopped", "stopped"),
    ],
)
def test_how_an_answer_ended(pieces: list[bytes], how: str, end: str) -> None:
    """Behind the mark of its end it is closed, and not stopped."""
    tape = Tape(TAPE, "api.example", "test/1")
    entry = tape.begin("POST", URL, asked())
    entry.answer(200, {"content-type": "text/event-stream"})
    for piece in pieces:
        entry.part(piece)
    entry.end(how)
    entry.end("complete")
    tape.stop()
    assert [line["end"] for line in lines() if "end" in line] == [end]
