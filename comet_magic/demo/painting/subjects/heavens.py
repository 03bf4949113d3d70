"""What flies or shines above: celestial bodies, clouds, balloons, rockets."""

from comet_magic.demo.painting.colours import WHITE, Colour, darken, lighten, mix
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, mirrored, oval, star
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.sky import puff

_GLASS: Colour = (124, 196, 220)


def sun_(pen: Pen, guise: Guise) -> None:
    """Draw a sun with rays, one unit high with its lowest ray on the origin."""
    gold = guise.of((255, 204, 84))
    sky = pen.at(0, -0.5, turn=30 * guise.time)
    sky.glow(0, 0, 0.95, lighten(gold, 0.3), 0.7)
    for ray in range(12):
        arm = sky.at(0, 0, turn=ray * 30)
        long = 0.5 if ray % 2 else 0.45
        arm.fill(
            [(-0.04, -0.33), (0, -long), (0.04, -0.33)],
            mix(gold, (250, 140, 50), 0.25),
            line=False,
            bright=True,
        )
    sky.fill(oval(0, 0, 0.29), lighten(gold, 0.35), gold, bright=True)


def moon_(pen: Pen, guise: Guise) -> None:
    """Draw a full moon with its craters, one unit high."""
    rock = guise.of((250, 240, 208))
    pen.glow(0, -0.5, 1.15, rock, 0.5)
    disc = oval(0, -0.5, 0.5)
    pen.fill(disc, lighten(rock, 0.25), darken(rock, 0.1), bright=True)
    pen.fill(oval(0.16, -0.56, 0.5), lighten(rock, 0.3), alpha=0.5, inside=disc, bright=True)
    spots = (
        (-0.2, -0.66, 0.11),
        (0.18, -0.3, 0.13),
        (-0.1, -0.22, 0.07),
        (0.25, -0.72, 0.06),
        (-0.33, -0.42, 0.06),
    )
    for x, y, r in (*spots, (0.02, -0.5, 0.05)):
        pen.fill(oval(x, y, r), darken(rock, 0.18), darken(rock, 0.09), inside=disc, bright=True)
        pen.fill(
            oval(x, y + r * 0.12, r * 0.86), darken(rock, 0.1), inside=disc, alpha=0.8, bright=True
        )


def star_(pen: Pen, guise: Guise) -> None:
    """Draw a five-pointed star that glows."""
    gold = guise.of((255, 214, 96))
    pen.glow(0, -0.5, 0.9, lighten(gold, 0.3), 0.6 + 0.15 * guise.sway())
    body = pen.at(0, -0.5, turn=5 * guise.sway())
    body.fill(star(0, 0, 0.5, 0.24), lighten(gold, 0.35), gold, bright=True)
    body.fill(
        [(0, -0.5), (0.14, -0.2), (0, 0)], lighten(gold, 0.6), alpha=0.5, line=False, bright=True
    )


def comet(pen: Pen, guise: Guise) -> None:
    """Draw a comet with a long bright tail."""
    light = guise.of((255, 236, 190), (190, 240, 255))
    body = pen.at(-0.28 + 0.04 * guise.sway(), -0.26 + 0.04 * guise.sway(), turn=-38)
    for wide, long, strength in ((0.13, 1.15, 0.22), (0.09, 0.95, 0.35), (0.05, 0.75, 0.6)):
        tail = curve(
            [
                (0, -wide),
                (long * 0.45, -wide * 0.7),
                (long, 0),
                (long * 0.45, wide * 0.7),
                (0, wide),
            ]
        )
        body.fill(
            tail,
            mix(light, (110, 170, 255), 0.5 - strength / 2),
            alpha=strength,
            line=False,
            bright=True,
        )
    body.glow(0, 0, 0.4, light, 0.9)
    body.fill(oval(0, 0, 0.1), lighten(light, 0.7), light, bright=True)


