"""Bodies cut at their blank lines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comet_magic.recording.pieces import Pieces

EVENTS = [b": PING\n\n", b"data: 1\r\n\r\n", b"data: \xe2\x80\xa8\r\r", b"\n\n", b"data: [DONE]"]


def pieces(parts: list[bytes]) -> list[bytes]:
    """What comes out, the rest included."""
    cutter = Pieces()
    found = [piece for part in parts for piece in cutter.feed(part)]
    return [*found, *([cutter.rest()] if cutter.rest() else [])]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_pieces_are_the_events_wherever_they_were_cut(size: int) -> None:
    """With each kind of line end, also cut inside of it."""
    body = b"".join(EVENTS)
    assert pieces([body[place : place + size] for place in range(0, len(body), size)]) == EVENTS


@settings(deadline=None)
@given(st.lists(st.one_of(st.binary(), st.sampled_from([b"\n", b"\r", b"\n\n", b"a"]))))
def test_no_byte_is_lost_and_the_cuts_do_not_count(parts: list[bytes]) -> None:
    """Any bytes, in any parts, give the same pieces as byte by byte."""
    body = b"".join(parts)
    assert b"".join(pieces(parts)) == body
    assert pieces(parts) == pieces([bytes([byte]) for byte in body])
