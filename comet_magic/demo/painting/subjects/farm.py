"""Animals that stand on four legs: a cow, a horse, a sheep, an elephant."""

from comet_magic.demo.painting.colours import WHITE, Colour, brightness, darken, lighten, mix
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, oval
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.subjects.faces import eyes

_DARK: Colour = (50, 42, 52)
_ROSE: Colour = (240, 168, 168)


def side_eye(pen: Pen, x: float, y: float, size: float) -> None:
    pen.fill(oval(x, y, size, size * 1.2), _DARK, line=False)
    pen.fill(oval(x - size * 0.3, y - size * 0.4, size * 0.36), WHITE, line=False, bright=True)


def _legs(
    pen: Pen, coat: Colour, hoof: Colour, places: tuple[float, ...], top: float, *, wide: float
) -> None:
    for index, x in enumerate(places):
        tone = darken(coat, 0.2) if index % 2 else coat
        pen.fill(box(x - wide / 2, top, x + wide / 2, 0, wide * 0.3), tone, darken(tone, 0.1))
        pen.fill(box(x - wide / 2, -0.06, x + wide / 2, 0, wide * 0.25), hoof, line=False)


def cow(pen: Pen, guise: Guise) -> None:
    """Draw a spotted cow that looks at you."""
    coat = guise.of((250, 244, 236), (222, 178, 136))
    patch = (92, 70, 72) if brightness(coat) > 0.5 else lighten(coat, 0.7)
    tail = curve([(0.42, -0.62), (0.53, -0.5), (0.5 + 0.02 * guise.sway(), -0.26)], closed=False)
    pen.stroke(tail, darken(coat, 0.14), 0.03)
    pen.fill(oval(0.5 + 0.02 * guise.sway(), -0.23, 0.035, 0.06), patch)
    _legs(pen, coat, (96, 76, 72), (0.34, 0.2, -0.12, -0.26), -0.4, wide=0.1)
    pen.fill(oval(0.2, -0.3, 0.1, 0.07), _ROSE)
    body = curve(
        [
            (-0.36, -0.68),
            (0.0, -0.72),
            (0.38, -0.7),
            (0.45, -0.5),
            (0.38, -0.31),
            (0.0, -0.27),
            (-0.34, -0.3),
            (-0.42, -0.5),
        ]
    )
    pen.fill(body, lighten(coat, 0.1), darken(coat, 0.1))
    for x, y, wide, high in (
        (0.26, -0.62, 0.17, 0.13),
        (-0.05, -0.4, 0.14, 0.1),
        (0.42, -0.36, 0.1, 0.1),
    ):
        pen.fill(oval(x, y, wide, high, turn=15), patch, inside=body)
    head = pen.at(-0.36, -0.72, turn=3 * guise.sway())
    for side in (-1, 1):
        head.fill(oval(side * 0.22, -0.07, 0.1, 0.05, turn=side * 14), patch)
        horn = curve([(side * 0.1, -0.15), (side * 0.17, -0.28), (side * 0.08, -0.19)])
        head.fill(horn, (238, 220, 184))
    head.fill(
        curve(
            [
                (0, -0.2),
                (0.15, -0.16),
                (0.17, 0.02),
                (0.13, 0.18),
                (0, 0.22),
                (-0.13, 0.18),
                (-0.17, 0.02),
                (-0.15, -0.16),
            ]
        ),
        lighten(coat, 0.1),
        coat,
    )
    head.fill(oval(0.11, -0.05, 0.075, 0.1), patch, line=False)
    head.fill(oval(0, 0.15, 0.16, 0.1), _ROSE, darken(_ROSE, 0.08))
    for side in (-1, 1):
        head.fill(oval(side * 0.06, 0.14, 0.02, 0.026), (176, 100, 106), line=False)
    eyes(head, guise, -0.05, 0.09, 0.03, fur=WHITE)
    head.fill(oval(0.08, -0.065, 0.011), WHITE, line=False)


def horse(pen: Pen, guise: Guise) -> None:
    """Draw a horse with a flowing mane."""
    coat = guise.of((164, 104, 66), (206, 160, 116), (236, 228, 220), (110, 84, 82))
    hair = darken(coat, 0.5) if brightness(coat) > 0.3 else lighten(coat, 0.3)
    wave = 0.02 * guise.sway()
    pen.fill(
        curve(
            [
                (0.36, -0.62),
                (0.5, -0.6),
                (0.57 + wave, -0.36),
                (0.52 + wave, -0.16),
                (0.45, -0.3),
                (0.42, -0.5),
            ]
        ),
        hair,
        darken(hair, 0.2),
    )
    _legs(pen, coat, _DARK, (0.33, 0.22, -0.1, -0.22), -0.4, wide=0.078)
    body = curve(
        [
            (-0.26, -0.64),
            (0.0, -0.61),
            (0.28, -0.65),
            (0.4, -0.55),
            (0.38, -0.36),
            (0.1, -0.31),
            (-0.2, -0.31),
            (-0.33, -0.45),
        ]
    )
    pen.fill(body, lighten(coat, 0.08), darken(coat, 0.1))
    neck = curve(
        [
            (-0.05, -0.58),
            (-0.2, -0.86),
            (-0.27, -0.97),
            (-0.42, -0.9),
            (-0.38, -0.66),
            (-0.33, -0.42),
            (-0.16, -0.4),
        ]
    )
    pen.fill(neck, lighten(coat, 0.08), coat, line=False)
    pen.fill([(-0.27, -0.94), (-0.235, -1.06), (-0.2, -0.92)], coat)
    head = curve(
        [
            (-0.24, -0.99),
            (-0.36, -0.97),
            (-0.56, -0.8),
            (-0.6, -0.72),
            (-0.53, -0.66),
            (-0.38, -0.72),
            (-0.28, -0.78),
        ]
    )
    pen.fill(head, lighten(coat, 0.12), coat)
    pen.fill(
        curve([(-0.52, -0.82), (-0.6, -0.74), (-0.55, -0.66), (-0.49, -0.69)]),
        lighten(coat, 0.4),
        inside=head,
    )
    mane = curve(
        [
            (-0.3, -1.03),
            (-0.2, -1.0),
            (-0.1 + wave, -0.82),
            (-0.02 + wave, -0.56),
            (-0.12, -0.62),
            (-0.18, -0.76),
            (-0.24, -0.9),
            (-0.34, -0.95),
        ]
    )
    pen.fill(mane, hair, darken(hair, 0.2))
    side_eye(pen, -0.37, -0.87, 0.026)
    pen.fill(oval(-0.56, -0.74, 0.012), darken(coat, 0.6), line=False)


