"""What went over the wire is kept as it came, within bounds, and without the key."""

import pickle
from collections.abc import Callable, Sequence
from itertools import count

import pytest

from comet_magic.families.chat.request import body
from comet_magic.families.compose import compose
from comet_magic.wire.headers import REQUEST_IDS
from comet_magic.wire.log import Attempt
from comet_magic.wire.log_writer import LogWriter

REQUEST = compose("A cat", model="m")
KEY = b"sk-canary-0123456789"


def log_writer(blot: Callable[[bytes], bytes] | None = None) -> LogWriter:
    """A writer whose clock goes one second further each time it is looked at, from 0."""
    ticks = count()
    return LogWriter(lambda: float(next(ticks)), blot)


def heard(pieces: Sequence[bytes], blot: Callable[[bytes], bytes] | None = None) -> Attempt:
    """The attempt that was answered with `pieces`: sent at 0 s, answered at 1 s, heard from 2 s."""
    writer = log_writer(blot)
    writer.ask("POST", "https://api.example/v1/chat/completions", [])
    writer.answer(200, [("content-type", "text/event-stream")])
    for piece in pieces:
        writer.hear(piece)
    (attempt,) = writer.exchange.attempts
    return attempt


def without_key(data: bytes) -> bytes:
    """As the client blots the key out."""
    return data.replace(KEY, b"*" * len(KEY))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_lines_have_the_time_of_their_last_byte(end: str) -> None:
    """However the lines end and wherever they are cut."""
    text = f"data: é{end}{end}: PING{end}data: x".encode()
    whole = heard([text]).lines
    assert [line.text for line in whole] == ["data: é", "", ": PING", "data: x"]
    assert [line.is_whole for line in whole] == [True, True, True, False]
    assert sum(line.size for line in whole) == len(text)
    single = heard([text[at : at + 1] for at in range(len(text))])
    assert [line.text for line in single.lines] == [line.text for line in whole]
    first = len(f"data: é{end}".encode())
    assert single.lines[0].at == 2 + first - 1
    assert single.lines[-1].at == 2 + len(text) - 1
    assert (single.sent, single.answered, single.size) == (0.0, 1.0, len(text))


def test_of_a_picture_inside_an_answer_only_the_start_is_kept() -> None:
    """Its length is known all the same, and what is around it is whole."""
    picture = b"iVBORw0KGgo" + b"A" * 3_000_000 + b"=="
    text = b'data: {"url":"data:image/png;base64,' + picture + b'"}\n\ndata: [DONE]\n\n'
    attempt = heard([text[at : at + 65_536] for at in range(0, len(text), 65_536)])
    first, _, last, _ = attempt.lines
    assert first.text.startswith('data: {"url":"data:image/png;base64,iVBORw0KGgo')
    assert first.text.endswith('·more…"}')
    assert first.text.count("more") == 1
    assert last.text == "data: [DONE]"
    assert sum(line.size for line in attempt.lines) == len(text) == attempt.size
    assert attempt.gap is None
    assert len(pickle.dumps(attempt)) < 10_000


def test_a_long_text_in_one_piece_is_kept() -> None:
    """Only what is base64 is left out: neither words, nor a script that has no spaces."""
    for piece in (b"word " * 2_000, "\u732b".encode() * 3_000, b'"a":1,' * 1_000):
        [line] = heard([piece]).lines
        assert line.text == piece.decode()


@pytest.mark.parametrize("size", [1, 150, 60_000], ids=["bytes", "events", "large pieces"])
def test_a_long_answer_keeps_its_beginning_and_its_end(size: int) -> None:
    """The middle goes, and where it was is known; the memory is bounded however it is cut."""
    line = b"data: " + b"x y " * 35 + b"\n"
    text = line * 12_000
    text += b"data: last\n"
    if size == 1:
        text = text[:30_000] + b"\ndata: last\n"
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    attempt = heard(pieces)
    lines = attempt.lines
    assert attempt.size == len(text)
    assert len(pickle.dumps(attempt)) < 600_000
    assert attempt.gap is not None
    assert lines[0].text.encode() + b"\n" == line
    assert lines[-1].text == "data: last"
    assert not lines[attempt.gap - 1].is_whole
    assert not lines[attempt.gap].is_whole
    assert sum(each.size for each in lines) < attempt.size


