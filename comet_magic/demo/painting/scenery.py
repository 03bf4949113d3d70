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
from comet_magic.demo.painting.easel import Stage
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


def paint_place(stage: Stage, place: str) -> Ground:
    """Paint the place of that name and say where things stand in it."""
    match place:
        case "sea" | "beach" | "lake" | "river":
            return _waterside(stage, place)
        case "space" | "moonland" | "underwater" | "heights" | "night":
            return _aloft(stage, place)
        case "table" | "studio" | "abstract":
            return _indoors(stage, place)
        case "city" | "street":
            return _in_town(stage, place)
    return _on_land(stage, place)


def _behind(stage: Stage, horizon: float) -> None:
    """Paint the second place of the prompt as a silhouette on the horizon."""
    match stage.scene.far:
        case "mountains":
            mountains.paint_mountains(stage, horizon)
        case "city":
            town.paint_skyline(stage, horizon, 0.34)
        case "volcano":
            mountains.paint_volcano(stage, horizon - 0.04)


def _on_land(stage: Stage, place: str) -> Ground:
    horizon = 0.6
    if stage.scene.style == "minimal":
        return _plain(stage)
    sky.paint_sky(stage, horizon + 0.08)
    if place == "forest":
        _behind(stage, horizon)
        forest.paint_forest(stage, horizon)
        return Ground(foot=0.9, back=0.86)
    if place == "desert":
        _behind(stage, horizon)
        land.paint_dunes(stage, horizon)
        return Ground(foot=0.88, back=0.74)
    _behind(stage, horizon)
    if place == "mountains":
        mountains.paint_mountains(stage, horizon + 0.02, 0.42)
        land.paint_hills(stage, 0.67, layers=3)
    elif place == "volcano":
        mountains.paint_volcano(stage, horizon)
        land.paint_hills(stage, 0.66, layers=3)
    else:
        land.paint_hills(stage, horizon)
    if place == "garden":
        land.paint_flowerbed(stage)
    else:
        land.paint_foreground(stage)
    return Ground(foot=0.89, back=0.84)


def _plain(stage: Stage) -> Ground:
    """Paint as little as makes a place: a pale sky, one disc, two hills."""
    palette = stage.palette
    pale = lighten(palette.sky[1], 0.0 if palette.dark else 0.5)
    sky.pour_gradient(stage.pen.canvas, (pale, mix(pale, palette.sky[2], 0.5)))
    bold = stage.chance("disc").choice(
        ((240, 150, 110), (250, 206, 120), (244, 176, 176), (250, 240, 214))
    )
    disc = mix(palette.sun, bold, 0.0 if palette.dark else 0.75)
    x = stage.wide * (0.5 + (stage.side - 0.5) * 0.5)
    stage.flat.fill(oval(x, 0.48 + 0.01 * stage.sway(), 0.3 * stage.unit), disc, line=False)
    for layer, y in enumerate((0.72, 0.82)):
        edge = land.ridge(stage.chance(f"plain{layer}"), stage.wide, y, 0.03, 0.6)
        colour = mix(palette.far, palette.near, 0.35 + 0.65 * layer)
        stage.lay(land.close(edge, stage.wide), colour, colour)
    return Ground(foot=0.9, back=0.88)


def _waterside(stage: Stage, place: str) -> Ground:
    if place == "beach":
        sky.paint_sky(stage, 0.52)
        _behind(stage, 0.5)
        water.paint_sea(stage, 0.5, 0.78)
        water.paint_beach(stage, 0.74)
        return Ground(foot=0.9, back=0.84, float_=0.62)
    if place == "lake":
        sky.paint_sky(stage, 0.56)
        if not stage.scene.far:
            mountains.paint_mountains(stage, 0.53, 0.3)
        _behind(stage, 0.53)
        land.paint_hills(
            replace(stage, scene=replace(stage.scene, style="minimal")), 0.49, layers=2
        )
        water.paint_lake(stage, 0.56, 0.86)
        return Ground(foot=0.92, back=0.9, float_=0.74)
    if place == "river":
        sky.paint_sky(stage, 0.62)
        _behind(stage, 0.58)
        land.paint_hills(stage, 0.54, layers=4)
        water.paint_river(stage, 0.66)
        return Ground(foot=0.89, back=0.82, float_=0.86)
    sky.paint_sky(stage, 0.58)
    _behind(stage, 0.56)
    water.paint_sea(stage, 0.56)
    return Ground(foot=0.82, back=0.8, float_=0.79, swell=0.8, shadow=False)


def _aloft(stage: Stage, place: str) -> Ground:
    if place == "underwater":
        water.paint_underwater(stage)
        return Ground(foot=0.93, back=0.9, float_=0.5, air=0.46, shadow=False)
    if place == "space":
        space.paint_space(stage)
        return Ground(foot=0.74, back=0.74, air=0.48, weightless=True, shadow=False)
    if place == "moonland":
        space.paint_space(stage)
        space.paint_moonland(stage)
        return Ground(foot=0.84, back=0.8, air=0.3)
    sky.paint_sky(stage, 1.0, light=place == "heights")
    if place == "heights":
        _sea_of_clouds(stage)
    else:
        land.paint_hills(stage, 0.84, layers=3)
    return Ground(foot=0.78, back=0.78, air=0.46, weightless=place == "heights", shadow=False)


def _sea_of_clouds(stage: Stage) -> None:
    """Paint banks of cloud along the bottom, as seen from above them."""
    chance = stage.chance("banks")
    from_sky = stage.palette.sky[2]
    for row in range(3):
        white = lighten(mix(stage.palette.cloud, from_sky, 0.5 - 0.2 * row), 0.1)
        for step in range(round(7 * max(stage.wide, 0.6))):
            x = stage.wide * (step + chance.random()) / (7 * max(stage.wide, 0.6))
            x += 0.02 * (row + 1) * stage.sway(1, chance.random())
            size = chance.uniform(0.1, 0.17)
            place = stage.flat.at(x, 0.9 + 0.06 * row + chance.uniform(0, 0.02), size)
            sky.puff(place, white, mix(white, from_sky, 0.6), step)
        floor = box(-0.01, 0.89 + 0.06 * row, stage.wide + 0.01, 1.02)
        stage.flat.fill(floor, mix(white, from_sky, 0.5), line=False)


def _indoors(stage: Stage, place: str) -> Ground:
    if place == "table":
        indoors.paint_table(stage, 0.74)
        return Ground(foot=0.85, back=0.82, air=0.36)
    if place == "studio":
        indoors.paint_studio(stage)
        return Ground(foot=1.0, back=1.0, shadow=False)
    abstract.paint_abstract(stage)
    return Ground(shadow=False)


def _in_town(stage: Stage, place: str) -> Ground:
    sky.paint_sky(stage, 0.76)
    if place == "street":
        town.paint_street(stage, 0.76)
        return Ground(foot=0.88, back=0.84)
    _behind(stage, 0.7)
    town.paint_skyline(stage, 0.74, 0.56)
    town.paint_quay(stage, 0.74)
    return Ground(foot=0.9, back=0.83)
