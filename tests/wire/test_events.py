"""Events are read by the standard's rules, however their bytes are cut."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from comet_magic.wire.events import EventStream


async def _parts(parts: list[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def _events(*parts: bytes) -> list[tuple[str, str]]:
    async def read() -> list[tuple[str, str]]:
        return [event async for event in EventStream(b"", _parts(list(parts))).events()]

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("sent", "events"),
    [
        ("data: a\n\n", [("", "a")]),
        ("data:a\r\ndata: b\r\n\r\n", [("", "a\nb")]),
        ("event: error\rdata: é\u2028\r\rdata: c\n\n", [("error", "é\u2028"), ("", "c")]),
        (": comment\nid: 1\nretry: 2\n\ndata\ndata:  d\n\n", [("", "\n d")]),
        ("event: lost\n\ndata: e", [("", "e")]),
        ("\r\n\r\ndata: f\n\ndat: g\n\n", [("", "f")]),
        (': PING\n\n{"error": "h"}', [("", '{"error": "h"}')]),
        ('data: {\n{"i": 1}\n\n{"j": 2}\n\n', [("", "{"), ("", '{"j": 2}')]),
    ],
)
def test_events_do_not_depend_on_how_they_are_cut(sent: str, events: list[tuple[str, str]]) -> None:
    """In one part, in bytes, and in two parts at every place."""
    data = sent.encode()
    assert _events(data) == events
    assert _events(*(data[at : at + 1] for at in range(len(data)))) == events
    for at in range(len(data)):
        assert _events(data[:at], b"", data[at:]) == events


def test_bytes_that_are_no_text_are_replaced() -> None:
    """Half a character at the end of the answer too."""
    assert _events(b"data: \xff\n\ndata: \xe2\x82") == [("", "\ufffd"), ("", "\ufffd")]
