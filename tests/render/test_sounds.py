"""Sounds on a page: players, captions, counts."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from comet_magic.generation import Status
from comet_magic.media.audios import MOST_EMBEDDED, GeneratedAudio
from comet_magic.render import final_bundles, live_bundle, mimebundle, plain, words
from comet_magic.render.sounds import player
from tests.media.test_images import image
from tests.pictures import encoded
from tests.render.test_render import HOSTILE, Page
from tests.sounds import LINK, MP3, sound, spoken, wav

LARGE = MP3 + bytes(MOST_EMBEDDED)


def audio_of(html: str) -> dict[str, str]:
    """The attributes of the only player in some HTML."""
    page = Page(html)
    assert page.names.count("audio") == 1
    assert not page.open
    return {key: value for name, key, value in page.attributes if name == "audio"}


def test_a_small_sound_is_embedded() -> None:
    """It plays wherever the notebook is opened."""
    folder = Path("comet_images")
    for made in (sound(), sound(path=folder / "x.wav")):
        html = mimebundle(made)["text/html"]
        assert audio_of(html)["src"].startswith("data:audio/wav;base64,UklGR")
        assert "controls" in audio_of(html)
    assert "comet_images/x.wav" in html


def test_a_large_sound_plays_from_its_file() -> None:
    """As seen from the notebook; the notebook stays small."""
    bundle = mimebundle(sound(LARGE, Path("comet_images") / "what? a.mp3"))
    assert audio_of(bundle["text/html"])["src"] == "comet_images/what%3F%20a.mp3"
    assert len(bundle["text/html"]) < 3_000
    assert "500 kB mp3 · comet_images/what? a.mp3" in bundle["text/html"]


@pytest.mark.parametrize("made", [GeneratedAudio.from_url(LINK, "Hello"), sound(LARGE)])
def test_what_cannot_be_played_is_linked(made: GeneratedAudio) -> None:
    """A sound that was not fetched, or that is large and could not be saved."""
    assert player(made) is None
    html = mimebundle(made)["text/html"]
    assert "<audio" not in html
    assert "The sound is not here, only its link" in html
    assert 'href="https://a.example/hello.mp3?sig=secret' in html
    assert "link expires 2026-11-28 12:00 UTC" in html


def test_a_sound_has_its_words_as_a_caption() -> None:
    """A long text opens; the pointer sees its beginning."""
    said = "word " * 400
    html = mimebundle(sound(alt=said))["text/html"]
    assert " … more" in html
    assert len(audio_of(html)["title"]) == 200
    assert "This page cannot play the sound." in html


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_sound_becomes_markup(text: str) -> None:
    """Neither its words nor its link nor its file."""
    made = replace(sound(alt=text), url=text, path=Path(text.replace("/", "")))
    for shown in (made, replace(made, data=None), replace(made, data=None, path=None)):
        page = Page(mimebundle(shown)["text/html"])
        assert not {"script", "img", "svg", "iframe"} & set(page.names)
        assert not [key for _, key, _ in page.attributes if key.startswith("on")]
        assert "\x1b" not in mimebundle(shown)["text/plain"]


def test_each_sound_is_an_output_before_the_summary(tmp_path: Path) -> None:
    """Counted there, and in words where there are only words."""
    first, second = sound(path=tmp_path / "a.wav"), sound(wav(2.0), tmp_path / "b.wav")
    *sounds, summary = final_bundles(spoken(first, second, endpoint="demo"))
    assert len(sounds) == 2
    assert all(bundle["text/plain"].startswith("[sound, demo] Hello\n") for bundle in sounds)
    assert "\n32 kB wav · b.wav" in sounds[1]["text/plain"]
    assert "2 sounds · " in summary["text/html"]
    assert "2 sounds · " in summary["text/plain"]
    assert "1 sound" in words.summary(spoken(first))
    assert plain.whole(spoken(first)).startswith("[sound] Hello\n")
    assert [*mimebundle(spoken(first, second))["text/html"].split("<audio")][1:]


def test_several_generations_have_their_sounds_side_by_side() -> None:
    """At the end; a frame while others run holds none of their bytes."""
    ended, runs = spoken(sound()), replace(spoken(), status=Status.GENERATING)
    assert "<audio" not in live_bundle(ended, runs)["text/html"]
    (bundle,) = final_bundles(ended, spoken(sound(), sound()))
    assert bundle["text/html"].count("<audio") == 3
    assert bundle["text/plain"].count("[sound] Hello") == 3


def test_a_sound_on_its_way_is_said() -> None:
    """Its link is known and its bytes are not here yet."""
    linked = GeneratedAudio.from_url(LINK)
    assert words.stage(spoken(linked, status=Status.GENERATING)) == "fetching the sound"
    both = spoken(linked, images=(image(encoded()),), status=Status.GENERATING)
    assert words.stage(both) == "fetching the picture"


def test_a_page_holds_a_hundred_links_and_every_sound_that_came() -> None:
    """Of a thousand links a hundred have a place."""
    linked = [GeneratedAudio.from_url(f"{LINK}&n={number}") for number in range(120)]
    bundles = final_bundles(spoken(*linked, sound()))
    html = "".join(bundle["text/html"] for bundle in bundles)
    assert len(re.findall("The sound is not here", html)) == words.MOST_SHOWN
    assert html.count("<audio") == 1
