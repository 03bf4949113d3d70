"""What stands in the gallery, and what can be done with it."""

import base64
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from comet_magic.generation import Generation, Status
from comet_magic.media.images import GeneratedImage
from comet_magic.media.videos import GeneratedVideo
from comet_magic.render import words
from tests.conftest import Heard
from tests.notebook.conftest import Shell
from tests.pictures import MP4, encoded

from .conftest import Face, MakePanel, is_html, until, walk


def test_the_newest_is_first_with_caption_size_and_usage(face: Face) -> None:
    """The caption is the revised prompt, which is the alt text, too."""
    face.make("A kitten")
    generation = face.make("A boat, 3:2")
    text = face.text(face.tiles[0])
    assert generation.revised_prompt in text
    assert f'alt="{generation.revised_prompt}"' in text
    assert "1024 × 683" in text
    assert f"{generation.usage.total_tokens:,} tokens" in text
    assert "A kitten" in face.text(face.tiles[1])


def test_several_pictures_of_one_answer_are_numbered(face: Face) -> None:
    """Each has a place from the start, and its own tile in the end."""
    face.field("Pictures").value = 3
    face.panel.prompt = "A kitten"
    future = face.panel.generate()
    assert len(face.tiles) == 3
    assert len(future.result(20).images) == 3
    texts = [face.text(tile) for tile in face.tiles]
    assert [re.findall(r"\d of \d", text)[0] for text in texts] == ["1 of 3", "2 of 3", "3 of 3"]
    assert all("tokens in all" in text for text in texts)
    assert len({tile.layout.order for tile in face.tiles}) == 1


def test_a_text_answer_is_rendered(face: Face) -> None:
    """Markdown as HTML, as wide as the page; there is no picture to be had from it."""
    face.make("Hello", model="gpt-4o-mini")
    assert "<strong>" in face.text(face.tiles[0])
    assert "comet-wide" in face.tiles[0]._dom_classes
    assert face.buttons(face.tiles[0]) == ["Continue", "Remove"]


def test_full_size_is_read_when_it_is_wanted(new_panel: MakePanel, kitten: Generation) -> None:
    """The original's bytes are on the page while it is looked at, and not before or after."""
    face, generation = new_panel(generations=[kitten]), kitten
    original = base64.b64encode(path_of(generation).read_bytes()).decode()
    assert original not in face.wire.text
    face.press("Full size", face.tiles[0])
    assert original in face.wire.text
    assert str(generation.request_id) in face.text()
    face.press("Close")
    assert original not in face.wire.text


def test_download_offers_the_file(new_panel: MakePanel, kitten: Generation) -> None:
    """Under its name, as it was received; also from the viewer, and twice."""
    face = new_panel(generations=[kitten])
    original = base64.b64encode(path_of(kitten).read_bytes()).decode()
    link = f'download="{path_of(kitten).name}"'
    seen: list[str] = []
    face.panel._collection.viewer.file.observe(lambda change: seen.append(change["new"]), "value")
    face.press("Download", face.tiles[0])
    assert link in seen[-1]
    assert f"data:image/png;base64,{original}" in seen[-1]
    face.press("Full size", face.tiles[0])
    face.press("Download")
    assert [link in each for each in seen] == [True, False, True]


def test_a_file_that_is_gone_is_said(face: Face) -> None:
    """Instead of an empty page; the small copy stays in the gallery."""
    face.make().images[0].path.unlink()
    face.press("Full size", face.tiles[0])
    assert "cannot be read any more" in face.text()
    face.press("Download", face.tiles[0])
    assert face.text().count("cannot be read any more") == 2
    assert "<img" in face.text(face.tiles[0])


def test_save_as(new_panel: MakePanel, kitten: Generation) -> None:
    """A name that is free is proposed; nothing is overwritten; errors stay where they happen."""
    face = new_panel(generations=[kitten])
    (image,) = kitten.images
    tile = face.tiles[0]
    face.press("Save as…", tile)
    (path,) = face.named("Save as", tile)
    assert path.value == str(path_of(kitten).with_name(f"copy-of-{path_of(kitten).name}"))
    for wrong, says in (
        ("", "write a file name"),
        (str(image.path), "there is a file of this name"),
        ("nowhere/x.png", "No such file or directory"),
    ):
        path.value = wrong
        face.press("Save", tile)
        assert says in face.text(tile)
    path.value = "my kitten.png"
    face.press("Save", tile)
    assert "Saved as my kitten.png." in face.text(tile)
    assert Path("my kitten.png").read_bytes() == path_of(kitten).read_bytes()
    face.press("Save as…", tile)
    face.press("Cancel", tile)
    assert not face.named("Save as", tile)


