"""Animals of the house: a cat and its big cousin, a dog, a rabbit, a mouse."""

from comet_magic.demo.painting.colours import WHITE, Colour, brightness, darken, lighten, mix
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, mirrored, oval
from comet_magic.demo.painting.pen import Pen
from comet_magic.demo.painting.subjects.faces import (
    blush,
    eyes,
    mouth,
    pointed_ears,
    sitting_body,
    whiskers,
)

_EYE: Colour = (42, 32, 44)
_NOSE: Colour = (64, 44, 52)
_ROSE: Colour = (240, 150, 156)
_SIDES = (-1, 1)


def cat(pen: Pen, guise: Guise) -> None:
    """Draw a cat: striped when the fur is light enough, with a curled tail."""
    fur = guise.of((236, 156, 84), (150, 142, 148), (244, 226, 200), (196, 150, 112), (84, 82, 100))
    dark = brightness(fur) < 0.33
    belly = lighten(fur, 0.25 if dark else 0.68)
    stripe = lighten(fur, 0.12) if dark else darken(fur, 0.24)
    wag = 0.03 * guise.sway()
    tail = [(0.16, -0.05), (0.34, -0.04), (0.43, -0.16), (0.4 + wag / 2, -0.3), (0.43 + wag, -0.4)]
    pen.stroke(curve(tail, closed=False), darken(fur, 0.08), 0.085, line=True)
    pen.stroke(curve(tail, closed=False)[-11:], stripe, 0.085)
    sitting_body(pen, fur, belly, belly)
    head = pen.at(0, -0.69 + 0.006 * guise.sway(2), turn=2 * guise.sway())
    pointed_ears(head, (0.25, -0.34), (0.06, -0.16, 0.255, -0.02), fur, mix(_ROSE, fur, 0.25))
    half = curve(
        [(0, -0.21), (0.14, -0.19), (0.25, -0.06), (0.265, 0.07), (0.15, 0.19), (0, 0.21)],
        closed=False,
    )
    skull = mirrored(half)
    head.fill(skull, lighten(fur, 0.1), fur)
    for x in (-0.06, 0, 0.06):
        head.fill(oval(x, -0.2, 0.016, 0.085), stripe, inside=skull)
    for side in _SIDES:
        for y in (0.02, 0.08):
            head.fill(oval(side * 0.27, y, 0.07, 0.014, turn=side * 8), stripe, inside=skull)
    head.fill(oval(0, 0.115, 0.12, 0.085), belly, inside=skull)
    head.fill(oval(-0.05, 0.09, 0.062, 0.05), belly, line=False)
    head.fill(oval(0.05, 0.09, 0.062, 0.05), belly, line=False)
    eyes(head, guise, 0.005, 0.115, 0.04, fur=fur, iris=None if not dark else (168, 220, 120))
    head.fill([(-0.026, 0.062), (0.026, 0.062), (0, 0.09)], (226, 112, 124), line=False)
    mouth(head, 0.095, 0.03)
    blush(head, 0.09, 0.185)
    whiskers(head, 0.1, lighten(fur, 0.7) if dark else darken(fur, 0.35))


def tiger(pen: Pen, guise: Guise) -> None:
    """Draw a tiger, which is a cat with a strong will and clear stripes."""
    cat(pen, Guise(guise.of((240, 140, 50)), guise.seed, guise.time, guise.dark, guise.snowy))
    for side in _SIDES:
        for step, y in enumerate((-0.42, -0.32, -0.2, -0.1)):
            reach = 0.17 + 0.03 * step
            pen.fill(
                [(side * reach, y - 0.02), (side * (reach - 0.1), y), (side * reach, y + 0.02)],
                _EYE,
                line=False,
            )


