"""Changes of pictures, and descriptions of them."""

import pytest
from PIL import Image, ImageStat

from comet_magic.demo.painting import describe, edit, paint
from comet_magic.demo.painting.effects import head_line
from tests.demo.painting.samples import differ

SMALL = 96


def of_mode(mode: str, size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Give a small picture with some content in the given mode."""
    image = paint("a house on a hill", ratio=f"{size[0]}:{size[1]}", long_side=max(size))
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize(size))
        return image
    if mode == "I;16":
        return image.convert("I").convert("I;16")
    return image.convert(mode)


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


@pytest.mark.parametrize(
    ("prompt", "head"), [("A cute kitten sitting on a cloud", 0.31), ("a dog in a park", 0.43)]
)
def test_a_hat_is_put_on_the_head_by_day_and_by_night(prompt: str, head: float) -> None:
    """Where a head begins is found in the dark, too."""
    day = paint(prompt, long_side=256)
    assert head_line(day) == pytest.approx(head, abs=0.03)
    assert head_line(edit(day, "make it night")) == pytest.approx(head, abs=0.03)


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
