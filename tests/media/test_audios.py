"""Sounds: checked, saved, kept on disk."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from comet_magic.media.addresses import data_uri
from comet_magic.media.audios import GeneratedAudio
from comet_magic.media.sniffing import MediaError
from tests.pictures import MP4, encoded
from tests.sounds import AAC, FLAC, M4A, MP3, MP3_WITH_TITLE, OGG, wav

URL = "https://a.example/cdn/hello.mp3?sig=secret&se=2026-11-28T12%3A00%3A00Z"


def sound(data: bytes) -> GeneratedAudio:
    """A sound with these bytes."""
    return GeneratedAudio.from_url(URL, "Hello").with_data(data)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (MP3, "audio/mpeg"),
        (MP3_WITH_TITLE, "audio/mpeg"),
        (wav(), "audio/wav"),
        (OGG, "audio/ogg"),
        (FLAC, "audio/flac"),
        (AAC, "audio/aac"),
        (M4A, "audio/mp4"),
    ],
)
def test_sounds_are_known_by_their_bytes(data: bytes, media_type: str) -> None:
    """Whatever their address or the server says."""
    made = sound(data)
    assert (made.media_type, made.size, made.data) == (media_type, len(data), data)
    assert made.alt == "Hello"
    assert made.expires is not None


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "nothing"),
        (b'{"error": 1}', "JSON"),
        (b"<html>", "a web page"),
        (encoded(), "a picture"),
        (MP4, "a video"),
        (b"\0\1" * 500, "something else"),
    ],
)
def test_what_is_no_sound_is_named(data: bytes, says: str) -> None:
    """An error in place of a sound is said to be that; so are samples without a header."""
    with pytest.raises(MediaError, match=f"no sound but {says}"):
        sound(data)


def test_saving(tmp_path: Path) -> None:
    """To a file, or into a folder under the name in its address and with its own extension."""
    made = sound(wav())
    assert made.save(tmp_path / "x.wav").read_bytes() == made.data
    assert made.save(str(tmp_path)).name == "hello.wav"
    assert made.save(tmp_path).name == "hello-2.wav"
    inline = replace(made, url=data_uri("audio/wav", wav()))
    assert inline.save(tmp_path).name == "sound.wav"
    with pytest.raises(ValueError, match="there are no bytes to save"):
        GeneratedAudio.from_url(URL).save(tmp_path)


def test_a_saved_sound_is_read_from_its_file(tmp_path: Path) -> None:
    """Its bytes leave the memory only if a file holds them."""
    made = sound(MP3)
    assert made.on_disk() is made
    light = replace(made, path=made.save(tmp_path)).on_disk()
    assert (light.data, light.size, light.read()) == (None, len(MP3), MP3)
    light.path.unlink()  # type: ignore[union-attr]
    with pytest.raises(OSError, match="hello"):
        light.read()


def test_a_repr_is_short_and_holds_no_signature(tmp_path: Path) -> None:
    """Neither bytes nor the secret part of a link."""
    made = replace(sound(MP3), path=tmp_path / "hello.mp3")
    assert repr(made) == (
        f"<GeneratedAudio https://a.example/cdn/hello.mp3, 417 bytes, saved as {made.path}>"
    )
    for each in (GeneratedAudio.from_url(URL), GeneratedAudio.from_url(data_uri("audio/wav", MP3))):
        assert "not downloaded" in repr(each)
        assert "secret" not in repr(each)
        assert len(repr(each)) < 100


def test_values_can_be_pickled_and_compared() -> None:
    """They cross process boundaries and stay equal."""
    made = sound(wav())
    assert pickle.loads(pickle.dumps(made)) == made
