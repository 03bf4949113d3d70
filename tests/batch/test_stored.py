"""A generation as a line of a resume file."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from comet_magic.batch.stored import from_json, relative_to, to_json
from comet_magic.generation import Generation, Status
from comet_magic.media.images import GeneratedImage
from comet_magic.media.medium import Medium
from comet_magic.media.videos import GeneratedVideo
from comet_magic.wire.usage import Usage
from tests.generation.test_gallery import generation
from tests.pictures import encoded
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
    assert gone.notes == (f"The file {Path('after/sounds/x.wav')} is not here any more.",)


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


def test_everything_comes_back(tmp_path: Path) -> None:
    """Each field of a generation, with pictures, videos and choices."""
    image = GeneratedImage.from_url(LINK, "A cat").with_data(encoded(size=(60, 40)))
    image = replace(image, path=tmp_path / "cat.png")
    (tmp_path / "cat.png").write_bytes(encoded(size=(60, 40)))
    video = GeneratedVideo.from_url("https://a.example/v.mp4", "A boat")
    one = generation(answer="Yes.", text="Yes.", finish_reason="stop")
    made = generation(
        id="c-1", answer="Here.", text="Here. ![x](y)", revised_prompt="A red boat", ratio="3:2",
        parameters={"prompt": "A red boat", "ratio": "3:2"}, task_id="t-1", gen_ids=("g-1", "g-2"),
        progress=(14, 100), percent=100, images=(image,), videos=(video,), choices=(one, one),
        usage=Usage(1, 2, 3, {"cached_tokens": 1}), finish_reason="stop", request_id="r-1",
        time_to_first_token=0.25, attempts=2, notes=("a note",), cost=0.02,
        cost_source="your prices", medium=Medium.VIDEO, requested_model="m-1",
        endpoint="api.example", replayed="a.jsonl", error="no", error_type="NotFoundError",
        status_code=404, status=Status.FAILED,
        messages=({"role": "user", "content": "A boat"},),
    ).on_disk()  # fmt: skip
    back = from_json(stored(made), tmp_path)
    (shown,) = back.images
    assert replace(back, images=(replace(shown, path=image.path),)) == made
    assert shown.expires is not None
    assert shown.read() == encoded(size=(60, 40))


def test_what_is_not_in_a_line_was_not_received(tmp_path: Path) -> None:
    """As a file of an earlier version has it: the least that a generation is."""
    least = {"prompt": "A boat", "model": "gpt-4o-image", "status": "complete",
             "started": "2026-01-02T00:00:00+00:00", "endpoint": "api.example"}  # fmt: skip
    back = from_json(least, tmp_path)
    assert (back.id, back.text, back.answer, back.parameters, back.elapsed) == ("", "", "", {}, 0)
    assert back.medium is Medium.IMAGE
    assert back.messages == ({"role": "user", "content": "A boat"},)
    absent = ("revised_prompt", "ratio", "task_id", "percent", "finish_reason", "request_id",
              "time_to_first_token", "usage")  # fmt: skip
    assert {getattr(back, name) for name in absent} == {None}
    empty = (back.images, back.videos, back.audios, back.choices, back.notes, back.gen_ids)
    assert {*empty, back.progress} == {()}
    assert from_json({**least, "model": "sora-2"}, tmp_path).medium is Medium.VIDEO
    asked = {**least, "model": "m", "requested_model": "sora-2"}
    assert from_json(asked, tmp_path).medium is Medium.VIDEO
    assert from_json({**least, "medium": "text", "later": 1}, tmp_path).medium is Medium.TEXT
