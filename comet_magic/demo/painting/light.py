"""Chooses the palette for a scene: its hour, season, weather, and the colours it names."""

import random
from dataclasses import replace

from comet_magic.demo.painting.colours import WHITE, Colour, darken, lighten, mix
from comet_magic.demo.painting.palette import Palette
from comet_magic.demo.painting.scene import Scene

_DAY: tuple[Palette, ...] = (
    Palette(
        ((92, 170, 222), (166, 214, 234), (250, 240, 218)),
        (255, 236, 170),
        (154, 194, 200),
        (92, 158, 96),
        ((120, 192, 208), (36, 116, 160)),
        (255, 255, 252),
    ),
    Palette(
        ((122, 196, 206), (188, 226, 214), (254, 238, 204)),
        (255, 226, 150),
        (160, 202, 182),
        (70, 148, 118),
        ((132, 208, 204), (34, 130, 148)),
        (255, 253, 246),
    ),
    Palette(
        ((112, 158, 222), (182, 204, 238), (255, 226, 214)),
        (255, 232, 186),
        (170, 180, 214),
        (104, 164, 112),
        ((140, 184, 224), (50, 98, 166)),
        (255, 250, 250),
    ),
)
_DAY += (
    Palette(
        ((72, 178, 204), (150, 220, 214), (255, 244, 196)),
        (255, 228, 120),
        (140, 200, 170),
        (96, 172, 84),
        ((110, 208, 206), (24, 124, 158)),
        (255, 255, 250),
    ),
    Palette(
        ((98, 150, 214), (190, 206, 232), (255, 222, 184)),
        (255, 220, 150),
        (186, 180, 196),
        (148, 166, 88),
        ((160, 200, 220), (52, 112, 166)),
        (255, 248, 240),
    ),
)
_DAWN = (
    Palette(
        ((134, 150, 206), (238, 186, 196), (255, 226, 186)),
        (255, 244, 206),
        (196, 168, 198),
        (94, 122, 118),
        ((240, 200, 196), (92, 112, 162)),
        (255, 236, 228),
        (255, 196, 170),
        0.12,
    ),
    Palette(
        ((120, 178, 206), (214, 212, 208), (255, 214, 166)),
        (255, 246, 204),
        (182, 184, 190),
        (92, 138, 112),
        ((234, 210, 188), (76, 130, 156)),
        (255, 240, 222),
        (255, 206, 166),
        0.1,
    ),
)
_SUNSET = (
    Palette(
        ((74, 62, 128), (226, 106, 112), (255, 196, 112)),
        (255, 228, 150),
        (178, 92, 126),
        (62, 50, 88),
        ((246, 158, 114), (82, 56, 118)),
        (255, 176, 140),
        (214, 92, 84),
        0.16,
    ),
    Palette(
        ((44, 84, 132), (240, 140, 96), (255, 214, 130)),
        (255, 236, 170),
        (196, 116, 98),
        (58, 66, 82),
        ((250, 178, 112), (50, 80, 120)),
        (255, 196, 150),
        (226, 110, 70),
        0.15,
    ),
    Palette(
        ((96, 52, 118), (222, 84, 122), (255, 160, 122)),
        (255, 214, 160),
        (164, 74, 128),
        (74, 40, 92),
        ((244, 130, 126), (92, 46, 112)),
        (255, 160, 160),
        (196, 70, 110),
        0.16,
    ),
)
_NIGHT = (
    Palette(
        ((14, 20, 56), (36, 54, 108), (98, 112, 164)),
        (255, 246, 214),
        (62, 80, 132),
        (18, 32, 58),
        ((70, 92, 146), (14, 26, 62)),
        (98, 116, 170),
        (28, 36, 96),
        0.3,
        dark=True,
    ),
    Palette(
        ((22, 14, 52), (62, 42, 108), (148, 98, 150)),
        (255, 240, 220),
        (84, 66, 132),
        (32, 24, 60),
        ((112, 82, 146), (26, 20, 62)),
        (124, 100, 168),
        (42, 26, 92),
        0.28,
        dark=True,
    ),
    Palette(
        ((8, 34, 54), (22, 84, 104), (110, 160, 158)),
        (252, 248, 222),
        (50, 104, 116),
        (12, 42, 54),
        ((84, 142, 148), (10, 44, 62)),
        (104, 152, 158),
        (12, 52, 84),
        0.28,
        dark=True,
    ),
)
_NEON = Palette(
    ((18, 8, 50), (84, 18, 122), (255, 72, 164)),
    (255, 190, 90),
    (96, 30, 140),
    (20, 8, 48),
    ((220, 60, 170), (24, 10, 70)),
    (150, 60, 190),
    (120, 30, 190),
    0.22,
    dark=True,
)
_HOURS = {"day": _DAY, "dawn": _DAWN, "sunset": _SUNSET, "night": _NIGHT}