def test_a_variation_sends_the_picture(face: Face, heard: Heard) -> None:
    """With the model and options that made it; the form stays as it is."""
    face.field("More options").value = True
    face.field("Temperature").value = "0.5"
    face.field("Pictures").value = 2
    face.make("A kitten", model="gpt-image-1")
    face.panel.prompt, face.panel.model = "A dog", "gpt-4o-mini"
    face.press("Vary", face.tiles[0])
    assert until(lambda: len(face.panel.generations) == 2)
    body = heard.bodies[-1]
    text, picture = body["messages"][-1]["content"]
    assert text["text"] == "Make a variation of this picture."
    assert picture["image_url"]["url"].startswith("data:image/")
    assert (body["model"], body["temperature"], "n" in body) == ("gpt-image-1", 0.5, False)
    assert face.panel.prompt == "A dog"
    assert len(face.tiles) == 3


def test_continue_goes_on_from_an_answer(face: Face, heard: Heard) -> None:
    """With its model and its whole text; each answer is gone on from until one begins anew."""
    first = face.make("A boat", model="gpt-4o-mini")
    face.make("Hello", model="gpt-4o")
    face.press("Continue", face.tiles[1])
    assert "Continues from “A boat”." in face.text()
    assert face.panel.model == "gpt-4o-mini"

    second = face.make("Make it night")

    roles = [each["role"] for each in heard.messages]
    assert roles == ["user", "assistant", "user"]
    assert heard.messages[1]["content"] == first.text
    assert "Continues from “Make it night”." in face.text()
    face.make("And in winter")
    assert len(heard.messages) == 5
    assert heard.messages[3]["content"] == second.text
    face.press("Start over")
    assert "Continues from" not in face.text()
    face.make("A cat")
    assert len(heard.messages) == 1


def test_remove_takes_it_out(new_panel: MakePanel, kitten: Generation) -> None:
    """From the gallery, the trait and the page; the file stays."""
    face = new_panel(generations=[kitten, replace(kitten, prompt="two")])
    open_before = len(face.wire.states)
    face.press("Remove", face.tiles[0])
    assert face.panel.generations == [kitten]
    assert len(face.tiles) == 1
    assert len(face.wire.states) < open_before - 8
    assert path_of(kitten).is_file()


def test_one_of_several_pictures_is_removed(face: Face) -> None:
    """The generation stays as long as one of its pictures does."""
    face.field("Pictures").value = 2
    face.make()
    face.press("Remove", face.tiles[0])
    assert len(face.tiles) == len(face.panel.generations) == 1
    assert "2 of 2" in face.text(face.tiles[0])
    face.press("Remove", face.tiles[0])
    assert face.panel.generations == []


def test_a_picture_that_was_not_downloaded_has_its_link(face: Face) -> None:
    """The answer is complete; what cannot be had is not offered."""
    face.make("A kitten", model="demo-error-no-picture")
    text = face.text(face.tiles[0])
    assert "not downloaded" in text
    assert re.search(r'<a [^>]*href="http://127.0.0.1', text)
    assert face.buttons(face.tiles[0]) == ["Continue", "Remove"]


def test_a_video_is_shown_by_its_poster_and_played_in_full_size(face: Face) -> None:
    """It is no input picture."""
    face.make("A paper boat", model="sora-2")
    assert "<img" in face.text(face.tiles[0])
    assert "Vary" not in face.buttons(face.tiles[0])
    face.press("Full size", face.tiles[0])
    assert re.search(r'<video src="data:video/', face.text())


