"""Puts the things of a scene into its place: who stands where, how large, and in which order."""

from collections.abc import Iterator
from dataclasses import replace

from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.group import Group, Spot, draw_group
from comet_magic.demo.painting.kinds import KINDS
from comet_magic.demo.painting.scene import Thing
from comet_magic.demo.painting.scenery import Ground, paint_place
from comet_magic.demo.painting.water import paint_swell
from comet_magic.demo.painting.weather import paint_weather

_WALKERS = ("astronaut", "robot", "rocket", "car", "ufo", "house", "person")
"""On the moon these stand on its ground; the others sit on the whole moon in the sky."""

_GROWN = ("person", "astronaut", "robot", "horse", "cow", "elephant", "snowman")
_HOLDERS = ("boat", "car", "train", "rocket", "ufo", "balloon", "cup", "hat", "gift", "cloud")
_MOST_COPIES = 9
_SHRINK = (1.0, 0.72, 0.58, 0.5, 0.44, 0.4)
"""How much smaller things in the air are when there are two, three, … of them."""


def place_of(things: tuple[Thing, ...], named: str) -> str:
    """Return the place to paint: the one that is named, or where the hero is at home."""
    if any(thing.name == "bridge" for thing in things) and named in ("", "river", "sea"):
        return "lake"
    if named:
        return named
    carriers = [thing for thing in things[1:] if thing.relation in ("on", "in")]
    if any(thing.name == "moon" for thing in carriers):
        return "moonland" if things[0].name in _WALKERS else "night"
    seats = [thing for thing in carriers if KINDS[thing.name].perch]
    hero = seats[0] if seats else things[0]
    home = KINDS[hero.name].home
    # A still life needs no landscape unless something lives in it.
    if home == "table":
        others = [KINDS[thing.name].home for thing in things]
        home = next((other for other in others if other not in ("table", "heights")), home)
    return home


def arrange(easel: Easel, place: str) -> None:
    """Paint the place, the things in it, and the weather over them."""
    ground = paint_place(easel, place)
    things = easel.scene.things
    if place == "moonland":
        things = tuple(thing for thing in things if thing.name != "moon")
    air: list[Group] = []
    low: list[Group] = []
    for group in _counted(_grouped(things)):
        (air if group.is_aloft else low).append(group)
    hover, wet = ground.weightless, place in ("sea", "beach", "lake", "river")
    for number, (group, spot) in enumerate(_aloft(easel, ground, air, alone=not low)):
        draw_group(easel, group, spot, f"air{number}", shadow=False, weightless=hover, wet=wet)
    standing = enumerate(_standing(easel, ground, low))
    for number, (group, spot) in sorted(standing, key=lambda item: item[1][1].y):
        draw_group(
            easel, group, spot, f"low{number}", shadow=ground.shadow, weightless=hover, wet=wet
        )
    if ground.swell:
        paint_swell(easel, ground.swell)
    paint_weather(easel, place)


def _grouped(things: tuple[Thing, ...]) -> list[Group]:
    """Join what is worn, held or sat on with the one who does so."""
    groups: list[Group] = []
    for thing in things:
        kind = KINDS[thing.name]
        last = groups[-1] if groups else None
        enters = thing.relation == "in" and thing.name in _HOLDERS
        crosses = thing.name == "bridge" and thing.relation == "over"
        if last is None:
            groups.append(Group(thing))
        elif thing.name == "hat" and last.kind.crown and not last.worn:
            groups[-1] = replace(last, worn=thing)
        elif (thing.relation == "on" or enters or crosses) and kind.perch and not last.rider:
            rider = replace(last.thing, relation="in" if thing.relation == "in" else "on")
            groups[-1] = replace(last, thing=thing, rider=rider)
        elif not last.held and _is_held(thing, last):
            groups[-1] = replace(last, held=thing)
        else:
            groups.append(Group(thing))
    return groups


def _is_held(thing: Thing, holder: Group) -> bool:
    if holder.kind.home == "table" or holder.is_aloft or not holder.kind.can_hold:
        return False
    if thing.name == "umbrella":
        return True
    return thing.relation == "holding" and KINDS[thing.name].home == "table"


