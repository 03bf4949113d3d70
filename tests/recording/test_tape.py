"""What stands in a recording."""

import asyncio
import base64
import os
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from comet_magic.errors import RecordingError
from comet_magic.recording.bodies import Bodies
from comet_magic.recording.reading import Recording
from comet_magic.recording.tape import Tape
from comet_magic.settings.key import ApiKey
from tests.client.scripted import DONE, KEY, Endpoint, answer, delta, sse
from tests.recording.tapes import (
    TAPE,
    URL,
    Script,
    ask,
    lines,
    record,
    recording_client,
    replaying_client,
    send,
)
from tests.wire.feeding import feedings

HE, LLO = delta("Hé"), delta("llo", "stop")


def test_a_recording_is_lines_that_say_what_was_asked_and_answered() -> None:
    """The header, the request without headers, and the stream event by event, as text."""
    record(Endpoint(sse(HE[:30], HE[30:] + LLO, DONE)), {"temperature": 0.5})
    header, request, response, *parts, end = lines()
    assert header.keys() == {"format", "version", "recorded", "endpoint", "software"}
    assert header["endpoint"] == "api.example"
    assert datetime.fromisoformat(header["recorded"]).tzinfo
    assert (request["method"], request["url"]) == ("POST", URL)
    assert request["body"]["temperature"] == 0.5
    assert request["body"]["messages"] == [{"role": "user", "content": "Hi"}]
    assert response["headers"] == {"content-type": "text/event-stream"}
    assert [part["text"].encode() for part in parts] == [HE, LLO, DONE]
    assert end["end"] == "complete"
    assert {line["exchange"] for line in (request, response, *parts, end)} == {1}
    moments = [line["after"] for line in (response, *parts, end)]
    assert moments == sorted(moments)


EVENTS = [b": PING\n\n", b"data: 1\r\n\r\n", b"data: \xe2\x80\xa8\r\r", b"\n\n", b"data: [DONE]"]


def test_each_event_is_a_line_wherever_it_was_cut() -> None:
    """With each kind of line end, also cut inside of it; not a byte is lost or changed."""
    ways = list(feedings(b"".join(EVENTS)))
    tape = Tape(TAPE, "api.example", "test/1")
    for parts in ways:
        entry = tape.begin("POST", URL, b"{}")
        entry.answer(200, {"content-type": "text/event-stream"})
        for part in parts:
            entry.part(part)
        entry.end("complete")
    tape.stop()
    exchanges = Recording.read(TAPE).exchanges.values()
    assert len(exchanges) == len(ways)
    for exchange in exchanges:
        assert [part["text"].encode() for _, part in exchange.parts] == EVENTS


def test_the_header_has_the_base_url_where_it_is_known() -> None:
    """The demo's has another port each time."""
    Tape(TAPE, "api.example", "test/1", base_url="https://api.example/v1").stop()
    assert lines()[0]["base_url"] == "https://api.example/v1"
    assert Recording.read(TAPE).header.base_url == "https://api.example/v1"
    TAPE.write_text(TAPE.read_text().replace("https://", ""))
    with pytest.raises(RecordingError, match="is no recording"):
        Recording.read(TAPE)


def test_the_text_of_a_stream_is_written_as_it_is_read() -> None:
    """No escapes for letters of other scripts, and line separators do not end a line."""
    record(Endpoint(sse(delta("ключ\u2028生成", "stop"), DONE)))
    assert "ключ\u2028生成" in TAPE.read_text(encoding="utf-8")
    assert len(Recording.read(TAPE).exchanges) == 1


def test_what_comes_is_asked_for_unpacked() -> None:
    """A packed stream could not be read in the file."""
    endpoint = Endpoint(sse(HE, LLO, DONE))
    record(endpoint)
    assert endpoint.requests[0].headers["accept-encoding"] == "identity"


def test_bytes_that_are_no_text_are_kept() -> None:
    """A few as base64, many as a file."""
    record(Endpoint(answer(b"\xff\xfe", 400), answer(b"\xff" * 2_000, 400)), {}, {"prompt": "2"})
    few, many = (line for line in lines() if {"base64", "file"} & line.keys())
    assert few["base64"] == "//4="
    assert (Path("tape_files") / many["file"]).read_bytes() == b"\xff" * 2_000