def test_short_answers_are_kept_whole() -> None:
    """A picture's usual 80 kB, in events, are not cut."""
    event = b'data: {"choices":[{"delta":{"content":"x"}}]}\n\n'
    attempt = heard([event] * 1_000)
    assert (attempt.gap, len(attempt.lines)) == (None, 2_000)


def test_what_goes_beyond_the_beginning_is_kept_as_long_as_there_is_room() -> None:
    """No piece is lost or doubled where the end begins."""
    pieces = [f"data: {number:>150}\n".encode() for number in range(850)]
    attempt = heard(pieces)
    assert attempt.gap is None
    assert [line.text for line in attempt.lines] == [piece.decode()[:-1] for piece in pieces]


@pytest.mark.parametrize("cut", [0, 5], ids=["in one piece", "cut in two"])
def test_a_key_that_is_quoted_is_blotted_out(cut: int) -> None:
    """In the answer, its headers and the address, also where two pieces share it."""
    body = b'{"error":{"message":"Incorrect API key provided: ' + KEY + b'"}}'
    at = body.index(KEY) + cut
    writer = log_writer(without_key)
    secret = KEY.decode()
    writer.ask("POST", f"https://api.example/{secret}/v1", [("Authorization", secret)])
    writer.answer(401, [("X-Request-Id", secret), ("Set-Cookie", "a=b")])
    for piece in (body[:at], body[at:]):
        writer.hear(piece)
    exchange = writer.exchange
    assert KEY not in pickle.dumps(exchange)
    assert secret not in repr(exchange)
    (attempt,) = exchange.attempts
    assert attempt.headers == (("Authorization", "Bearer [hidden]"),)
    assert [name for name, _ in attempt.answer_headers] == ["X-Request-Id"]
    (line,) = attempt.lines
    assert line.text.endswith("*" * len(KEY) + '"}}')
    assert line.size == len(body)


def test_each_request_of_a_generation_has_its_own_answer() -> None:
    """What a retry brings does not mix with what was refused before it."""
    writer = log_writer()
    assert not writer.exchange.attempts
    writer.ask("POST", "https://api.example/v1", [], body(REQUEST))
    writer.answer(429, [("Retry-After", "1")])
    writer.hear(b"slow down")
    writer.ask("POST", "https://api.example/v1", [])
    first, second = writer.exchange.attempts
    assert ([line.text for line in first.lines], first.status) == (["slow down"], 429)
    assert (second.lines, second.status, second.answered, second.size) == ((), None, None, 0)
    assert writer.exchange.body == body(REQUEST)


def test_every_id_of_a_request_is_shown() -> None:
    """Also those of a proxy; headers that nobody needs are not."""
    writer = log_writer()
    writer.ask("POST", "https://api.example/v1", [])
    ids = [(name, "r1") for name in REQUEST_IDS]
    writer.answer(200, [*ids, ("Set-Cookie", "a=b")])
    (attempt,) = writer.exchange.attempts
    assert list(attempt.answer_headers) == ids


def test_headers_that_describe_an_exchange_are_shown() -> None:
    """Who asks, what came in which form, and when to come back."""
    shown = [
        (name, "x")
        for name in (
            "Accept", "Content-Type", "Content-Length", "Content-Encoding", "Retry-After",
            "Transfer-Encoding", "User-Agent",
        )
    ]  # fmt: skip
    recording = LogWriter(lambda: 0.0)
    recording.ask("POST", "https://api.example/v1", [*shown, ("Cookie", "a=b")])
    recording.answer(200, [("Server", "x"), *shown])
    (attempt,) = recording.exchange.attempts
    assert list(attempt.headers) == list(attempt.answer_headers) == shown


