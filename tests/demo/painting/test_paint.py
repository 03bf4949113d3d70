"""The painter: pictures from words, edits of pictures, and honest descriptions."""

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from comet_magic.demo.painting import describe, edit, find_ratio, paint
from comet_magic.demo.painting.effects import head_line
from comet_magic.demo.painting.kinds import KINDS
from comet_magic.demo.painting.scene import read_scene
from comet_magic.demo.painting.vocabulary import find_marks

SMALL = 96
STYLES = ["cartoon", "watercolour", "pixel art", "sketch", "oil painting", "minimalist"]
STYLES += ["neon", "paper cut", "vintage"]
PLACES = ["mountains", "meadow", "volcano", "forest", "sea", "beach", "lake", "river", "desert"]
PLACES += ["city", "street", "space", "underwater", "table", "garden"]


def differ(one: Image.Image, other: Image.Image) -> float:
    """Give how far two pictures of one size are apart: the mean difference of a channel."""
    means = ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean
    return sum(means) / 3


def share_near(image: Image.Image, colour: tuple[int, int, int], reach: int) -> float:
    """Give the share of pixels whose channels are all within reach of the colour."""
    counts = image.convert("RGB").getcolors(image.width * image.height) or []
    near = 0
    for count, pixel in counts:
        assert isinstance(pixel, tuple)
        near += count * all(abs(a - b) <= reach for a, b in zip(pixel, colour, strict=True))
    return near / (image.width * image.height)


