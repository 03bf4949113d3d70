"""The parts of an output, as the page holds them: a running generation, and one that has ended."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from comet_magic.generation import Generation, Status
from comet_magic.media.audios import GeneratedAudio
from comet_magic.media.images import GeneratedImage
from comet_magic.media.medium import Medium
from comet_magic.media.videos import GeneratedVideo
from comet_magic.render import final_bundles, live_bundle, mimebundle
from comet_magic.wire.usage import Usage
from tests.generation.test_gallery import generation as made
from tests.pictures import encoded
from tests.sounds import sound

LINK = "https://a.example/x.png?sig=secret"
PICTURE = GeneratedImage.from_url(LINK, "A cat").with_data(encoded(size=(60, 40)))


def words(html: str) -> str:
    """What is read: a space for each element."""
    return " ".join(re.sub("<[^>]*>", " ", html).replace("\u00a0", " ").split())


def live(*generations: Generation) -> str:
    """The HTML of a frame."""
    return live_bundle(*generations)["text/html"]


def running(**changes: Any) -> Generation:
    """One of a model that makes pictures, on its way."""
    return made(**{"status": Status.GENERATING, "medium": Medium.IMAGE, **changes})


def ended(generation: Generation, *, reason: bool = True) -> str:
    """The HTML of its last output, which is the summary."""
    return final_bundles(generation, reason=reason)[-1]["text/html"]


def styles(html: str, name: str) -> list[str]:
    """The styles of all elements of this name."""
    return re.findall(rf'<{name}[^>]*? style="([^"]*)"', html)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "m · generating 1.5 s generating"),
        ({"status": Status.QUEUED}, "m · queued 1.5 s queued"),
        ({"percent": 61}, "m · generating 61 % 1.5 s generating 61 %"),
        ({"endpoint": "demo", "notes": ("a", "b")},
         "m · generating demo 1.5 s generating Note: a Note: b"),
        ({"answer": "Here it comes.\nAnd mo", "text": "Here it comes.\nAnd mo"},
         "m · generating 1.5 s generating Here it comes."),
        ({"answer": "Here it comes.", "text": "Here it comes.\n![a](x"},
         "m · generating 1.5 s generating Here it comes."),
        ({"answer": "Here", "text": "Here\n```\n{"}, "m · generating 1.5 s generating"),
        ({"answer": "Here\n", "text": "Here\n", "status": Status.QUEUED},
         "m · queued 1.5 s queued"),
        ({"revised_prompt": "A red boat"}, "m · generating 1.5 s generating A red boat"),
        ({"revised_prompt": "word " * 80}, f"m · generating 1.5 s generating {'word ' * 48}…"),
        ({"medium": Medium.TEXT, "answer": "So far"}, "So far m · answering 1.5 s answering"),
        ({"medium": Medium.TEXT, "percent": 7}, "m · generating 7 % 1.5 s generating 7 %"),
    ],
)  # fmt: skip
def test_a_frame_says_who_does_what_for_how_long(changes: dict[str, Any], shown: str) -> None:
    """Then what is known of the answer, as far as it will stay."""
    assert words(live(running(**changes))) == shown


def test_several_answers_have_a_place_each() -> None:
    """The first says what holds for all; a place more than can be shown is none."""
    one, two = running(percent=14, ratio="3:2"), running(status=Status.QUEUED)
    assert words(live(running(choices=(one, two), endpoint="demo", percent=14))) == (
        "m · generating 14 % demo 1.5 s generating 14 % 1 of 2 queued queued 2 of 2"
    )
    html = live(running(choices=(one, two)))
    assert html.count('<div style="flex:0 1 300px;min-width:0">') == 2
    assert "max-width:48em" not in html
    assert "max-width:48em" in live(running())
    assert live(running(choices=(two,) * 101)).count("<figure") == 100


@pytest.mark.parametrize(
    ("changes", "width", "ratio"),
    [
        ({"ratio": "3:2"}, 512, "3/2"),
        ({"ratio": "1:2"}, 256, "1/2"),
        ({"ratio": "1:99"}, 80, "1/99"),
        ({"ratio": "100:1"}, 512, "1/1"),
        ({"ratio": "0:1"}, 512, "1/1"),
        ({"ratio": "1:0"}, 512, "1/1"),
        ({"ratio": "wide"}, 512, "1/1"),
        ({"ratio": None}, 512, "1/1"),
        ({"medium": Medium.VIDEO}, 512, "16/9"),
    ],
)
def test_the_place_of_a_picture_has_its_size(
    changes: dict[str, Any], width: int, ratio: str
) -> None:
    """So that nothing moves when it comes."""
    (style,) = [each for each in styles(live(running(**changes)), "div") if "aspect-ratio" in each]
    assert f"width:{width}px;max-width:100%;aspect-ratio:{ratio};" in style


def test_a_bar_has_a_value_while_it_is_known() -> None:
    """From 0 to 100; the same in words for a program that reads it aloud."""
    (bar,) = re.findall("<progress.*</progress>", live(running(percent=61)))
    assert 'max="100" value="61" aria-label="generating 61 %"' in bar
    assert ">generating 61 %<" in bar
    assert "value" not in live(running(percent=61, status=Status.QUEUED))


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "✓ complete · m total 1.5 s Endpoint api.example Started 2026-01-02 00:00:00 +0000"),
        ({"status": Status.INTERRUPTED, "percent": 7}, "◼ interrupted at 7 % · m total 1.5 s"),
        ({"status": Status.FAILED, "error": "It broke."}, "✗ failed · m It broke. total 1.5 s"),
        ({"status": Status.FAILED, "error": "failed"}, "✗ failed · m total 1.5 s"),
        ({"answer": "Hello.", "notes": ("a",)}, "Hello. ✓ complete · m Note: a total 1.5 s"),
        ({"revised_prompt": "A red boat"}, "“A red boat” ✓ complete · m total 1.5 s"),
        ({"revised_prompt": "A red boat", "images": (PICTURE,)}, "✓ complete · m 1 picture"),
        ({"endpoint": "demo"}, "✓ complete · m demo total"),
        ({"usage": Usage(1, 2, 3)}, "✓ complete · m 1 + 2 = 3 tokens · total 1.5 s Endpoint"),
        ({"status": Status.FAILED, "error": "No.", "answer": "No."}, "✗ failed · m No. total"),
    ],
)  # fmt: skip
def test_a_summary_says_how_it_ended(changes: dict[str, Any], shown: str) -> None:
    """The model's own words, the status, what went wrong, the usage."""
    assert words(ended(made(**changes))).startswith(shown)


