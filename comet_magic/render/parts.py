"""The parts of what a reader sees, as HTML."""

import base64
from urllib.parse import quote

from ..addresses import short_url
from ..generation import Generation, Status
from ..media import GeneratedImage, GeneratedVideo
from ..pixels import Preview
from ..protocol.models import Medium, medium_of
from . import words
from .html import Html, joined, link, tag
from .markdown import live_markdown, markdown

_FONT = "font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:13px;line-height:1.5"
_MUTED = "color:var(--jp-ui-font-color2,inherit);opacity:.85"
_LINE = "var(--jp-border-color2,rgba(128,128,128,.4))"
_RADIUS = "border-radius:8px"
# Previews have 768 pixels for 512 of the page, so that they are sharp on dense screens.
_DENSITY = 1.5
_WIDEST = 512
_SYMBOLS = {Status.COMPLETE: "✓", Status.FAILED: "✗", Status.INTERRUPTED: "◼"}
_LONG_CAPTION = 280


def page(*parts: Html | None) -> Html:
    """The outermost element of every output."""
    return tag("div", *parts, style=f"{_FONT};max-width:48em;overflow-wrap:anywhere")


def live(generation: Generation) -> Html:
    """The generation while it runs; holds no picture bytes."""
    stage = words.stage(generation)
    done = generation.percent if generation.status is Status.GENERATING else None
    head = tag(
        "div",
        tag("strong", generation.model),
        tag("span", f" · {stage}", role="status", aria_live="polite"),
        tag("span", f" · {words.seconds(generation.elapsed)}", style=_MUTED),
        _demo(generation),
    )
    bar = tag(
        "progress", stage, max=100, value=done, aria_label=stage,
        style="width:100%;height:8px;margin:6px 0 2px;accent-color:var(--jp-brand-color1,#1976d2)",
    )  # fmt: skip
    body = joined(head, bar, _revised(generation), _notes(generation))
    text = live_markdown(generation.answer) if generation.answer else None
    if medium_of(generation.model) is not Medium.IMAGE:
        return page(tag("div", body, style=f"max-width:{_WIDEST}px"), text)
    # The place that the picture will take, so that nothing jumps when it comes.
    frame = (
        f"box-sizing:border-box;max-width:{_WIDEST}px;min-height:0;aspect-ratio:{_ratio(generation)};"
        f"padding:14px 16px;border:1px solid {_LINE};{_RADIUS};overflow:auto;"
        "background:var(--jp-layout-color2,rgba(128,128,128,.08))"
    )
    return page(tag("div", body, text, style=frame))


def figure(image: GeneratedImage, *, demo: bool = False) -> Html:
    """A picture with its caption; without bytes a note and its link."""
    if image.preview:
        shown = _picture(image.preview, image.alt)
        width = _width(image.preview)
    else:
        shown = tag("p", "The picture is not here. ", _source(image.url, "Its link"))
        width = _WIDEST
    return tag(
        "figure", shown, _caption(image, demo=demo), style=f"margin:0 0 10px;max-width:{width}px"
    )


def player(video: GeneratedVideo, *, demo: bool = False) -> Html:
    """A video with its poster and caption, played from the saved file; its link as a fallback."""
    poster = video.poster.preview if video.poster else None
    path = quote(words.shown_path(video.path)) if video.path else None
    shown = tag(
        "video",
        f"This page cannot play the video; it is saved as {video.path}.",
        src=path, controls="", preload="metadata", title=video.alt,
        poster=_data_uri(poster) if poster else None,
        style=f"display:block;width:100%;max-width:{_WIDEST}px;height:auto;{_RADIUS}",
    ) if path else joined(
        _picture(poster, video.alt) if poster else None,
        tag("p", "The video is not here. ", _source(video.url, "Its link")),
    )  # fmt: skip
    return tag(
        "figure", shown, _caption(video, demo=demo), style=f"margin:0 0 10px;max-width:{_WIDEST}px"
    )


