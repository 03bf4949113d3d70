"""The phrases about a generation: exactly what is shown in a terminal and under a picture."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from comet_magic.generation import Status
from comet_magic.media.images import GeneratedImage
from comet_magic.media.medium import Medium
from comet_magic.media.videos import GeneratedVideo
from comet_magic.render import plain, words
from comet_magic.wire.usage import Usage
from tests.generation.test_gallery import generation as made
from tests.pictures import MP4, encoded
from tests.sounds import sound

LINK = "https://a.example/x.png?sig=secret&se=2026-11-28T12%3A00%3A00Z"
WITHOUT_END = "https://a.example/v.mp4"
PICTURE = GeneratedImage.from_url(LINK, "A cat").with_data(encoded(size=(60, 40)))


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.04, "0.0 s"), (0.44, "0.4 s"), (9.94, "9.9 s"), (9.95, "10 s"), (12.4, "12 s"),
        (119.4, "119 s"), (119.5, "2 min 00 s"), (125, "2 min 05 s"), (3_661, "61 min 01 s"),
    ],
)  # fmt: skip
def test_seconds(seconds: float, shown: str) -> None:
    """Tenths of a short time, minutes of a long one."""
    assert words.seconds(seconds) == shown


@pytest.mark.parametrize(
    ("usage", "shown"),
    [
        (Usage(24, 1_120, 1_144), "24 + 1,120 = 1,144 tokens"),
        (Usage(None, None, 1_144), "1,144 tokens"),
        (Usage(24, None, 1_144), "1,144 tokens"),
        (Usage(24, 1_120, None), "24 + 1,120 tokens"),
    ],
)
def test_tokens(usage: Usage, shown: str) -> None:
    """What was not received is left out; nothing is added up."""
    assert words.summary(made(usage=usage)) == [shown, "total 1.5 s"]


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"status": Status.QUEUED}, "queued"),
        ({"status": Status.GENERATING, "medium": Medium.IMAGE}, "generating"),
        ({"status": Status.GENERATING, "medium": Medium.TEXT}, "answering"),
        ({"status": Status.GENERATING, "percent": 61}, "generating 61 %"),
        ({"status": Status.GENERATING, "percent": 0}, "generating 0 %"),
        ({"status": Status.GENERATING, "percent": 9, "images": (PICTURE,)}, "fetching the picture"),
        ({"status": Status.INTERRUPTED}, "interrupted"),
        ({"status": Status.INTERRUPTED, "percent": 61}, "interrupted at 61 %"),
        ({"status": Status.INTERRUPTED, "percent": 61, "images": (PICTURE,)}, "interrupted"),
        ({"status": Status.COMPLETE, "percent": 61}, "complete"),
        ({"status": Status.FAILED, "percent": 61}, "failed"),
    ],
)  # fmt: skip
def test_the_stage(changes: dict[str, Any], shown: str) -> None:
    """Where it is, and how far."""
    assert words.stage(made(**changes)) == shown


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, ["total 1.5 s"]),
        (
            {"images": (PICTURE,), "usage": Usage(1, 2, 3), "time_to_first_token": 0.25,
             "finish_reason": "stop", "attempts": 2, "cost": 0.02, "cost_source": "your prices"},
            ["1 picture", "1 + 2 = 3 tokens", "about $0.02 (estimate by your prices)",
             "first token 0.2 s", "total 1.5 s", "finish stop", "2 attempts"],
        ),
        ({"images": (GeneratedImage(LINK),) * 102 + (PICTURE,)},
         ["103 pictures", "101 of them shown", "total 1.5 s"]),
        ({"videos": (GeneratedVideo.from_url(WITHOUT_END),), "audios": (sound(), sound())},
         ["1 video", "2 sounds", "total 1.5 s"]),
        ({"endpoint": "demo", "cost": 0.0, "cost_source": "your prices"},
         ["would be about $0.00 (estimate by your prices)", "total 1.5 s"]),
        ({"replayed": "a.jsonl, recorded 2026-11-25", "cost": 1.0, "cost_source": "your prices"},
         ["would be about $1.00 (estimate by your prices)", "total 1.5 s"]),
    ],
    ids=["bare", "all", "many", "media", "demo", "replayed"],
)  # fmt: skip
def test_the_summary(changes: dict[str, Any], shown: list[str]) -> None:
    """Counts, tokens, cost and times, in this order."""
    assert words.summary(made(**changes)) == shown


def test_the_details() -> None:
    """What may be needed later: ids, endpoint, when it started, and what else was received."""
    usage = Usage(1, 2, 3, {"cached_tokens": 1_007, "audio_tokens": 0}, {"reasoning_tokens": 5})
    whole = made(
        request_id="r-1", id="chatcmpl-1", task_id="t-1", gen_ids=("gen_1", "gen_2"),
        parameters={"prompt": "A cat", "ratio": "3:2"}, usage=usage,
    )  # fmt: skip
    assert words.details(whole) == [
        ("Request id", "r-1"),
        ("Completion id", "chatcmpl-1"),
        ("Task id", "t-1"),
        ("Picture ids", "gen_1, gen_2"),
        ("Endpoint", "api.example"),
        ("Started", "2026-01-02 00:00:00 +0000"),
        ("Answer's ratio", "3:2"),
        ("Prompt tokens, cached", "1,007"),
        ("Completion tokens, reasoning", "5"),
    ]
    assert [label for label, _ in words.details(made())] == ["Endpoint", "Started"]


@pytest.mark.parametrize(
    ("media", "shown"),
    [
        (PICTURE, "60 × 40 · link expires 2026-11-28 12:00 UTC"),
        (replace(PICTURE, path=Path("a/x.png")), "60 × 40 · a/x.png"),
        (GeneratedImage.from_url(LINK), "not downloaded · link expires 2026-11-28 12:00 UTC"),
        (GeneratedVideo.from_url(WITHOUT_END), "not downloaded"),
        (GeneratedVideo.from_url(WITHOUT_END).with_data(MP4 + bytes(2_600_000)), "2.6 MB mp4"),
        (sound(), "1 kB wav · link expires 2026-11-28 12:00 UTC"),
    ],
    ids=["in memory", "saved", "picture link", "video link", "video", "sound"],
)
def test_what_stands_below_a_picture(media: Any, shown: str) -> None:
    """Its size, where it is, and until when its link works."""
    assert words.picture(media) == shown


def test_a_place_outside_of_the_folder_is_shown_whole() -> None:
    """As it is; inside the folder of the kernel only the rest."""
    assert words.shown_path(Path("/elsewhere/x.png")) == "/elsewhere/x.png"
    assert words.shown_path(Path.cwd() / "a" / "x.png") == "a/x.png"


@pytest.mark.parametrize(
    ("changes", "alone"),
    [
        ({"status": Status.FAILED, "error": "No.", "answer": "No."}, True),
        ({"status": Status.FAILED, "error": "No.", "answer": "I am sorry."}, False),
        ({"status": Status.FAILED, "error": "a\nb\nc", "answer": "b"}, False),
        ({"status": Status.FAILED, "error": "", "answer": ""}, False),
        ({"status": Status.COMPLETE, "error": "No.", "answer": "No."}, False),
    ],
)
def test_an_answer_that_is_its_error_is_shown_once(changes: dict[str, Any], alone: bool) -> None:
    """An error shows two lines of it; a longer one is shown as the answer."""
    failed = made(**changes)
    assert words.is_reason_alone(failed) is alone
    assert (changes["answer"] in plain.answer(failed)) is not alone or not changes["answer"]


def test_a_generation_in_a_terminal() -> None:
    """Its pictures, its words, its end."""
    saved = replace(PICTURE, path=Path("a/x.png"))
    whole = made(
        images=(saved, PICTURE), answer="Here you are.", notes=("a note",), endpoint="demo",
        status=Status.FAILED, error="It broke.\nNothing else is known.",
    )  # fmt: skip
    assert plain.whole(whole).splitlines() == [
        "[picture, demo] A cat",
        "60 × 40 · a/x.png",
        "",
        "[picture, demo] A cat",
        "60 × 40 · link expires 2026-11-28 12:00 UTC · https://a.example/x.png",
        "",
        "Here you are.",
        "",
        "m (demo): failed",
        "It broke.",
        "Nothing else is known.",
        "Note: a note",
        "2 pictures · total 1.5 s",
    ]
    assert "It broke." not in plain.summary(whole, reason=False)


def test_choices_in_a_terminal() -> None:
    """Each has a heading; one without words has none."""
    said, silent = made(answer="Yes."), made(answer="")
    assert plain.answer(made(choices=(said, silent, said))) == (
        "Answer 1 of 3:\nYes.\n\nAnswer 3 of 3:\nYes."
    )


def test_labels_name_the_demo_and_the_recording() -> None:
    """Beside the model, in every line."""
    both = made(endpoint="demo", replayed="a.jsonl, recorded 2026-11-25")
    assert words.labels(both) == ["demo", "replayed from a.jsonl, recorded 2026-11-25"]
    assert (
        plain.stage_line(both) == "m (demo, replayed from a.jsonl, recorded 2026-11-25): complete"
    )
    assert words.labels(made()) == []
    assert plain.stage_line(made()) == "m: complete"
