"""Videos: checked, saved, kept on disk."""

from dataclasses import replace
from pathlib import Path

import pytest

from comet_magic.media.sniffing import MediaError
from comet_magic.media.videos import GeneratedVideo
from tests.pictures import MP4, WEBM, encoded
from tests.sounds import wav

URL = "https://a.example/cdn/x%20y.mp4?sig=secret"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(MP4, "video/mp4"), (WEBM, "video/webm"), (MP4.replace(b"mp42", b"qt  "), "video/quicktime")],
)
def test_videos_are_known_by_their_bytes(data: bytes, media_type: str) -> None:
    """The first bytes tell the container."""
    video = GeneratedVideo.from_url(URL).with_data(data)
    assert (video.media_type, video.size) == (media_type, len(data))


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"<html>", "a web page"), (encoded(), "a picture"), (wav(), "a sound"), (b"", "nothing")],
)
def test_what_is_no_video_is_named(data: bytes, says: str) -> None:
    """A web page in place of a video is said to be that."""
    with pytest.raises(MediaError, match=f"no video but {says}"):
        GeneratedVideo.from_url(URL).with_data(data)


def test_a_saved_video_is_read_from_its_file(tmp_path: Path) -> None:
    """Without its bytes in memory it can still be read and saved elsewhere."""
    video = GeneratedVideo.from_url(URL).with_data(MP4)
    assert video.on_disk() is video
    saved = replace(video, path=video.save(tmp_path)).on_disk()
    assert saved.path == tmp_path / "x-20y.mp4"
    assert (saved.data, saved.read()) == (None, MP4)
    assert saved.save(tmp_path).name == "x-20y-2.mp4"
    assert "secret" not in repr(saved)