def test_a_sound_is_a_file_also_if_it_could_be_read_as_text() -> None:
    """Speech is answered with the sound itself."""
    sound = httpx.Response(200, headers={"Content-Type": "audio/mpeg"}, content=b"ID3\n\nla la")
    tape = Tape(TAPE, "api.example", "test/1")
    send(recording_client(Endpoint(sound), tape), ("POST", "speech", b"{}"))
    tape.stop()
    (file,) = (line["file"] for line in lines() if "file" in line)
    assert (Path("tape_files") / file).read_bytes() == b"ID3\n\nla la"
    assert send(replaying_client(), ("POST", "speech", b"{}")) == ["ID3\n\nla la"]


@pytest.mark.parametrize(
    "kind", ["image/png", "audio/mpeg", "application/octet-stream", "binary/octet-stream"]
)
def test_pictures_stand_beside_the_recording_by_their_content(kind: str) -> None:
    """Sent along, inside the answer, and downloaded; the same one is kept once."""
    sent, inline, linked = (os.urandom(2_000) + b"\n\n\xff" for _ in range(3))
    text = delta(f"![x](https://pictures.example/x.png) ![y]({uri(inline)})", "stop")
    png = httpx.Response(200, headers={"Content-Type": kind}, content=linked)
    endpoint = Endpoint(sse(text, DONE), png, sse(text, DONE))
    asked = {"model": "gpt-4o-image", "images": [uri(sent)]}
    record(endpoint, {**asked, "download": True}, asked)
    files = [path.read_bytes() for path in Path("tape_files").iterdir()]
    assert sorted(files) == sorted([sent, inline, linked])
    assert "https://pictures.example/x.png" in [line.get("url") for line in lines()]
    assert max(len(line) for line in TAPE.read_text().splitlines()) < 1_000


def test_the_key_is_in_no_file_of_a_recording() -> None:
    """Nor where it is quoted: in a body, a header, a link, a picture, an error, a prompt."""
    told = f"no: {KEY} (request id: 1)"
    broken = httpx.RemoteProtocolError(f"got {KEY}")
    pictures = answer(KEY.encode() + b"\xff" * 3_000, 200, **{"Content-Type": "image/png"})
    endpoint = Endpoint(
        answer(f'{{"error": {{"message": "{told}"}}}}', 401, **{"X-Request-Id": KEY}),
        answer("", 302, Location=f"https://elsewhere.example/{KEY}"),
        sse(HE, delta(told), broken),
        broken,
        sse(delta(f"![x](https://pictures.example/{KEY}.png)", "stop"), DONE),
        pictures,
        sse(HE + KEY[:9].encode(), KEY[9:].encode() + LLO, DONE),
    )
    last = {"prompt": f"a {KEY}", "model": "gpt-4o-image", "download": True}
    record(endpoint, {}, {}, {}, {}, last, {})
    assert endpoint.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert len(endpoint.requests) == 7
    kept = [TAPE, *Path("tape_files").iterdir()]
    assert [path for path in kept if KEY.encode() in path.read_bytes()] == []
    assert TAPE.read_text(encoding="utf-8").count("[key]") == 10
    assert "authorization" not in TAPE.read_text(encoding="utf-8").lower()