def choose_palette(scene: Scene, chance: random.Random) -> Palette:
    """Return the palette for the scene's light; chance decides between those that fit."""
    if scene.style == "neon":
        return _NEON
    hour = scene.hour or chance.choice(("day", "day", "day", "day", "dawn", "sunset"))
    if not scene.hour and (scene.weather or scene.season or scene.sky or scene.wash):
        hour = "day"
    palette = chance.choice(_HOURS[hour])
    palette = _weathered(_seasoned(palette, scene), scene)
    if scene.wash:
        palette = _washed(palette, scene.wash)
    if scene.sky:
        palette = _with_sky(palette, scene.sky)
    if scene.ground:
        ground = scene.ground
        palette = replace(
            palette,
            near=mix(darken(ground, 0.12), palette.near, 0.12),
            far=mix(ground, palette.far, 0.45),
            water=(mix(lighten(ground, 0.3), palette.water[0], 0.2), darken(ground, 0.25)),
        )
    return palette


def _seasoned(palette: Palette, scene: Scene) -> Palette:
    shade = 0.5 if palette.dark else 0.15
    match scene.season or ("winter" if scene.weather == "snow" else ""):
        case "winter":
            snow = mix((232, 240, 250), palette.near, shade)
            far = mix((190, 208, 230), palette.far, 0.45)
            return replace(palette, near=snow, far=far, cloud=mix(palette.cloud, WHITE, 0.3))
        case "autumn":
            near = mix((198, 112, 46), palette.near, shade + 0.1)
            return replace(palette, near=near, far=mix((222, 168, 110), palette.far, 0.45))
        case "spring":
            near = mix((136, 192, 98), palette.near, shade + 0.1)
            return replace(palette, near=near, far=mix((196, 222, 178), palette.far, 0.5))
        case "summer":
            near = mix((112, 170, 62), palette.near, shade + 0.1)
            return replace(palette, near=near, sun=mix(palette.sun, (255, 220, 110), 0.4))
    return palette


def _weathered(palette: Palette, scene: Scene) -> Palette:
    if scene.weather not in ("rain", "storm", "fog", "cloudy"):
        return palette
    grey, share = {
        "rain": ((112, 132, 152), 0.55),
        "storm": ((58, 64, 92), 0.7),
        "fog": ((206, 212, 214), 0.6),
        "cloudy": ((176, 190, 204), 0.35),
    }[scene.weather]
    if palette.dark:
        grey = darken(grey, 0.55)
    top, middle, low = (mix(part, grey, share) for part in palette.sky)
    return replace(
        palette,
        sky=(top, middle, mix(low, palette.sky[2], 0.3)),
        far=mix(palette.far, grey, share * 0.8),
        near=mix(palette.near, grey, share * 0.4),
        water=(mix(palette.water[0], grey, share), mix(palette.water[1], grey, share * 0.6)),
        cloud=mix(palette.cloud, lighten(grey, 0.35), 0.7),
        air=mix(palette.air, grey, 0.5),
        haze=max(palette.haze, 0.1),
    )


def _with_sky(palette: Palette, colour: Colour) -> Palette:
    light = lighten(colour, 0.55)
    top = darken(colour, 0.5) if palette.dark else darken(colour, 0.06)
    low = mix(colour, palette.sky[2], 0.3) if palette.dark else lighten(colour, 0.72)
    return replace(
        palette,
        sky=(top, mix(colour, light, 0.1 if palette.dark else 0.45), low),
        far=mix(palette.far, colour, 0.45),
        cloud=mix(palette.cloud, lighten(colour, 0.8), 0.5),
        water=(mix(palette.water[0], light, 0.45), palette.water[1]),
    )


def _washed(palette: Palette, colour: Colour) -> Palette:
    """Let a colour that belongs to nothing run through the whole picture."""
    washed = _with_sky(palette, colour)
    return replace(
        washed,
        near=mix(palette.near, darken(colour, 0.3), 0.6),
        far=mix(palette.far, colour, 0.6),
        water=(mix(washed.water[0], colour, 0.3), mix(palette.water[1], darken(colour, 0.3), 0.5)),
    )
