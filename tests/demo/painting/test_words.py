"""What the painter reads in a prompt: known words, things, their number and place, the ratio."""

import pytest

from comet_magic.demo.painting import find_ratio
from comet_magic.demo.painting.scene import read_scene
from comet_magic.demo.painting.vocabulary import find_marks


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


@pytest.mark.parametrize(
    ("prompt", "season"),
    [
        ("a tree in spring", "spring"),
        ("a summer meadow", "summer"),
        ("an autumn forest", "autumn"),
        ("a village in winter", "winter"),
        ("冬天的森林", "winter"),
        ("a tree", ""),
    ],
)
def test_the_season_is_read(prompt: str, season: str) -> None:
    """It decides on leaves, snow and light."""
    assert read_scene(prompt).season == season


@pytest.mark.parametrize("words", ["a black cat", "一只黑猫"])
def test_a_black_cat_is_black(words: str) -> None:
    """Darker than a white one by most of the scale."""
    (cat,) = read_scene(words).things
    (white,) = read_scene(words.replace("black", "white").replace("黑", "白")).things
    assert cat.colour is not None
    assert white.colour is not None
    assert max(cat.colour) < 60
    assert min(white.colour) > 230


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
