"""A WebM film from lossy WebP pictures: both contain VP8 frames, so nothing is encoded again.

See the Matroska element specification, RFC 9559, for the element ids, and the WebP container
specification, RFC 9649, for the chunks.
"""

import struct
from collections.abc import Sequence

_EBML = 0x1A45DFA3
_SEGMENT = 0x18538067
_INFO = 0x1549A966
_TRACKS = 0x1654AE6B
_CLUSTER = 0x1F43B675
_CUES = 0x1C53BB6B


def vp8_frame(webp: bytes) -> bytes:
    """Return the VP8 key frame of a lossy WebP file.

    Raises:
        ValueError: It is not a WebP file, or has no lossy frame.
    """
    if webp[:4] != b"RIFF" or webp[8:12] != b"WEBP":
        raise ValueError("not a WebP file")
    at = 12
    while at + 8 <= len(webp):
        name, size = struct.unpack_from("<4sI", webp, at)
        if name == b"VP8 " and at + 8 + size <= len(webp):
            return webp[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    raise ValueError("a WebP file without a lossy frame")


def webm(frames: Sequence[bytes], *, width: int, height: int, fps: int) -> bytes:
    """Return a WebM file that shows the frames one after the other.

    Args:
        frames: VP8 key frames, all of the given size.
        width: Width in pixels.
        height: Height in pixels.
        fps: Frames a second.
    """
    step = 1000 / fps
    head = _element(
        _EBML,
        _unsigned(0x4286, 1),  # EBMLVersion
        _unsigned(0x42F7, 1),  # EBMLReadVersion
        _unsigned(0x42F2, 4),  # EBMLMaxIDLength
        _unsigned(0x42F3, 8),  # EBMLMaxSizeLength
        _element(0x4282, b"webm"),  # DocType
        _unsigned(0x4287, 2),  # DocTypeVersion
        _unsigned(0x4285, 2),  # DocTypeReadVersion
    )
    info = _element(
        _INFO,
        _unsigned(0x2AD7B1, 1_000_000),  # TimestampScale: a tick is a millisecond
        _element(0x4489, struct.pack(">d", len(frames) * step)),  # Duration
        _element(0x4D80, b"comet_magic demo"),  # MuxingApp
        _element(0x5741, b"comet_magic demo"),  # WritingApp
    )
    size = _element(0xE0, _unsigned(0xB0, width), _unsigned(0xBA, height))  # Video
    entry = _element(
        0xAE,  # TrackEntry
        _unsigned(0xD7, 1),  # TrackNumber
        _unsigned(0x73C5, 1),  # TrackUID
        _unsigned(0x83, 1),  # TrackType: video
        _unsigned(0x9C, 0),  # FlagLacing
        _element(0x86, b"V_VP8"),  # CodecID
        _unsigned(0x23E383, round(1_000_000_000 / fps)),  # DefaultDuration, in nanoseconds
        size,
    )
    tracks = _element(_TRACKS, entry)
    cluster = _element(
        _CLUSTER,
        _unsigned(0xE7, 0),  # Timestamp
        *(_simple_block(round(index * step), frame) for index, frame in enumerate(frames)),
    )
    # The one cluster starts right behind the headers; the cue lets a player seek to it.
    position = _element(0xB7, _unsigned(0xF7, 1), _unsigned(0xF1, len(info) + len(tracks)))
    cues = _element(_CUES, _element(0xBB, _unsigned(0xB3, 0), position))
    return head + _element(_SEGMENT, info, tracks, cluster, cues)


def _simple_block(time: int, frame: bytes) -> bytes:
    """Return a key frame of track 1, `time` ms into the cluster (16 bits: 32 s at most)."""
    return _element(0xA3, struct.pack(">BhB", 0x81, time, 0x80), frame)


def _unsigned(element_id: int, value: int) -> bytes:
    return _element(element_id, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _element(element_id: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    name = element_id.to_bytes((element_id.bit_length() + 7) // 8, "big")
    # Sizes are always written in eight bytes: the marker bit, then 56 bits.
    return name + (len(body) | 1 << 56).to_bytes(8, "big") + body