def summary(generation: Generation) -> Html:
    """How it ended, the model's own words, and what it used."""
    stage = words.stage(generation)
    symbol = _SYMBOLS.get(generation.status, "")
    head = tag(
        "div",
        tag("strong", f"{symbol} {stage}".strip()),
        f" · {generation.model}",
        _demo(generation),
    )
    usage = tag("span", " · ".join(words.summary(generation)))
    rows = [
        tag("tr", tag("th", label, style="text-align:left;font-weight:normal;padding:0 1em 0 0"),
            tag("td", value, style="text-align:left;padding:0"))
        for label, value in words.details(generation)
    ]  # fmt: skip
    foot = tag(
        "details",
        tag("summary", usage, style="cursor:pointer"),
        tag("table", *rows, style="margin:4px 0 0;font-size:12px;border-collapse:collapse"),
        style=f"margin-top:4px;{_MUTED}",
    )
    return joined(_answers(generation), head, _error(generation), _notes(generation), foot)


def _answers(generation: Generation) -> Html | None:
    failed = generation.status is Status.FAILED
    several = generation.choices
    texts = [
        joined(
            tag("div", tag("strong", f"Answer {number} of {len(several)}")) if several else None,
            markdown(choice.answer),
        )
        for number, choice in enumerate(several or (generation,), 1)
        # The reason of a failure is the text that is left; it is not said twice.
        if choice.answer and not (failed and choice.error and choice.answer in choice.error)
    ]
    return tag("div", *texts, style="margin:0 0 6px") if texts else None


def _error(generation: Generation) -> Html | None:
    if not generation.error:
        return None
    style = "margin:4px 0;padding:4px 10px;border-left:4px solid var(--jp-error-color1,#d32f2f)"
    return tag("div", generation.error, style=style + ";white-space:pre-wrap")


def _notes(generation: Generation) -> Html | None:
    if not generation.notes:
        return None
    style = "margin:4px 0;padding:4px 10px;border-left:4px solid var(--jp-warn-color1,#f57c00)"
    return tag("div", *(tag("div", f"Note: {note}") for note in generation.notes), style=style)


def _revised(generation: Generation) -> Html | None:
    revised = generation.revised_prompt
    return (
        tag("div", f"“{revised}”", style=f"margin:6px 0;font-style:italic;{_MUTED}")
        if revised
        else None
    )


def _demo(generation: Generation) -> Html | None:
    if generation.endpoint != "demo":
        return None
    style = (
        f"margin-left:8px;padding:0 7px;border:1px solid {_LINE};border-radius:9px;font-size:11px"
    )
    return tag("span", "demo", style=style, title="Made by the demo server, not by a model")


def _caption(media: GeneratedImage | GeneratedVideo, *, demo: bool) -> Html:
    text = media.alt
    said: Html | str = text
    if len(text) > _LONG_CAPTION:
        short = text[: _LONG_CAPTION - 40].rsplit(" ", 1)[0] + " …"
        said = tag("details", tag("summary", short, style="cursor:pointer"), text)
    place = " · ".join(part for part in (words.picture(media), "demo" if demo else "") if part)
    return tag(
        "figcaption",
        tag("div", said),
        tag("div", place, style=f"font-size:12px;{_MUTED}") if place else None,
        style="margin-top:4px;text-align:left",
    )


def _picture(preview: Preview, alt: str) -> Html:
    width = _width(preview)
    return tag(
        "img", src=_data_uri(preview), alt=alt, width=width,
        height=max(1, round(width * preview.height / preview.width)),
        style=f"display:block;max-width:100%;height:auto;{_RADIUS}",
    )  # fmt: skip


def _width(preview: Preview) -> int:
    return max(1, min(_WIDEST, round(preview.width / _DENSITY)))


def _data_uri(preview: Preview) -> str:
    return f"data:{preview.media_type};base64,{base64.b64encode(preview.data).decode()}"


def _source(url: str, text: str) -> Html:
    return joined(link(text, url), f" ({short_url(url)})")


def _ratio(generation: Generation) -> str:
    width, _, height = (generation.ratio or "1:1").partition(":")
    if width.isdecimal() and height.isdecimal() and 0 < int(width) < 100 and 0 < int(height) < 100:
        return f"{int(width)}/{int(height)}"
    return "1/1"
