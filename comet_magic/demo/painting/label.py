"""The small word in the corner that says that the picture is a demo."""

from PIL import Image, ImageDraw, ImageFont, ImageStat

from comet_magic.demo.painting.colours import Colour, brightness


def sign(image: Image.Image) -> None:
    """Write "demo" into the bottom right corner of an RGB picture, light or dark as needed."""
    short = min(image.size)
    size = max(min(short / 46, 36), min(9.0, short / 4), 1.0)
    font = ImageFont.load_default(size=size)
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = draw.textbbox((0, 0), "demo", font=font)
    margin = size * 0.8
    x, y = image.width - margin - right, image.height - margin - bottom
    area = (max(round(x + left), 0), max(round(y + top), 0), image.width, image.height)
    if area[0] >= area[2] or area[1] >= area[3]:
        return
    red, green, blue = (round(part) for part in ImageStat.Stat(image.crop(area)).mean[:3])
    light = brightness((red, green, blue)) < 0.56
    ink: Colour = (255, 252, 244) if light else (52, 46, 64)
    halo: Colour = (40, 34, 56) if light else (255, 252, 244)
    veil = image.crop(area)
    soft = max(round(size / 9), 1)
    pen = ImageDraw.Draw(veil)
    spot = (x - area[0], y - area[1])
    pen.text(spot, "demo", font=font, fill=halo, stroke_width=soft, stroke_fill=halo)
    image.paste(Image.blend(image.crop(area), veil, 0.35), area[:2])
    draw.text((x, y), "demo", font=font, fill=ink)
