"""Figures that are not quite people: an astronaut, a robot, a snowman."""

from comet_magic.demo.painting.colours import WHITE, Colour, darken, lighten, mix
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import box, curve, mirrored, oval
from comet_magic.demo.painting.pen import Pen

_DARK: Colour = (46, 40, 54)


def astronaut(pen: Pen, guise: Guise) -> None:
    """Draw an astronaut in a white suit with a golden visor."""
    suit = guise.of((246, 244, 246))
    trim = (236, 122, 68) if guise.colour is None else lighten(suit, 0.6)
    shade = mix(suit, (130, 140, 180), 0.32)
    wave = 10 * guise.sway()
    pen.fill(box(-0.2, -0.68, 0.2, -0.28, 0.06), mix(suit, (120, 126, 150), 0.6))
    for side in (-1, 1):
        pen.fill(box(side * 0.09 - 0.075, -0.3, side * 0.09 + 0.075, -0.02, 0.05), suit, shade)
        pen.fill(
            box(side * 0.1 - 0.085, -0.075, side * 0.1 + 0.085, 0, 0.035),
            mix(suit, (110, 116, 140), 0.5),
        )
        pen.fill(box(side * 0.09 - 0.077, -0.16, side * 0.09 + 0.077, -0.13), trim, line=False)
    arm = pen.at(0.17, -0.58, turn=-wave)
    arm.stroke(curve([(0, 0), (0.14, -0.04), (0.19, -0.19)], closed=False), suit, 0.105, line=True)
    arm.fill(oval(0.195, -0.23, 0.058), trim)
    pen.stroke(
        curve([(-0.17, -0.57), (-0.27, -0.45), (-0.24, -0.32)], closed=False),
        mix(suit, shade, 0.4),
        0.105,
        line=True,
    )
    pen.fill(oval(-0.235, -0.28, 0.058), trim)
    half = curve(
        [(0, -0.65), (0.15, -0.62), (0.2, -0.48), (0.185, -0.28), (0, -0.25)], closed=False
    )
    pen.fill(mirrored(half), lighten(suit, 0.2), shade)
    pen.fill(box(-0.1, -0.5, 0.1, -0.37, 0.02), mix(suit, (120, 130, 160), 0.5), line=False)
    for x, colour in ((-0.055, (226, 84, 76)), (0.0, (252, 206, 90)), (0.055, (96, 190, 150))):
        pen.fill(oval(x, -0.455, 0.018), colour, line=False, bright=True)
    pen.fill(box(-0.07, -0.42, 0.07, -0.395, 0.01), (84, 92, 126), line=False)
    head = pen.at(0, -0.79, turn=4 * guise.sway())
    head.fill(oval(0, 0, 0.23, 0.215), lighten(suit, 0.3), shade)
    visor = box(-0.165, -0.115, 0.165, 0.115, 0.11)
    head.fill(box(-0.18, -0.13, 0.18, 0.13, 0.125), mix(suit, (110, 116, 150), 0.6), line=False)
    head.fill(visor, (60, 70, 130), (28, 30, 70), line=False)
    head.fill(oval(0.08, 0.15, 0.22, 0.12), (120, 150, 230), alpha=0.6, inside=visor)
    head.fill(oval(-0.08, -0.05, 0.05, 0.026, turn=-28), WHITE, alpha=0.85, line=False)
    head.fill(oval(-0.015, -0.08, 0.014), WHITE, alpha=0.85, line=False)
    for side in (-1, 1):
        head.fill(box(side * 0.235 - 0.025, -0.06, side * 0.235 + 0.025, 0.06, 0.02), trim)