def test_the_error_below_the_cell_is_not_repeated() -> None:
    """A failed cell shows it already."""
    failed = made(status=Status.FAILED, error="It broke.")
    assert "It broke." not in ended(failed, reason=False)


def test_answers_are_numbered_if_there_are_several() -> None:
    """One without words is left out."""
    said, silent = made(answer="Yes."), made(answer="")
    shown = words(ended(made(choices=(said, silent, said))))
    assert shown.startswith("Answer 1 of 3 Yes. Answer 3 of 3 Yes. ✓ complete")


def test_labels_explain_themselves() -> None:
    """What the demo is, and what a replay is."""
    html = ended(made(endpoint="demo", replayed="a.jsonl, recorded 2026-11-25"))
    assert re.search('title="Made by the demo server, not by a model"[^>]*>demo<', html)
    assert re.search('title="Nothing was sent"[^>]*>replayed from a.jsonl, recorded', html)


@pytest.mark.parametrize(
    ("media", "shown"),
    [
        (GeneratedImage.from_url(LINK, "A cat"), "The picture is not here, only its link:"),
        (GeneratedVideo.from_url("https://a.example/v.mp4", "A cat"), "The video is not here"),
        (GeneratedAudio.from_url("https://a.example/s.mp3", "A cat"), "The sound is not here"),
    ],
)
def test_what_is_not_here_has_its_link(media: Any, shown: str) -> None:
    """The whole link; a reader sees it without its query."""
    html = mimebundle(media)["text/html"]
    assert shown in words(html)
    assert f'href="{media.url}" target="_blank" rel="noopener noreferrer"' in html
    assert "A cat" in words(html)


def test_a_long_caption_opens() -> None:
    """Its start is shown, and nothing twice."""
    long = " ".join(f"word{number}" for number in range(100))
    image = replace(PICTURE, alt=long)
    html = mimebundle(image)["text/html"]
    start = re.search("<summary[^>]*>([^<]*)<span", html)
    assert start
    assert 200 < len(start[1]) <= 240
    assert long.startswith(f"{start[1]} ")
    assert words(html).count(" … more ") == 1
    assert words(html).replace(" … more", "").startswith(long)
    for short in (long[:280], "x" * 280):
        assert "<summary" not in mimebundle(replace(PICTURE, alt=short))["text/html"]
    assert "<summary" in mimebundle(replace(PICTURE, alt="x" * 281))["text/html"]