def test_an_original_too_large_for_a_message_is_shown_smaller(
    new_panel: MakePanel, kitten: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it is said where the whole is."""
    face = new_panel(generations=[kitten])
    (image,) = kitten.images
    monkeypatch.setattr("comet_magic.notebook.panel.viewer._MOST_BYTES", 1000)
    face.press("Full size", face.tiles[0])
    assert f"and is in {image.path}; this is a smaller copy." in face.text()
    assert base64.b64encode(path_of(kitten).read_bytes()).decode() not in face.wire.text


def test_pages(face: Face, new_panel: MakePanel) -> None:
    """Tiles that are not on the page are closed; the newest page shows what comes."""
    image = GeneratedImage("data:,").with_data(encoded())
    made = face.make("0", model="gpt-4o-mini")
    many = [replace(made, images=(replace(image, alt=f"number {n}"),)) for n in range(30)]
    face = new_panel(generations=many)
    assert prompts(face) == [f"number {n}" for n in range(29, 12, -1)]
    assert "1–17 of 30" in face.text()
    open_before = len(face.wire.states)
    face.press("Older")
    assert prompts(face) == [f"number {n}" for n in range(12, 0, -1)]
    assert "18–29 of 30" in face.text()
    assert len(face.wire.states) < open_before - 5 * 8  # five tiles less
    face.press("Older")
    assert prompts(face) == ["number 0"]
    assert "30–30 of 30" in face.text()
    assert face.named("Older")[0].disabled
    face.press("Newer")
    assert prompts(face) == [f"number {n}" for n in range(12, 0, -1)]
    assert not face.named("Older")[0].disabled
    face.press("Newer")
    assert prompts(face) == [f"number {n}" for n in range(24, 12, -1)]
    assert "6–17 of 30" in face.text()
    face.press("Newer")
    assert prompts(face) == [f"number {n}" for n in range(29, 17, -1)]
    assert face.named("Newer")[0].disabled
    face.press("Older")
    face.make("Newest")
    assert prompts(face)[0] == "Newest"
    face.panel.generations = many[:1]
    assert prompts(face) == ["number 0"]
    assert not face.named("Older")


def prompts(face: Face) -> list[str]:
    """Of the tiles on the page, in order."""
    found: list[Any] = [
        re.search(r'comet-(?:caption|asked)"[^>]*>([^<]*)', face.text(tile)) for tile in face.tiles
    ]
    return [match[1].split(",")[0] for match in found]


def path_of(generation: Generation) -> Path:
    """Of its picture."""
    path = generation.images[0].path
    assert path is not None
    return path


def test_the_viewer_says_what_it_cannot_show(
    new_panel: MakePanel, kitten: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is gone, one that is too large for a message; then it holds nothing."""
    path = path_of(kitten)
    lost = replace(kitten.images[0], path=path.with_name("lost.png"))
    video = GeneratedVideo.from_url("https://a.example/v.mp4", "A boat")
    Path("v.mp4").write_bytes(MP4 + bytes(2_600_000))
    large = replace(video, path=Path("v.mp4"))
    face = new_panel(generations=[replace(kitten, images=(), videos=(large,)), kitten])
    monkeypatch.setattr("comet_magic.notebook.panel.viewer._MOST_BYTES", 1000)
    face.press("Full size", face.tiles[1])
    assert "The original has 3 MB and is in v.mp4." in face.text()
    assert "this is a smaller copy" not in face.text()
    assert "<video" not in face.text()
    face.press("Close")
    assert "The original has" not in face.text()
    assert not face.named("Close")
    face = new_panel(generations=[replace(kitten, images=(lost,))])
    assert face.buttons(face.tiles[0])[:3] == ["Full size", "Download", "Save as…"]
    face.press("Full size", face.tiles[0])
    said = f">The file {lost.path} cannot be read any more: No such file or directory.<"
    assert said in face.text()


def test_the_words_of_a_tile(new_panel: MakePanel, kitten: Generation) -> None:
    """Facts, the model last; notes and what went wrong; labels."""
    wrong = replace(
        kitten, images=(), status=Status.FAILED, error="It broke.", notes=("again in 2 s",),
        answer="I tried.", endpoint="api.example",
    )  # fmt: skip
    small = replace(kitten, prompt="x" * 300, model="m" * 50, usage=None, cost=0.02)
    face = new_panel(generations=[kitten, wrong, replace(small, elapsed=75.0)])
    usage = kitten.usage
    assert usage
    facts = [re.findall(r'comet-facts" title="([^"]*)"', face.text(tile)) for tile in face.tiles]
    seconds = words.seconds(kitten.elapsed)
    assert facts[2] == [f"1024 × 1024 · {usage.total_tokens:,} tokens · {seconds} · gpt-4o-image"]
    assert facts[0][0].endswith(f" · 75 s · {'m' * 39}…")
    assert "about $0.02" in facts[0][0]
    failed = face.text(face.tiles[1])
    assert "<strong>✗ failed</strong><div>It broke.</div>" in failed
    assert failed.count("It broke.") == 1
    assert "I tried." in failed
    assert "Note: again in 2 s" in failed
    assert 'aria-label="What went wrong"' in failed
    title = re.search(r'comet-caption" title="([^"]*)">([^<]*)', face.text(face.tiles[1]))
    assert title
    assert title[1] == title[2] == kitten.prompt


@pytest.mark.skipif(not hasattr(widgets.Button, "focus"), reason="ipywidgets 7 moves no keyboard")
@pytest.mark.usefixtures("slow")
def test_the_keyboard_follows_what_is_done(new_panel: MakePanel, kitten: Generation) -> None:
    """To what has opened, to what takes the place of what is gone, to what was asked for."""
    face = new_panel(generations=[replace(kitten, id=str(number)) for number in range(4)])
    tile = face.tiles[0]
    for pressed, focused in (
        ("Full size", "Close"), ("Save as…", "Save as 1"), ("Use as input", "Prompt"),
        ("Continue", "Prompt"),
    ):  # fmt: skip
        face.press(pressed, tile)
        assert face.focused == focused
    for place, then in ((2, "Full size 2"), (3, "Full size 2"), (1, "Full size 1")):
        face.press("Remove", face.tiles[place - 1])
        assert face.focused == then, place
    face.press("Vary", face.tiles[0])
    assert face.focused == "Stop 1"
    face.press("Stop", face.tiles[0])
    assert until(lambda: len(face.panel.generations) == 2)
    face.press("Remove", face.tiles[0])
    before = len(face.wire.focused)
    face.press("Remove", face.tiles[0])
    assert len(face.wire.focused) == before


def test_what_cannot_be_sent_moves_no_keyboard(
    new_panel: MakePanel, kitten: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason stands below the form."""
    face = new_panel(generations=[kitten])
    monkeypatch.setenv("COMETAPI_BASE_URL", "nowhere")
    before = len(face.wire.focused)
    face.press("Vary", face.tiles[0])
    assert "base URL" in face.problem
    assert len(face.wire.focused) == before


def test_a_failed_turn_is_not_gone_on_from(face: Face) -> None:
    """The next one follows the last that was answered; one of another beginning does neither."""
    face.make("A boat", model="gpt-4o-mini")
    face.press("Continue", face.tiles[0])
    with pytest.raises(Exception, match="400"):
        face.make("Refused", model="demo-error-400")
    assert "Continues from “A boat”." in face.text()
    face.press("Start over")
    face.make("A cat", model="gpt-4o-mini")
    assert "Continues from" not in face.text()


def test_a_new_panel_shows_who_answers_and_nothing_else(face: Face) -> None:
    """No empty boxes, no zero usage."""
    shown = [re.sub("<[^>]*>", "", each.value) for each in walk(face.panel) if is_html(each)]
    (said,) = [each for each in shown if each]
    assert said.startswith("Endpoint: http://127.0.0.1")


def test_a_picture_that_is_not_here_has_no_size(new_panel: MakePanel, kitten: Generation) -> None:
    """Nor the word for it, which a video and a sound have."""
    absent = replace(kitten.images[0], path=None, data=None, width=None, height=None)
    video = GeneratedVideo.from_url("https://a.example/v.mp4", "A boat")
    face = new_panel(generations=[replace(kitten, images=(absent,), videos=(video,))])
    facts = [re.findall(r'comet-facts" title="([^"]*)"', face.text(tile)) for tile in face.tiles]
    begins = {each[0].partition(" · ")[0] for each in facts}
    assert {each for each in begins if not each.endswith(" tokens in all")} == {"video"}
    assert all("not downloaded" in face.text(tile) for tile in face.tiles)


def test_two_missing_pictures_are_both_named(face: Face) -> None:
    """They have to stand beside the notebook for the cell to find them."""
    face.panel.prompt = "A kitten"
    for name in ("one.png", "two.png"):
        face.panel._form.pictures.add(name, encoded())
    assert "To run it, put one.png, two.png beside it." in face.cell


def test_a_picture_that_cannot_be_shown_small_is_no_input(
    new_panel: MakePanel, kitten: Generation
) -> None:
    """It can be saved as it is, and neither varied nor sent along."""
    Path("odd.png").write_bytes(b"no picture")
    odd = replace(kitten.images[0], path=Path("odd.png"), data=None)
    face = new_panel(generations=[replace(kitten, images=(odd,))])
    offered = ["Full size", "Download", "Save as…", "Continue", "Remove"]
    assert face.buttons(face.tiles[0]) == offered


def test_the_summary_follows_when_one_of_several_is_removed(
    kernel_shell: Shell, new_panel: MakePanel, kitten: Generation
) -> None:
    """The generation stays, and so do its other pictures."""
    face = new_panel(generations=[replace(kitten, images=kitten.images * 2)])
    kernel_shell.ip.user_ns["panel"] = face.panel
    kernel_shell.run("display(panel)")
    face.press("Remove", face.tiles[0])
    last = kernel_shell.bundles[-1]["data"]
    assert last["text/html"].count("<img") == 1
    assert last["text/plain"].endswith("1 result.")
