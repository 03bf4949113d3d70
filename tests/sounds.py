"""Small sounds of every kind that a model may make."""

import io
import wave

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
