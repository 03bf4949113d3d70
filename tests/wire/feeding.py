"""Every way in which a network may cut the bytes of a stream."""

from collections.abc import Iterator

from comet_magic.wire.events import Event, EventReader


def feedings(data: bytes, most_cuts: int | None = None) -> Iterator[list[bytes]]:
    """The bytes whole, byte by byte, and in two parts at every place, with an empty one between.

    Args:
        data: All bytes of the stream.
        most_cuts: About so many places, evenly spread, of a long stream; None for every place.
    """
    yield [data]
    yield [data[at : at + 1] for at in range(len(data))]
    for at in range(0, len(data) + 1, max(1, len(data) // most_cuts) if most_cuts else 1):
        yield [data[:at], b"", data[at:]]


def read(parts: list[bytes]) -> list[Event]:
    """The events of a stream that arrives in these parts and then ends."""
    reader = EventReader()
    events = [event for part in parts for event in reader.feed(part)]
    return [*events, *reader.close()]
