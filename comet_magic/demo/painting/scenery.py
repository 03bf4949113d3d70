"""The place behind the things: paints it and says where things stand in it."""

from dataclasses import dataclass, replace

from comet_magic.demo.painting import (
    abstract,
    forest,
    indoors,
    land,
    mountains,
    sky,
    space,
    town,
    water,
)
from comet_magic.demo.painting.colours import lighten, mix
from comet_magic.demo.painting.easel import Easel
from comet_magic.demo.painting.paths import box, oval


@dataclass(frozen=True, slots=True)
class Ground:
    """Where things go in a painted place; heights are shares of the picture's height.

    Attributes:
        foot: Where the hero's feet are.
        back: Where large things stand, a little farther away.
        float_: Where boats lie in the water.
        air: The middle of what flies.
        weightless: Whether everything floats.
        swell: Where waves begin that hide the feet of what floats; 0 for none.
        shadow: Whether things throw a shadow on the ground.
    """

    foot: float = 0.87
    back: float = 0.8
    float_: float = 0.74
    air: float = 0.34
    weightless: bool = False
    swell: float = 0.0
    shadow: bool = True


def paint_place(easel: Easel, place: str) -> Ground:
    """Paint the place of that name and say where things stand in it."""
    match place:
        case "sea" | "beach" | "lake" | "river":
            return _waterside(easel, place)
        case "space" | "moonland" | "underwater" | "heights" | "night":
            return _aloft(easel, place)
        case "table" | "studio" | "abstract":
            return _indoors(easel, place)
        case "city" | "street":
            return _in_town(easel, place)
    return _on_land(easel, place)


def _behind(easel: Easel, horizon: float) -> None:
    """Paint the second place of the prompt as a silhouette on the horizon."""
    match easel.scene.far:
        case "mountains":
            mountains.paint_mountains(easel, horizon)
        case "city":
            town.paint_skyline(easel, horizon, 0.34)
        case "volcano":
            mountains.paint_volcano(easel, horizon - 0.04)


def _on_land(easel: Easel, place: str) -> Ground:
    horizon = 0.6
    if easel.scene.style == "minimal":
        return _plain(easel)
    sky.paint_sky(easel, horizon + 0.08)
    if place == "forest":
        _behind(easel, horizon)
        forest.paint_forest(easel, horizon)
        return Ground(foot=0.9, back=0.86)
    if place == "desert":
        _behind(easel, horizon)
        land.paint_dunes(easel, horizon)
        return Ground(foot=0.88, back=0.74)
    _behind(easel, horizon)
    if place == "mountains":
        mountains.paint_mountains(easel, horizon + 0.02, 0.42)
        land.paint_hills(easel, 0.67, layers=3)
    elif place == "volcano":
        mountains.paint_volcano(easel, horizon)
        land.paint_hills(easel, 0.66, layers=3)
    else:
        land.paint_hills(easel, horizon)
    if place == "garden":
        land.paint_flowerbed(easel)
    else:
        land.paint_foreground(easel)
    return Ground(foot=0.89, back=0.84)


def _plain(easel: Easel) -> Ground:
    """Paint as little as makes a place: a pale sky, one disc, two hills."""
    palette = easel.palette
    pale = lighten(palette.sky[1], 0.0 if palette.dark else 0.5)
    sky.pour_gradient(easel.pen.canvas, (pale, mix(pale, palette.sky[2], 0.5)))
    bold = easel.chance("disc").choice(
        ((240, 150, 110), (250, 206, 120), (244, 176, 176), (250, 240, 214))
    )
    disc = mix(palette.sun, bold, 0.0 if palette.dark else 0.75)
    x = easel.wide * (0.5 + (easel.side - 0.5) * 0.5)
    easel.flat.fill(oval(x, 0.48 + 0.01 * easel.sway(), 0.3 * easel.unit), disc, line=False)
    for layer, y in enumerate((0.72, 0.82)):
        edge = land.ridge(easel.chance(f"plain{layer}"), easel.wide, y, 0.03, 0.6)
        colour = mix(palette.far, palette.near, 0.35 + 0.65 * layer)
        easel.lay(land.close(edge, easel.wide), colour, colour)
    return Ground(foot=0.9, back=0.88)


