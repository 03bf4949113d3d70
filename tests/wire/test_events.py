"""Events are read by the standard's rules, however their bytes are cut."""

import time
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comet_magic.wire.events import Event, EventReader, is_event_stream
from tests.wire.feeding import feedings, read

BOM = b"\xef\xbb\xbf"

# What is sent, and name, data and bytes of each event.
STREAMS: dict[str, tuple[bytes, list[tuple[str, str | None, bytes]]]] = {
    "one": (b"data: a\n\n", [("", "a", b"data: a\n\n")]),
    "crlf": (
        b"data:a\r\ndata: b\r\n\r\ndata: c\r\n\r\n",
        [("", "a\nb", b"data:a\r\ndata: b\r\n\r\n"), ("", "c", b"data: c\r\n\r\n")],
    ),
    "cr": (
        "event: error\rdata: é\u2028\r\rdata: c\r\r".encode(),
        [("error", "é\u2028", "event: error\rdata: é\u2028\r\r".encode()),
         ("", "c", b"data: c\r\r")],
    ),
    "mixed": (
        b"data: a\r\r\ndata: b\n\r\ndata: c\n\rdata: d\n\n",
        [("", "a", b"data: a\r\r"), ("", "b", b"\ndata: b\n\r\n"), ("", "c", b"data: c\n\r"),
         ("", "d", b"data: d\n\n")],
    ),
    "fields": (
        b": comment\nid: 1\nretry: 2\n\ndata\ndata:  d\n\n",
        [("", None, b": comment\nid: 1\nretry: 2\n\n"), ("", "\n d", b"data\ndata:  d\n\n")],
    ),
    "a name without data": (
        b"event: lost\n\ndata: e\n\n",
        [("lost", None, b"event: lost\n\n"), ("", "e", b"data: e\n\n")],
    ),
    "the last name counts": (
        b"event: a\nevent\ndata: f\n\n",
        [("", "f", b"event: a\nevent\ndata: f\n\n")],
    ),
    "blank lines": (
        b"\ndata: f\n\n\n\n\ndatb: g\n\n\n",
        [("", "f", b"\ndata: f\n\n"), ("", None, b"\n\n"), ("", None, b"\ndatb: g\n\n"),
         ("", None, b"\n")],
    ),
    "a body in the place of an event": (
        b': PING\n\n{"error": "h"}\n\n',
        [("", None, b": PING\n\n"), ("", '{"error": "h"}', b'{"error": "h"}\n\n')],
    ),
    "braces behind data": (
        b'data: {\n{"i": 1}\n\n{"j": 2}\n\n',
        [("", "{", b'data: {\n{"i": 1}\n\n'), ("", '{"j": 2}', b'{"j": 2}\n\n')],
    ),
    "one line end apart": (
        b'data: {"a": 1}\ndata: {"b": 2}\r\ndata: [DONE]\n',
        [("", '{"a": 1}', b'data: {"a": 1}\n'), ("", '{"b": 2}', b'data: {"b": 2}\r\n'),
         ("", "[DONE]", b"data: [DONE]\n")],
    ),
    "names one line end apart": (
        b'id: 1\nevent: a\ndata: {"a": 1}\nid: 2\nevent: b\ndata:{"b": 2}\n: c\n\n',
        [("a", '{"a": 1}', b'id: 1\nevent: a\ndata: {"a": 1}\n'),
         ("b", '{"b": 2}', b'id: 2\nevent: b\ndata:{"b": 2}\n: c\n\n')],
    ),
    "a name behind the data": (
        b'data: {"a": 1}\nevent: a\n\n', [("a", '{"a": 1}', b'data: {"a": 1}\nevent: a\n\n')],
    ),
    "JSON on several lines": (
        b'data: [{"a": {}\ndata: }\ndata: ,{}\ndata: ]\n\n',
        [("", '[{"a": {}\n}\n,{}\n]', b'data: [{"a": {}\ndata: }\ndata: ,{}\ndata: ]\n\n')],
    ),
    "a body on several lines": (
        b': PING\n\n{\n "a": {\n  "data": 1\n }\n}\n',
        [("", None, b": PING\n\n"),
         ("", '{\n"a": {\n"data": 1\n}\n}', b'{\n "a": {\n  "data": 1\n }\n}\n')],
    ),
    "glued to a comment": (
        b': keep-alivedata: {"a": 1}\n\n', [("", '{"a": 1}', b': keep-alivedata: {"a": 1}\n\n')],
    ),
    "an error field": (
        b'data: {"a": 1}\nerror: {"b": 2}\ndata: [DONE]\n\n',
        [("", '{"a": 1}', b'data: {"a": 1}\n'), ("error", '{"b": 2}', b'error: {"b": 2}\n'),
         ("", "[DONE]", b"data: [DONE]\n\n")],
    ),
    "indented, and in capitals": (
        b"  data: a\n\nDATA: b\n\nEvent:c\nData:d\n\n",
        [("", "a", b"  data: a\n\n"), ("", "b", b"DATA: b\n\n"),
         ("c", "d", b"Event:c\nData:d\n\n")],
    ),
    "byte order mark": (
        BOM + b"data: a\n\n" + BOM + b"data: b\n\n",
        [("", "a", BOM + b"data: a\n\n"), ("", None, BOM + b"data: b\n\n")],
    ),
    "no text": (b"data: \xff\n\n", [("", "\ufffd", b"data: \xff\n\n")]),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "expected"), STREAMS.values(), ids=STREAMS)