def of_mode(mode: str, size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Give a small picture with some content in the given mode."""
    image = paint("a house on a hill", ratio=f"{size[0]}:{size[1]}", long_side=max(size))
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize(size))
        return image
    if mode == "I;16":
        return image.convert("I").convert("I;16")
    return image.convert(mode)


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
    ("prompt", "ratio"),
    [
        ("a cat", "1:1"),
        ("a cat, 3:2", "3:2"),
        ("a cat 16：9 please", "16:9"),
        ("a cat, 1024x1536", "1024:1536"),
        ("a wide picture of a cat", "16:9"),
        ("a cat, portrait orientation", "2:3"),
        ("a cat in landscape orientation", "3:2"),
        ("a phone wallpaper with a cat", "9:16"),
        ("a square cat", "1:1"),
        ("a portrait of a cat", "1:1"),
        ("at 12:30:15 a cat wakes", "1:1"),
        ("0:5", "1:1"),
    ],
)
def test_the_ratio_is_found_in_the_words(prompt: str, ratio: str) -> None:
    """A ratio in digits or in words counts; without one the picture is a square."""
    assert find_ratio(prompt) == ratio


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


@pytest.mark.parametrize("gap", ["", " ", "-", "_"], ids=["joined", "space", "hyphen", "low line"])
@pytest.mark.parametrize(
    ("words", "value"),
    [
        (("northern", "lights"), "aurora"),
        (("paper", "cut"), "papercut"),
        (("ice", "cream"), "cake"),
        (("shooting", "star"), "comet"),
    ],
)
def test_words_of_two_parts_are_known_in_any_spelling(
    words: tuple[str, str], value: str, gap: str
) -> None:
    """Two parts may be joined, apart or hyphenated, and beside Chinese."""
    for text in (gap.join(words), f"画{gap.join(words)}的"):
        assert value in [mark.value for mark in find_marks(text)]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_thing_can_be_painted(name: str) -> None:
    """Each thing of the catalogue has a word, and shows against its place."""
    assert [thing.name for thing in read_scene(f"a {name}").things] == [name]
    with_it = paint(f"a {name} in the desert", long_side=64)
    assert with_it.size == (64, 64)


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


def test_a_colour_belongs_to_its_noun() -> None:
    """Two colours go to their two things, and the sky may have its own."""
    scene = read_scene("a red fox and a blue house under a pink sky")
    assert [thing.name for thing in scene.things] == ["fox", "house"]
    assert len({thing.colour for thing in scene.things} | {scene.sky}) == 3
    assert None not in (scene.sky, *(thing.colour for thing in scene.things))


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("three balloons", [("balloon", 3, "beside")]),
        ("puppies", [("dog", 3, "beside")]),
        ("a kitten sitting on a cloud", [("cat", 1, "beside"), ("cloud", 1, "on")]),
        ("一只小猫在月亮上", [("cat", 1, "beside"), ("moon", 1, "on")]),
        ("a bear reading a book", [("bear", 1, "beside"), ("book", 1, "holding")]),
        ("a dog in front of a house", [("dog", 1, "beside"), ("house", 1, "beside")]),
        ("two cats and a dog", [("cat", 2, "beside"), ("dog", 1, "beside")]),
    ],
)
def test_number_and_relation_are_read(prompt: str, expected: list[tuple[str, int, str]]) -> None:
    """Numbers, plurals and the words between two things count, in English and Chinese."""
    things = read_scene(prompt).things
    assert [(thing.name, thing.count, thing.relation) for thing in things] == expected


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


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "CMYK", "1", "I;16", "F"])
@pytest.mark.parametrize("prompt", ["make it night", "add a red hat", "zzz", "put it in a frame"])
def test_an_edit_changes_any_picture_and_keeps_its_size(mode: str, prompt: str) -> None:
    """Every mode can be edited; the picture that came in stays as it was."""
    image = of_mode(mode)
    before = image.tobytes()
    edited = edit(image, prompt)
    assert edited.size == image.size
    assert edited.mode == ("RGBA" if mode == "RGBA" else "RGB")
    assert differ(edited, image.convert("RGB")) > 1
    assert image.tobytes() == before


@pytest.mark.parametrize(
    "words",
    [
        *("sunset", "snow", "rain", "fog", "black and white", "sepia", "cartoon", "watercolour"),
        *("blur it", "oil painting", "pixel art", "sketch", "neon", "invert", "mirror it"),
        *("upside down", "brighter", "darker", "make it blue", "more vivid", "more contrast"),
        *("autumn", "spring", "summer", "add a heart and a cat", "confetti", "把它变成夜晚", ""),
    ],
)
def test_every_edit_is_seen(words: str) -> None:
    """Each known change is visible, and so is the one for words that say nothing."""
    image = paint("a dog and a boat", ratio="3:2", long_side=SMALL)
    edited = edit(image, words)
    assert edited.size == image.size
    assert differ(edited, image) > 2


def test_black_and_white_of_two_colours_is_two_greys() -> None:
    """Not all of the contrast there could be: red does not become white."""
    picture = Image.new("RGB", (200, 100), "red")
    picture.paste("blue", (100, 0, 200, 100))
    grey = edit(picture, "black and white")
    left, right = (grey.crop(box).resize((1, 1)).getpixel((0, 0)) for box in
                   ((10, 10, 90, 80), (110, 10, 190, 80)))  # fmt: skip
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert 20 < left[0] - right[0] < 160
    assert max(left) - min(left) < 3


def test_an_edit_is_deterministic() -> None:
    """The same picture and words give the same pixels; another variant differs."""
    image = paint("a dog", long_side=SMALL)
    one, other = (edit(image, "add three stars, night") for _ in range(2))
    assert one.tobytes() == other.tobytes()
    assert differ(one, edit(image, "add three stars, night", variant=1)) > 0.5


def test_what_is_added_to_nothing_is_opaque() -> None:
    """A thing put on a transparent picture can be seen."""
    edited = edit(Image.new("RGBA", (64, 64)), "add a balloon")
    assert edited.mode == "RGBA"
    assert edited.getchannel("A").getextrema() == (0, 255)


def test_the_tint_takes_the_colour() -> None:
    """A colour word in an edit turns the picture to that colour."""
    edited = edit(Image.linear_gradient("L").resize((64, 64)), "make it green")
    red, green, blue = ImageStat.Stat(edited).mean[:3]
    assert green > red
    assert green > blue


@pytest.mark.parametrize("prompt", ["A cute kitten sitting on a cloud", "a dog in a park"])
def test_a_hat_is_put_on_the_head_by_day_and_by_night(prompt: str) -> None:
    """Where a head begins is found in the dark, too."""
    day = paint(prompt, long_side=1024)
    assert head_line(edit(day, "make it night")) == pytest.approx(head_line(day), abs=0.05)


@pytest.mark.parametrize("size", [(1, 1), (1, 30), (30, 1), (2, 3), (7, 5)])
def test_tiny_pictures_can_be_edited(size: tuple[int, int]) -> None:
    """Even a single pixel survives every sort of change."""
    for words in (
        "night, watercolour",
        "add a cat, frame",
        "oil, cartoon",
        "snow rain sketch neon",
    ):
        assert edit(Image.new("RGB", size, "teal"), words).size == size


@pytest.mark.parametrize(
    ("image", "parts"),
    [
        (Image.new("RGB", (40, 20), (214, 40, 40)), ["40 × 20", "landscape", "100 % red"]),
        (Image.new("L", (20, 40), 250), ["20 × 40", "portrait", "white", "very bright"]),
        (Image.new("L", (1, 1), 0), ["1 × 1 pixel ", "square", "black", "very dark"]),
        (Image.new("CMYK", (8, 8), (0, 0, 0, 0)), ["8 × 8", "white", "without transparency"]),
        (Image.new("RGBA", (9, 9), (0, 0, 0, 0)), ["all of it transparent"]),
        (of_mode("P"), ["60 × 40", "without transparency"]),
        (of_mode("F"), ["60 × 40"]),
        (Image.new("I;16", (8, 8), 65535), ["white", "very bright"]),
    ],
    ids=["red", "white", "one pixel", "cmyk", "clear", "palette", "float", "deep"],
)
def test_a_description_tells_the_truth(image: Image.Image, parts: list[str]) -> None:
    """Size, orientation, colour, light and transparency are those of the pixels."""
    text = describe(image)
    for part in parts:
        assert part in text


def test_a_description_gives_the_shares() -> None:
    """Two halves are told as about 50 % each; what is transparent does not count."""
    image = Image.new("RGBA", (80, 80), (40, 96, 220, 255))
    image.paste((250, 222, 60, 255), (0, 0, 80, 40))
    assert "about 50 % blue and about 50 % yellow" in describe(image)
    image.paste((0, 0, 0, 0), (0, 0, 80, 40))
    assert "about 50 % of it transparent" in describe(image)
    assert "100 % blue" in describe(image)


def test_a_named_sky_can_be_seen() -> None:
    """The sky takes the colour that the prompt gives it."""
    sky = paint("a house under a pink sky", long_side=SMALL).crop((0, 0, SMALL, SMALL // 3))
    red, green, blue = ImageStat.Stat(sky).mean[:3]
    assert red > green + 25
    assert share_near(sky, (244, 146, 178), 70) > 0.3
    assert blue > green
