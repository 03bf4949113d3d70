"""Pictures and videos with their captions, and the places held for those to come."""

from collections.abc import Sequence
from urllib.parse import quote

from ..generation import Generation
from ..media.addresses import data_uri, short_url
from ..media.images import GeneratedImage
from ..media.kinds import Media
from ..media.medium import Medium
from ..media.pixels import Preview
from ..media.videos import GeneratedVideo
from . import words
from .html import Content, Html, joined, link, tag
from .style import COLUMN, DENSITY, LINE, MUTED, RADIUS, SURFACE, WIDEST, grid

# About three lines; a longer caption is cut, and opens with a click.
_LONG_CAPTION = 280


def figure(image: GeneratedImage, number: int = 1, count: int = 1, *, narrow: bool = False) -> Html:
    """A picture with its caption; if it was not downloaded, a note with its link.

    Args:
        image: The picture to show.
        number: The number of the picture in its answer, from 1.
        count: The number of pictures in its answer.
        narrow: Whether it is as wide as a column, as each of several is.
    """
    caption = _caption(image, number, count)
    if image.preview is None:
        return _framed(absent(image), caption, WIDEST)
    width = _width(image.preview, narrow=narrow)
    return _framed(picture(image.preview, image.alt, width), caption, width)


def figures(images: Sequence[GeneratedImage], *, narrow: bool = False) -> Html:
    """All pictures of an answer: one large, or several side by side."""
    count = len(images)
    if count == 1:
        return figure(images[0], narrow=narrow)
    places = enumerate(words.shown(images), 1)
    return grid(*(figure(image, place, count, narrow=True) for place, image in places))


def player(video: GeneratedVideo) -> Html:
    """A video with its poster and caption, played from the saved file; its link as a fallback."""
    poster = video.poster.preview if video.poster else None
    width = _width(poster) if poster else WIDEST
    if video.path is None:
        still = picture(poster, video.alt, width) if poster else None
        shown = joined(still, absent(video))
        return captioned(shown, video, WIDEST)
    ratio = f"aspect-ratio:{poster.width}/{poster.height};" if poster else ""
    shown = tag(
        "video",
        f"This page cannot play the video; it is saved as {video.path}.",
        src=quote(words.shown_path(video.path)), controls="", preload="metadata", title=video.alt,
        poster=data_uri(poster.media_type, poster.data) if poster else None,
        style=f"display:block;width:{width}px;max-width:100%;{ratio}height:auto;{RADIUS}",
    )  # fmt: skip
    return captioned(shown, video, width)


def place(
    generation: Generation, status: Html, number: int = 1, count: int = 1, *, narrow: bool = False
) -> Html:
    """The place for the first result to come, in the size of a picture or video.

    Args:
        generation: A running generation.
        status: The content of the place.
        number: The number of the answer, from 1.
        count: The number of answers.
        narrow: Whether it is as wide as a column.
    """
    wide, high = _ratio(generation)
    width = max(80, round(WIDEST * min(1, wide / high))) if not narrow else COLUMN
    box = tag(
        "div", status,
        style=f"box-sizing:border-box;width:{width}px;max-width:100%;aspect-ratio:{wide}/{high};"
        f"padding:12px 16px;border:1px solid {LINE};{RADIUS};overflow:hidden;"
        f"background:linear-gradient({SURFACE},transparent)",
    )  # fmt: skip
    # The caption as it will be, so that nothing moves at the end. Each repaint would close a long
    # caption that a reader has opened, so only its start is shown.
    revised = generation.revised_prompt or ""
    start = _start(revised)
    said = start if start == revised else f"{start} …"
    caption = _figcaption(said, "\u00a0", number, count)
    return _framed(box, caption, width)


def captioned(shown: Html, media: Media, width: int) -> Html:
    """Something shown `width` pixels wide, with the caption of its medium."""
    return _framed(shown, _caption(media), width)


def _framed(shown: Html, caption: Html, width: int) -> Html:
    # A caption may be wider than its picture; else it could be one word wide.
    widest = max(width, COLUMN)
    return tag("figure", shown, caption, style=f"margin:0 0 8px;max-width:{widest}px")


def _caption(media: Media, number: int = 1, count: int = 1) -> Html:
    known = media.data or media.path
    place = words.picture(media) if known else words.expiry(media)
    return _figcaption(_opening(media.alt), place, number, count)


def _figcaption(said: Content, place: str, number: int, count: int) -> Html:
    which = tag("div", f"{number} of {count}", style=MUTED) if count > 1 else None
    return tag(
        "figcaption",
        which,
        tag("div", said),
        tag("div", place, style=f"font-size:12px;{MUTED}") if place else None,
        style="text-align:left;margin:6px 0 0",
    )


def _opening(text: str) -> Content:
    """A caption. A long one opens, and continues after its start: nothing is shown twice."""
    start = _start(text)
    if start == text:
        return text
    more = tag("summary", start, tag("span", " … more", style=MUTED), style="cursor:pointer")
    return tag("details", more, text[len(start) :])


def _start(text: str) -> str:
    if len(text) <= _LONG_CAPTION:
        return text
    start = text[: _LONG_CAPTION - 40]
    return start.rpartition(" ")[0] or start


def absent(media: Media) -> Html:
    """What stands in place of a picture, video or sound that cannot be shown."""
    is_picture = isinstance(media, GeneratedImage) and media.data
    what = "cannot be shown" if is_picture else "is not here, only its link"
    return tag(
        "div",
        f"The {media.noun} {what}: ",
        link(short_url(media.url), media.url),
        style=f"padding:8px 12px;border:1px dashed {LINE};{RADIUS}",
    )  # fmt: skip


def picture(preview: Preview, alt: str, width: int) -> Html:
    """An embedded image, `width` pixels wide if there is room."""
    return tag(
        "img", src=data_uri(preview.media_type, preview.data), alt=alt, width=width,
        height=max(1, round(width * preview.height / preview.width)),
        style=f"display:block;max-width:100%;height:auto;{RADIUS}",
    )  # fmt: skip


def _width(preview: Preview, *, narrow: bool = False) -> int:
    if narrow:
        return max(1, min(COLUMN, preview.width))
    fitting = WIDEST * min(1, preview.width / preview.height)
    return max(1, min(round(fitting), round(preview.width / DENSITY)))


def _ratio(generation: Generation) -> tuple[int, int]:
    width, _, height = (generation.ratio or "").partition(":")
    if width.isdecimal() and height.isdecimal() and 0 < int(width) < 100 and 0 < int(height) < 100:
        return int(width), int(height)
    return (16, 9) if generation.medium is Medium.VIDEO else (1, 1)
