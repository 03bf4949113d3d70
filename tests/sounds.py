"""Small sounds of every kind that a model may make."""

import io
import wave
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from comet_magic.families.compose import compose
from comet_magic.generation import Generation, GenerationBuilder, Status
from comet_magic.media.audios import GeneratedAudio

LINK = "https://a.example/hello.mp3?sig=secret&se=2026-11-28T12%3A00%3A00Z"

MP3 = b"\xff\xfb\x90\x64" + b"\x00" * 413
MP3_WITH_TITLE = b"ID3\x04\x00\x00\x00\x00\x00\x00" + MP3
OGG = b"OggS\x00\x02" + b"\x00" * 20 + b"\x01\x13OpusHead\x01\x01" + b"\x00" * 50
FLAC = b"fLaC\x00\x00\x00\x22" + b"\x00" * 34
AAC = b"\xff\xf1\x50\x80\x01\x7f\xfc" + b"\x00" * 8
M4A = b"\x00\x00\x00\x1cftypM4A \x00\x00\x02\x00" + b"\x00" * 100


def wav(seconds: float = 0.01, rate: int = 8_000) -> bytes:
    """A WAV file of silence: one channel, 16 bits."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * round(seconds * rate)))
    return stream.getvalue()


def sound(data: bytes = b"", path: Path | None = None, alt: str = "Hello") -> GeneratedAudio:
    """A WAV, or these bytes; with a path, also in a file there."""
    made = GeneratedAudio.from_url(LINK, alt).with_data(data or wav())
    if path is None:
        return made
    path.parent.mkdir(parents=True, exist_ok=True)
    return replace(made, path=made.save(path))


def spoken(*sounds: GeneratedAudio, prompt: str = "Hello", **changes: Any) -> Generation:
    """A complete generation that made these sounds, and no text."""
    request = compose(prompt, model="tts-1")
    builder = GenerationBuilder(request, datetime(2026, 1, 2, tzinfo=UTC), "api.example")
    made = {"status": Status.COMPLETE, "error": None, "audios": sounds}
    return replace(builder.finish(1.5), **{**made, **changes})
