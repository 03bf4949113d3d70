"""Files: named safely, never overwritten, never half-written."""

import asyncio
import base64
import io
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from comet_magic.media.archive import check_folder, save_media, slug, with_png_text
from comet_magic.media.audios import GeneratedAudio
from comet_magic.media.images import GeneratedImage
from tests.client.scripted import DONE, Endpoint, create, delta, sse
from tests.pictures import encoded
from tests.sounds import AAC, FLAC, M4A, MP3, OGG, sound, wav

LINK = "data:image/png;base64," + base64.b64encode(encoded()).decode()
NOW = datetime(2026, 11, 22, 18, 47, 16, tzinfo=UTC)


def saved(folder: Path, alt: str, data: bytes | None = None) -> Path:
    """Where a picture of `alt` was saved."""
    image = GeneratedImage.from_url("https://a.example/x.png", alt).with_data(data or encoded())
    path = save_media(image, folder, {"prompt": alt}, NOW).path
    assert path is not None
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A cute kitten, sitting", "a-cute-kitten-sitting"),
        ("../../x", "x"),
        ("CON", "con"),
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j"),
        ("😀" * 300, ""),
        ("画个牛马", "画个牛马"),
        ("x" * 500, "x" * 48),
        ("\x00\n.", ""),
        ("nul.txt", "nul-txt"),
        ("x. . .", "x"),
        ("ＣＡＴ cat CAT ﬁsh", "cat-cat-cat-fish"),
        ("a\u202egnp.exe", "a-gnp-exe"),
    ],
)
def test_slugs_are_safe_on_every_system(text: str, expected: str) -> None:
    """Letters and digits with dashes between them, few enough for every file system."""
    assert slug(text) == expected
    assert len(slug("画" * 500).encode()) <= 120


def test_slugs_hold_what_names_can_hold_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Older machines name their files in Latin-1, and some in ASCII."""
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "latin-1")
    assert slug("一只猫, un café") == "un-café"
    assert slug("一只猫") == ""


def test_names_begin_with_the_time_and_are_never_reused(tmp_path: Path) -> None:
    """A second picture of the same second gets a number; nothing is overwritten."""
    paths = [saved(tmp_path / "a" / "b", "A cat") for _ in range(3)]
    assert [path.name for path in paths] == [
        "20261122-184716-a-cat.png", "20261122-184716-a-cat-2.png", "20261122-184716-a-cat-3.png",
    ]  # fmt: skip
    assert saved(tmp_path, "CON").stem.startswith("2026")
    assert saved(tmp_path, "😀").name == "20261122-184716.png"
    assert saved(tmp_path, "A cat", encoded("WEBP")).suffix == ".webp"
    assert not list(tmp_path.rglob("*.part"))


def test_a_name_whose_sidecar_exists_is_not_taken(tmp_path: Path) -> None:
    """Neither picture nor sidecar of somebody else is lost."""
    (tmp_path / "20261122-184716-a-cat.json").write_text("mine")
    assert saved(tmp_path, "A cat").stem == "20261122-184716-a-cat-2"
    assert (tmp_path / "20261122-184716-a-cat.json").read_text() == "mine"


def test_a_picture_without_a_sidecar_is_not_overwritten(tmp_path: Path) -> None:
    """As one is that came while the disk was full, or that somebody put there."""
    (tmp_path / "20261122-184716-a-cat.png").write_bytes(b"mine")
    assert saved(tmp_path, "A cat").stem == "20261122-184716-a-cat-2"
    assert (tmp_path / "20261122-184716-a-cat.png").read_bytes() == b"mine"
    assert not (tmp_path / "20261122-184716-a-cat.json").exists()


def test_eight_threads_with_one_prompt_overwrite_nothing(tmp_path: Path) -> None:
    """Each picture has its own name and a sidecar that names it, also where only case differs."""
    alts, forms = ("A cat", "a CAT"), ("PNG", "JPEG", "WEBP")
    work = [(alts[number % 2], encoded(forms[number % 3])) for number in range(48)]
    together = threading.Barrier(8)

    def save(part: int) -> list[Path]:
        together.wait(10)
        return [saved(tmp_path, *work[number]) for number in range(part, 48, 8)]

    with ThreadPoolExecutor(8) as pool:
        paths = [path for many in pool.map(save, range(8)) for path in many]
    assert len({path.stem.casefold() for path in paths}) == 48
    for path in paths:
        assert json.loads(path.with_suffix(".json").read_text())["file"] == path.name
    assert len(list(tmp_path.iterdir())) == 96


def test_who_is_killed_while_saving_leaves_no_half_picture(tmp_path: Path) -> None:
    """Whatever stands under a picture's name is the picture; the next one takes another name."""

    class Killed(BaseException):
        """As good as a power cut: nothing tidies up after it."""

    image = GeneratedImage.from_url("https://a.example/x.png", "A cat").with_data(encoded())

    def killed(*_: object, **__: object) -> None:
        raise Killed

    for moment in ("write_bytes", "replace"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "unlink", lambda *_, **__: None)
            patch.setattr(Path, moment, killed)
            with pytest.raises(Killed):
                save_media(image, tmp_path, {}, NOW)
    assert list(tmp_path.glob("2*.png")) == []
    assert saved(tmp_path, "A cat").stem == "20261122-184716-a-cat-3"


