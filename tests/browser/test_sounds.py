"""Sounds in JupyterLab: they can be played from the notebook and from their files."""

from .conftest import OpenDocument, OpenNotebook
from .notebook import Notebook

SOUNDS = """
import io, wave
from datetime import datetime
from pathlib import Path
import comet_magic as comet
from comet_magic.media.archive import save_media

def sound(seconds):
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1), file.setsampwidth(2), file.setframerate(24_000)
        file.writeframes(bytes(48_000 * seconds))
    made = comet.GeneratedAudio("https://a.example/x.wav", alt="Say hello")
    made = made.with_data(stream.getvalue())
    return save_media(made, Path("comet_images"), {}, datetime.now())
"""
# Of its own accord a browser fetches no more than the length of a sound.
LENGTH = """async audio => {
    for (let tries = 0; tries < 100 && !(audio.readyState >= 1); tries++)
        await new Promise(done => setTimeout(done, 50));
    return [audio.src.slice(0, 11), audio.duration, audio.getBoundingClientRect().width > 200];
}"""


def player(notebook: Notebook, cell: int) -> tuple[str, float, bool]:
    """The beginning of the address, the seconds, and whether the player can be seen."""
    source, seconds, shown = notebook.output(cell).locator("audio").evaluate(LENGTH)
    return source, seconds, shown


def test_a_small_sound_plays_from_the_notebook_and_a_large_one_from_its_file(
    notebook: OpenNotebook,
) -> None:
    """Both have their length at once, and their words below them."""
    opened = notebook([SOUNDS, "sound(5)", "sound(30)"])
    for cell in (0, 1, 2):
        opened.run(cell)
    assert player(opened, 1) == ("data:audio/", 5, True)
    assert player(opened, 2) == ("http://127.", 30, True)
    assert "Say hello" in opened.output(2).inner_text()
    assert "1.4 MB wav · comet_images/" in opened.output(2).inner_text()
    assert len(opened.html_outputs(2)[0]) < 3_000


def test_sounds_of_an_untrusted_notebook_can_be_played(
    notebook: OpenNotebook, document: OpenDocument
) -> None:
    """The page cleans the outputs of somebody else's notebook; the players stay."""
    opened = notebook([SOUNDS, "sound(5)", "sound(30)"])
    for cell in (0, 1, 2):
        opened.run(cell)
    saved = opened.save()
    saved["metadata"]["from"] = "another computer"
    copy = document(saved)
    assert not copy.is_trusted(1)
    assert player(copy, 1)[1:] == (5, True)
    assert player(copy, 2)[1:] == (30, True)