def planet(pen: Pen, guise: Guise) -> None:
    """Draw a banded planet with a ring."""
    base = guise.of((236, 166, 112), (122, 168, 220), (206, 134, 178), (128, 196, 176))
    body = pen.at(0, -0.5, turn=-18)
    body.glow(0, 0, 0.85, lighten(base, 0.2), 0.35)
    ring = mix(lighten(base, 0.45), (250, 226, 180), 0.4)
    for grow, colour in ((0.0, ring), (0.06, darken(ring, 0.2)), (0.11, ring)):
        body.stroke(oval(0, 0, 0.56 + grow, 0.13 + grow * 0.3, start=180, end=360), colour, 0.035)
    disc = oval(0, 0, 0.38)
    body.fill(disc, darken(base, 0.32), darken(base, 0.45))
    body.fill(oval(-0.07, -0.05, 0.37), darken(base, 0.12), darken(base, 0.2), inside=disc)
    body.fill(oval(-0.13, -0.09, 0.33), lighten(base, 0.2), base, inside=disc)
    bands = ((-0.26, 0.05), (-0.13, 0.035), (0.0, 0.07), (0.16, 0.05), (0.28, 0.04))
    for index, (y, high) in enumerate(bands):
        tone = darken(base, 0.18) if index % 2 else lighten(base, 0.35)
        drift = 0.02 * guise.sway(1, index / 5)
        body.fill(oval(drift, y, 0.45, high), tone, alpha=0.4, inside=disc)
    for grow, colour in ((0.0, ring), (0.06, darken(ring, 0.2)), (0.11, ring)):
        body.stroke(oval(0, 0, 0.56 + grow, 0.13 + grow * 0.3, start=2, end=178), colour, 0.035)


def rainbow(pen: Pen, guise: Guise) -> None:
    """Draw a rainbow whose feet stand in two clouds; it is two units wide."""
    colours = (
        (232, 82, 84),
        (246, 156, 72),
        (252, 216, 100),
        (118, 196, 124),
        (92, 160, 226),
        (150, 112, 206),
    )
    for index, colour in enumerate(colours):
        r = 1.0 - 0.06 * index
        band = oval(0, 0, r, r * 0.95, start=180, end=360)
        inner = oval(0, 0, r - 0.06, (r - 0.06) * 0.95, start=360, end=180)
        pen.fill(band + inner, lighten(colour, 0.14), colour, alpha=0.86, line=index == 0)
    for side in (-1, 1):
        cloud = pen.at(side * 0.82, 0.06, 0.36, flip=side < 0)
        puff(cloud, WHITE, (214, 226, 240), 0 if guise.dark else 1)


def cloud(pen: Pen, guise: Guise) -> None:
    """Draw one large, soft cloud: one unit high, about two wide."""
    white = guise.of((255, 255, 255))
    shadow = mix(white, (150, 176, 222), 0.38)
    puff(pen.at(0, 0, 1.2), lighten(white, 0.3), shadow, guise.chance("shape").randrange(2))


def balloon(pen: Pen, guise: Guise) -> None:
    """Draw a hot-air balloon in stripes, with its basket."""
    main = guise.of((222, 74, 66), (240, 150, 58), (58, 138, 186), (120, 92, 182), (42, 158, 140))
    second = (255, 240, 212) if main != (246, 245, 240) else (232, 150, 120)
    body = pen.at(0, -0.02 * guise.sway(), turn=1.5 * guise.sway())
    for x in (-0.075, 0.075):
        body.stroke([(x * 2.1, -0.37), (x, -0.12)], (110, 84, 70), 0.009)
    half = curve(
        [(0, -1.0), (0.2, -0.955), (0.34, -0.78), (0.33, -0.6), (0.18, -0.37), (0.13, -0.3)],
        closed=False,
    )
    skin = mirrored([*half, (0.0, -0.295)])
    body.fill(skin, lighten(main, 0.12), darken(main, 0.12))
    for edge in (0.27, 0.09):
        gore = mirrored([(0, -1.0), *((x * edge / 0.34, y) for x, y in half), (0, -0.295)])
        inner = [(x * (edge - 0.09) / edge, y) for x, y in gore]
        tone = second if edge > 0.2 else main
        body.fill(gore, lighten(tone, 0.2), darken(tone, 0.1), inside=skin)
        body.fill(
            inner,
            lighten(main if edge > 0.2 else second, 0.12),
            darken(main if edge > 0.2 else second, 0.12),
            inside=skin,
        )
    body.fill(oval(0.24, -0.62, 0.22, 0.5), darken(main, 0.6), alpha=0.16, inside=skin)
    body.fill(oval(-0.16, -0.78, 0.06, 0.12, turn=20), WHITE, alpha=0.28, inside=skin)
    body.fill(box(-0.13, -0.32, 0.13, -0.285, 0.01), darken(main, 0.25), line=False)
    basket = [(-0.09, -0.13), (0.09, -0.13), (0.075, 0), (-0.075, 0)]
    body.fill(basket, (190, 138, 88), (140, 94, 62))
    body.fill(box(-0.1, -0.15, 0.1, -0.12, 0.015), (120, 80, 56), line=False)


