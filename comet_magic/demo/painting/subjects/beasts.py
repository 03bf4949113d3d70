"""Animals of the woods and the savanna that sit: a fox, bears, a lion."""

from comet_magic.demo.painting.colours import WHITE, Colour, darken, lighten, mix
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import curve, mirrored, oval
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.subjects.faces import blush, eyes, mouth, pointed_ears, sitting_body

_NOSE: Colour = (64, 44, 52)
_SIDES = (-1, 1)


def fox(pen: Pen, guise: Guise) -> None:
    """Draw a fox: white cheeks, dark socks and a large brush."""
    fur = guise.of((232, 114, 48), (224, 102, 44), (240, 130, 60))
    white = (255, 244, 230)
    sway = 0.02 * guise.sway()
    brush = curve(
        [
            (0.14, -0.03),
            (0.32, 0.0),
            (0.5, -0.1),
            (0.54 + sway, -0.3),
            (0.46 + sway, -0.48),
            (0.4 + sway, -0.34),
            (0.3, -0.2),
        ]
    )
    pen.fill(brush, lighten(fur, 0.06), darken(fur, 0.16))
    tip = curve(
        [
            (0.36 + sway, -0.36),
            (0.46, -0.31),
            (0.6, -0.33),
            (0.6 + sway, -0.5),
            (0.45 + sway, -0.56),
        ]
    )
    pen.fill(tip, white, inside=brush)
    sitting_body(pen, fur, white, darken(fur, 0.62))
    head = pen.at(0, -0.68 + 0.006 * guise.sway(2), turn=2 * guise.sway())
    pointed_ears(head, (0.23, -0.37), (0.05, -0.15, 0.235, -0.04), fur, darken(fur, 0.6))
    half = curve([(0, -0.2), (0.13, -0.18), (0.23, -0.05), (0.31, 0.07)], closed=False)
    half += curve([(0.31, 0.07), (0.17, 0.15), (0.06, 0.215), (0, 0.225)], closed=False)
    skull = mirrored(half)
    head.fill(skull, lighten(fur, 0.1), fur)
    for side in _SIDES:
        cheek = curve(
            [
                (side * x, y)
                for x, y in (
                    (0.0, 0.06),
                    (0.08, 0.07),
                    (0.2, 0.03),
                    (0.34, 0.07),
                    (0.15, 0.25),
                    (0, 0.26),
                )
            ]
        )
        head.fill(cheek, white, inside=skull)
    head.fill(oval(0, 0.19, 0.042, 0.034), _NOSE, line=False)
    head.fill(oval(-0.012, 0.18, 0.013, 0.008), (160, 140, 146), line=False)
    eyes(head, guise, 0.01, 0.11, 0.034, fur=fur)
    blush(head, 0.1, 0.17)


def bear(pen: Pen, guise: Guise) -> None:
    """Draw a bear with round ears."""
    _bear(pen, guise, guise.of((150, 98, 62), (176, 122, 78), (122, 82, 62)), panda_=False)


def panda(pen: Pen, guise: Guise) -> None:
    """Draw a panda: a white bear with black ears, arms and eye patches."""
    _bear(pen, guise, guise.of((250, 246, 240)), panda_=True)


def _bear(pen: Pen, guise: Guise, fur: Colour, *, panda_: bool) -> None:
    dark: Colour = (54, 50, 60)
    ear = dark if panda_ else fur
    sitting_body(pen, fur, lighten(fur, 0.4), dark if panda_ else None)
    if panda_:
        pen.fill(
            curve([(-0.14, -0.54), (0.14, -0.54), (0.2, -0.36), (0, -0.42), (-0.2, -0.36)]),
            dark,
            line=False,
        )
    for side in _SIDES:
        arm = [(side * 0.15, -0.46), (side * 0.24, -0.34), (side * 0.2, -0.22)]
        pen.stroke(curve(arm, closed=False), dark if panda_ else darken(fur, 0.08), 0.11, line=True)
    head = pen.at(0, -0.7 + 0.006 * guise.sway(2), turn=2 * guise.sway())
    for side in _SIDES:
        head.fill(oval(side * 0.19, -0.17, 0.085), ear)
        head.fill(
            oval(side * 0.19, -0.165, 0.048),
            lighten(ear, 0.3) if not panda_ else darken(ear, 0.2),
            line=False,
        )
    half = curve(
        [(0, -0.21), (0.16, -0.18), (0.255, -0.02), (0.22, 0.13), (0.1, 0.205), (0, 0.21)],
        closed=False,
    )
    head.fill(mirrored(half), lighten(fur, 0.1), fur)
    if panda_:
        for side in _SIDES:
            head.fill(oval(side * 0.115, 0.0, 0.062, 0.08, turn=side * 28), dark, line=False)
    head.fill(oval(0, 0.1, 0.105, 0.082), lighten(fur, 0.5), line=False)
    head.fill(oval(0, 0.062, 0.045, 0.032), _NOSE, line=False)
    mouth(head, 0.1, 0.03)
    eyes(head, guise, 0.0, 0.11, 0.032, fur=dark if panda_ else fur, iris=WHITE if panda_ else None)
    blush(head, 0.09, 0.18)


def lion(pen: Pen, guise: Guise) -> None:
    """Draw a lion with a full mane."""
    fur = guise.of((236, 178, 92))
    mane = mix((164, 84, 40), fur, 0.12)
    tail = [(0.16, -0.04), (0.36, -0.05), (0.44, -0.2), (0.38 + 0.02 * guise.sway(), -0.36)]
    pen.stroke(curve(tail, closed=False), fur, 0.045, line=True)
    pen.fill(oval(0.38 + 0.02 * guise.sway(), -0.39, 0.05, 0.065), mane)
    sitting_body(pen, fur, lighten(fur, 0.5))
    head = pen.at(0, -0.68 + 0.006 * guise.sway(2))
    for ring, (r, colour) in enumerate(((0.33, darken(mane, 0.2)), (0.28, mane))):
        for step in range(16):
            lock = head.at(0, 0, turn=step * 22.5 + ring * 11)
            lock.fill(oval(0, -r * 0.78, 0.075, r * 0.34), colour, line=ring == 0)
    for side in _SIDES:
        head.fill(oval(side * 0.17, -0.15, 0.06), fur)
    half = curve([(0, -0.18), (0.14, -0.15), (0.2, 0.0), (0.16, 0.14), (0, 0.19)], closed=False)
    head.fill(mirrored(half), lighten(fur, 0.12), fur)
    head.fill(oval(0, 0.1, 0.095, 0.072), lighten(fur, 0.62), line=False)
    head.fill([(-0.038, 0.045), (0.038, 0.045), (0, 0.085)], (120, 66, 56), line=False)
    mouth(head, 0.09, 0.03)
    eyes(head, guise, -0.01, 0.092, 0.03, fur=fur)
