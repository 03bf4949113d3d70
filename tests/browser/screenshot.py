"""Makes `quickstart.png` and `panel.png` in `notebooks/images`, the README's, from the real thing.

    python -m tests.browser.screenshot [quickstart] [panel]

It runs cells against the demo in a JupyterLab of its own, takes them as they stand on a dense
screen, and writes them with a palette of as many colours as a small file can have.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

from .chromium import open_page
from .lab import running_lab
from .notebook import LOAD, open_notebook
from .panel import PanelOnPage

FOLDER = Path(__file__).parents[2] / "notebooks" / "images"
PANEL = "panel = %comet panel\npanel"
PROMPTS = (
    "Two sailing boats on a lake in autumn",
    "A cute kitten on a cloud",
    "A lighthouse at dusk",
)
CELL = "%%comet\nA cute kitten sitting on a cloud, cartoon style"
_MOST_BYTES = 118_000
_PIXELS = 1200
_CELL = 620  # of CSS: the prompt, the picture and a usage line of one line
_PANEL = 880  # of CSS: three pictures side by side
_BELOW = 6  # the edge of the next cell, which is the active one


def main() -> None:
    """Writes the pictures that are named, or all."""
    shots = {"quickstart": _shot, "panel": _panel_shot}
    for name in sys.argv[1:] or shots:
        with Image.open(io.BytesIO(shots[name]())) as image:
            picture = image.convert("RGB").crop((0, 0, _PIXELS, image.height - _BELOW))
        data = _small(picture)
        target = FOLDER / f"{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        print(f"{target}: {picture.width} × {picture.height}, {len(data) / 1000:.0f} kB")


def _panel_shot() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        environment = {"COMET_DEMO_PACE": "0.1"}
        with (
            running_lab(Path(folder), environment) as lab,
            open_page(lab, scale=_PIXELS / _PANEL) as page,
        ):
            notebook = open_notebook(page, lab, [LOAD, PANEL])
            for number in range(2):
                notebook.run(number)
            panel = PanelOnPage(page, notebook.output(1))
            panel.be_wide(_PANEL)
            for count, prompt in enumerate(PROMPTS, 1):
                panel.ask(prompt)
                panel.pictures(count)
            page.set_viewport_size({"width": page.evaluate("innerWidth"), "height": 1200})
            panel.root.click(position={"x": 1, "y": 1})
            page.mouse.move(0, 0)
            page.wait_for_timeout(500)
            return panel.root.screenshot(type="png")


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
