"""The pen: fills, strokes and glows on a canvas, in the unit of whatever is being drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import cos, hypot, radians, sin

from PIL import Image, ImageChops, ImageDraw

from comet_magic.demo.painting.colours import INK, Colour, mix
from comet_magic.demo.painting.paths import Path, Point

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Pen:
    """A way to draw on a canvas at some place, in some size and some light.

    Attributes:
        canvas: The RGB picture that is drawn on.
        matrix: From the unit of the drawing to pixels: `X = a x + c y + e`, `Y = b x + d y + f`.
        air: The colour of the light that lies over everything drawn.
        haze: Share of that light, from 0 to 1.
        ink: The width of outlines in pixels; 0 for none.
    """

    canvas: Image.Image
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    air: Colour = (0, 0, 0)
    haze: float = 0.0
    ink: float = 0.0

    @property
    def scale(self) -> float:
        """Pixels in one unit."""
        return hypot(self.matrix[0], self.matrix[1])

    def at(
        self,
        x: float,
        y: float,
        scale: float = 1.0,
        *,
        turn: float = 0.0,
        flip: bool = False,
        mirror: bool = False,
    ) -> "Pen":
        """Return a pen whose origin is at the point, with its own unit and tilt (in degrees).

        `flip` swaps left and right, `mirror` swaps up and down, as a reflection in water does.
        """
        a, b, c, d, e, f = self.matrix
        side = -scale if flip else scale
        tilt = radians(turn)
        down = -scale if mirror else scale
        p, q, r, s = side * cos(tilt), side * sin(tilt), -down * sin(tilt), down * cos(tilt)
        moved = (
            a * p + c * q,
            b * p + d * q,
            a * r + c * s,
            b * r + d * s,
            a * x + c * y + e,
            b * x + d * y + f,
        )
        return replace(self, matrix=moved)

    def in_light(self, air: Colour, haze: float) -> "Pen":
        """Return the same pen in another light."""
        return replace(self, air=air, haze=haze)

    def place(self, path: Iterable[Point]) -> Path:
        """Return the points of a path in pixels."""
        a, b, c, d, e, f = self.matrix
        return [(a * x + c * y + e, b * x + d * y + f) for x, y in path]

    def tone(self, colour: Colour, *, bright: bool = False) -> Colour:
        """Return the colour as it looks in this light; what shines (`bright`) keeps its own."""
        if bright and self.haze < 1:
            return colour
        return mix(colour, self.air, self.haze)

    def fill(
        self,
        path: Sequence[Point],
        colour: Colour,
        to: Colour | None = None,
        *,
        alpha: float = 1.0,
        inside: Sequence[Point] | None = None,
        line: bool = True,
        bright: bool = False,
    ) -> None:
        """Fill an outline.

        Args:
            path: The outline.
            colour: Colour of the whole shape, or of its top.
            to: Colour of its bottom.
            alpha: Opacity, from 0 to 1.
            inside: Another outline; nothing is painted outside of it.
            line: Whether styles with outlines draw one here.
            bright: The shape shines by itself.
        """
        points = self.place(path)
        first = self.tone(colour, bright=bright)
        if to is None and alpha >= 1 and inside is None:
            ImageDraw.Draw(self.canvas).polygon(points, fill=first)
        else:
            area = self._area(points)
            if area is not None:
                mask = _mask(points, area, round(255 * min(max(alpha, 0), 1)))
                if inside is not None:
                    mask = ImageChops.multiply(mask, _mask(self.place(inside), area, 255))
                last = first if to is None else self.tone(to, bright=bright)
                low = min(y for _, y in points)
                self._pour(first, last, area, mask, (low, max(y for _, y in points)))
        if self.ink and line and alpha >= 1 and inside is None:
            ink = self.tone(INK)
            width = max(1, round(self.ink))
            ImageDraw.Draw(self.canvas).line([*points, points[0]], ink, width, joint="curve")

    def merge(
        self, paths: Sequence[Sequence[Point]], colour: Colour, to: Colour, *, alpha: float = 1.0
    ) -> None:
        """Fill several outlines as one shape, with one gradient from its top to its bottom."""
        points = [self.place(path) for path in paths]
        area = self._area([point for path in points for point in path])
        if area is None:
            return
        mask = Image.new("L", (area[2] - area[0], area[3] - area[1]))
        draw = ImageDraw.Draw(mask)
        for path in points:
            if self.ink:
                outline = [*path, path[0]]
                ink = max(1, round(self.ink * 2))
                ImageDraw.Draw(self.canvas).line(outline, self.tone(INK), ink, joint="curve")
            shape = [(x - area[0], y - area[1]) for x, y in path]
            draw.polygon(shape, fill=round(255 * alpha))
        low = min(y for path in points for _, y in path)
        high = max(y for path in points for _, y in path)
        self._pour(self.tone(colour), self.tone(to), area, mask, (low, high))

    def stroke(
        self,
        points: Sequence[Point],
        colour: Colour,
        width: float,
        *,
        bright: bool = False,
        line: bool = False,
    ) -> None:
        """Draw a line with round ends; `line` gives it an outline in the styles that have one."""
        path = self.place(points)
        pixels = max(1.0, width * self.scale)
        if self.ink and line:
            self._line(path, self.tone(INK), pixels + 2 * self.ink)
        self._line(path, self.tone(colour, bright=bright), pixels)

    def glow(self, x: float, y: float, size: float, colour: Colour, alpha: float = 1.0) -> None:
        """Lay a soft round light on the picture; `size` is where it ends."""
        self.cloud(x, y, size, size, colour, alpha=alpha, bright=True)

    def cloud(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        colour: Colour,
        *,
        alpha: float = 1.0,
        bright: bool = False,
    ) -> None:
        """Lay a soft ellipse on the picture: a shadow on the ground, mist, a blush."""
        if self.haze >= 1:
            return
        ((cx, cy),) = self.place([(x, y)])
        rx, ry = wide * self.scale, high * self.scale
        area = self._area([(cx - rx, cy - ry), (cx + rx, cy + ry)])
        if area is None:
            return
        soft = _soft()
        left, top = (area[0] - cx + rx) / (2 * rx), (area[1] - cy + ry) / (2 * ry)
        right, bottom = (area[2] - cx + rx) / (2 * rx), (area[3] - cy + ry) / (2 * ry)
        a, b, c, d = (min(max(part, 0.0), 1.0) * soft.width for part in (left, top, right, bottom))
        size = (area[2] - area[0], area[3] - area[1])
        mask = soft.resize(size, Image.Resampling.BILINEAR, box=(a, b, c, d))
        if alpha < 1:
            mask = mask.point([round(value * alpha) for value in range(256)])
        self.canvas.paste(self.tone(colour, bright=bright), area, mask)

    def _line(self, path: Path, colour: Colour, width: float) -> None:
        draw = ImageDraw.Draw(self.canvas)
        draw.line(path, colour, round(width))
        r = width / 2
        if r > 1:
            # Pillow's own joints leave hairline gaps on the outside of a bend.
            for x, y in path:
                draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def _area(self, points: Sequence[Point]) -> Box | None:
        """Return the part of the canvas that the points enclose; None when they are all outside."""
        left = max(0, int(min(x for x, _ in points)))
        top = max(0, int(min(y for _, y in points)))
        right = min(self.canvas.width, int(max(x for x, _ in points)) + 2)
        bottom = min(self.canvas.height, int(max(y for _, y in points)) + 2)
        return (left, top, right, bottom) if right > left and bottom > top else None

    def _pour(
        self, first: Colour, last: Colour, area: Box, mask: Image.Image, span: tuple[float, float]
    ) -> None:
        if first == last:
            self.canvas.paste(first, area, mask)
            return
        high = max(span[1] - span[0], 1)
        rows = range(area[1], area[3])
        column = Image.new("RGB", (1, len(rows)))
        column.putdata([mix(first, last, min(max((y - span[0]) / high, 0), 1)) for y in rows])
        flood = column.resize((area[2] - area[0], len(rows)), Image.Resampling.NEAREST)
        self.canvas.paste(flood, area, mask)


def _mask(points: Path, area: Box, value: int) -> Image.Image:
    mask = Image.new("L", (area[2] - area[0], area[3] - area[1]))
    ImageDraw.Draw(mask).polygon([(x - area[0], y - area[1]) for x, y in points], fill=value)
    return mask


@cache
def _soft() -> Image.Image:
    """Return a round spot that is full in the middle and fades to nothing at the edge."""
    # The gradient reaches 181 at the middle of each side, and 255 only in the corners.
    fade = [round(255 * max(0.0, 1 - value / 180) ** 1.6) for value in range(256)]
    return Image.radial_gradient("L").point(fade)
