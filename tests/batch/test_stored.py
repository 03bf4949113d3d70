"""A generation as a line of a resume file."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from comet_magic.batch.stored import from_json, relative_to, to_json
from comet_magic.generation import Generation
from tests.sounds import LINK, sound, spoken, wav


def stored(generation: Generation) -> Any:
    """What is kept, as it comes out of a file."""
    return json.loads(json.dumps(to_json(generation)))


def test_a_saved_sound_comes_back_from_its_file(tmp_path: Path) -> None:
    """With its size, its type and its link; the file can be checked by its hash."""
    made = sound(path=tmp_path / "x.wav")
    generation = spoken(made, replace(sound(), data=None)).on_disk()
    values = stored(generation)
    first, second = values["audios"]
    assert first["sha256"] == hashlib.sha256(wav()).hexdigest()
    assert first["url"] == LINK
    assert "path" not in second
    back = from_json(values, tmp_path)
    assert replace(back.audios[0], path=made.path) == generation.audios[0]
    assert back.audios[0].read() == made.data
    assert back.audios[1].size is None
    assert back.notes == ()


def test_a_sound_moves_with_its_resume_file(tmp_path: Path) -> None:
    """Its path is kept as seen from there; a file that is gone is said to be."""
    before, after = tmp_path / "before", tmp_path / "after"
    made = sound(path=before / "sounds" / "x.wav")
    values = relative_to(before, stored(replace(spoken(made), choices=(spoken(made),))))
    assert values["audios"][0]["path"] == values["choices"][0]["audios"][0]["path"]
    shutil.move(before, after)
    back = from_json(values, after)
    assert back.audios[0].read() == made.data
    shutil.rmtree(after)
    gone = from_json(values, after)
    assert gone.audios[0].path is None
    assert "is not here any more" in gone.notes[0]


def test_inline_sounds_are_not_in_the_file(tmp_path: Path) -> None:
    """Only the head of their data URI is: a line would have megabytes."""
    made = replace(sound(), url="data:audio/wav;base64," + "A" * 10_000)
    values = stored(spoken(made))
    assert len(json.dumps(values)) < 2_000
    assert from_json(values, tmp_path).audios[0].url == "data:audio/wav;base64,…"


def test_a_file_of_an_earlier_version_has_no_sounds(tmp_path: Path) -> None:
    """What is not in it is empty."""
    values = stored(spoken())
    assert "audios" not in values
    assert from_json(values, tmp_path).audios == ()
