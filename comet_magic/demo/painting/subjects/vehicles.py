"""What people travel in: a sailing ship, a train, a car, a bicycle."""

from math import cos, pi, sin

from comet_magic.demo.painting.colours import WHITE, Colour, darken, lighten, mix
from comet_magic.demo.painting.guise import Guise
from comet_magic.demo.painting.paths import Point, box, curve, oval
from comet_magic.demo.painting.pen import Pen

_RUBBER: Colour = (52, 50, 62)
_GLASS: Colour = (168, 214, 228)
_LIT: Colour = (255, 220, 140)


def boat(pen: Pen, guise: Guise) -> None:
    """Draw a sailing boat; the waterline is on the origin."""
    hull = guise.of((196, 76, 62), (58, 96, 140), (140, 88, 64))
    sail = (255, 248, 232) if hull != (246, 245, 240) else (246, 200, 150)
    body = pen.at(0, 0, turn=2.5 * guise.sway())
    body.stroke([(0.02, -0.97), (0.02, -0.16)], (120, 84, 66), 0.022)
    main = [
        (0.045, -0.93),
        *curve([(0.045, -0.93), (0.26, -0.62), (0.4, -0.24)], closed=False),
        (0.045, -0.22),
    ]
    body.fill(main, sail, mix(sail, (220, 170, 150), 0.35))
    body.stroke([(0.05, -0.5), (0.29, -0.5)], mix(sail, hull, 0.7), 0.03)
    jib = [
        (0.0, -0.86),
        *curve([(0.0, -0.86), (-0.14, -0.52), (-0.36, -0.24)], closed=False),
        (0.0, -0.24),
    ]
    body.fill(jib, mix(sail, hull, 0.16), mix(sail, hull, 0.4))
    flag = curve(
        [(0.02, -1.0), (-0.07, -0.985), (-0.15, -0.97 + 0.015 * guise.sway(2)), (0.02, -0.93)]
    )
    body.fill(flag, hull, line=False)
    shape = curve(
        [(-0.46, -0.17), (-0.3, -0.02), (-0.16, 0.05), (0.2, 0.05), (0.36, -0.02), (0.47, -0.19)],
        closed=False,
    )
    body.fill(shape, lighten(hull, 0.1), darken(hull, 0.25))
    body.fill([(-0.49, -0.2), (0.5, -0.22), (0.47, -0.16), (-0.46, -0.145)], (250, 236, 212))
    body.stroke([(-0.33, -0.045), (0.37, -0.055)], lighten(hull, 0.5), 0.016)
    for x in (-0.18, 0.0, 0.18):
        body.fill(
            oval(x, -0.1, 0.024),
            _LIT if guise.dark else (246, 226, 196),
            line=False,
            bright=guise.dark,
        )


def car(pen: Pen, guise: Guise) -> None:
    """Draw a small rounded car from the side; it is two units wide."""
    paint = guise.of((222, 82, 70), (70, 150, 170), (246, 184, 72), (120, 170, 130))
    bounce = 0.006 * guise.sway(3)
    body = pen.at(0, bounce)
    if guise.dark:
        pen.cloud(-1.1, -0.16, 0.6, 0.2, (255, 240, 180), alpha=0.6, bright=True)
    cabin = curve(
        [(-0.52, -0.46), (-0.36, -0.76), (-0.2, -0.84), (0.3, -0.84), (0.5, -0.74), (0.68, -0.46)],
        closed=False,
    )
    body.fill(cabin, lighten(paint, 0.18), paint)
    glass = _LIT if guise.dark else _GLASS
    front = [(-0.42, -0.47), (-0.29, -0.71), (-0.18, -0.77), (0.02, -0.77), (0.02, -0.47)]
    rear = [(0.09, -0.47), (0.09, -0.77), (0.28, -0.77), (0.43, -0.69), (0.55, -0.47)]
    for pane in (front, rear):
        body.fill(pane, lighten(glass, 0.35), glass, line=False)
    body.fill(
        [(-0.3, -0.47), (-0.14, -0.77), (-0.06, -0.77), (-0.22, -0.47)],
        WHITE,
        alpha=0.4,
        inside=front,
    )
    lower = curve(
        [
            (-0.92, -0.4),
            (-0.66, -0.47),
            (0.0, -0.48),
            (0.74, -0.48),
            (0.92, -0.4),
            (0.94, -0.2),
            (0.84, -0.13),
            (-0.86, -0.13),
            (-0.96, -0.22),
        ]
    )
    body.fill(lower, lighten(paint, 0.08), darken(paint, 0.2))
    body.stroke([(-0.86, -0.29), (0.88, -0.29)], darken(paint, 0.14), 0.012)
    body.stroke([(0.055, -0.47), (0.055, -0.17)], darken(paint, 0.22), 0.01)
    body.stroke([(0.12, -0.38), (0.22, -0.38)], lighten(paint, 0.55), 0.025)
    body.fill(oval(-0.87, -0.34, 0.045, 0.06), (255, 244, 200), bright=True)
    body.fill(oval(0.9, -0.34, 0.03, 0.055), (240, 96, 80), bright=True)
    body.fill(box(-1.0, -0.19, -0.82, -0.12, 0.03), (206, 210, 218), line=False)
    body.fill(box(0.82, -0.19, 0.99, -0.12, 0.03), (206, 210, 218), line=False)
    for x in (-0.54, 0.56):
        body.fill(oval(x, -0.16, 0.215), darken(paint, 0.5), line=False)
        _wheel(pen.at(x, -0.165, 0.165), guise, (226, 226, 230))


