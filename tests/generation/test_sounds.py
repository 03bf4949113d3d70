"""A generation that made sounds, as a value."""

import pickle
from dataclasses import replace
from pathlib import Path

import comet_magic as comet
from tests.generation.test_gallery import picture
from tests.media.test_videos import URL as VIDEO
from tests.sounds import LINK, sound, spoken


def test_media_are_pictures_then_videos_then_sounds() -> None:
    """In one tuple, for what treats them alike."""
    image, video, audio = picture(), comet.GeneratedVideo.from_url(VIDEO), sound()
    generation = spoken(audio, images=(image,), videos=(video,))
    assert generation.media == (image, video, audio)
    assert spoken().media == ()


def test_a_repr_counts_the_sounds() -> None:
    """Beside the pictures and the characters."""
    assert repr(spoken(sound())) == "<Generation tts-1, complete, 1 sound, 1.5 s>"
    assert "2 sounds, 5 characters" in repr(spoken(sound(), sound(), text="Hello"))


def test_on_disk_a_generation_holds_no_bytes_of_saved_sounds(tmp_path: Path) -> None:
    """Those of its choices neither; what has no file stays in memory."""
    saved, unsaved = sound(path=tmp_path / "x.wav"), sound()
    generation = spoken(saved, unsaved)
    light = replace(generation, choices=(generation,)).on_disk()
    for each in (light, *light.choices):
        assert [item.data for item in each.audios] == [None, unsaved.data]
        assert each.audios[0].read() == saved.data
    assert pickle.loads(pickle.dumps(light)) == light


def test_records_list_sounds_after_pictures_and_videos(tmp_path: Path) -> None:
    """Their paths and links; None where one was not saved."""
    saved = sound(path=tmp_path / "x.wav")
    inline = replace(sound(), url="data:audio/wav;base64,UklGRg==")
    video = comet.GeneratedVideo.from_url(VIDEO)
    (record,) = comet.records([spoken(saved, inline, videos=(video,))])
    assert record["paths"] == [None, str(saved.path), None]
    assert record["urls"] == [VIDEO, LINK, "data:audio/wav;base64,…"]


def test_a_sound_has_a_place_in_a_grid(tmp_path: Path) -> None:
    """With a player of its file; what is not saved is named."""
    saved = sound(path=tmp_path / "x y.wav")
    gallery = comet.grid([spoken(saved, sound()), spoken()])
    assert [(cell.number, cell.media is None) for cell in gallery.cells] == [
        (1, False), (1, False), (2, True),
    ]  # fmt: skip
    bundle = gallery._repr_mimebundle_()
    assert bundle["text/html"].count("<audio") == 1
    assert "x%20y.wav" in bundle["text/html"]
    assert "data:audio" not in bundle["text/html"]
    assert "x y.wav" in bundle["text/plain"]


def test_a_sound_that_is_on_disk_alone_is_shown_all_the_same(tmp_path: Path) -> None:
    """A small one is read and embedded, a file that is gone is said to be so by its link."""
    generation = spoken(sound(path=tmp_path / "x.wav")).on_disk()
    for value in (generation, generation.audios[0]):
        assert "data:audio/wav;base64,UklGR" in value._repr_mimebundle_()["text/html"]
    (tmp_path / "x.wav").unlink()
    assert "<audio" in generation._repr_mimebundle_()["text/html"]