def test_what_is_recorded_does_not_wait_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream goes on, byte for byte, while a slow disk holds up the writing."""
    disk = threading.Event()
    piece = Bodies.piece

    def slow(*arguments: Any, **more: Any) -> Any:
        assert disk.wait(10)
        return piece(*arguments, **more)

    monkeypatch.setattr(Bodies, "piece", slow)
    tape = Tape(TAPE, "api.example", "test/1")
    http = recording_client(Endpoint(sse(HE, LLO, DONE)), tape)
    assert asyncio.run(ask(http)).text == "Héllo"
    assert not any("text" in line for line in lines())
    disk.set()
    tape.stop()
    assert [line["text"].encode() for line in lines() if "text" in line] == [HE, LLO, DONE]


def test_each_part_goes_on_before_the_next_has_come() -> None:
    """Nothing is gathered on its way."""
    seen: list[int] = []
    parts: list[bytes] = []

    async def look() -> None:
        seen.append(len(parts))

    async def run() -> None:
        stream = Script([HE, look, LLO, look, DONE])
        response = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=stream)
        http = recording_client(Endpoint(response), tape)
        async with http.stream("POST", URL, content=b"{}") as answered:
            async for part in answered.aiter_raw():
                parts.append(part)  # noqa: PERF401  # looked at meanwhile

    tape = Tape(TAPE, "api.example", "test/1")
    asyncio.run(run())
    tape.stop()
    assert (seen, parts) == ([1, 2], [HE, LLO, DONE])
    assert lines()[-1]["end"] == "complete"


def test_what_was_recorded_is_there_while_the_rest_still_comes() -> None:
    """A kernel that dies in the middle of a stream leaves what it has shown."""

    async def look() -> None:
        for _ in range(500):
            if any("text" in line for line in lines()):
                break
            await asyncio.sleep(0.01)
        copy.write_bytes(TAPE.read_bytes())

    copy = Path("copy.jsonl")
    stream = Script([HE, look, LLO, DONE])
    record(
        Endpoint(httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=stream))
    )
    (exchange,) = Recording.read(copy).exchanges.values()
    assert [part["text"].encode() for _, part in exchange.parts] == [HE]
    assert exchange.end == "stopped"


def test_an_interrupt_leaves_what_had_come() -> None:
    """Its end says that it was stopped."""

    async def interrupt() -> None:
        raise asyncio.CancelledError

    stream = Script([HE, interrupt])
    response = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=stream)
    with pytest.raises(asyncio.CancelledError):
        record(Endpoint(response))
    assert lines()[-2]["text"].encode() == HE
    assert lines()[-1]["end"] == "stopped"


def test_an_answer_that_was_marked_as_whole_was_not_stopped() -> None:
    """Its body may end late, and is not waited for long."""

    async def wait() -> None:
        await asyncio.sleep(10)

    stream = Script([HE, LLO, DONE, wait])
    response = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=stream)
    (generation,) = record(Endpoint(response))
    assert generation.status == "complete"
    assert lines()[-1]["end"] == "closed"


def test_a_full_disk_ends_the_recording_and_not_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer that was paid for is whole, and says that the recording is not."""

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Bodies, "_keep", full)
    tape = Tape(TAPE, "api.example", "test/1")

    async def wait() -> None:
        while not tape.problem:
            await asyncio.sleep(0.01)

    stream = Script([delta(uri(os.urandom(2_000))), wait, LLO, DONE])
    response = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=stream)
    generation = asyncio.run(ask(recording_client(Endpoint(response), tape)))
    tape.stop()
    assert generation.status == "complete"
    said = "tape.jsonl is incomplete: it could not be written: No space left on device."
    assert generation.notes == (said,)
    assert tape.notes() == [said]
    # What came after it is left out, too: an answer with a hole would pass for a whole one.
    assert not [line for line in lines() if line.keys() & {"text", "end"}]


def test_a_line_that_the_disk_takes_in_parts_is_whole() -> None:
    """As a disk does that is nearly full."""
    tape = Tape(TAPE, "api.example", "test/1")
    file = tape._writer._file

    class Slow:
        closed = False
        close = file.close
        fileno = file.fileno

        def write(self, data: memoryview) -> int:
            return file.write(data[:7])

    tape._writer._file = Slow()  # type: ignore[assignment]
    assert asyncio.run(ask(recording_client(Endpoint(sse(HE, LLO, DONE)), tape))).text
    tape.stop()
    assert [line["text"].encode() for line in lines() if "text" in line] == [HE, LLO, DONE]


def test_a_file_that_is_there_is_kept() -> None:
    """It is not written over."""
    TAPE.write_text("mine")
    with pytest.raises(RecordingError, match="there already, and is kept"):
        Tape(TAPE, "api.example", "test/1")
    assert TAPE.read_text() == "mine"
    folder = Path("recordings")
    folder.mkdir()
    Tape(folder / TAPE, "api.example", "test/1").stop()
    with pytest.raises(RecordingError, match=r"%comet record recordings/tape\.jsonl --append"):
        Tape(folder / TAPE, "api.example", "test/1")