def _wheel(pen: Pen, guise: Guise, rim: Colour) -> None:
    pen.fill(oval(0, 0, 1.0), _RUBBER)
    pen.fill(oval(0, 0, 0.58), rim, darken(rim, 0.2), line=False)
    for spoke in range(5):
        angle = 2 * pi * (spoke / 5 - guise.time)
        pen.fill(oval(0.34 * cos(angle), 0.34 * sin(angle), 0.1), darken(rim, 0.4), line=False)
    pen.fill(oval(0, 0, 0.16), darken(rim, 0.3), line=False)


def train(pen: Pen, guise: Guise) -> None:
    """Draw a steam engine with a carriage on its rails; it is about 2.6 units wide."""
    paint = guise.of((196, 66, 60), (46, 110, 120), (60, 86, 140))
    brass = (240, 190, 96)
    for step in range(15):
        pen.fill(
            box(-1.42 + 0.2 * step, -0.02, -1.34 + 0.2 * step, 0.03), (110, 84, 74), line=False
        )
    pen.stroke([(-1.45, -0.025), (1.45, -0.025)], (146, 142, 152), 0.026)
    for puff in range(5):
        rise = (puff + guise.time) / 5 % 1
        pen.cloud(
            -0.82 + 0.75 * rise,
            -0.92 - 0.34 * rise,
            0.12 + 0.16 * rise,
            0.1 + 0.12 * rise,
            (252, 250, 248),
            alpha=0.95 - 0.7 * rise,
        )
    wagon = pen.at(0.86, 0)
    wagon.fill(box(-0.46, -0.66, 0.46, -0.14, 0.05), lighten((244, 226, 190), 0.2), (232, 204, 160))
    wagon.fill(box(-0.46, -0.36, 0.46, -0.14, 0.04), paint, darken(paint, 0.2), line=False)
    wagon.fill(box(-0.5, -0.72, 0.5, -0.63, 0.04), darken(paint, 0.25))
    for step in range(4):
        x = -0.33 + 0.22 * step
        pane = box(x - 0.07, -0.58, x + 0.07, -0.4, 0.02)
        wagon.fill(pane, _LIT if guise.dark else _GLASS, line=False, bright=guise.dark)
    pen.stroke([(0.26, -0.18), (0.46, -0.18)], _RUBBER, 0.04)
    pen.fill(box(-0.82, -0.52, 0.0, -0.2, 0.12), lighten(paint, 0.14), darken(paint, 0.2))
    for x in (-0.66, -0.42, -0.2):
        pen.fill(box(x, -0.525, x + 0.025, -0.2), brass, line=False)
    pen.fill(oval(-0.82, -0.36, 0.09, 0.165), darken(paint, 0.45))
    pen.fill(oval(-0.87, -0.46, 0.05), (255, 240, 190), bright=True)
    pen.fill([(-0.76, -0.5), (-0.79, -0.82), (-0.64, -0.82), (-0.67, -0.5)], (70, 66, 84))
    pen.fill(box(-0.82, -0.87, -0.61, -0.8, 0.02), brass)
    pen.fill(oval(-0.34, -0.53, 0.07, 0.08), brass, darken(brass, 0.2))
    pen.fill(box(-0.04, -0.74, 0.3, -0.18, 0.02), paint, darken(paint, 0.22))
    pen.fill(box(-0.09, -0.8, 0.36, -0.72, 0.03), darken(paint, 0.4))
    pen.fill(
        box(0.04, -0.65, 0.23, -0.46, 0.02),
        _LIT if guise.dark else _GLASS,
        line=False,
        bright=guise.dark,
    )
    pen.fill(box(-0.86, -0.23, 0.3, -0.15), _RUBBER, line=False)
    pen.fill([(-0.88, -0.2), (-1.06, -0.03), (-0.84, -0.03)], darken(brass, 0.2))
    for x, r in ((-0.66, 0.1), (-0.4, 0.1), (0.08, 0.155), (0.58, 0.1), (1.14, 0.1)):
        _wheel(pen.at(x, -0.03 - r, r), guise, mix(paint, brass, 0.6))
    angle = -2 * pi * guise.time
    rod: Point = (0.05 * cos(angle), 0.05 * sin(angle))
    pen.stroke(
        [(-0.66 + rod[0], -0.13 + rod[1]), (0.08 + rod[0], -0.16 + rod[1])], (210, 206, 210), 0.028
    )


