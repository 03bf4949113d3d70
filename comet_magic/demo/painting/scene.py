"""From the words of a prompt to what will be in the picture."""

from dataclasses import dataclass, replace

from comet_magic.demo.painting.colours import NAMED, Colour
from comet_magic.demo.painting.vocabulary import Mark, find_marks

_NEAR = 24
"""A colour or a number belongs to the next noun if at most so many characters lie between."""

_MOST_THINGS = 4
_NEVER_MANY = ("music", "chess", "pyramid", "rainbow")
"""A plural of these still means one drawing: it shows several already, or one is enough."""

_WATERS = ("sea", "beach", "lake", "river")
_PLACE_RANK = (
    "underwater",
    "space",
    "table",
    "street",
    "beach",
    "river",
    "lake",
    "sea",
    "desert",
    "volcano",
    "city",
    "forest",
    "mountains",
    "garden",
    "hills",
)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to draw.

    Attributes:
        name: A key of `KINDS`.
        colour: The colour the prompt gives it, if any.
        count: Number of them.
        relation: Relation to the thing before it: `on`, `in`, `over`, `holding`, `wearing`
            or `beside`. The thing before is what holds it or sits on it.
        flying: Whether it is up in the air, whatever it is.
    """

    name: str
    colour: Colour | None = None
    count: int = 1
    relation: str = "beside"
    flying: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What a prompt asks for; an empty string means that it does not say.

    Attributes:
        things: Things to draw; the first is the hero.
        place: Name of the place.
        far: A second place, seen behind the first.
        hour: `day`, `dawn`, `sunset` or `night`.
        weather: `rain`, `snow`, `fog`, `storm`, `cloudy`, `wind` or `aurora`.
        season: `spring`, `summer`, `autumn` or `winter`.
        style: Name of the finish.
        sky: The colour of the sky, if the prompt gives it.
        ground: The colour of the place, if the prompt gives it.
        wash: A colour that belongs to nothing: it sets the mood.
    """

    things: tuple[Thing, ...] = ()
    place: str = ""
    far: str = ""
    hour: str = ""
    weather: str = ""
    season: str = ""
    style: str = ""
    sky: Colour | None = None
    ground: Colour | None = None
    wash: Colour | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no word says what to draw."""
        return not (self.things or self.place or self.hour or self.weather or self.season)


def read_scene(prompt: str) -> Scene:
    """Return the scene that the prompt's words describe; an unknown text gives an empty scene."""
    reader = _SceneReader()
    for mark in find_marks(prompt):
        reader.take(mark)
    return reader.scene()


class _SceneReader:
    """Goes through the marks once and keeps what still waits for its noun."""

    def __init__(self) -> None:
        self._things: list[Thing] = []
        self._places: list[str] = []
        self._said: dict[str, str] = {}
        self._colours: dict[str, Colour] = {}
        self._colour: tuple[Colour, int] | None = None
        self._count: tuple[int, int] | None = None
        self._relation = "beside"
        self._last_noun = ""
        self._rising = False

    def take(self, mark: Mark) -> None:
        """Use the next known word."""
        match mark.kind:
            case "colour":
                self._drop_colour()
                self._colour = (NAMED[mark.value], mark.end)
            case "number":
                self._count = (int(mark.value), mark.end)
            case "relation":
                self._relation = mark.value
                if mark.value in ("over", "flying"):
                    self._lift()
            case "after":
                self._relate_last(mark.value)
            case "thing":
                self._take_thing(mark)
            case "place":
                self._take_place(mark)
            case "sky":
                colour = self._waiting_colour(mark)
                if colour:
                    self._colours["sky"] = colour
            case _:
                self._said.setdefault(mark.kind, mark.value)

    def scene(self) -> Scene:
        """Return the result."""
        self._drop_colour()
        places = sorted(self._places, key=_PLACE_RANK.index)
        place = places[0] if places else ""
        far = next((other for other in places[1:] if other != place), "")
        return Scene(
            things=_settled(self._things)[:_MOST_THINGS],
            place=place,
            far="" if far in _WATERS else far,
            hour=self._said.get("hour", ""),
            weather=self._said.get("weather", ""),
            season=self._said.get("season", ""),
            style=self._said.get("style", ""),
            sky=self._colours.get("sky"),
            ground=self._colours.get("ground"),
            wash=self._colours.get("wash"),
        )

    def _take_thing(self, mark: Mark) -> None:
        colour = self._waiting_colour(mark)
        count = 1
        if self._count and mark.start - self._count[1] <= _NEAR:
            count = self._count[0]
        if mark.plural and count == 1 and mark.value not in _NEVER_MANY:
            count = 3
        self._count = None
        known = next((i for i, thing in enumerate(self._things) if thing.name == mark.value), None)
        if known is None:
            thing = Thing(mark.value, colour, count, self._relation, self._rising)
            self._things.append(thing)
            self._rising = False
        else:
            old = self._things[known]
            self._things[known] = replace(
                old, colour=old.colour or colour, count=max(old.count, count)
            )
        self._relation = "beside"
        self._last_noun = mark.value

    def _take_place(self, mark: Mark) -> None:
        colour = self._waiting_colour(mark)
        if colour:
            self._colours.setdefault("ground", colour)
        if mark.value not in self._places:
            self._places.append(mark.value)
        self._relation = "beside"
        self._last_noun = ""

    def _lift(self) -> None:
        """Let the last thing fly."""
        if self._things and self._last_noun:
            self._things[-1] = replace(self._things[-1], flying=True)
        self._rising = not self._things

    def _relate_last(self, relation: str) -> None:
        """Set the relation of the last thing; in the text it follows the thing."""
        if len(self._things) > 1 and self._last_noun:
            self._things[-1] = replace(self._things[-1], relation=relation)

    def _waiting_colour(self, mark: Mark) -> Colour | None:
        colour = None
        if self._colour and mark.start - self._colour[1] <= _NEAR:
            colour, self._colour = self._colour[0], None
        return colour

    def _drop_colour(self) -> None:
        """Give a colour without a noun to the noun before it, or else to the whole picture."""
        if not self._colour:
            return
        colour, self._colour = self._colour[0], None
        if self._things and self._last_noun == self._things[-1].name:
            last = self._things[-1]
            if last.colour is None:
                self._things[-1] = replace(last, colour=colour)
                return
        self._colours.setdefault("wash", colour)


def _settled(things: list[Thing]) -> tuple[Thing, ...]:
    """Let "portrait of a woman" be one thing, and "portrait of a cat" be the cat."""
    names = {thing.name for thing in things}
    unwanted = ""
    if "portrait" in names and len(names) > 1:
        unwanted = "person" if names == {"portrait", "person"} else "portrait"
    return tuple(thing for thing in things if thing.name != unwanted)
