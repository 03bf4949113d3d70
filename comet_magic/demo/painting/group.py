"""Draws a thing with what it carries, wears and holds."""

from dataclasses import dataclass

from PIL import Image, ImageFilter

from comet_magic.demo.painting.colours import mix
from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.kinds import KINDS, Kind
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.scene import Thing

_COARSER = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Things that are drawn as one.

    Attributes:
        thing: Thing that stands in the place.
        rider: Thing that sits on or in it.
        worn: Thing that the rider wears, or else the thing.
        held: Thing that it holds.
    """

    thing: Thing
    rider: Thing | None = None
    worn: Thing | None = None
    held: Thing | None = None

    @property
    def kind(self) -> Kind:
        """The sort of thing that stands in the place."""
        return KINDS[self.thing.name]

    @property
    def is_aloft(self) -> bool:
        """Whether the group is in the air."""
        if self.kind.zone == "air":
            return True
        return self.thing.flying and self.kind.zone == "ground" and not self.kind.is_large


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a group goes: the point of its feet and its unit, in shares of the height."""

    x: float
    y: float
    size: float


def draw_group(
    easel: Easel, group: Group, spot: Spot, copy: str, *, shadow: bool, weightless: bool, wet: bool
) -> None:
    """Draw the group at its spot.

    Args:
        easel: What is painted on.
        group: Things to draw.
        spot: Position and size.
        copy: Tells the copies of a thing apart; the same one looks the same in every ratio.
        shadow: Whether it throws a shadow on the ground.
        weightless: Whether it hovers at a slant.
        wet: Whether there is water below that mirrors it.
    """
    kind = group.kind
    floats = kind.zone != "ground" or weightless or group.is_aloft
    bob = 0.012 * easel.sway() if floats else 0.0
    if shadow and not floats:
        half = kind.half * spot.size
        easel.pen.cloud(spot.x, spot.y, half, half * 0.2, (24, 20, 48), alpha=0.55)
    turn = (
        -12 + 3 * easel.sway() if weightless and kind.zone == "ground" and not group.rider else 0.0
    )
    flip = kind.zone != "air" and easel.chance(f"flip{copy}").random() < 0.5
    if wet and kind.zone == "water" and easel.scene.style != "sketch":
        _mirror(easel, group, spot, copy, flip=flip)
    place = easel.pen.at(spot.x, spot.y + bob, spot.size, turn=turn, flip=flip)
    if easel.scene.style == "papercut":
        _cast(easel, group, place, copy)
    _draw(easel, group, place, copy)


def _draw(easel: Easel, group: Group, place: Pen, copy: str) -> None:
    kind, guise = group.kind, _guise(easel, group.thing, copy)
    if group.held and group.held.name == "umbrella":
        KINDS["umbrella"].draw(place.at(0.22, -0.36, 1.0), _guise(easel, group.held, "held"))
    inside = group.rider is not None and group.rider.relation == "in"
    if inside:
        _ride(easel, place, group, sink=0.1)
    kind.draw(place, guise)
    if group.worn and kind.crown and not group.rider:
        KINDS[group.worn.name].draw(place.at(*kind.crown, 0.34), _guise(easel, group.worn, "worn"))
    if group.rider and not inside:
        _ride(easel, place, group, sink=0.0)
    if group.held and group.held.name != "umbrella":
        own = KINDS[group.held.name]
        size = min(0.62, 0.3 / own.half)
        own.draw(place.at(0, 0.03, size), _guise(easel, group.held, "held"))


def _ride(easel: Easel, place: Pen, group: Group, sink: float) -> None:
    """Draw what sits on the carrier, in a size that fits both."""
    rider, kind = group.rider, group.kind
    if rider is None or kind.perch is None:
        return
    own = KINDS[rider.name]
    lives = kind.can_hold or kind.home == "hills"
    most = 0.6 if lives and kind.zone == "ground" else 0.85
    size = min(0.62 * max(kind.half * 2, 0.8) / max(own.half * 2, 0.5), most) / own.tall**0.5
    count = min(rider.count, 3)
    for index in range(count):
        dx = (index - (count - 1) / 2) * own.half * size * 1.9
        seat = place.at(kind.perch[0] + dx, kind.perch[1] + sink, size)
        if not sink:
            seat.cloud(0, -0.01, own.half * 0.8, 0.07, (60, 60, 100), alpha=0.35)
        own.draw(seat, _guise(easel, rider, f"rider{index}"))
        if group.worn and own.crown:
            KINDS[group.worn.name].draw(
                seat.at(*own.crown, 0.34), _guise(easel, group.worn, "worn")
            )


def _mirror(easel: Easel, group: Group, spot: Spot, copy: str, *, flip: bool) -> None:
    """Draw the pale reflection of what floats; it fades before it reaches the near bank."""
    canvas = easel.pen.canvas
    line = round(spot.y * canvas.height)
    deep = round(0.11 * canvas.height)
    if easel.pen.haze >= 1 or line + deep >= canvas.height:
        return
    below = canvas.crop((0, line, canvas.width, canvas.height))
    pen = easel.pen.in_light(mix(*easel.palette.water, 0.5), 0.6)
    place = pen.at(spot.x, spot.y, spot.size * 0.9, flip=flip, mirror=True)
    group.kind.draw(place, _guise(easel, group.thing, copy))
    fade = Image.new("L", (1, below.height))
    fade.putdata([min(255, 60 + round(195 * row / deep)) for row in range(below.height)])
    canvas.paste(below, (0, line), fade.resize(below.size))


def _cast(easel: Easel, group: Group, place: Pen, copy: str) -> None:
    """Lay the shadow of a paper cut-out on the picture."""
    canvas = easel.pen.canvas
    if easel.pen.haze >= 1:
        return
    small = (max(canvas.width // _COARSER, 1), max(canvas.height // _COARSER, 1))
    shape = Image.new("RGB", small)
    a, b, c, d, e, f = (value / _COARSER for value in place.matrix)
    _draw(easel, group, Pen(shape, (a, b, c, d, e, f), (255, 255, 255), 1.0), copy)
    soft = shape.getchannel("R").filter(ImageFilter.GaussianBlur(small[1] / 130))
    soft = soft.point([round(v * 0.42) for v in range(256)]).resize(canvas.size)
    by = round(canvas.height * 0.009)
    canvas.paste((30, 20, 50), (by // 2, by), soft)


def _guise(easel: Easel, thing: Thing, copy: str) -> Guise:
    winter = easel.scene.season == "winter" or easel.scene.weather == "snow"
    seed = f"{easel.seed}/{thing.name}/{copy}"
    dark = easel.palette.dark or easel.scene.weather == "storm"
    return Guise(thing.colour, seed, easel.time, dark, winter, thing.flying)
