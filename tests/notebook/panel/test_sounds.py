"""Sounds in the gallery of a panel."""

import base64
from pathlib import Path

from comet_magic.media.audios import MOST_EMBEDDED
from tests.sounds import MP3, sound, spoken, wav

from .conftest import MakePanel

WAV = base64.b64encode(wav()).decode()
FOLDER = Path("comet_images")


def test_a_sound_has_a_player_in_its_tile(new_panel: MakePanel) -> None:
    """Read from its file when it is shown; a picture's buttons are not offered."""
    face = new_panel(generations=[spoken(sound(path=FOLDER / "x.wav")).on_disk()])
    (tile,) = face.tiles
    assert f"data:audio/wav;base64,{WAV}" in face.text(tile)
    assert "sound · " in face.text(tile)
    assert "Hello" in face.text(tile)
    assert face.buttons(tile) == ["Open", "Download", "Save as…", "Continue", "Remove"]


def test_a_panel_keeps_no_bytes_of_saved_sounds(new_panel: MakePanel) -> None:
    """Neither in its results nor in what stays in the notebook below it."""
    face = new_panel(generations=[spoken(sound(path=FOLDER / "x.wav"))])
    (entry,) = face.panel._collection.wall.entries
    assert entry.result is not None
    assert entry.result.cell.media is not None
    assert entry.result.cell.media.data is None
    pinned = face.panel._collection.pinned._bundle
    assert 'src="comet_images/x.wav"' in pinned["text/html"]
    assert WAV not in pinned["text/html"]


def test_a_large_sound_is_played_when_it_is_opened(new_panel: MakePanel) -> None:
    """Its tile says how large it is; the viewer holds it while it is open."""
    data = MP3 + bytes(MOST_EMBEDDED)
    whole = base64.b64encode(data).decode()
    face = new_panel(generations=[spoken(sound(data, FOLDER / "x.mp3"))])
    assert "500 kB mp3" in face.text(face.tiles[0])
    assert "<audio" not in face.text()
    face.press("Open", face.tiles[0])
    assert f'src="data:audio/mpeg;base64,{whole}"' in face.wire.text.replace("\\", "")
    face.press("Close")
    assert whole not in face.wire.text


def test_a_sound_can_be_downloaded(new_panel: MakePanel) -> None:
    """Under its name; one that was not saved gets a name."""
    face = new_panel(generations=[spoken(sound(path=FOLDER / "x.wav")), spoken(sound())])
    seen: list[str] = []
    face.panel._collection.viewer.file.observe(lambda change: seen.append(change["new"]), "value")
    for tile, name in zip(face.tiles, ("sound.wav", "x.wav"), strict=True):
        face.press("Download", tile)
        assert f'download="{name}"' in seen[-1]
        assert f"data:audio/wav;base64,{WAV}" in seen[-1]


def test_a_sound_that_is_not_there_is_linked(new_panel: MakePanel) -> None:
    """One whose file is gone says so when it is opened."""
    path = FOLDER / "x.wav"
    generation = spoken(sound(path=path))
    path.unlink()
    face = new_panel(generations=[generation.on_disk()])
    assert "<audio" not in face.text()
    assert "Open its link" in face.text(face.tiles[0])
    face.press("Open", face.tiles[0])
    assert "cannot be read any more" in face.text()