@pytest.mark.parametrize(
    "torn", ["", '{"exchange": 2, "af', '{"exchange": 2, "after": 9, "text": ""}']
)
def test_a_recording_can_be_gone_on_with(torn: str) -> None:
    """Its exchanges stay, half a last line goes, and the new ones have numbers of their own."""
    record(Endpoint(sse(HE, LLO, DONE), sse(HE, LLO, DONE)), {}, {"prompt": "2"})
    before = TAPE.read_bytes()
    TAPE.write_bytes(before + torn.encode())
    record(Endpoint(sse(LLO, DONE)), {"prompt": "3"}, append=True)
    assert TAPE.read_bytes().startswith(before)
    assert TAPE.read_bytes().endswith(b'"end": "complete"}\n')
    exchanges = Recording.read(TAPE).exchanges
    assert [each.body["messages"][0]["content"] for each in exchanges.values()] == ["Hi", "2", "3"]
    assert sum("format" in line for line in lines()) == 1


def test_two_kernels_cannot_record_to_one_file() -> None:
    """The second is refused as long as the first records; one would overwrite the other's lines."""
    code = (
        "from pathlib import Path\n"
        "from comet_magic.recording.tape import Tape\n"
        "Tape(Path('tape.jsonl'), 'api.example', 'test/1', append=True).stop()"
    )

    def elsewhere() -> str:
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stderr

    tape = Tape(TAPE, "api.example", "test/1")
    assert asyncio.run(ask(recording_client(Endpoint(sse(HE, LLO, DONE)), tape))).text
    assert "tape.jsonl is being recorded by another kernel" in elsewhere()
    # A worker that was forked meanwhile has it open, and lives on.
    worker = os.dup(tape._writer._file.fileno())
    try:
        tape.stop()
        assert elsewhere() == ""
    finally:
        os.close(worker)


def test_a_drive_that_cannot_lock_is_recorded_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network drives cannot."""

    def refuse(file: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("comet_magic.recording.writing.lock", refuse)
    record(Endpoint(sse(LLO, DONE)))
    record(Endpoint(sse(LLO, DONE)), append=True)
    assert len(Recording.read(TAPE).exchanges) == 2


def test_a_recording_of_another_endpoint_is_not_gone_on_with() -> None:
    """Its header would be wrong."""
    record(Endpoint(sse(LLO, DONE)))
    before = TAPE.read_bytes()
    with pytest.raises(RecordingError, match=r"of api\.example; demo answers now"):
        Tape(TAPE, "demo", "test/1", append=True)
    assert TAPE.read_bytes() == before


def test_a_place_that_cannot_be_written_says_why() -> None:
    """No folder, or something else in its place."""
    with pytest.raises(RecordingError, match="cannot be written: No such file"):
        Tape(Path("nowhere/tape.jsonl"), "demo", "test/1")
    Path("file").touch()
    with pytest.raises(RecordingError, match="cannot be written: Not a directory"):
        Tape(Path("file/tape.jsonl"), "demo", "test/1")


def test_a_key_of_four_characters_or_more_is_hidden_in_bytes() -> None:
    """As it is in texts: a shorter one would blot out half of the file."""
    assert ApiKey("sk-1", "x").hide_in_bytes(b"\xffsk-1") == b"\xff[key]"
    assert ApiKey("sk", "x").hide_in_bytes(b"sk") == b"sk"


def uri(png: bytes) -> str:
    """A data URI."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="Linux lists open files there")
def test_a_recording_that_has_ended_is_not_locked_by_a_forked_worker() -> None:
    """The worker still has the file open, as forks do."""
    tape = Tape(Path("tape.jsonl"), "demo", "test/1")
    (opened,) = (
        int(each.name)
        for each in Path("/proc/self/fd").iterdir()
        if each.is_symlink() and each.resolve().name == "tape.jsonl"
    )
    with os.fdopen(os.dup(opened)):
        tape.stop()
        Tape(Path("tape.jsonl"), "demo", "test/1", append=True).stop()