def _waterside(easel: Easel, place: str) -> Ground:
    if place == "beach":
        sky.paint_sky(easel, 0.52)
        _behind(easel, 0.5)
        water.paint_sea(easel, 0.5, 0.78)
        water.paint_beach(easel, 0.74)
        return Ground(foot=0.9, back=0.84, float_=0.62)
    if place == "lake":
        sky.paint_sky(easel, 0.56)
        if not easel.scene.far:
            mountains.paint_mountains(easel, 0.53, 0.3)
        _behind(easel, 0.53)
        land.paint_hills(
            replace(easel, scene=replace(easel.scene, style="minimal")), 0.49, layers=2
        )
        water.paint_lake(easel, 0.56, 0.86)
        return Ground(foot=0.92, back=0.9, float_=0.74)
    if place == "river":
        sky.paint_sky(easel, 0.62)
        _behind(easel, 0.58)
        land.paint_hills(easel, 0.54, layers=4)
        water.paint_river(easel, 0.66)
        return Ground(foot=0.89, back=0.82, float_=0.86)
    sky.paint_sky(easel, 0.58)
    _behind(easel, 0.56)
    water.paint_sea(easel, 0.56)
    return Ground(foot=0.82, back=0.8, float_=0.79, swell=0.8, shadow=False)


def _aloft(easel: Easel, place: str) -> Ground:
    if place == "underwater":
        water.paint_underwater(easel)
        return Ground(foot=0.93, back=0.9, float_=0.5, air=0.46, shadow=False)
    if place == "space":
        space.paint_space(easel)
        return Ground(foot=0.74, back=0.74, air=0.48, weightless=True, shadow=False)
    if place == "moonland":
        space.paint_space(easel)
        space.paint_moonland(easel)
        return Ground(foot=0.84, back=0.8, air=0.3)
    sky.paint_sky(easel, 1.0, light=place == "heights")
    if place == "heights":
        _sea_of_clouds(easel)
    else:
        land.paint_hills(easel, 0.84, layers=3)
    return Ground(foot=0.78, back=0.78, air=0.46, weightless=place == "heights", shadow=False)


def _sea_of_clouds(easel: Easel) -> None:
    """Paint banks of cloud along the bottom, as seen from above them."""
    chance = easel.chance("banks")
    from_sky = easel.palette.sky[2]
    for row in range(3):
        white = lighten(mix(easel.palette.cloud, from_sky, 0.5 - 0.2 * row), 0.1)
        for step in range(round(7 * max(easel.wide, 0.6))):
            x = easel.wide * (step + chance.random()) / (7 * max(easel.wide, 0.6))
            x += 0.02 * (row + 1) * easel.sway(1, chance.random())
            size = chance.uniform(0.1, 0.17)
            place = easel.flat.at(x, 0.9 + 0.06 * row + chance.uniform(0, 0.02), size)
            sky.puff(place, white, mix(white, from_sky, 0.6), step)
        floor = box(-0.01, 0.89 + 0.06 * row, easel.wide + 0.01, 1.02)
        easel.flat.fill(floor, mix(white, from_sky, 0.5), line=False)


def _indoors(easel: Easel, place: str) -> Ground:
    if place == "table":
        indoors.paint_table(easel, 0.74)
        return Ground(foot=0.85, back=0.82, air=0.36)
    if place == "studio":
        indoors.paint_studio(easel)
        return Ground(foot=1.0, back=1.0, shadow=False)
    abstract.paint_abstract(easel)
    return Ground(shadow=False)


def _in_town(easel: Easel, place: str) -> Ground:
    sky.paint_sky(easel, 0.76)
    if place == "street":
        town.paint_street(easel, 0.76)
        return Ground(foot=0.88, back=0.84)
    _behind(easel, 0.7)
    town.paint_skyline(easel, 0.74, 0.56)
    town.paint_quay(easel, 0.74)
    return Ground(foot=0.9, back=0.83)
