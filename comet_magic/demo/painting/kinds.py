"""All kinds of things by name: how to draw them, how large they are, and where they belong."""

from collections.abc import Callable
from dataclasses import dataclass

from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import Point
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.subjects import (
    beasts,
    birds,
    buildings,
    dragons,
    farm,
    food,
    heavens,
    landmarks,
    music,
    people,
    pets,
    plants,
    sea_life,
    suits,
    table,
    things,
    vehicles,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing.

    Attributes:
        draw: Draws one of the kind.
        size: Its unit, as a share of the picture's height when it is the hero.
        home: Place to paint when the prompt names none.
        zone: `ground`, `air`, `water` (it floats) or `deep` (it swims).
        half: Half its width, in its own unit.
        tall: Its height, in its own unit.
        perch: Where something can sit on it; None when nothing can.
        crown: Where a hat goes; None when it wears none.
    """

    draw: Callable[[Pen, Guise], None]
    size: float
    home: str
    zone: str = "ground"
    half: float = 0.4
    tall: float = 1.0
    perch: Point | None = None
    crown: Point | None = None

    @property
    def can_hold(self) -> bool:
        """Whether it has hands or paws for something."""
        return self.crown is not None or self.draw is suits.astronaut

    @property
    def is_large(self) -> bool:
        """Whether it belongs behind people and animals: buildings, trees, trains."""
        return (
            self.home != "table"
            and self.crown is None
            and self.size * max(self.tall, self.half) > 0.4
        )


def _pet(draw: Callable[[Pen, Guise], None], crown: float, home: str = "hills") -> Kind:
    return Kind(draw, 0.5, home, half=0.48, crown=(0.0, crown), perch=(0.0, crown))


KINDS: dict[str, Kind] = {
    "cat": _pet(pets.cat, -0.88),
    "dog": _pet(pets.dog, -0.9),
    "fox": _pet(beasts.fox, -0.86, "forest"),
    "rabbit": _pet(pets.rabbit, -0.77),
    "bear": _pet(beasts.bear, -0.89, "forest"),
    "panda": _pet(beasts.panda, -0.89, "forest"),
    "lion": _pet(beasts.lion, -0.96, "desert"),
    "tiger": _pet(pets.tiger, -0.88, "forest"),
    "mouse": _pet(pets.mouse, -0.8),
    "sun": Kind(heavens.sun_, 0.42, "hills", "air", 0.5, perch=(0.0, -0.78)),
    "moon": Kind(heavens.moon_, 0.42, "night", "air", 0.5, perch=(0.0, -0.985)),
    "star": Kind(heavens.star_, 0.3, "night", "air", 0.5, perch=(0.0, -0.78)),
    "comet": Kind(heavens.comet, 0.5, "night", "air", 0.6),
    "planet": Kind(heavens.planet, 0.5, "space", "air", 0.65, perch=(0.0, -0.87)),
    "rainbow": Kind(heavens.rainbow, 0.42, "hills", "air", 1.0, perch=(0.0, -0.94)),
    "cloud": Kind(heavens.cloud, 0.28, "heights", "air", 1.1, 0.9, perch=(0.05, -0.66)),
    "balloon": Kind(heavens.balloon, 0.5, "hills", "air", 0.36, perch=(0.0, -0.1)),
    "rocket": Kind(heavens.rocket, 0.6, "space", "air", 0.3, perch=(0.16, -0.9)),
    "ufo": Kind(heavens.ufo, 0.45, "night", "air", 0.55, perch=(0.0, -0.9)),
    "house": Kind(buildings.house, 0.5, "hills", half=0.52, perch=(-0.17, -0.84)),
    "castle": Kind(buildings.castle, 0.56, "mountains", half=0.55, tall=1.2, perch=(0.15, -0.98)),
    "lighthouse": Kind(landmarks.lighthouse, 0.62, "sea", half=0.5, perch=(0.0, -1.0)),
    "windmill": Kind(landmarks.windmill, 0.5, "hills", half=0.4, tall=1.15, perch=(0.0, -0.82)),
    "bridge": Kind(landmarks.bridge, 0.3, "river", "water", 1.2, 0.7, perch=(0.0, -0.6)),
    "pyramid": Kind(landmarks.pyramid, 0.42, "desert", half=0.9, tall=0.8, perch=(0.0, -0.8)),
    "owl": Kind(birds.owl, 0.46, "forest", half=0.4, crown=(0.0, -0.86), perch=(0.0, -0.86)),
    "bird": Kind(birds.bird, 0.4, "hills", half=0.5, tall=0.84, crown=(-0.12, -0.8)),
    "penguin": Kind(birds.penguin, 0.48, "snow", half=0.32, crown=(0.0, -0.93)),
    "chick": Kind(birds.chick, 0.36, "hills", half=0.42, crown=(-0.1, -0.88)),
    "butterfly": Kind(birds.butterfly, 0.4, "garden", "air", 0.5, 0.95),
    "bee": Kind(birds.bee, 0.34, "garden", "air", 0.45, 0.75),
    "cow": Kind(farm.cow, 0.5, "hills", half=0.52, perch=(0.1, -0.7), crown=(-0.36, -0.9)),
    "horse": Kind(farm.horse, 0.58, "hills", half=0.58, tall=1.06, perch=(0.1, -0.62)),
    "sheep": Kind(farm.sheep, 0.42, "hills", half=0.46, tall=0.86, perch=(0.06, -0.82)),
    "elephant": Kind(farm.elephant, 0.56, "hills", half=0.6, tall=0.9, perch=(0.1, -0.75)),
    "dragon": Kind(
        dragons.dragon, 0.52, "mountains", half=0.52, crown=(0.0, -0.92), perch=(0.0, -0.92)
    ),
    "fish": Kind(sea_life.fish, 0.36, "underwater", "deep", 0.65, 0.9),
    "whale": Kind(sea_life.whale, 0.5, "sea", "water", 0.85, 0.95, perch=(0.1, -0.54)),
    "octopus": Kind(sea_life.octopus, 0.5, "underwater", "deep", 0.55, crown=(0.0, -0.95)),
    "turtle": Kind(sea_life.turtle, 0.44, "beach", half=0.74, tall=0.6, perch=(0.02, -0.56)),
    "person": Kind(people.person, 0.5, "hills", half=0.24, crown=(0.0, -1.0)),
    "portrait": Kind(people.portrait, 0.84, "studio", half=0.46, crown=(0.0, -0.95)),
    "astronaut": Kind(suits.astronaut, 0.52, "moonland", half=0.36, tall=1.02),
    "robot": Kind(suits.robot, 0.52, "city", half=0.4, tall=1.06, crown=(0.0, -0.9)),
    "snowman": Kind(suits.snowman, 0.5, "snow", half=0.44, tall=1.08),
    "boat": Kind(vehicles.boat, 0.44, "sea", "water", 0.5, perch=(-0.16, -0.18)),
    "car": Kind(vehicles.car, 0.3, "street", half=1.0, tall=0.86, perch=(0.06, -0.83)),
    "train": Kind(vehicles.train, 0.34, "hills", half=1.45, tall=1.1, perch=(0.86, -0.72)),
    "bicycle": Kind(vehicles.bicycle, 0.4, "street", half=0.92, tall=1.05, perch=(0.22, -0.88)),
    "tree": Kind(plants.tree, 0.58, "hills", half=0.48, perch=(0.2, -0.9)),
    "pine": Kind(plants.pine, 0.6, "mountains", half=0.28),
    "palm": Kind(plants.palm, 0.6, "beach", half=0.55, tall=1.05),
    "cactus": Kind(plants.cactus, 0.46, "desert", half=0.36, crown=(0.0, -0.96)),
    "flower": Kind(plants.flower, 0.44, "garden", half=0.32, perch=(0.0, -0.92)),
    "tulip": Kind(plants.tulip, 0.4, "garden", half=0.24),
    "mushroom": Kind(plants.mushroom, 0.4, "forest", half=0.5, tall=0.94, perch=(0.0, -0.92)),
    "apple": Kind(food.apple, 0.39, "table", half=0.44, perch=(0.0, -0.8)),
    "pear": Kind(food.pear, 0.42, "table", half=0.34),
    "cake": Kind(food.cake, 0.53, "table", half=0.6, tall=0.92, perch=(0.0, -0.65)),
    "cup": Kind(food.cup, 0.49, "table", half=0.56, tall=0.9, perch=(0.0, -0.58)),
    "book": Kind(table.book, 0.49, "table", half=0.66, tall=0.85, perch=(0.0, -0.72)),
    "clock": Kind(table.clock, 0.51, "table", half=0.44, tall=0.96),
    "lamp": Kind(table.lamp, 0.58, "table", half=0.38),
    "crystal": Kind(table.crystal, 0.51, "table", half=0.5),
    "gift": Kind(table.gift, 0.46, "table", half=0.42, tall=0.94, perch=(0.0, -0.72)),
    "hat": Kind(things.hat, 0.37, "table", half=0.78, tall=1.02, perch=(0.0, -0.95)),
    "heart": Kind(things.heart_, 0.44, "heights", "air", 0.5),
    "chess": Kind(things.chess, 0.51, "table", half=0.8, tall=1.03),
    "umbrella": Kind(things.umbrella, 0.5, "street", half=0.5),
    "guitar": Kind(music.guitar, 0.58, "table", half=0.34, tall=1.05),
    "piano": Kind(music.piano, 0.46, "table", half=0.68),
    "music": Kind(music.music, 0.44, "heights", "air", 0.95),
}