def sheep(pen: Pen, guise: Guise) -> None:
    """Draw a sheep like a small cloud."""
    wool = guise.of((252, 246, 236))
    skin = (86, 74, 84) if brightness(wool) > 0.4 else (226, 206, 190)
    _legs(pen, skin, darken(skin, 0.3), (0.2, 0.1, -0.1, -0.2), -0.3, wide=0.075)
    lumps = (
        (-0.26, -0.42, 0.17),
        (-0.16, -0.62, 0.18),
        (0.08, -0.66, 0.19),
        (0.26, -0.52, 0.18),
        (0.28, -0.34, 0.16),
    )
    for x, y, r in (*lumps, (0.06, -0.28, 0.2), (-0.16, -0.28, 0.17)):
        pen.fill(oval(x, y, r), wool, mix(wool, (170, 170, 200), 0.25))
    pen.fill(
        oval(0.02, -0.45, 0.3, 0.25),
        lighten(wool, 0.1),
        mix(wool, (170, 170, 200), 0.12),
        line=False,
    )
    head = pen.at(-0.32, -0.58, turn=3 * guise.sway())
    for side in (-1, 1):
        head.fill(oval(side * 0.16, -0.02, 0.085, 0.042, turn=side * 22), darken(skin, 0.1))
    head.fill(oval(0, 0.02, 0.13, 0.17), lighten(skin, 0.12), skin)
    for x, y in ((-0.07, -0.13), (0.06, -0.14), (0, -0.17)):
        head.fill(oval(x, y, 0.07), wool, line=False)
    for side in (-1, 1):
        head.fill(oval(side * 0.055, 0.0, 0.03, 0.036), WHITE, line=False)
        head.fill(oval(side * 0.05, 0.005, 0.017, 0.022), (30, 26, 34), line=False)
    head.stroke(oval(0, 0.08, 0.035, 0.025, start=20, end=160), lighten(skin, 0.5), 0.01)


def elephant(pen: Pen, guise: Guise) -> None:
    """Draw a young elephant with a lifted trunk."""
    skin = guise.of((150, 158, 178), (166, 160, 176))
    pen.stroke(
        curve([(0.4, -0.56), (0.5, -0.46), (0.49, -0.32 + 0.02 * guise.sway())], closed=False),
        darken(skin, 0.15),
        0.022,
    )
    _legs(pen, skin, lighten(skin, 0.4), (0.31, 0.16, -0.08, -0.22), -0.42, wide=0.14)
    body = curve(
        [
            (-0.3, -0.72),
            (0.0, -0.78),
            (0.32, -0.72),
            (0.43, -0.5),
            (0.36, -0.28),
            (0.0, -0.24),
            (-0.3, -0.28),
        ]
    )
    pen.fill(body, lighten(skin, 0.1), darken(skin, 0.1))
    lift = 0.03 * guise.sway()
    trunk = curve(
        [
            (-0.4, -0.62),
            (-0.5, -0.42),
            (-0.62, -0.36 - lift),
            (-0.7, -0.46 - lift),
            (-0.67, -0.56 - lift),
        ],
        closed=False,
    )
    pen.stroke(trunk, darken(skin, 0.04), 0.095, line=True)
    pen.fill(oval(-0.34, -0.68, 0.22, 0.22), lighten(skin, 0.12), skin)
    pen.fill(oval(-0.44, -0.53, 0.06, 0.04), (250, 240, 224), line=False)
    ear = curve([(-0.26, -0.84), (-0.06, -0.88), (0.04, -0.68), (-0.04, -0.48), (-0.2, -0.5)])
    pen.fill(ear, darken(skin, 0.06), darken(skin, 0.18))
    pen.fill(
        curve([(-0.2, -0.78), (-0.08, -0.8), (-0.02, -0.66), (-0.08, -0.54), (-0.17, -0.57)]),
        mix(skin, _ROSE, 0.45),
        line=False,
    )
    side_eye(pen, -0.42, -0.7, 0.028)
    pen.cloud(-0.38, -0.6, 0.06, 0.04, _ROSE, alpha=0.7)