@pytest.mark.parametrize("polls", [10, 50, 51, 400])
def test_of_many_polls_the_first_and_the_last_are_kept(polls: int) -> None:
    """A task that is asked for a thousand times keeps its submit, and how it ended."""
    writer = log_writer()
    for number in range(polls):
        writer.ask("GET", f"https://api.example/v1/tasks/{number}", [], {"number": number})
        writer.answer(200, [])
        writer.hear(b"poll %d" % number)
    numbers = [int(each.url.rpartition("/")[2]) for each in writer.exchange.attempts]
    # The request that runs is kept beside the 50 that have ended.
    kept = [*range(polls)] if polls <= 51 else [*range(10), *range(polls - 41, polls)]
    assert numbers == kept
    assert [each.lines[0].text for each in writer.exchange.attempts] == [
        f"poll {number}" for number in kept
    ]
    assert writer.exchange.body == {"number": 0}


@pytest.mark.parametrize(
    "content_type", ["audio/mpeg", "image/png", "Video/MP4", "application/octet-stream; x=1"]
)
def test_of_a_media_body_only_its_size_is_kept(content_type: str) -> None:
    """There is nothing to read in it; the next answer is kept again."""
    pieces = [bytes(range(256)) * 40, b"\n\n", bytes(3_000_000)]
    writer = log_writer()
    writer.ask("GET", "https://api.example/v1/sound", [])
    writer.answer(200, [("Content-Type", content_type)])
    for piece in pieces:
        writer.hear(piece)
    writer.ask("GET", "https://api.example/v1/tasks/1", [])
    writer.answer(200, [("Content-Type", "application/json")])
    writer.hear(b"{}")
    media, after = writer.exchange.attempts
    size = sum(map(len, pieces))
    (line,) = media.lines
    assert (media.size, line.size, line.text) == (size, size, f"…{size:,}·more…")
    assert len(pickle.dumps(media)) < 1_000
    assert [line.text for line in after.lines] == ["{}"]


def test_a_stream_that_is_called_a_picture_is_kept() -> None:
    """What arrives decides, as it does for the client."""
    writer = log_writer()
    writer.ask("POST", "https://api.example/v1", [])
    writer.answer(200, [("content-type", "image/png")])
    writer.hear(b"data: hi\n\n")
    (attempt,) = writer.exchange.attempts
    assert attempt.lines[0].text == "data: hi"


@pytest.mark.parametrize("size", [16, 60_000, 2_000_000], ids=["events", "reads", "one piece"])
@pytest.mark.parametrize("line", [b": PING\n\n", b":\n\n", b":\n", b"\n", b": PING\r\n\r\n"])
def test_a_megabyte_of_comments_is_some_thousand_lines(line: bytes, size: int) -> None:
    """Each costs as much to show as one with something in it; the ends are kept."""
    text = b"data: first\n\n" + line * (1_000_000 // len(line)) + b"\ndata: last\n\n"
    attempt = heard([text[at : at + size] for at in range(0, len(text), size)])
    lines = attempt.lines
    assert len(lines) < 15_000
    assert attempt.size == len(text)
    assert lines[0].text == "data: first"
    assert "data: last" in [line.text for line in lines[-3:]]
    assert attempt.gap is not None


def test_a_long_piece_is_cut_at_the_ends_of_its_lines() -> None:
    """So nothing in it is read otherwise, and its lines have their times and sizes."""
    text = b"".join(
        b"data: %d " % number + b"x" * (number % 700) + b"\n\n" for number in range(300)
    )
    attempt = heard([text])
    assert attempt.gap is None
    assert [line.text for line in attempt.lines] == text.decode().splitlines()
    assert sum(line.size for line in attempt.lines) == len(text)
    assert {line.at for line in attempt.lines} == {2.0}
