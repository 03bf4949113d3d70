"""Small samples of everything that the painter can do, and a sheet of how they should look.

The sheet is `samples.png` beside this file. After a change of a drawing on purpose, run
`python -m tests.demo.painting.samples`, look at the new sheet, and commit it.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from comet_magic.demo.painting import edit, paint
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.kinds import KINDS
from comet_magic.demo.painting.pen import Pen

SIDE = 16
SHEET = Path(__file__).with_name("samples.png")
COLUMNS = 24
STYLES = ["cartoon", "watercolour", "pixel art", "sketch", "oil painting", "minimalist"]
STYLES += ["neon", "paper cut", "vintage"]
PLACES = ["mountains", "meadow", "volcano", "forest", "sea", "beach", "lake", "river", "desert"]
PLACES += ["city", "street", "space", "underwater", "table", "garden"]
LIGHTS = ["by day", "at night in winter", "at sunset in the rain"]
SCENES = [
    *(f"{place} {light}" for place in PLACES for light in LIGHTS),
    *(f"{scene}, {style}" for style in STYLES for scene in ("a house by a river", "two balloons")),
    *(f"hills, {weather}" for weather in ("fog", "storm", "snow", "aurora", "cloudy", "windy")),
    *(f"hills, {season}" for season in ("spring", "summer", "autumn", "dawn", "pink sky")),
    *("a lake, mountains far away", "a beach, a city far away", "a forest, a volcano far away"),
    *(
        "abc",
        "xyz",
        "why not",
        "something purple",
        "a portrait of a woman",
        "the moon",
        "a heart",
        "an astronaut on the moon",
    ),
    *("a cat on a cloud", "a bear reading a book", "a dog wearing a hat", "three balloons"),
    *("two cats in a boat, paper cut", "a robot with an umbrella", "a train on a bridge"),
    *("five stars and a moon", "a cake and three apples", "a boat on the sea", "a flying pig"),
    *("three trees in a meadow, 9:16", "a boat on a lake, 16:9", "a lighthouse, 9:16"),
]
MOMENTS = [
    "a boat on the sea",
    "a cat on a cloud",
    "hills, windy",
    "snow in a forest",
    "underwater",
]
MOMENTS += ["space", "a city at night", "rain on a lake", "abc", "why not", "a beach", "a river"]
EDITS = ["make it night", "sunset", "snow", "rain", "fog", "black and white", "cartoon", "neon"]
EDITS += ["watercolour", "oil painting", "pixel art", "sketch", "vintage", "invert", "mirror it"]
EDITS += ["upside down", "brighter", "darker", "make it blue", "more vivid", "more contrast"]
EDITS += ["autumn", "confetti", "put it in a frame", "add a heart and a cat", "add a red hat", ""]


@cache
def all_samples() -> Mapping[str, Callable[[], Image.Image]]:
    """Every sample by its name; each is a square picture."""
    changed = Guise((20, 160, 150), "changed", time=0.3, dark=True, snowy=True, flying=True)
    return {
        **{f"thing: {name}": partial(draw_thing, name, Guise(seed="plain")) for name in KINDS},
        **{f"thing, changed: {name}": partial(draw_thing, name, changed) for name in KINDS},
        **{f"scene: {prompt}": partial(paint_scene, prompt) for prompt in SCENES},
        **{f"moment: {prompt}": partial(paint_scene, prompt, time=0.3) for prompt in MOMENTS},
        **{f"edit: {words}": partial(edit_scene, words) for words in EDITS},
    }


def draw_thing(name: str, guise: Guise) -> Image.Image:
    """Draw one thing alone on grey, as large as it fits."""
    kind, large = KINDS[name], 4 * SIDE
    canvas = Image.new("RGB", (large, large), (128, 128, 128))
    scale = 0.88 * large / max(2 * kind.half, kind.tall)
    kind.draw(Pen(canvas, (scale, 0, 0, scale, large / 2, 0.94 * large)), guise)
    return canvas.reduce(4)


def paint_scene(prompt: str, time: float = 0.0) -> Image.Image:
    """Paint a scene and reduce it to a square."""
    scene = paint(prompt, long_side=4 * SIDE, time=time)
    return scene.resize((SIDE, SIDE), Image.Resampling.BOX)


def edit_scene(words: str) -> Image.Image:
    """Change a scene and reduce it."""
    return edit(_original(), words).reduce(4)


@cache
def _original() -> Image.Image:
    return paint("a dog and a boat", ratio="1:1", long_side=4 * SIDE)


def on_sheet(name: str) -> Image.Image:
    """The sample of that name, as it is on the sheet."""
    across, down = _place(name)
    return _sheet().crop((across, down, across + SIDE, down + SIDE))


@cache
def _sheet() -> Image.Image:
    with Image.open(SHEET) as sheet:
        return sheet.convert("RGB")


def _place(name: str) -> tuple[int, int]:
    number = list(all_samples()).index(name)
    return number % COLUMNS * SIDE, number // COLUMNS * SIDE


def differ(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures of one size are apart: the mean difference of a channel."""
    means = ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean
    return sum(means) / 3


def main() -> None:
    """Write the sheet."""
    samples = all_samples()
    sheet = Image.new("RGB", (COLUMNS * SIDE, -(-len(samples) // COLUMNS) * SIDE))
    for name, sample in samples.items():
        sheet.paste(sample(), _place(name))
    sheet.save(SHEET, optimize=True)


if __name__ == "__main__":
    main()
