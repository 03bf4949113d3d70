"""A PNG of 4 MB: downloaded, checked, made small, saved; beside Pillow's part of that alone."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image

import comet_magic as comet

from .. import wire
from ..report import Row
from ..run import Run, ratio
from ..server import raw_server


def measure(run: Run) -> list[Row]:
    """CPU and wall time, from the request to the saved file."""
    with raw_server() as url:
        found = run.measure("photo", ["comet_magic", "Pillow"], f"{url}/link/v1")
    work = f"a PNG of {len(wire.photo()) / 1e6:.1f} MB: asked for, downloaded, checked, saved"
    return [
        Row(work, "time, Pillow alone", ratio(found, "comet_magic", "Pillow", "wall"), " ×", 1.3),
        Row(work, "CPU, Pillow alone", ratio(found, "comet_magic", "Pillow"), " ×"),
    ]


def contestant(name: str, url: str) -> Callable[[], None]:
    """All of it, or what Pillow does of it with the bytes at hand."""
    folder = Path(tempfile.mkdtemp())
    data = wire.photo()

    def with_pillow() -> None:
        image = Image.open(io.BytesIO(data))
        image.load()
        small = image.convert("RGB")
        small.thumbnail((768, 768), Image.Resampling.LANCZOS, reducing_gap=1.5)
        stream = io.BytesIO()
        small.save(stream, "JPEG", quality=85)
        (folder / "photo.png").write_bytes(data)

    def with_comet() -> None:
        generation = comet.generate("a photo", model=wire.MODEL, base_url=url, save_dir=folder)
        [image] = generation.images
        assert image.data == data
        assert image.path is not None
        assert image.preview is not None

    return with_pillow if name == "Pillow" else with_comet