def test_pictures_beside_each_other_are_numbered() -> None:
    """One alone is not; each is below its number."""
    html = final_bundles(made(images=(PICTURE, PICTURE)))[0]["text/html"]
    assert words(html).split(" A cat ")[:2] == ["1 of 2", "60 × 40 2 of 2"]
    assert html.count('<div style="flex:0 1 300px;min-width:0">') == 2
    assert "of" not in words(final_bundles(made(images=(PICTURE,)))[0]["text/html"])


def test_a_page_is_as_wide_as_text_unless_it_holds_columns() -> None:
    """One picture or video is not; several, and generations side by side, are."""
    one = made(images=(PICTURE,))
    narrow = "max-width:48em"
    assert narrow in final_bundles(one)[0]["text/html"]
    assert narrow in mimebundle(PICTURE)["text/html"]
    assert narrow not in final_bundles(made(images=(PICTURE, PICTURE)))[0]["text/html"]
    assert narrow not in final_bundles(one, one)[0]["text/html"]
    assert narrow not in live(one, running())


def test_beside_another_a_picture_is_as_wide_as_its_column() -> None:
    """A card holds figures of that width."""
    one = made(images=(PICTURE,))
    assert 'width="40"' in final_bundles(one)[0]["text/html"]
    assert final_bundles(one, one)[0]["text/html"].count('width="60"') == 2
    assert "width:300px" in live(running(), running())
    assert "width:512px" in live(running())


@pytest.mark.parametrize(
    ("size", "width", "ratio"),
    [((900, 600), 512, "768/512"), ((600, 900), 341, "512/768"), ((60, 40), 40, "60/40")],
)
def test_a_video_has_the_size_of_its_poster(size: tuple[int, int], width: int, ratio: str) -> None:
    """Alone or beside others; without a poster it is as wide as a picture."""
    poster = GeneratedImage.from_url(LINK).with_data(encoded(size=size))
    link = "https://a.example/v.mp4"
    video = replace(GeneratedVideo.from_url(link, "A cat", poster), path=Path("v.mp4"))
    html = mimebundle(video)["text/html"]
    assert f"width:{width}px;max-width:100%;aspect-ratio:{ratio};height:auto" in html
    assert f'<figure style="margin:0 0 8px;max-width:{max(width, 300)}px"' in html
    for said in ('controls="" preload="metadata" title="A cat"', "it is saved as v.mp4."):
        assert said in html
    assert (
        "width:512px;max-width:100%;height:auto"
        in mimebundle(replace(video, poster=None))["text/html"]
    )
    absent = mimebundle(replace(video, path=None))["text/html"]
    assert f'width="{width}"' in absent
    assert "max-width:512px" in absent
    for medium, noun in ((video, "video"), (PICTURE, "picture"), (sound(alt="A cat"), "sound")):
        assert mimebundle(medium)["text/plain"].startswith(f"[{noun}] A cat\n")


def test_links_and_what_is_less_important_look_so() -> None:
    """Links are underlined, in the colour of the page's own; the rest is paler."""
    html = mimebundle(GeneratedImage.from_url(LINK, "word " * 80))["text/html"]
    (link,) = re.findall("<a [^>]*>", html)
    assert "text-decoration:underline" in link
    assert "color:var(--jp-content-link-color,inherit)" in link
    assert '<span style="opacity:.75"> … more</span>' in html
    assert 'style="cursor:pointer"' in html
    place = re.search('<div style="([^"]*)">60 × 40</div>', mimebundle(PICTURE)["text/html"])
    assert place
    assert place[1] == "font-size:12px;opacity:.75"


@pytest.mark.parametrize("ratio", ["", "x:9", "9:x", "9", "0:9", "9:0", "100:9", "9:100", "-1:9"])
def test_what_is_no_ratio_is_a_square(ratio: str) -> None:
    """The model writes it, so it may be anything."""
    page = live_bundle(running(ratio=ratio))["text/html"]
    assert "aspect-ratio:1/1;" in page
    assert "aspect-ratio:99/1;" in live_bundle(running(ratio="99:1"))["text/html"]
