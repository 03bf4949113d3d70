"""The painter: pictures from words."""

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageStat

from comet_magic.demo.painting import edit, paint
from comet_magic.demo.painting.kinds import KINDS
from comet_magic.demo.painting.scene import read_scene
from tests.demo.painting.samples import PLACES, STYLES, differ

SMALL = 96


def share_near(image: Image.Image, colour: tuple[int, int, int], reach: int) -> float:
    """Give the share of pixels whose channels are all within reach of the colour."""
    counts = image.convert("RGB").getcolors(image.width * image.height) or []
    near = 0
    for count, pixel in counts:
        assert isinstance(pixel, tuple)
        near += count * all(abs(a - b) <= reach for a, b in zip(pixel, colour, strict=True))
    return near / (image.width * image.height)


def test_the_same_words_give_the_same_pixels() -> None:
    """Painting is deterministic within a process."""
    one, other = (paint("a red fox in the snow", long_side=SMALL) for _ in range(2))
    assert one.tobytes() == other.tobytes()


def test_another_process_gives_the_same_pixels() -> None:
    """The seed does not depend on the hash seed of a process."""
    script = (
        "import hashlib; from comet_magic.demo.painting import paint;"
        "print(hashlib.sha256(paint('two owls, night', long_side=64).tobytes()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a cat", "a dog", id="subject"),
        pytest.param("a cat", "a cat at night", id="hour"),
        pytest.param("a cat", "a cat in the snow", id="weather"),
        pytest.param("a cat", "a cat by the sea", id="place"),
        pytest.param("a cat", "a cat, pixel art", id="style"),
        pytest.param("abc", "abd", id="unknown words"),
    ],
)
def test_other_words_give_another_picture(one: str, other: str) -> None:
    """Each sort of word changes what is painted."""
    assert differ(paint(one, long_side=SMALL), paint(other, long_side=SMALL)) > 4


def test_a_variant_is_another_composition() -> None:
    """Two pictures of one request are visibly different."""
    pictures = [paint("a boat on a lake", long_side=SMALL, variant=n) for n in range(3)]
    assert differ(pictures[0], pictures[1]) > 4
    assert differ(pictures[1], pictures[2]) > 4


def test_time_moves_the_picture_in_a_loop() -> None:
    """A film differs from frame to frame, and its end meets its beginning."""
    still, later, end = (paint("boat at sea", long_side=SMALL, time=t) for t in (0, 0.25, 1.0))
    near_end = paint("boat at sea", long_side=SMALL, time=0.99)
    assert differ(still, later) > 0.5
    assert still.tobytes() == end.tobytes()
    assert differ(still, near_end) < differ(still, later)


@pytest.mark.parametrize(
    ("ratio", "size"),
    [
        ("1:1", (96, 96)),
        ("3:2", (96, 64)),
        ("2:3", (64, 96)),
        ("16:9", (96, 54)),
        ("9:16", (54, 96)),
        ("1024x1536", (64, 96)),
        ("99:1", (96, 24)),
        ("nonsense", (96, 96)),
    ],
)
def test_the_ratio_is_honoured(ratio: str, size: tuple[int, int]) -> None:
    """The long side is as asked for, the other follows from the ratio within reason."""
    picture = paint("a tree, 4:3", ratio=ratio, long_side=SMALL)
    assert (picture.size, picture.mode) == (size, "RGB")


@pytest.mark.parametrize(
    "prompt",
    [
        pytest.param("", id="empty"),
        pytest.param("   \n\t", id="white space"),
        pytest.param("🐱🚀🌈", id="emoji"),
        pytest.param("\x00\x1b[31m\x7f\u202e", id="control characters"),
        pytest.param("\ud800", id="lone surrogate"),
        pytest.param("cat " * 3000, id="huge"),
        pytest.param("Привет, мир! مرحبا שלום", id="other scripts"),
        pytest.param("a" * 10_000, id="one long word"),
    ],
)
def test_any_prompt_gives_a_picture(prompt: str) -> None:
    """No text is an error, and no picture is blank."""
    picture = paint(prompt, long_side=SMALL)
    assert len(picture.getcolors(SMALL * SMALL) or []) > 50


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=80), st.integers(-3, 3), st.floats(0, 1, exclude_max=True))
def test_any_arguments_give_a_picture(prompt: str, variant: int, time: float) -> None:
    """Whatever the text, variant and moment, the picture has the size that was asked for."""
    picture = paint(prompt, ratio="3:2", variant=variant, long_side=33, time=time)
    assert picture.size == (33, 22)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_thing_shows_against_its_place(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind has a word, and the same scene without its drawing is another picture."""
    assert [thing.name for thing in read_scene(f"a {name}").things] == [name]
    with_it = paint(f"a {name} in the desert", long_side=64)
    monkeypatch.setitem(KINDS, name, replace(KINDS[name], draw=lambda pen, guise: None))
    assert differ(with_it, paint(f"a {name} in the desert", long_side=64)) > 1


@pytest.mark.parametrize("style", STYLES)
def test_every_style_finishes_a_picture(style: str) -> None:
    """Each style gives a whole picture that differs from the plain one."""
    plain = paint("a house by a river", long_side=SMALL)
    assert differ(plain, paint(f"a house by a river, {style}", long_side=SMALL)) > 2


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("light", ["at night in winter", "at sunset in the rain"])
def test_every_place_can_be_painted(place: str, light: str) -> None:
    """Each place works in any light, weather and season, wide as well as tall."""
    assert paint(f"{place} {light}", ratio="16:9", long_side=64).size == (64, 36)
    assert paint(f"{place} {light}", ratio="9:16", long_side=64).size == (36, 64)


@pytest.mark.parametrize(
    ("colour", "channel"), [("red", 0), ("green", 1), ("blue", 2)], ids=["red", "green", "blue"]
)
def test_a_named_colour_shows(colour: str, channel: int) -> None:
    """A colour word before a thing colours that thing."""
    picture = paint(f"a {colour} heart", long_side=SMALL)
    red, green, blue = ImageStat.Stat(picture.crop((40, 36, 56, 52))).mean[:3]
    means = [red, green, blue]
    assert means.index(max(means)) == channel


def test_the_label_is_readable_on_light_and_dark() -> None:
    """The corner of a painted and of an edited picture holds strokes that stand out."""
    night, snow = paint("starry night", long_side=256), paint("snow field, winter", long_side=256)
    white = edit(Image.new("RGB", (256, 256), "white"), "add a sun")
    for picture in (night, snow, white):
        corner = picture.crop((222, 240, 256, 256)).convert("L")
        low, high = corner.getextrema()
        assert isinstance(low, int | float)
        assert isinstance(high, int | float)
        assert high - low > 90


def test_a_named_sky_can_be_seen() -> None:
    """The sky takes the colour that the prompt gives it."""
    sky = paint("a house under a pink sky", long_side=SMALL).crop((0, 0, SMALL, SMALL // 3))
    red, green, blue = ImageStat.Stat(sky).mean[:3]
    assert red > green + 25
    assert share_near(sky, (244, 146, 178), 70) > 0.3
    assert blue > green