def test_events_do_not_depend_on_how_they_are_cut(
    sent: bytes, expected: list[tuple[str, str | None, bytes]]
) -> None:
    """Whole, byte by byte, and cut at every place; the sizes too."""
    for parts in feedings(sent):
        events = read(parts)
        assert [(event.name, event.data) for event in events] == [each[:2] for each in expected]
        assert [event.size for event in events] == [len(each[2]) for each in expected]
    assert b"".join(each[2] for each in expected) == sent


@pytest.mark.parametrize(
    ("sent", "last"),
    [
        (b"data: a\n\ndata: b", Event("", "b", 7, is_whole=False)),
        (b"data: a\n\nevent: x\rdata: b\r", Event("x", "b", 17, is_whole=False)),
        (b"data: a\n\ndata: \xe2\x82", Event("", "\ufffd", 8, is_whole=False)),
        (b"data: a\n\ndat", Event("", None, 3, is_whole=False)),
        (b"data: a\n\ndata: b\r\n\r", Event("", "b", 10)),
    ],
    ids=["in a line", "after a line", "in a character", "in a name", "in a blank line"],
)
def test_the_event_that_the_stream_broke_off_in_is_not_whole(sent: bytes, last: Event) -> None:
    """It comes when the reader is closed, and once."""
    for parts in feedings(sent):
        assert read(parts) == [Event("", "a", 9), last]
    reader = EventReader()
    reader.feed(sent)
    assert reader.close() == [last]
    assert reader.close() == []


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["lf", "crlf", "cr"])
def test_an_event_comes_with_its_blank_line(end: bytes) -> None:
    """And not with the first byte of the next event, which may be a minute away."""
    reader = EventReader()
    assert reader.feed(b"data: a" + end) == []
    assert [event.data for event in reader.feed(end)] == ["a"]


def test_an_event_without_a_blank_line_comes_with_the_next() -> None:
    """A stream whose events are one line end apart is seen while it grows."""
    reader = EventReader()
    assert reader.feed(b'data: {"a": 1}\n') == []
    assert [event.data for event in reader.feed(b'data: {"b": 2}\n')] == ['{"a": 1}']
    assert [event.data for event in reader.close()] == ['{"b": 2}']


LINES = [
    b'data: {"k": 1}', b"error: e", b'  data: {"k": 1}', b"Data: x", b': cdata: {"k": 1}',
    b"[DONE]",
    b"data: a", b"data:b", b"data", b"event: x", b"event", b": c", b'{"j": 1}', b"id: 1", b"\xff",
    b"\xe2\x82", "data: é".encode(), BOM, b"\n", b"\n", b"\r", b"\r", b"\r\n", b"\r\n", b"\n\n",
]  # fmt: skip


@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=8)), max_size=14).map(b"".join),
    st.lists(st.integers(0, 80), max_size=6),
)
def test_no_byte_is_lost_and_the_cuts_do_not_count(data: bytes, places: list[int]) -> None:
    """Any lines with any ends, and any bytes, in any parts, are the same events as in one part."""
    edges = sorted({0, len(data), *(place for place in places if place < len(data))})
    events = read([data[one:two] for one, two in pairwise(edges)])
    assert events == read([data])
    assert sum(event.size for event in events) == len(data)


def test_a_long_line_is_read_in_linear_time_and_without_more_copies() -> None:
    """A picture of 20 MB: its bytes and its text are in memory, and nothing else of it."""
    size = 20_000_000
    line = b'data: {"x": "' + b"A" * size + b'"}\n\n'
    parts = [line[at : at + 16_384] for at in range(0, len(line), 16_384)]
    reader = EventReader()
    began = time.process_time()
    tracemalloc.start()
    try:
        events = [event for part in parts for event in reader.feed(part)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [event.size for event in events] == [len(line)]
    assert peak < 2.3 * size
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"data: {", True),
        (BOM + b"\r\n: PING\n", True),
        (b"event:err", True),
        (b"  id: 1", True),
        (b"DATA: {", True),
        (b"error: {", True),
        (b"errors occurred", False),
        (b'{"data": 1}', False),
        (b"<!doctype", False),
        (b"", False),
    ],
)
def test_a_stream_is_told_from_another_body_by_its_beginning(head: bytes, expected: bool) -> None:
    """Whatever its content type says."""
    assert is_event_stream(head) is expected