def robot(pen: Pen, guise: Guise) -> None:
    """Draw a friendly robot with a screen for a face."""
    metal = guise.of((110, 178, 190), (232, 146, 96), (150, 160, 190), (236, 190, 96))
    shade, joint = darken(metal, 0.2), (96, 100, 122)
    shine = (126, 244, 226)
    for side in (-1, 1):
        pen.fill(box(side * 0.1 - 0.04, -0.24, side * 0.1 + 0.04, -0.05, 0.01), joint)
        pen.fill(box(side * 0.11 - 0.085, -0.085, side * 0.11 + 0.085, 0, 0.045), metal, shade)
    turn = 12 * guise.sway()
    for side in (-1, 1):
        arm = pen.at(side * 0.23, -0.5, turn=-turn if side > 0 else turn * 0.4)
        hand = (side * 0.15, -0.14) if side > 0 else (side * 0.12, 0.2)
        arm.stroke(
            curve([(0, 0), (side * 0.12, 0.02), hand], closed=False), joint, 0.055, line=True
        )
        arm.fill(oval(hand[0], hand[1], 0.058), metal, shade)
        arm.fill(oval(0, 0, 0.065), lighten(metal, 0.1), shade)
    pen.fill(box(-0.23, -0.58, 0.23, -0.19, 0.085), lighten(metal, 0.12), shade)
    pen.fill(
        box(-0.14, -0.5, 0.14, -0.3, 0.03), lighten(metal, 0.55), lighten(metal, 0.35), line=False
    )
    for step, colour in enumerate(((232, 92, 82), (252, 208, 96), (110, 196, 140))):
        pen.fill(oval(-0.08 + 0.08 * step, -0.345, 0.02), colour, line=False, bright=True)
    beat = curve(
        [
            (-0.11, -0.43),
            (-0.05, -0.43),
            (-0.02, -0.475),
            (0.02, -0.395),
            (0.05, -0.43),
            (0.11, -0.43),
        ],
        closed=False,
        steps=3,
    )
    pen.stroke(beat, (226, 96, 96), 0.014)
    pen.fill(box(-0.06, -0.63, 0.06, -0.57), joint)
    head = pen.at(0, -0.75, turn=4 * guise.sway())
    head.stroke([(0, -0.15), (0, -0.26)], joint, 0.022)
    head.glow(0, -0.28, 0.12, (255, 150, 110), 0.6)
    head.fill(oval(0, -0.28, 0.034), (252, 112, 90), bright=True)
    for side in (-1, 1):
        head.fill(box(side * 0.26 - 0.03, -0.07, side * 0.26 + 0.03, 0.07, 0.025), joint)
    head.fill(box(-0.25, -0.17, 0.25, 0.15, 0.11), lighten(metal, 0.18), darken(metal, 0.08))
    head.fill(box(-0.195, -0.115, 0.195, 0.095, 0.075), (44, 50, 84), (28, 30, 56), line=False)
    lid = 0.12 if 0.46 < guise.time < 0.54 else 1.0
    for side in (-1, 1):
        head.glow(side * 0.085, -0.02, 0.1, shine, 0.45)
        head.fill(oval(side * 0.085, -0.02, 0.036, 0.05 * lid), shine, line=False, bright=True)
    head.stroke(oval(0, 0.025, 0.045, 0.032, start=15, end=165), shine, 0.014, bright=True)
    head.fill(oval(-0.13, -0.14, 0.05, 0.012), WHITE, alpha=0.5, line=False)


def snowman(pen: Pen, guise: Guise) -> None:
    """Draw a snowman with a carrot, a hat and a scarf."""
    snow, blue = (255, 255, 255), (196, 212, 238)
    scarf = guise.of((216, 68, 66), (60, 130, 160), (120, 150, 80))
    for side, tip in ((-1, -0.66), (1, -0.72)):
        arm = pen.at(side * 0.2, -0.48, turn=side * 6 * guise.sway())
        arm.stroke([(0, 0), (side * 0.24, tip + 0.48)], (110, 78, 62), 0.022)
        arm.stroke(
            [(side * 0.17, (tip + 0.48) * 0.7), (side * 0.26, (tip + 0.48) * 0.55)],
            (110, 78, 62),
            0.016,
        )
    pen.fill(oval(0, -0.22, 0.3, 0.235), snow, blue)
    pen.fill(oval(0, -0.51, 0.22, 0.19), snow, mix(snow, blue, 0.8))
    pen.fill(oval(0, -0.755, 0.165, 0.155), snow, mix(snow, blue, 0.6))
    for y in (-0.52, -0.44, -0.24):
        pen.fill(oval(0, y, 0.02), _DARK, line=False)
    for side in (-1, 1):
        pen.fill(oval(side * 0.06, -0.79, 0.02, 0.024), _DARK, line=False)
        pen.cloud(side * 0.09, -0.73, 0.045, 0.03, (244, 150, 150), alpha=0.7)
    pen.fill([(0.0, -0.775), (0.17, -0.735), (0.0, -0.725)], (244, 140, 60), (222, 110, 44))
    pen.stroke(oval(0, -0.72, 0.06, 0.04, start=25, end=155), _DARK, 0.012)
    pen.fill(box(-0.165, -0.655, 0.165, -0.595, 0.03), scarf, darken(scarf, 0.15))
    pen.fill(
        [(0.06, -0.62), (0.14, -0.62), (0.17, -0.42), (0.08, -0.42)], scarf, darken(scarf, 0.2)
    )
    pen.fill(box(-0.19, -0.9, 0.19, -0.865, 0.015), (62, 58, 78))
    pen.fill(
        [(-0.12, -1.06), (0.12, -1.06), (0.11, -0.88), (-0.11, -0.88)], (74, 70, 92), (54, 50, 70)
    )
    pen.fill(box(-0.112, -0.935, 0.112, -0.895), scarf, line=False)
