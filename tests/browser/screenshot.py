"""Makes `notebooks/images/quickstart.png`, the picture in the README, from the real thing.

    python -m tests.browser.screenshot

It runs a cell against the demo in a JupyterLab of its own, takes the cell as it stands on a dense
screen, and writes it with a palette of as many colours as a small file can have.
"""

import io
import tempfile
from pathlib import Path

from PIL import Image

from .chromium import open_page
from .lab import running_lab
from .notebook import LOAD, open_notebook

TARGET = Path(__file__).parents[2] / "notebooks" / "images" / "quickstart.png"
CELL = "%%comet\nA cute kitten sitting on a cloud, cartoon style"
_MOST_BYTES = 118_000
_PIXELS = 1200
_CELL = 620  # of CSS: the prompt, the picture and a usage line of one line
_BELOW = 6  # the edge of the next cell, which is the active one


def main() -> None:
    """Writes the picture."""
    with Image.open(io.BytesIO(_shot())) as image:
        picture = image.convert("RGB").crop((0, 0, _PIXELS, image.height - _BELOW))
    data = _small(picture)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(data)
    print(f"{TARGET}: {picture.width} × {picture.height}, {len(data) / 1000:.0f} kB")


def _shot() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        environment = {"COMET_DEMO_PACE": "0.5"}
        with (
            running_lab(Path(folder), environment) as lab,
            open_page(lab, scale=_PIXELS / _CELL) as page,
        ):
            # A wide page, for the prompt beside the cell; the cell as wide as the picture.
            page.add_style_tag(content=f".jp-Cell {{ max-width: {_CELL}px }}")
            notebook = open_notebook(page, lab, [LOAD, CELL, ""])
            for number in range(3):
                notebook.run(number)
            page.mouse.move(0, 0)  # no buttons of the cell under the pointer
            page.wait_for_timeout(500)
            return notebook.cell(1).screenshot(type="png")


def _small(picture: Image.Image) -> bytes:
    data = b""
    for colours in range(256, 32, -16):
        out = io.BytesIO()
        # Not dithered: that takes twice the bytes, and text gets dust around it.
        picture.quantize(colours, kmeans=4).save(out, "PNG", optimize=True)
        data = out.getvalue()
        if len(data) <= _MOST_BYTES:
            break
    return data


if __name__ == "__main__":
    main()
