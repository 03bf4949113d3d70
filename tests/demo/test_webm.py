"""The film: its container parsed back, its frames decoded, and the models that send it."""

import io
import re
import struct
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image

from comet_magic.demo.webm import vp8_frame, webm
from tests.demo.conftest import Ask

MASTERS = {0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0, 0x1F43B675}
MASTERS |= {0x1C53BB6B, 0xBB, 0xB7}


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give id and body of every EBML element, those with children before their children."""
    at = 0
    while at < len(data):
        id_length = 9 - data[at].bit_length()
        element_id = int.from_bytes(data[at : at + id_length], "big")
        at += id_length
        size_length = 9 - data[at].bit_length()
        size = int.from_bytes(data[at : at + size_length], "big") & ~(1 << (7 * size_length))
        at += size_length
        body = data[at : at + size]
        assert len(body) == size
        yield element_id, body
        if element_id in MASTERS:
            yield from elements(body)
        at += size


def webp(colour: str, size: tuple[int, int] = (64, 48)) -> bytes:
    """Give a lossy WebP picture of one colour."""
    output = io.BytesIO()
    Image.new("RGB", size, colour).save(output, "WEBP")
    return output.getvalue()


def as_webp(frame: bytes) -> bytes:
    """Put a VP8 frame back into the smallest WebP file."""
    padded = frame + b"\0" * (len(frame) % 2)
    chunk = struct.pack("<4sI", b"VP8 ", len(frame)) + padded
    return struct.pack("<4sI4s", b"RIFF", 4 + len(chunk), b"WEBP") + chunk


def check(film: bytes, count: int, size: tuple[int, int]) -> list[int]:
    """Check a film of key frames, and give the time of each frame in milliseconds."""
    found = list(elements(film))
    values = dict(found)
    assert found[0][0] == 0x1A45DFA3
    assert values[0x4282] == b"webm"
    assert values[0x86] == b"V_VP8"
    assert tuple(int.from_bytes(values[key], "big") for key in (0xB0, 0xBA)) == size
    blocks = [body for element_id, body in found if element_id == 0xA3]
    assert len(blocks) == count
    for block in blocks:
        assert (block[0], block[3]) == (0x81, 0x80)  # track 1, a key frame
        with Image.open(io.BytesIO(as_webp(block[4:]))) as image:
            image.load()
            assert image.size == size
    # The one cue points at the cluster, counted from the start of the segment's body.
    segment = values[0x18538067]
    cue = int.from_bytes(values[0xF1], "big")
    assert segment[cue : cue + 4] == bytes.fromhex("1F43B675")
    (duration,) = struct.unpack(">d", values[0x4489])
    times = [int.from_bytes(block[1:3], "big") for block in blocks]
    assert times[-1] < duration
    return times


def test_a_film_holds_its_frames_in_time() -> None:
    """Parsed back, a film has every frame, whole, at its moment."""
    frames = [vp8_frame(webp(colour)) for colour in ("red", "green", "blue")]
    assert check(webm(frames, width=64, height=48, fps=8), 3, (64, 48)) == [0, 125, 250]


@pytest.mark.parametrize("data", [b"", b"RIFF\0\0\0\0WEBP", b"\x89PNG", webp("red")[:20]])
def test_other_bytes_have_no_frame(data: bytes) -> None:
    """What is no whole lossy WebP file is refused."""
    with pytest.raises(ValueError, match="WebP"):
        vp8_frame(data)


def test_an_extended_webp_has_a_frame_too() -> None:
    """The frame is found behind other chunks."""
    output = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(output, "WEBP", exif=b"Exif\0\0odd")
    assert vp8_frame(output.getvalue())[3:6] == b"\x9d\x01\x2a"


@pytest.mark.parametrize("model", ["sora-2", "veo3"])
def test_a_video_model_links_to_a_film(ask: Ask, http: httpx.Client, model: str) -> None:
    """The answer has a link to a playable film; for one layout a poster that is not the film."""
    text = ask(model, "A boat, 16:9").json()["choices"][0]["message"]["content"]
    film = http.get(re.findall(r"\((\S+\.webm)\)", text)[0])
    assert film.headers["content-type"] == "video/webm"
    check(film.content, 14, (480, 270))
    posters = re.findall(r"!\[\S+\]\((\S+)\)", text)
    assert len(posters) == (1 if model == "sora-2" else 0)
    for poster in posters:
        assert http.get(poster).headers["content-type"] == "image/webp"
