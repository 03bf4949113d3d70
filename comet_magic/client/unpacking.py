"""Reads the body of a response within a limit, also while it is unpacked."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import cast

import httpx

Listen = Callable[[bytes], None]

# What requests ask for. The decoders of brotli and zstd have no limit: 1.5 kB became 4 GB.
ENCODINGS = "gzip, deflate"
_PACKED = {"gzip", "x-gzip", "deflate"}
# Not asked for and not unpacked. Any other name stands for bytes as they are: stores send `utf-8`.
_REFUSED = {"br", "zstd", "compress", "x-compress", "dcb", "dcz"}
# Bytes to unpack at once.
_PIECE = 65_536


async def body_parts(
    response: httpx.Response, most: int, listen: Listen | None = None, *, unpack: bool = True
) -> AsyncIterator[bytes]:
    """Yields the unpacked pieces of a body of at most `most` bytes.

    The limit protects the memory from broken and hostile servers.

    Args:
        response: A response whose body was not read yet.
        most: The maximum number of bytes, packed or unpacked.
        listen: A function that gets each piece.
        unpack: Whether a packed body is unpacked; else it is refused.

    Raises:
        httpx.DecodingError: The body is too long, cannot be unpacked, or is compressed twice.
    """
    unpacker = _unpacker(response, unpack=unpack)
    too_long = httpx.DecodingError(f"it has more than {most // 1_000_000} MB")
    received = size = 0
    # `aiter_raw` would refuse a response that httpx itself made of bytes.
    async for data in cast("httpx.AsyncByteStream", response.stream):
        received += len(data)
        for part in unpacker.feed(data) if unpacker else (data,):
            size += len(part)
            if size > most:
                raise too_long
            if listen:
                listen(part)
            yield part
            if len(part) >= _PIECE:
                await asyncio.sleep(0)  # one piece can unpack to a thousand
        if received > most:
            raise too_long


def _unpacker(response: httpx.Response, *, unpack: bool) -> "_Unpacker | None":
    names = response.headers.get("content-encoding", "").lower().split(",")
    packed = [name.strip() for name in names if name.strip() in _PACKED | _REFUSED]
    if not packed:
        return None
    if len(names) > 1:
        raise httpx.DecodingError("it is compressed more than once")
    if not unpack or packed[0] in _REFUSED:
        raise httpx.DecodingError(f"it is compressed ({packed[0]}), which was not asked for")
    return _Unpacker(is_deflate=packed[0] == "deflate")


class _Unpacker:
    """Unpacks gzip or deflate in pieces of a limited size; ignores what follows its end."""

    def __init__(self, *, is_deflate: bool) -> None:
        self._head = b""
        # Some servers send deflate (RFC 1951) without the header of RFC 1950: see `feed`.
        self._decoder = None if is_deflate else zlib.decompressobj(zlib.MAX_WBITS | 16)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yields what `data` unpacks to."""
        if self._decoder is None:
            data = self._head = self._head + data
            if len(data) < 2:
                return
            has_header = data[0] & 15 == 8 and int.from_bytes(data[:2]) % 31 == 0
            self._decoder = zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
        for start in range(0, len(data), _PIECE):
            piece = data[start : start + _PIECE]
            while not self._decoder.eof:
                try:
                    part = self._decoder.decompress(piece, _PIECE)
                except zlib.error as error:
                    raise httpx.DecodingError(str(error)) from error
                piece = self._decoder.unconsumed_tail
                if part:
                    yield part
                # A full piece can leave more behind, even if all input was taken.
                if not piece and len(part) < _PIECE:
                    break