def dog(pen: Pen, guise: Guise) -> None:
    """Draw a dog with hanging ears, a red collar and its tongue out."""
    fur = guise.of((206, 148, 92), (246, 236, 220), (150, 104, 72), (232, 186, 122))
    ear = darken(fur, 0.34) if brightness(fur) > 0.3 else lighten(fur, 0.14)
    muzzle = lighten(fur, 0.62)
    wag = 10 * guise.sway(2)
    tail = pen.at(0.2, -0.12, turn=wag)
    tail.stroke(
        curve([(0, 0), (0.12, -0.06), (0.17, -0.18), (0.14, -0.27)], closed=False),
        fur,
        0.075,
        line=True,
    )
    sitting_body(pen, fur, muzzle)
    pen.fill(box(-0.145, -0.525, 0.145, -0.465, 0.03), (206, 64, 60))
    pen.fill(oval(0, -0.445, 0.034), (250, 206, 92))
    head = pen.at(0, -0.7 + 0.006 * guise.sway(2), turn=-3 * guise.sway())
    half = curve(
        [(0, -0.23), (0.15, -0.2), (0.22, -0.06), (0.2, 0.1), (0.12, 0.2), (0, 0.22)], closed=False
    )
    skull = mirrored(half)
    head.fill(skull, lighten(fur, 0.1), fur)
    blaze = curve(
        [(0, -0.24), (0.035, -0.1), (0.09, 0.06), (0, 0.2), (-0.09, 0.06), (-0.035, -0.1)]
    )
    head.fill(blaze, muzzle, inside=skull)
    for side in _SIDES:
        flap = [
            (0.12, -0.21),
            (0.23, -0.2),
            (0.3, -0.06),
            (0.3, 0.1),
            (0.24, 0.15),
            (0.19, 0.05),
            (0.17, -0.08),
        ]
        head.fill(curve([(side * x, y) for x, y in flap]), ear, darken(ear, 0.16))
    head.fill(oval(0, 0.17, 0.04, 0.075), (236, 110, 120), (216, 84, 100), line=False)
    head.fill(oval(0, 0.105, 0.125, 0.085), muzzle, mix(muzzle, fur, 0.12), line=False)
    head.fill(oval(0, 0.062, 0.05, 0.036), _NOSE, line=False)
    head.fill(oval(-0.014, 0.052, 0.016, 0.009), (150, 130, 136), line=False)
    mouth(head, 0.115, 0.036)
    eyes(head, guise, -0.03, 0.1, 0.034, fur=fur)


def rabbit(pen: Pen, guise: Guise) -> None:
    """Draw a rabbit with two long ears, one of them bent a little."""
    fur = guise.of((238, 226, 214), (196, 168, 146), (250, 246, 242), (172, 164, 170))
    pen.fill(oval(0.22, -0.09, 0.07), lighten(fur, 0.5))
    sitting_body(pen, fur, lighten(fur, 0.55))
    head = pen.at(0, -0.6 + 0.006 * guise.sway(2))
    for side in _SIDES:
        ear = head.at(
            side * 0.09,
            -0.13,
            turn=side * (12 + (8 if side > 0 else 0)) + 4 * guise.sway(1, 0.25 * side),
        )
        shape = curve(
            [
                (-0.05, 0.03),
                (-0.075, -0.16),
                (-0.035, -0.35),
                (0.035, -0.35),
                (0.075, -0.16),
                (0.05, 0.03),
            ]
        )
        ear.fill(shape, lighten(fur, 0.08), fur)
        ear.fill(oval(0, -0.17, 0.036, 0.145), mix(_ROSE, fur, 0.3), line=False)
    half = curve(
        [(0, -0.19), (0.13, -0.17), (0.215, -0.03), (0.2, 0.1), (0.1, 0.18), (0, 0.19)],
        closed=False,
    )
    head.fill(mirrored(half), lighten(fur, 0.12), fur)
    for x in (-0.045, 0.045):
        head.fill(oval(x, 0.09, 0.058, 0.046), lighten(fur, 0.65), line=False)
    head.fill(box(-0.022, 0.115, 0.022, 0.155, 0.008), (255, 253, 248), line=False)
    head.fill(oval(0, 0.062, 0.026, 0.019), (232, 122, 134), line=False)
    mouth(head, 0.08, 0.026)
    eyes(head, guise, -0.005, 0.105, 0.036, fur=fur)
    blush(head, 0.075, 0.15)


def mouse(pen: Pen, guise: Guise) -> None:
    """Draw a mouse with large round ears."""
    fur = guise.of((170, 164, 172), (206, 178, 150))
    tail = [(0.18, -0.03), (0.36, -0.02), (0.46, -0.12), (0.4, -0.24 + 0.02 * guise.sway())]
    pen.stroke(curve(tail, closed=False), mix(_ROSE, fur, 0.3), 0.028)
    sitting_body(pen, fur, lighten(fur, 0.6), mix(_ROSE, WHITE, 0.3))
    head = pen.at(0, -0.64 + 0.006 * guise.sway(2))
    for side in _SIDES:
        head.fill(oval(side * 0.2, -0.18, 0.135), fur, darken(fur, 0.1))
        head.fill(oval(side * 0.2, -0.175, 0.092), mix(_ROSE, fur, 0.2), line=False)
    half = curve([(0, -0.19), (0.15, -0.14), (0.2, 0.02), (0.1, 0.16), (0, 0.2)], closed=False)
    head.fill(mirrored(half), lighten(fur, 0.12), fur)
    head.fill(oval(0, 0.12, 0.07, 0.055), lighten(fur, 0.5), line=False)
    head.fill(oval(0, 0.1, 0.03, 0.024), (226, 112, 130), line=False)
    mouth(head, 0.125, 0.024)
    eyes(head, guise, 0.0, 0.09, 0.036, fur=fur)
    whiskers(head, 0.12, darken(fur, 0.3))