def rocket(pen: Pen, guise: Guise) -> None:
    """Draw a rocket that leans a little and leaves on a flame."""
    main = guise.of((224, 72, 64), (58, 124, 196), (246, 160, 58))
    hull = (250, 244, 236) if main != (246, 245, 240) else (206, 214, 224)
    body = pen.at(0, -0.02 * guise.sway(), turn=12 + 1.5 * guise.sway(2))
    flare = 1 + 0.1 * guise.sway(3)
    body.glow(0, 0.02, 0.42, (255, 176, 80), 0.7)
    for half, long, colour in (
        (0.105, 0.3, (255, 132, 54)),
        (0.065, 0.2, (255, 210, 96)),
        (0.032, 0.11, (255, 248, 220)),
    ):
        flame = curve(
            [
                (-half, -0.16),
                (-half * 0.9, -0.04),
                (0, (long - 0.12) * flare),
                (half * 0.9, -0.04),
                (half, -0.16),
            ]
        )
        body.fill(flame, colour, line=False, bright=True)
    for side in (-1, 1):
        fin = curve(
            [(side * 0.1, -0.46), (side * 0.25, -0.26), (side * 0.27, -0.06), (side * 0.12, -0.17)]
        )
        body.fill(fin, main, darken(main, 0.25))
    half_hull = curve(
        [(0, -1.0), (0.1, -0.84), (0.17, -0.6), (0.165, -0.35), (0.1, -0.15)], closed=False
    )
    shape = mirrored([*half_hull, (0, -0.15)])
    body.fill(shape, hull, darken(hull, 0.1))
    body.fill(
        [(0.04, -1.1), (0.3, -1.1), (0.3, 0), (0.06, 0)],
        darken(hull, 0.5),
        alpha=0.18,
        inside=shape,
    )
    body.fill(box(-0.3, -1.1, 0.3, -0.8), lighten(main, 0.1), main, inside=shape)
    body.fill(box(-0.3, -0.24, 0.3, -0.19), main, inside=shape)
    body.fill(oval(0, -0.58, 0.088), darken(main, 0.15))
    body.fill(oval(0, -0.58, 0.064), lighten(_GLASS, 0.3), darken(_GLASS, 0.25), line=False)
    body.fill(oval(-0.02, -0.605, 0.02, 0.014, turn=-30), WHITE, line=False)
    body.fill(box(-0.02, -0.34, 0.02, -0.08, 0.02), main, darken(main, 0.25))


def ufo(pen: Pen, guise: Guise) -> None:
    """Draw a flying saucer with its beam."""
    metal = guise.of((150, 164, 190), (120, 180, 170))
    body = pen.at(0, -0.62 + 0.02 * guise.sway())
    body.fill(
        [(-0.2, 0.05), (0.2, 0.05), (0.42, 0.62), (-0.42, 0.62)],
        (190, 255, 210),
        alpha=0.3,
        line=False,
        bright=True,
    )
    body.fill(oval(0, -0.08, 0.24, 0.25), (196, 240, 246), (120, 190, 214))
    body.fill(oval(0, -0.06, 0.1, 0.13), (124, 200, 112), line=False)
    for x in (-0.04, 0.04):
        body.fill(oval(x, -0.08, 0.025, 0.035), (30, 30, 40), line=False)
    body.fill(oval(0, 0.04, 0.55, 0.14), lighten(metal, 0.3), darken(metal, 0.3))
    for step in range(5):
        glow = (255, 226, 110) if (step + int(guise.time * 10)) % 2 else (255, 140, 120)
        body.fill(
            oval(-0.36 + 0.18 * step, 0.07 + 0.03 * (1 - abs(step - 2) / 2), 0.03),
            glow,
            line=False,
            bright=True,
        )
