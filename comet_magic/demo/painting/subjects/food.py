"""What one eats and drinks: fruit, a cake, a cup of coffee."""

from math import pi, sin

from comet_magic.demo.painting.colours import WHITE, Colour, darken, lighten
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, heart, mirrored, oval
from comet_magic.demo.painting.pen import Pen

_LEAF: Colour = (104, 162, 88)


def apple(pen: Pen, guise: Guise) -> None:
    """Draw an apple with a leaf."""
    skin = guise.of((214, 62, 56), (156, 190, 76))
    half = curve(
        [
            (0, -0.74),
            (0.14, -0.82),
            (0.34, -0.76),
            (0.43, -0.5),
            (0.34, -0.16),
            (0.14, 0.0),
            (0, -0.03),
        ],
        closed=False,
    )
    shape = mirrored(half)
    pen.fill(shape, lighten(skin, 0.1), darken(skin, 0.14))
    pen.fill(oval(0.22, -0.34, 0.34, 0.46), darken(skin, 0.5), alpha=0.16, inside=shape)
    pen.fill(oval(-0.22, -0.58, 0.07, 0.14, turn=24), WHITE, alpha=0.5, inside=shape)
    pen.fill(oval(0, -0.76, 0.13, 0.04), darken(skin, 0.4), alpha=0.7, inside=shape)
    pen.stroke(
        curve([(0, -0.75), (0.02, -0.88), (0.08, -0.97)], closed=False), (112, 76, 58), 0.035
    )
    pen.fill(
        curve([(0.03, -0.84), (0.14, -0.99), (0.34, -0.98), (0.22, -0.85)]),
        lighten(_LEAF, 0.12),
        darken(_LEAF, 0.12),
    )


def pear(pen: Pen, guise: Guise) -> None:
    """Draw a pear."""
    skin = guise.of((206, 200, 86), (168, 190, 84))
    shape = mirrored(
        curve(
            [
                (0, -0.86),
                (0.12, -0.8),
                (0.17, -0.58),
                (0.33, -0.34),
                (0.32, -0.1),
                (0.14, 0.01),
                (0, 0),
            ],
            closed=False,
        )
    )
    pen.fill(shape, lighten(skin, 0.12), darken(skin, 0.12))
    pen.fill(oval(0.2, -0.3, 0.24, 0.4), darken(skin, 0.5), alpha=0.15, inside=shape)
    pen.fill(oval(-0.17, -0.26, 0.06, 0.13, turn=14), WHITE, alpha=0.45, inside=shape)
    pen.stroke(curve([(0, -0.84), (0.02, -0.93), (0.07, -1.0)], closed=False), (112, 76, 58), 0.035)
    pen.fill(
        curve([(0.03, -0.9), (0.12, -1.0), (0.27, -0.98), (0.17, -0.88)]),
        _LEAF,
        darken(_LEAF, 0.15),
    )


def cake(pen: Pen, guise: Guise) -> None:
    """Draw a birthday cake in two tiers with candles."""
    icing = guise.of((246, 166, 184), (250, 226, 196), (168, 206, 222))
    sponge = (240, 206, 158)
    pen.fill(oval(0, -0.03, 0.6, 0.06), (244, 244, 248), (206, 210, 224))
    for half, low, high in ((0.45, -0.06, 0.34), (0.29, -0.4, 0.25)):
        tier = [
            (-half, low - high),
            (half, low - high),
            (half, low),
            *oval(0, low, half, 0.045, start=0, end=180),
            (-half, low),
        ]
        pen.fill(tier, sponge, darken(sponge, 0.12))
        pen.fill(
            [
                (-half, low - high * 0.48),
                (half, low - high * 0.48),
                (half, low - high * 0.36),
                (-half, low - high * 0.36),
            ],
            (206, 84, 92),
            line=False,
        )
        drops = [(-half, low - high)]
        count = round(half * 22)
        for step in range(count + 1):
            x = -half + 2 * half * step / count
            drops.append((x, low - high * (0.62 + (0.16 if step % 2 else -0.06))))
        drops.append((half, low - high))
        pen.fill(curve(drops, steps=5), lighten(icing, 0.12), icing)
        pen.fill(oval(0, low - high, half, 0.05), lighten(icing, 0.32))
    colours: tuple[Colour, ...] = ((92, 160, 200), (250, 206, 96), (232, 100, 96), (130, 190, 130))
    for step, x in enumerate((-0.17, -0.06, 0.06, 0.17)):
        y = -0.64 - (0.02 if step in (1, 2) else 0.0)
        pen.fill(
            box(x - 0.014, y - 0.16, x + 0.014, y + 0.01),
            colours[step],
            darken(colours[step], 0.15),
        )
        pen.glow(x, y - 0.2, 0.12, (255, 210, 110), 0.7)
        flame = curve(
            [
                (x, y - 0.26 - 0.01 * guise.sway(3, x)),
                (x + 0.02, y - 0.2),
                (x, y - 0.165),
                (x - 0.02, y - 0.2),
            ]
        )
        pen.fill(flame, (255, 226, 120), (250, 150, 60), line=False, bright=True)
    for step in range(7):
        x = -0.36 + 0.12 * step
        pen.fill(oval(x, -0.085, 0.034), (255, 250, 244), darken(icing, 0.1), line=False)


def cup(pen: Pen, guise: Guise) -> None:
    """Draw a steaming cup on its saucer."""
    china = guise.of((232, 106, 86), (84, 146, 160), (250, 240, 226), (240, 186, 92))
    pen.fill(oval(0, -0.04, 0.56, 0.07), lighten(china, 0.35), darken(china, 0.1))
    pen.fill(oval(0, -0.055, 0.36, 0.035), darken(china, 0.2), line=False)
    pen.stroke(
        oval(0.4, -0.36, 0.13, 0.14, start=-100, end=120), darken(china, 0.08), 0.06, line=True
    )
    half = curve(
        [(0.38, -0.6), (0.37, -0.38), (0.28, -0.14), (0.16, -0.05), (0, -0.04)], closed=False
    )
    shape = mirrored([(0, -0.6), *half])
    pen.fill(shape, lighten(china, 0.14), darken(china, 0.14))
    pen.fill(oval(-0.22, -0.36, 0.05, 0.17, turn=8), WHITE, alpha=0.35, inside=shape)
    pen.fill(oval(0, -0.6, 0.38, 0.08), lighten(china, 0.4))
    pen.fill(oval(0, -0.595, 0.335, 0.06), (122, 74, 52), (94, 56, 44), line=False)
    pen.fill(heart(0, -0.597, 0.09), (240, 214, 176), line=False)
    for step, x in enumerate((-0.13, 0.02, 0.16)):
        phase = guise.time * 2 * pi + step * 1.9
        for part in range(7):
            rise = part / 6
            dx = 0.045 * sin(rise * 5 + phase) * (0.4 + rise)
            pen.cloud(
                x + dx,
                -0.7 - 0.26 * rise,
                0.05 + 0.02 * rise,
                0.06,
                (255, 253, 250),
                alpha=0.42 * (1 - 0.8 * rise),
            )