def _counted(groups: list[Group]) -> Iterator[Group]:
    for group in groups:
        for _ in range(min(group.thing.count, _MOST_COPIES)):
            yield group


def _aloft(
    easel: Easel, ground: Ground, groups: list[Group], *, alone: bool
) -> Iterator[tuple[Group, Spot]]:
    """Place what is in the air: in the middle when nothing stands below, else beside the hero."""
    chance = easel.chance("aloft")
    count = len(groups)
    for index, group in enumerate(groups):
        kind = group.kind
        size = kind.size * easel.unit * (1.0 if alone else 0.55)
        if alone and easel.scene.place and kind.home != easel.scene.place:
            size *= 0.78
        share = easel.side if alone else (0.27 if easel.side >= 0.5 else 0.73)
        middle = ground.air if alone else min(ground.air, 0.26)
        if count > 1:
            size *= _SHRINK[min(count, 6) - 1] * chance.uniform(0.8, 1.25)
            share = (index + 0.5 + chance.uniform(-0.18, 0.18)) / count
            lift = chance.uniform(0.5, 1.2) * (0.13 if alone else 0.07)
            middle += lift if index % 2 else -lift
        if kind.half > 0.9 and count == 1:
            share, size = 0.5, min(size, easel.wide * 0.46 / kind.half)
        room = min(kind.half * size + 0.02, easel.wide / 2)
        x = min(max(share * easel.wide, room), easel.wide - room)
        if group.rider and kind.perch:
            size = kind.size * easel.unit * 1.35
            yield group, Spot(x, 0.6 - kind.perch[1] * size, size)
        else:
            yield group, Spot(x, middle + kind.tall * size / 2, size)


def _standing(easel: Easel, ground: Ground, groups: list[Group]) -> Iterator[tuple[Group, Spot]]:
    """Place what stands, floats or swims: side by side, in sizes that leave room for all."""
    chance = easel.chance("standing")
    count = len(groups)
    sizes = [group.kind.size * _company(group, groups) for group in groups]
    total = sum(2 * group.kind.half * size for group, size in zip(groups, sizes, strict=True))
    fit = min(1.0, 0.96 * easel.wide / (total * easel.unit)) if total else 1.0
    shrink = max(fit, 0.42)
    gap = max(easel.wide - total * easel.unit * shrink, 0.0) / (count + 1)
    edge = 0.0
    for slot, group in enumerate(groups):
        kind = group.kind
        width = 2 * kind.half * sizes[slot] * easel.unit * shrink
        size = sizes[slot] * easel.unit * shrink * (0.74 if group.rider else 1.0)
        if count == 1:
            x = easel.side * easel.wide
        else:
            x = edge + gap + width / 2 if gap else easel.wide * (slot + 0.5) / count
            edge += gap + width
            size *= chance.uniform(0.92, 1.02)
        room = min(kind.half * size + 0.02, easel.wide / 2)
        x = min(max(x, room), easel.wide - room)
        yield group, Spot(x, _foot(ground, group, slot, count, size), size)


def _company(group: Group, groups: list[Group]) -> float:
    """Return how much smaller a thing is drawn beside larger ones, such as a dog beside a child."""
    if group.kind.is_large:
        return 1.08
    if any(other.kind.is_large and other.kind.home != "table" for other in groups):
        return 0.66
    people = any(other.thing.name in _GROWN for other in groups)
    return 0.7 if people and group.thing.name not in _GROWN and group.kind.crown else 1.0


def _foot(ground: Ground, group: Group, slot: int, count: int, size: float) -> float:
    kind = group.kind
    if ground.weightless or kind.zone == "deep":
        drift = 0.1 * (1 if slot % 2 else -1) if count > 1 else 0.0
        return 0.5 + size * kind.tall / 2 + drift
    if kind.zone == "water":
        return ground.float_ + (0.03 * (slot % 2) if count > 1 else 0.0)
    if kind.is_large:
        return ground.back
    return ground.foot + (0.035 * (slot % 2) if count > 1 else 0.0)