def bicycle(pen: Pen, guise: Guise) -> None:
    """Draw a bicycle with a basket of flowers; it is about 1.8 units wide."""
    frame = guise.of((222, 92, 80), (56, 140, 150), (240, 176, 80), (110, 120, 190))
    for x in (-0.55, 0.55):
        wheel = pen.at(x, -0.34, 0.33)
        wheel.stroke(oval(0, 0, 0.95), _RUBBER, 0.13)
        wheel.stroke(oval(0, 0, 0.84), (210, 206, 212), 0.05)
        for spoke in range(12):
            angle = 2 * pi * (spoke / 12 - guise.time / 2)
            wheel.stroke([(0, 0), (0.84 * cos(angle), 0.84 * sin(angle))], (176, 176, 188), 0.014)
        wheel.fill(oval(0, 0, 0.1), (110, 108, 124), line=False)
    hub, seat, head, crank = (0.55, -0.34), (0.2, -0.78), (-0.38, -0.8), (0.06, -0.32)
    for line in ([hub, seat], [hub, crank], [crank, seat], [crank, head], [(0.19, -0.72), head]):
        pen.stroke(line, frame, 0.05, line=True)
    pen.stroke([(-0.55, -0.34), (-0.38, -0.8), (-0.35, -0.94)], frame, 0.046)
    pen.stroke(
        curve([(-0.35, -0.94), (-0.28, -0.98), (-0.18, -0.93)], closed=False), _RUBBER, 0.045
    )
    pen.stroke([seat, (0.22, -0.86)], (110, 108, 124), 0.035)
    pen.fill(
        curve([(0.08, -0.89), (0.26, -0.93), (0.36, -0.9), (0.3, -0.84), (0.16, -0.84)]),
        (120, 78, 60),
    )
    pen.fill(oval(crank[0], crank[1], 0.085), (96, 94, 110))
    angle = 2 * pi * (0.12 - guise.time / 1.0)
    for side in (-1, 1):
        foot = (crank[0] + side * 0.16 * cos(angle), crank[1] + side * 0.16 * sin(angle))
        pen.stroke([crank, foot], (146, 144, 156), 0.03)
        pen.stroke([(foot[0] - 0.06, foot[1]), (foot[0] + 0.06, foot[1])], _RUBBER, 0.035)
    petals: tuple[Colour, ...] = ((250, 206, 96), (244, 128, 140), (252, 244, 232), (196, 150, 220))
    for step in range(7):
        x, y = -0.78 + 0.055 * step, -0.92 - 0.05 * (step % 3)
        pen.stroke([(x, y), (-0.62, -0.76)], (96, 148, 92), 0.016)
        pen.fill(oval(x, y, 0.048), petals[step % 4])
        pen.fill(oval(x, y, 0.018), (240, 150, 60) if step % 4 else (150, 96, 60), line=False)
    pen.fill(
        [(-0.82, -0.84), (-0.42, -0.84), (-0.46, -0.6), (-0.77, -0.6)],
        (206, 156, 104),
        (166, 116, 78),
    )
    for row in range(3):
        pen.stroke([(-0.8, -0.79 + 0.07 * row), (-0.43, -0.79 + 0.07 * row)], (150, 102, 70), 0.012)
