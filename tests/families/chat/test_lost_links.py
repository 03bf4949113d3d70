"""Links, stages and videos that stand beside something else, and must not be lost for it."""

import pytest

from comet_magic.generation import Status
from tests.generation.test_builder import finished

PICTURE = "https://a.example/p.png"
VIDEO = "https://a.example/v.mp4"


@pytest.mark.parametrize(
    "text",
    [f"See https://a.example/{'x' * 9_000}.png and {PICTURE} here.", f"{'x' * 9_000} {PICTURE}"],
    ids=["link", "word"],
)
def test_a_link_that_is_too_long_does_not_end_the_search(text: str) -> None:
    """No server would answer it; the next one is the picture."""
    assert [image.url for image in finished(text).images] == [PICTURE]


@pytest.mark.parametrize(
    ("text", "is_stage"),
    [
        ("generating..\n", True),
        ("Generating…\n", True),
        ("queuing..\n", True),
        ("generating\n", False),
        ("We are generating..\n", True),
        ("We are all generating this now..\n", False),
    ],
)
def test_a_stage_needs_no_symbol(text: str, is_stage: bool) -> None:
    """Dots that move are enough; words alone are a sentence."""
    made = finished(f"{text}![x]({PICTURE})")
    assert made.status is Status.COMPLETE
    assert (text.strip() not in made.answer) is is_stage


@pytest.mark.parametrize(
    "text",
    [
        f"[▶ play]({VIDEO})\n![still]({PICTURE})",
        f"![still]({PICTURE})\n[watch the video]({VIDEO})",
        f"![still]({PICTURE}) {VIDEO}",
        f"<video src='{VIDEO}'></video>\n![still]({PICTURE})",
        f"[page](https://a.example/page)\n{VIDEO}\n![still]({PICTURE})",
    ],
    ids=["before", "behind", "bare", "tag", "page"],
)
def test_a_video_in_a_text_is_not_lost_beside_other_links(text: str) -> None:
    """What stands beside it is its poster, or a page."""
    made = finished(text, model="sora-2")
    assert [video.url for video in made.videos] == [VIDEO]
    assert made.status is Status.COMPLETE


@pytest.mark.parametrize("text", ["> Task ID: `task_01`\n", "> ID: task_01ABC\n"])
def test_an_answer_that_only_names_its_task_has_failed(text: str) -> None:
    """An image model's answer that ends with the id of its task has no picture."""
    assert finished(text).status is Status.FAILED
