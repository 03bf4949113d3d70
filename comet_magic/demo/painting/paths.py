"""Outlines as lists of points, in whatever unit the caller thinks in; y grows downwards."""

from collections.abc import Iterable, Sequence
from math import cos, pi, radians, sin

Point = tuple[float, float]
Path = list[Point]


def oval(
    x: float,
    y: float,
    wide: float,
    high: float | None = None,
    *,
    turn: float = 0.0,
    start: float = 0.0,
    end: float = 360.0,
) -> Path:
    """Return an ellipse, or a piece of one, around a centre.

    Args:
        x: Centre, from the left.
        y: Centre, from the top.
        wide: Half the width.
        high: Half the height; None draws a circle.
        turn: Tilt in degrees, clockwise.
        start: The first angle in degrees; 0 is to the right, 90 below.
        end: The last angle.
    """
    high = wide if high is None else high
    tilt = radians(turn)
    steps = max(8, round(abs(end - start) / 6))
    path: Path = []
    for step in range(steps + 1):
        angle = radians(start + (end - start) * step / steps)
        dx, dy = wide * cos(angle), high * sin(angle)
        path.append((x + dx * cos(tilt) - dy * sin(tilt), y + dx * sin(tilt) + dy * cos(tilt)))
    return path


def box(left: float, top: float, right: float, bottom: float, round_: float = 0.0) -> Path:
    """Return a rectangle, with round corners if asked for."""
    r = min(round_, abs(right - left) / 2, abs(bottom - top) / 2)
    if r <= 0:
        return [(left, top), (right, top), (right, bottom), (left, bottom)]
    return (
        oval(left + r, top + r, r, start=180, end=270)
        + oval(right - r, top + r, r, start=270, end=360)
        + oval(right - r, bottom - r, r, start=0, end=90)
        + oval(left + r, bottom - r, r, start=90, end=180)
    )


def curve(points: Sequence[Point], *, closed: bool = True, steps: int = 10) -> Path:
    """Return a soft line through all the points (a Catmull-Rom spline)."""
    count = len(points)
    if count < 3:
        return list(points)
    path: Path = []
    for index in range(count if closed else count - 1):
        if closed:
            a, b, c, d = (points[(index + k) % count] for k in (-1, 0, 1, 2))
        else:
            a, b, c, d = (points[min(max(index + k, 0), count - 1)] for k in (-1, 0, 1, 2))
        path.extend(_between(a, b, c, d, step / steps) for step in range(steps))
    if not closed:
        path.append(points[-1])
    return path


def _between(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    """Return the point of the spline that is the share `t` of the way from `b` to `c`."""
    x, y = (
        0.5
        * (
            2 * q
            + (r - p) * t
            + (2 * p - 5 * q + 4 * r - s) * t * t
            + (3 * q - p - 3 * r + s) * t * t * t
        )
        for p, q, r, s in zip(a, b, c, d, strict=True)
    )
    return (x, y)


def star(x: float, y: float, outer: float, inner: float, points: int = 5) -> Path:
    """Return a star with one point straight up."""
    path: Path = []
    for step in range(points * 2):
        r = inner if step % 2 else outer
        angle = pi * step / points - pi / 2
        path.append((x + r * cos(angle), y + r * sin(angle)))
    return path


def heart(x: float, y: float, size: float) -> Path:
    """Return a heart around a centre; `size` is half its width."""
    path: Path = []
    for step in range(72):
        t = 2 * pi * step / 72
        across = 16 * sin(t) ** 3
        up = 13 * cos(t) - 5 * cos(2 * t) - 2 * cos(3 * t) - cos(4 * t)
        path.append((x + across * size / 16, y - up * size / 16))
    return path


def mirrored(points: Iterable[Point]) -> Path:
    """Close the right half of an outline, given from top to bottom, with its mirror image."""
    right = list(points)
    return right + [(-x, y) for x, y in reversed(right)]


def moved(path: Iterable[Point], dx: float, dy: float) -> Path:
    """Return the path somewhere else."""
    return [(x + dx, y + dy) for x, y in path]
