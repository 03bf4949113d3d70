"""A body is read within its limit, also while it is unpacked."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Sequence

import httpx
import pytest

from comet_magic.client.http import new_http_client
from comet_magic.client.unpacking import Listen, body_parts
from tests.client.scripted import Script
from tests.wire.feeding import feedings

TEXT = "Héllo 🐱, a text that is a little longer than one byte.\n".encode() * 20


def raw_deflate(data: bytes) -> bytes:
    """Deflate without the header of zlib, as some servers send it."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    " Deflate ": raw_deflate(TEXT),
    "": TEXT,
    "identity": TEXT,
    "utf-8": TEXT,
}


def read(
    pieces: Sequence[bytes],
    encoding: str,
    most: int = 100_000,
    listen: Listen | None = None,
    *,
    unpack: bool = True,
) -> list[bytes]:
    """The pieces that a body gives."""

    async def run() -> list[bytes]:
        headers = {"Content-Encoding": encoding} if encoding else {}
        response = httpx.Response(200, headers=headers, stream=Script(pieces))
        return [part async for part in body_parts(response, most, listen, unpack=unpack)]

    return asyncio.run(run())


@pytest.mark.parametrize(("encoding", "data"), PACKED.items(), ids=[*PACKED])
def test_what_is_read_does_not_depend_on_the_cuts(encoding: str, data: bytes) -> None:
    """Whole, cut in two anywhere, and byte by byte."""
    for parts in feedings(data):
        assert b"".join(read(parts, encoding)) == TEXT


def bomb(wbits: int) -> bytes:
    """100 kB that unpack to 100 MB."""
    packer = zlib.compressobj(9, wbits=wbits)
    return b"".join([packer.compress(bytes(1_000_000)) for _ in range(100)]) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "wbits"), [("gzip", 31), ("deflate", 15), ("deflate", -15)],
    ids=["gzip", "zlib", "raw"],
)  # fmt: skip
def test_a_bomb_is_unpacked_to_its_limit_and_no_further(encoding: str, wbits: int) -> None:
    """In small pieces: a decoder without a limit makes 64 MB of one read."""
    got: list[int] = []
    with pytest.raises(httpx.DecodingError, match="more than 1 MB"):
        read([bomb(wbits)], encoding, 1_000_000, lambda part: got.append(len(part)))
    assert max(got) <= 65_536
    assert 900_000 < sum(got) <= 1_000_000


def test_what_follows_the_end_of_the_packed_data_counts() -> None:
    """It is not kept, and cannot go on for ever."""
    taken = 0

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            nonlocal taken
            yield gzip.compress(TEXT)
            while True:
                taken += 1_000
                yield b"x" * 1_000

    async def run() -> None:
        response = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Endless())
        with pytest.raises(httpx.DecodingError, match="more than"):
            _ = [part async for part in body_parts(response, 50_000)]

    asyncio.run(run())
    assert taken <= 51_000


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "BR"])
def test_encodings_without_a_limit_are_refused(encoding: str) -> None:
    """Also where httpx could unpack them: 1.5 kB of brotli became 4 GB."""
    with pytest.raises(
        httpx.DecodingError, match=f"compressed .{encoding.lower()}., which was not"
    ):
        read([b"\x1b\x0f\x00"], encoding)


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br, gzip", "gzip, identity"])
def test_what_is_compressed_twice_is_refused(encoding: str) -> None:
    """15 kB can become 1 GB."""
    with pytest.raises(httpx.DecodingError, match="more than once"):
        read([gzip.compress(gzip.compress(TEXT))], encoding)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_picture_is_never_unpacked(encoding: str) -> None:
    """It was asked for as it is."""
    with pytest.raises(httpx.DecodingError, match="which was not asked for"):
        read([gzip.compress(TEXT)], encoding, unpack=False)
    assert b"".join(read([TEXT], "aws-chunked", unpack=False)) == TEXT


@pytest.mark.parametrize("data", [b"data: no gzip", b"\x1f\x8b data: no gzip"])
def test_what_cannot_be_unpacked_is_an_error(data: bytes) -> None:
    """Of httpx, as if it had unpacked it."""
    with pytest.raises(httpx.DecodingError):
        read([data], "gzip")


def test_only_what_can_be_limited_is_asked_for() -> None:
    """Whatever decoders are installed."""

    async def run() -> str:
        async with new_http_client(httpx.MockTransport(lambda _: httpx.Response(200))) as http:
            return http.build_request("GET", "https://a.example").headers["Accept-Encoding"]

    assert asyncio.run(run()) == "gzip, deflate"


def test_others_go_on_while_much_is_unpacked() -> None:
    """One piece can become a thousand, and an interrupt is to be heard between them."""

    async def run() -> int:
        turns = 0

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        task = asyncio.create_task(others())
        packed = gzip.compress(bytes(10_000_000))
        response = httpx.Response(
            200, headers={"Content-Encoding": "gzip"}, stream=Script([packed])
        )
        async for _ in body_parts(response, 20_000_000):
            pass
        task.cancel()
        return turns

    assert asyncio.run(run()) > 100


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_000])
def test_all_of_it_is_unpacked(size: int) -> None:
    """Also what is left to come when all that was sent has been taken."""
    assert sum(map(len, read([raw_deflate(bytes(size))], "deflate", most=size + 20))) == size
    assert sum(map(len, read([gzip.compress(bytes(size))], "gzip", most=2 * size + 20))) == size