def test_a_full_disk_loses_no_picture(tmp_path: Path) -> None:
    """The generation is complete, its picture is in memory and shown, and a note says why."""
    if sys.platform == "win32":
        pytest.skip("there is no limit for files on Windows")
    script = """
import resource, comet_magic
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
generation = comet_magic.generate("A cat")
image = generation.images[0]
print(generation.status, len(image.data) > 10_000, image.preview is not None, image.path)
print(*generation.notes)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""
    why = "The picture could not be saved in comet_images: File too large."
    assert done.stdout.splitlines() == [
        "complete True True None",
        f"{why} It is shown here and kept.",
    ]
    assert list(Path("comet_images").iterdir()) == []


def test_a_disk_that_is_full_after_the_picture_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the sidecar is missing, and no half of one is there."""
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if ".json" in path.name:
            raise OSError(28, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    endpoint = Endpoint(sse(delta(f"![gen]({LINK})", "stop"), DONE))
    work = create(endpoint, model="gpt-4o-image", download=True, save_dir=tmp_path / "x")
    generation = asyncio.run(work)
    path = generation.images[0].path
    assert path is not None
    assert list(path.parent.iterdir()) == [path]
    assert generation.notes == (f"{path.name} is saved; its JSON file could not be written.",)


def test_the_sidecar_and_the_png_say_what_the_picture_was_made_from(tmp_path: Path) -> None:
    """In any script; the pixels and the other bytes stay as received."""
    path = saved(tmp_path, "画 🎨")
    assert json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["prompt"] == "画 🎨"
    with Image.open(path) as image:
        image.load()
        assert image.text["prompt"] == "画 🎨"  # type: ignore[attr-defined]
        with Image.open(io.BytesIO(encoded())) as original:
            assert image.tobytes() == original.tobytes()


def test_only_pngs_are_given_text() -> None:
    """Other bytes stay as they are; empty values are left out."""
    assert with_png_text(b"\xff\xd8", {"a": "b"}) == b"\xff\xd8"
    assert with_png_text(encoded(), {"a": None, "b": {}, "c": ""}) == encoded()
    with Image.open(io.BytesIO(with_png_text(encoded(), {"a": {"b": 1}}))) as image:
        image.load()
        assert image.text == {"a": '{"b": 1}'}  # type: ignore[attr-defined]


def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk leaves neither a part nor an empty file."""

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    image = GeneratedImage.from_url("https://a.example/x.png", "A cat").with_data(encoded())
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        save_media(replace(image), tmp_path, {}, NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_checked_before_anything_is_sent(tmp_path: Path) -> None:
    """One that can be made is fine and not made yet; one below a file cannot be."""
    check_folder(tmp_path / "a" / "b")
    assert not (tmp_path / "a").exists()
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "x"):
        with pytest.raises(ValueError, match="is a file"):
            check_folder(folder)


@pytest.mark.parametrize(
    ("data", "ending"),
    [(wav(), ".wav"), (MP3, ".mp3"), (OGG, ".ogg"), (FLAC, ".flac"), (AAC, ".aac"), (M4A, ".m4a")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_sound_is_saved_as_it_was_received(tmp_path: Path, data: bytes, ending: str) -> None:
    """Byte for byte, under its own extension, with a JSON file beside it."""
    made = save_media(sound(data, alt="Hello, world"), tmp_path, {"prompt": "Hello"}, NOW)
    assert isinstance(made, GeneratedAudio)
    assert made.path == tmp_path / f"20261122-184716-hello-world{ending}"
    assert made.path.read_bytes() == made.data == data
    about = json.loads(made.path.with_suffix(".json").read_text())
    assert about == {"file": made.path.name, "prompt": "Hello"}


def test_a_sidecar_and_a_png_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Chinese stays Chinese, for those who open the file."""
    image = GeneratedImage.from_url("https://a.example/x.png", "猫").with_data(encoded())
    about = {"prompt": "一只猫", "parameters": {"prompt": "猫"}}
    path = save_media(image, tmp_path, about, NOW).path
    assert path is not None
    assert "一只猫" in path.with_suffix(".json").read_text("utf-8")
    assert '{"prompt": "猫"}'.encode() in path.read_bytes()
